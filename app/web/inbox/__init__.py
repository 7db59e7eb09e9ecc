"""The inbox of an agency."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.extensions import db, now
from app.queries import inbox
from app.queries.inbox import Filter
from app.services import rules
from app.web.auth.guard import admit, staff_at_work
from app.web.cases import words
from app.web.cases.due import due
from workflows.calendar import local_date
from workflows.lifecycle import AGENCY_ROLES, OPEN, Status

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
admit(blueprint, *sorted(AGENCY_ROLES))

FILTERS = {
    Filter.ALL: _l("Tất cả đang mở"),
    Filter.TO_ACKNOWLEDGE: _l("Chờ thụ lý"),
    Filter.IN_PROGRESS: _l("Đang xử lý"),
    Filter.TO_APPROVE: _l("Chờ duyệt, chờ gửi"),
    Filter.WAITING: _l("Chờ người gửi"),
    Filter.OVERDUE: _l("Quá hạn"),
    Filter.MINE: _l("Việc của tôi"),
    Filter.ANSWERED: _l("Đã trả lời, đã kết thúc"),
}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The agency's petitions, the next due on top."""
    session, staff, today = db.session(), staff_at_work(), local_date(now())
    wanted = request.args.get("show", "")
    shown = Filter(wanted) if wanted in tuple(Filter) else Filter.ALL
    agency = staff.agency_code or ""
    page = inbox.page(session, agency, staff.id, shown, today, request.args.get("after"))
    calendar = rules.calendar(session)
    asked = inbox.asked_of(session, agency)
    return render_template(
        "inbox/inbox.html",
        page=page,
        shown=shown,
        filters=FILTERS,
        counts=inbox.counts(session, agency, staff.id, today),
        due={item.petition.id: due(calendar, item.due, today) for item in page.items},
        asked=[(part, petition, due(calendar, part.due, today)) for part, petition in asked],
        next_url=url_for("inbox.index", show=shown, after=page.next_cursor) if page.next_cursor else None,
        first_url=url_for("inbox.index", show=shown) if request.args.get("after") else None,
        open_statuses=OPEN,
        Status=Status,
        words=words,
    )
