"""What everybody may use: sending, tracking, rating, and reading what this is."""

from flask import Blueprint

blueprint = Blueprint("citizen", __name__)

# The views register themselves on the blueprint.
from app.web.citizen import actions, pages, petitions, proof, sending, surveys, tracking  # noqa: E402

__all__ = ["actions", "blueprint", "pages", "petitions", "proof", "sending", "surveys", "tracking"]
