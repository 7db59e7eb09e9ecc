"""Looking at a case, finding one by its code, and opening the contact data of its sender."""

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import NotFound
from app.extensions import db, now
from app.queries import ledger
from app.services import access, transition
from app.services.personal_data import Unreadable
from app.web import wording
from app.web.auth.guard import staff_at_work
from app.web.cases.acting import blueprint
from app.web.cases.page import Extra, case_page
from workflows.calendar import local_date
from workflows.codes import read_code
from workflows.lifecycle import Refused


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """The page of one case."""
    staff = staff_at_work()
    return case_page(access.for_staff(db.session(), code, staff), staff)


@blueprint.get("/<code>/ledger")
def show_ledger(code: str) -> ResponseReturnValue:
    """How the date of the answer was counted, day by day."""
    petition = access.for_staff(db.session(), code, staff_at_work())
    found = ledger.of(db.session(), petition, now())
    return render_template("cases/ledger.html", petition=petition, ledger=found, today=local_date(now()))


@blueprint.get("/<code>/ledger.json")
def ledger_json(code: str) -> ResponseReturnValue:
    """The same as data."""
    petition = access.for_staff(db.session(), code, staff_at_work())
    return jsonify(code=petition.code, **ledger.of(db.session(), petition, now()).as_json())


@blueprint.get("/<code>/<part>")
def back(code: str, part: str) -> ResponseReturnValue:
    """The address of an action, reloaded or opened later (after a change of language, say): the page of the case."""
    return redirect(url_for("cases.show", code=code), 303)


@blueprint.get("")
def find() -> ResponseReturnValue:
    """Go to the case whose code was typed, however it was typed; or say that there is none."""
    typed = request.args.get("code", "")[:64]
    code = read_code(typed)
    staff = staff_at_work()
    try:
        if code is not None:
            access.for_staff(db.session(), code, staff)
            return redirect(url_for("cases.show", code=code), 303)
    except NotFound:
        pass
    return render_template("cases/find.html", typed=typed), 404 if typed else 200


@blueprint.post("/<code>/contact")
def contact(code: str) -> ResponseReturnValue:
    """Open the contact data once, on this answer only; that it was read stays on the timeline."""
    session, staff = db.session(), staff_at_work()
    access.for_staff(session, code, staff)
    petition = transition.lock(session, code)
    try:
        opened = access.read_contact(session, current_app.extensions["pakn_vault"], petition, staff, now())
        session.commit()
    except Refused as error:
        session.rollback()
        said = str(wording.REFUSALS.get(error.code, error.code))
        return _page(code, Extra(contact_said=said), 403)
    except Unreadable:
        session.rollback()
        current_app.logger.error("contact data of %s cannot be opened with the keys at hand", code)
        return _page(
            code, Extra(contact_said=_("Không mở được dữ liệu này. Xin báo người quản trị hệ thống.")), 503
        )
    return _page(code, Extra(contact=opened), 200)


def _page(code: str, extra: Extra, status: int) -> ResponseReturnValue:
    staff = staff_at_work()
    return case_page(access.for_staff(db.session(), code, staff), staff, extra=extra, status=status)
