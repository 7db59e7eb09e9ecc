"""Which actions a case page offers to whom, and why it does not offer some that one might look for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.models import Staff
from app.queries.case import Case, officers
from app.queries.desk import assignable
from app.services import rules, transition
from app.services.actors import Actor
from app.services.answering import PARTS, WITH_PARTNERS
from app.web import wording
from app.web.cases import words
from app.web.cases.forms import FORMS, MET, CaseForm, points_form
from app.web.cases.guidance import guidance_for
from workflows.custody import check_handover
from workflows.deadlines import is_overdue
from workflows.kinds import OFFERED_KINDS
from workflows.lifecycle import LIFECYCLE, Action, Refused, Role

_DRAFT_STEPS: Mapping[Action, frozenset[str | None]] = {
    Action.DRAFT: frozenset({None, "draft", "returned"}),
    Action.SUBMIT_DRAFT: frozenset({"draft", "returned"}),
    Action.RETURN_DRAFT: frozenset({"submitted", "approved"}),
    Action.APPROVE: frozenset({"submitted"}),
    Action.PUBLISH: frozenset({"approved"}),
    Action.CORRECT: frozenset({"approved"}),
}


@dataclass(frozen=True)
class Offered:
    """The actions that would succeed now, and the refusals (codes) behind those held back."""

    actions: frozenset[Action]
    withheld: Mapping[Action, str]


def offered(case: Case, staff: Staff, today: date) -> Offered:
    """What a member of staff can do to a case: the table allows it, and for agencies, they hold it."""
    petition, actor = case.petition, Actor.of(staff)
    table = [
        action
        for action in LIFECYCLE.actions(petition.status, staff.role) & frozenset(FORMS)
        if transition.in_hands(petition, action, actor)
    ]
    checked = {action: _obstacle(case, staff, action, today) for action in table}
    return Offered(
        frozenset(action for action, code in checked.items() if code is None),
        {action: code for action, code in checked.items() if code},
    )


def _obstacle(case: Case, staff: Staff, action: Action, today: date) -> str | None:
    """The code of the rule that stands in the way; empty where there is simply nothing to do it to."""
    petition, draft = case.petition, case.under_way
    if action in (Action.TRANSFER, Action.RETURN):
        binding = case.holding is not None and case.holding.binding
        try:
            check_handover(action, petition.handovers, binding=binding)
        except Refused as error:
            return error.code
    if action is Action.EXTEND:
        if petition.extensions:
            return "extended_before"
        if is_overdue(petition.respond_by, None, today):
            return "already_overdue"
    if action is Action.ESCALATE and (
        petition.lead_agency is None or petition.lead_agency.parent_code is None
    ):
        return "no_superior"
    if action is Action.NAME_PARTNER and petition.kind not in WITH_PARTNERS:
        return ""
    if action is Action.RELEASE and not case.involved:
        return ""
    if action in _DRAFT_STEPS and (draft.state if draft else None) not in _DRAFT_STEPS[action]:
        return ""
    if action is Action.APPROVE and draft is not None and draft.author_id == staff.id:
        return "own_draft"
    return None


def build_form(
    session: Session, case: Case, staff: Staff, action: Action, today: date, typed: bool = False
) -> CaseForm:
    """The form of an action with its choices and first values; ``typed`` fills it with what was sent."""
    source = {} if typed else {"formdata": None}
    form_class = points_form(case.asks) if action is Action.SUBMIT_DRAFT else FORMS[action]
    form = form_class(prefix=f"{action}_", data=_first_values(case, staff, action, today), **source)
    petition = case.petition
    if action is Action.RELEASE:
        named = [(each.agency_code, wording.name(each.agency)) for each in case.involved]
        form["agency"].choices = [("", "–"), *named]
    elif "agency" in form:
        form["agency"].choices = agency_choices(session, today)
    if action is Action.RECATEGORISE:
        form["kind"].choices = [(str(kind), wording.KINDS[kind]) for kind in OFFERED_KINDS]
        levels = rules.complexities(session)
        form["complexity"].choices = [(level, str(words.COMPLEXITIES.get(level, level))) for level in levels]
    for name in form.data if action is Action.SUBMIT_DRAFT else ():
        if name.startswith("met_"):
            form[name].choices = [(value, str(label)) for value, label in MET]
    if action is Action.NAME_PARTNER:
        form["part"].choices = [("", "–"), *((part, str(wording.PARTNERS[part])) for part in PARTS)]
    if "officer" in form and petition.lead_agency_code:
        people = officers(session, petition.lead_agency_code)
        named = [(str(each.id), f"{each.name} ({wording.ROLES[each.role]})") for each in people]
        form["officer"].choices = [("", "–"), *named]
    if "days" in form:
        most = rules.policy_of(session, petition).extension_days
        form["days"].choices = [(str(n), str(n)) for n in range(1, most + 1)]
    if "reason" in form and hasattr(form["reason"], "choices"):
        reasons = LIFECYCLE.reasons_for(petition.status, action, staff.role)
        form["reason"].choices = [("", "–"), *((code, wording.reason(code)) for code in reasons)]
    return form


def turn_away_form(case: Case, action: Action, reason: str) -> CaseForm:
    """The form that declines or refers, with the guidance that fits the reason, for staff to adapt."""
    data = {"reason": reason, "guidance": guidance_for(reason, case.petition)}
    return FORMS[action](prefix=f"{action}_", formdata=None, data=data)


def agency_choices(session: Session, today: date, looked_for: str = "") -> dict[str, list[tuple[str, str]]]:
    """The agencies to choose from, grouped by tier; an empty first choice, so that none is chosen by accident."""
    found = assignable(session, today, looked_for)
    groups = {
        str(words.TIERS[tier]): [(each.code, wording.name(each)) for each in agencies]
        for tier, agencies in found.items()
    }
    return {"": [("", "–")], **groups}


def _first_values(case: Case, staff: Staff, action: Action, today: date) -> dict[str, object]:
    petition, draft = case.petition, case.under_way
    if action is Action.ACKNOWLEDGE:
        # The work may be set to end with the answer; where that date has passed, today.
        officer = str(staff.id) if staff.role is Role.OFFICER else ""
        return {"deadline": max(petition.respond_by, today), "officer": officer}
    if action is Action.DRAFT and draft is not None:
        return {"body": draft.body}
    if action is Action.RECATEGORISE:
        return {"kind": str(petition.kind), "complexity": petition.complexity}
    if action is Action.INVOLVE:
        return {"due": max(petition.respond_by, today)}
    if action is Action.MERGE and case.similar.others:
        return {"lead": case.similar.others[0].petition.code}
    if action is Action.SUBMIT_DRAFT and draft is not None:
        return {
            name: value
            for n, point in enumerate(draft.points, 1)
            for name, value in ((f"met_{n}", "yes" if point["met"] else "no"), (f"why_{n}", point["why"]))
        }
    return {}
