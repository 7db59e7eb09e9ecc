"""Pages that only inform."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.web.citizen import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What this is, and the two ways in."""
    return render_template("citizen/home.html")


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """How it works, the part the software plays, and what happens to personal data."""
    return render_template("citizen/about.html")


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """How far everybody can use these pages, and what to do where somebody cannot."""
    return render_template("citizen/accessibility.html")
