"""The state of the instance, for the system administrator to read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.queries.system import state
from app.web.auth.guard import admit
from app.web.cases import words
from workflows.lifecycle import Role

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
admit(blueprint, Role.SYSTEM_ADMIN)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Directory, calendar, policies, model and failed work, as tables."""
    return render_template("admin/index.html", system=state(db.session()), words=words)
