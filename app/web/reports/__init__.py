"""The monthly figures, to read and to take away."""

from app.web.reports import routing, views
from app.web.reports.views import blueprint

__all__ = ["blueprint", "routing", "views"]
