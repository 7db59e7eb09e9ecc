"""Pages that only inform."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.extensions import db, now
from app.services import rules
from app.web.citizen import blueprint
from workflows.calendar import local_date
from workflows.deadlines import NoPolicy, Policy
from workflows.kinds import Kind


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What this is, and the two ways in."""
    return render_template("citizen/home.html", usual=_days(Kind.FEEDBACK), longer=_days(Kind.SOLUTION))


@blueprint.get("/about")
def about() -> ResponseReturnValue:
    """How it works, the part the software plays, and what happens to personal data."""
    return render_template("citizen/about.html", usual=_days(Kind.FEEDBACK), longer=_days(Kind.SOLUTION))


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """How far everybody can use these pages, and what to do where somebody cannot."""
    return render_template("citizen/accessibility.html")


def _days(kind: Kind) -> Policy | None:
    try:
        return rules.policy(db.session(), kind, local_date(now()))
    except NoPolicy:
        return None
