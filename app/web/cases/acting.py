"""The beats that every action of the case page shares: may they see it, lock, check the form, one verb, one commit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.errors import Invalid, Stale
from app.extensions import db, now
from app.models import Petition, Staff
from app.queries.case import load, since
from app.services import access, transition
from app.services.actors import Actor
from app.web import wording
from app.web.auth.guard import admit, staff_at_work
from app.web.cases.forms import CaseForm
from app.web.cases.offered import build_form
from app.web.cases.page import Mishap, case_page
from workflows.calendar import local_date
from workflows.lifecycle import AGENCY_ROLES, LIFECYCLE, Action, Refused, Role

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
admit(blueprint, Role.DESK, Role.SUPERVISOR, *sorted(AGENCY_ROLES))


@dataclass(frozen=True)
class Work:
    """What a verb needs: the locked petition, who acts, what they typed, and when."""

    session: Session
    petition: Petition
    actor: Actor
    form: CaseForm
    at: datetime


class NotFilledIn(Exception):
    """The form has errors; they stand in it."""


def act(
    code: str, action: Action, verb: Callable[[Work], object], done: Callable[[], str]
) -> ResponseReturnValue:
    """Do one action to a case and go on; if it cannot be, the same page again with everything typed kept.

    422 for a form at fault, 403 for a role that may never do this, 409 where the rules refuse or the page was stale.
    """
    session, staff = db.session(), staff_at_work()
    shown = access.for_staff(session, code, staff)
    seen = request.form.get("version", type=int)
    if seen is None:
        abort(400)
    form = _form(session, shown, staff, action)
    try:
        petition = transition.lock(session, code, seen)
        _check(petition, action, Actor.of(staff))
        if not form.validate():
            raise NotFilledIn
        verb(Work(session, petition, Actor.of(staff), form, now()))
        session.commit()
    except (NotFilledIn, Invalid, Refused, Stale) as error:
        session.rollback()
        return _again(code, action, form, seen, error)
    flash(done(), "success")
    return redirect(_onwards(code, staff), 303)


def _form(session: Session, petition: Petition, staff: Staff, action: Action) -> CaseForm:
    today = local_date(now())
    return build_form(session, load(session, petition), staff, action, today, typed=True)


def _check(petition: Petition, action: Action, actor: Actor) -> None:
    """Refuse by role, state and custody before looking at what was typed."""
    reasons = LIFECYCLE.reasons_for(petition.status, action, actor.role)
    transition.check(petition, action, actor, reasons[0] if reasons else None)


def _again(code: str, action: Action, form: CaseForm, seen: int, error: Exception) -> ResponseReturnValue:
    session, staff = db.session(), staff_at_work()
    petition = access.for_staff(session, code, staff)
    if isinstance(error, Stale):
        mishap = Mishap(action, form, changes=since(session, petition, seen))
        return case_page(petition, staff, mishap=mishap, status=409)
    if isinstance(error, Refused):
        said = str(wording.REFUSALS.get(error.code, error.code))
        status = 403 if error.code == "role" else 409
        return case_page(petition, staff, mishap=Mishap(action, form, said=said), status=status)
    if isinstance(error, Invalid):
        for name, wrong in error.errors.items():
            form[name].errors = [*form[name].errors, wording.ERRORS.get(wrong, wrong)]
    return case_page(petition, staff, mishap=Mishap(action, form), status=422)


def _onwards(code: str, staff: Staff) -> str:
    """The desk goes on with its queue; an agency stays with the case."""
    return url_for("desk.index") if staff.role is Role.DESK else url_for("cases.show", code=code)
