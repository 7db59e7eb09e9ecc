"""The page of one case, where all that can be done to it is done."""

from app.web.cases import answering, custody, together, turning_away, views
from app.web.cases.acting import blueprint

__all__ = ["answering", "blueprint", "custody", "together", "turning_away", "views"]
