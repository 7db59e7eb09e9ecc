"""The way in and out for staff, and the guard that other parts put before their pages."""

from app.web.auth.views import blueprint

__all__ = ["blueprint"]
