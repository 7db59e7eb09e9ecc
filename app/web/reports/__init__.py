"""The monthly figures, to read and to take away; how the classifier does; and signs that a clock may be served."""

from app.web.reports import routing, signals, views
from app.web.reports.views import blueprint

__all__ = ["blueprint", "routing", "signals", "views"]
