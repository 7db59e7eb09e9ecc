"""The queue of the coordination desk."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db, now
from app.queries import desk
from app.services import rules
from app.web.auth.guard import admit, staff_at_work
from app.web.cases import words
from app.web.cases.due import due
from workflows.calendar import local_date
from workflows.custody import decision_is_binding
from workflows.lifecycle import Role

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
admit(blueprint, Role.DESK, Role.SUPERVISOR)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What waits for a person to decide, the oldest promise first. The supervisor sees it and decides nothing."""
    session, today = db.session(), local_date(now())
    page = desk.page(session, now(), request.args.get("after"))
    calendar = rules.calendar(session)
    return render_template(
        "desk/queue.html",
        page=page,
        counts=desk.counts(session, now(), today),
        due={item.petition.id: due(calendar, item.petition.route_by, today) for item in page.items},
        next_url=url_for("desk.index", after=page.next_cursor) if page.next_cursor else None,
        first_url=url_for("desk.index") if request.args.get("after") else None,
        decides=staff_at_work().role is Role.DESK,
        binds=decision_is_binding,
        words=words,
    )
