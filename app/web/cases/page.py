"""Drawing the page of a case, fresh or after something went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from app.extensions import db, now
from app.models import Event, Petition, Staff
from app.queries.case import Case, load
from app.services import rules
from app.services.personal_data import Contact
from app.web.cases import words
from app.web.cases.blocks import BLOCKS
from app.web.cases.due import Due, due
from app.web.cases.forms import CaseForm
from app.web.cases.marking import marked
from app.web.cases.offered import Offered, agency_choices, build_form, offered, turn_away_form
from app.web.cases.story import event_words, person, story
from workflows.calendar import local_date
from workflows.lifecycle import AGENCY_ROLES, LIFECYCLE, OPEN, Action, Role, Status

_TURN_AWAY = (Action.REFER, Action.DECLINE)


@dataclass(frozen=True)
class Mishap:
    """Why what somebody just tried did not happen: the action, its form as typed, and either a sentence or what
    changed meanwhile.
    """

    action: Action
    form: CaseForm
    said: str = ""
    changes: Sequence[Event] = ()


@dataclass(frozen=True)
class Extra:
    """What one answer shows beside the case: contact data just opened, or an answer not yet saved."""

    contact: Contact | None = None
    contact_said: str = ""
    preview: Markup | None = None
    forms: Mapping[Action, CaseForm] = field(default_factory=dict)


def case_page(
    petition: Petition,
    staff: Staff,
    *,
    mishap: Mishap | None = None,
    extra: Extra | None = None,
    status: int = 200,
) -> Response:
    """The page of a case for one member of staff."""
    today = local_date(now())
    case = load(db.session(), petition, staff.agency_code)
    can = offered(case, staff, today)
    forms = _forms(case, staff, can, mishap, extra or Extra())
    page = render_template(
        "cases/case.html",
        case=case,
        petition=petition,
        staff=staff,
        can=can,
        forms=forms,
        lost=mishap.form.typed() if mishap and mishap.action not in forms else [],
        mishap=mishap,
        extra=extra or Extra(),
        clocks=_clocks(case),
        pieces=marked(petition.text, case.suggestion.reasons if case.suggestion else ()),
        told=story(case, staff),
        reasons={action: LIFECYCLE.reasons_for(petition.status, action, staff.role) for action in _TURN_AWAY},
        may_open_contact=_may_open_contact(petition, staff),
        is_open=petition.status in OPEN,
        searched=request.args.get("agency", ""),
        blocks=BLOCKS,
        Action=Action,
        Status=Status,
        words=words,
        person=person,
        event_words=event_words,
    )
    return make_response(page, status)


def _forms(
    case: Case, staff: Staff, can: Offered, mishap: Mishap | None, extra: Extra
) -> dict[Action, CaseForm]:
    today = local_date(now())
    forms: dict[Action, CaseForm] = {}
    for action in can.actions:
        if mishap is not None and mishap.action is action:
            forms[action] = mishap.form
        elif action in extra.forms:
            forms[action] = extra.forms[action]
        elif action in _TURN_AWAY:
            form = _turn_away(case, staff, action)
            if form is not None:
                forms[action] = form
        else:
            forms[action] = build_form(db.session(), case, staff, action, today)
    looked_for = request.args.get("agency", "")[:100]
    if looked_for and Action.ASSIGN in forms and mishap is None:
        forms[Action.ASSIGN]["agency"].choices = agency_choices(db.session(), today, looked_for)
    return forms


def _turn_away(case: Case, staff: Staff, action: Action) -> CaseForm | None:
    """The form for the reason chosen in the address, or for the one that the classifier thinks of."""
    reasons = LIFECYCLE.reasons_for(case.petition.status, action, staff.role)
    said = case.suggestion
    thought_of = said.kind if said is not None and said.decision == "refer" and action is Action.REFER else ""
    reason = request.args.get(action) or thought_of
    return turn_away_form(case, action, reason) if reason in reasons else None


def _clocks(case: Case) -> dict[str, Due]:
    """The dates still owed: to route, to acknowledge, to answer."""
    petition = case.petition
    calendar, today = rules.calendar(db.session()), local_date(now())
    owed = {}
    if petition.status in (Status.RECEIVED, Status.TRIAGE):
        owed["route"] = petition.route_by
    if petition.status is Status.ASSIGNED and case.holding is not None:
        owed["acknowledge"] = case.holding.acknowledge_by
    if petition.status in OPEN:
        owed["respond"] = petition.respond_by
    return {name: due(calendar, day, today) for name, day in owed.items()}


def _may_open_contact(petition: Petition, staff: Staff) -> bool:
    if staff.role is Role.DESK:
        return True
    holds = staff.role in AGENCY_ROLES and staff.agency_code == petition.lead_agency_code
    return holds and petition.submitter.may_share
