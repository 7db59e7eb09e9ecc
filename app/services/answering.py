"""Working on a petition: from acknowledgement to the published answer."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Petition, Response, Staff
from app.services import merging, points, routing, rules, satisfaction, transition
from app.services.actors import SYSTEM, Actor
from app.services.personal_data import Vault
from app.services.points import Point
from app.services.responses import next_number, response_under_way
from workflows.calendar import local_date
from workflows.deadlines import extended, objection_until, resumed, waiting_until
from workflows.kinds import Kind
from workflows.lifecycle import AGENCY_ROLES, Action, Refused, Status
from workflows.timeline import fingerprint

BODY_MIN, BODY_MAX = 30, 50_000

PARTS = ("solver", "first_buyer")
WITH_PARTNERS = frozenset({Kind.COMMISSION, Kind.INITIATIVE, Kind.SOLUTION})


def acknowledge(
    session: Session,
    petition: Petition,
    actor: Actor,
    now: datetime,
    *,
    officer_id: int,
    task: str,
    deadline: date,
    expected_result: str,
) -> Event:
    """Accept a petition and name the five musts: who, what, whose responsibility, by when, with what result."""
    officer = session.get(Staff, officer_id)
    errors = {}
    if officer is None or not officer.active or officer.agency_code != petition.lead_agency_code:
        errors["officer"] = "choose"
    if not local_date(now) <= deadline <= max(petition.respond_by, local_date(now)):
        errors["deadline"] = "between_today_and_respond_by"
    errors |= {
        name: "required"
        for name, value in (("task", task), ("expected_result", expected_result))
        if not value.strip()
    }
    if errors:
        raise Invalid(**errors)
    data = {"officer": f"staff:{officer_id}", "deadline": deadline.isoformat()}
    event = transition.apply(session, petition, Action.ACKNOWLEDGE, actor, now, data=data)
    custody = routing.open_assignment(session, petition)
    if custody is not None:
        custody.acknowledged_at = now
        custody.officer_id = officer_id
        custody.task = task
        custody.deadline = deadline
        custody.expected_result = expected_result
    petition.officer_id = officer_id
    petition.acknowledged_at = petition.acknowledged_at or now
    return event


def ask_submitter(session: Session, petition: Petition, actor: Actor, question: str, now: datetime) -> Event:
    """Ask the submitter for what is missing; the days until the reply do not count against the agency."""
    _required(question=question)
    event = transition.apply(
        session, petition, Action.ASK_SUBMITTER, actor, now, note=question, note_public=True
    )
    petition.waiting_since = local_date(now)
    return event


def provide_information(
    session: Session, petition: Petition, actor: Actor, text: str, now: datetime
) -> Event:
    """The submitter replies, or adds something unasked. Waiting ends and the answer moves by the days waited."""
    _required(text=text)
    if petition.waiting_since is None:
        return transition.apply(
            session, petition, Action.ADD_INFORMATION, actor, now, note=text, note_public=True
        )
    data, after = _resume(session, petition, petition.waiting_since, now)
    event = transition.apply(
        session, petition, Action.PROVIDE_INFORMATION, actor, now, data=data, note=text, note_public=True
    )
    petition.respond_by, petition.waiting_since = after, None
    return event


def end_waiting(session: Session, petition: Petition, now: datetime) -> Event:
    """No reply came in time: the agency answers with what it has, and its clock runs again."""
    asked_on = petition.waiting_since
    if asked_on is None or local_date(now) <= waiting_until(asked_on):
        raise Refused("still_waiting")
    data, after = _resume(session, petition, asked_on, now)
    event = transition.apply(session, petition, Action.END_WAITING, SYSTEM, now, data=data)
    petition.respond_by, petition.waiting_since = after, None
    return event


def _resume(
    session: Session, petition: Petition, asked_on: date, now: datetime
) -> tuple[dict[str, dict[str, str]], date]:
    before = petition.respond_by
    after = resumed(before, asked_on, local_date(now), rules.calendar(session))
    return {"respond_by": {"from": before.isoformat(), "to": after.isoformat()}}, after


def reply_interim(
    session: Session, petition: Petition, actor: Actor, text: str, expected_on: date, now: datetime
) -> Event:
    """Tell the submitter how things stand and when to expect the answer. It moves no date: what is late stays late."""
    _required(text=text)
    if expected_on <= local_date(now):
        raise Invalid(expected_on="after_today")
    data = {"expected_on": expected_on.isoformat()}
    return transition.apply(
        session, petition, Action.REPLY_INTERIM, actor, now, data=data, note=text, note_public=True
    )


def name_partner(
    session: Session, petition: Petition, actor: Actor, part: str, name: str, now: datetime
) -> Event:
    """Name who will solve what was ordered or proposed, or who will be the first to buy it; the submitter is told."""
    _required(name=name)
    if part not in PARTS:
        raise Invalid(part="choose")
    if petition.kind not in WITH_PARTNERS:
        raise Refused("no_partners")
    return transition.apply(
        session, petition, Action.NAME_PARTNER, actor, now, data={"part": part}, note=name, note_public=True
    )


def extend(
    session: Session,
    petition: Petition,
    actor: Actor,
    days: int,
    reason: str,
    note: str | None,
    now: datetime,
) -> Event:
    """Move the date of the answer once, with a reason; the submitter is told."""
    transition.check(petition, Action.EXTEND, actor, reason)
    before = petition.respond_by
    after = extended(
        before,
        days,
        rules.policy_of(session, petition),
        rules.calendar(session),
        times_before=petition.extensions,
        today=local_date(now),
    )
    data = {"respond_by": {"from": before.isoformat(), "to": after.isoformat()}, "days": days}
    event = transition.apply(
        session, petition, Action.EXTEND, actor, now, reason=reason, data=data, note=note, note_public=True
    )
    petition.respond_by = after
    petition.extensions += 1
    return event


def draft(session: Session, petition: Petition, actor: Actor, body: str, now: datetime) -> Response:
    """Write or rewrite the answer under way."""
    if not BODY_MIN <= len(body) <= BODY_MAX:
        raise Invalid(body="too_short" if len(body) < BODY_MIN else "too_long")
    response = response_under_way(session, petition)
    if response is not None and _ours(response, petition) and response.state in ("submitted", "approved"):
        raise Refused("draft_locked")
    transition.apply(session, petition, Action.DRAFT, actor, now, data={"body_sha256": fingerprint(body)})
    if response is None:
        response = Response(petition_id=petition.id, number=next_number(session, petition))
        session.add(response)
    response.state, response.body, response.updated_at = "draft", body, now
    response.agency_code, response.author_id = _agency(petition), _staff_id(actor)
    response.approver_id = None
    session.flush()
    return response


def submit_draft(
    session: Session, petition: Petition, actor: Actor, now: datetime, met: Sequence[Point] = ()
) -> Event:
    """Put the draft before an approver, saying of each request in the petition whether the answer meets it, or why not."""
    response = _in_state(session, petition, "draft", "returned")
    checked = points.checked(session, petition, met)
    data = {**_which(response), "points": {"of": len(checked), "met": sum(each.met for each in checked)}}
    event = transition.apply(session, petition, Action.SUBMIT_DRAFT, actor, now, data=data)
    response.state, response.updated_at = "submitted", now
    response.points = [each.as_json() for each in checked]
    return event


def return_draft(session: Session, petition: Petition, actor: Actor, note: str, now: datetime) -> Event:
    """Send a draft back to its author, saying what to mend."""
    _required(note=note)
    response = _in_state(session, petition, "submitted", "approved")
    event = transition.apply(
        session, petition, Action.RETURN_DRAFT, actor, now, data=_which(response), note=note
    )
    response.state, response.updated_at, response.approver_id = "returned", now, None
    return event


def approve(session: Session, petition: Petition, actor: Actor, now: datetime) -> Event:
    """Approve a draft that somebody else wrote."""
    response = _in_state(session, petition, "submitted")
    if response.author_id == actor.staff_id:
        raise Refused("own_draft")
    event = transition.apply(session, petition, Action.APPROVE, actor, now, data=_which(response))
    response.state, response.updated_at, response.approver_id = "approved", now, actor.staff_id
    return event


def publish(session: Session, vault: Vault, petition: Petition, actor: Actor, now: datetime) -> Event:
    """Give the approved answer to the submitter and ask how satisfied they are."""
    transition.check(petition, Action.PUBLISH, actor)
    response = _in_state(session, petition, "approved")
    today = local_date(now)
    object_by = objection_until(today, rules.policy_of(session, petition))
    data = {**_which(response), "body_sha256": fingerprint(response.body), "object_by": object_by.isoformat()}
    response.state, response.updated_at, response.published_at = "published", now, now
    petition.answered_at, petition.object_by = now, object_by
    event = transition.apply(session, petition, Action.PUBLISH, actor, now, data=data)
    routing.end_contributions(petition, now)
    satisfaction.invite(session, vault, petition, response, now)
    merging.answer_members(session, vault, petition, response, now)
    return event


def correct(session: Session, petition: Petition, actor: Actor, why: str, now: datetime) -> Event:
    """Put the approved text in the place of the answer given before, saying why; both stay to be read.

    The submitter gets days to object anew where they would have fewer.
    """
    _required(why=why)
    transition.check(petition, Action.CORRECT, actor)
    response = _in_state(session, petition, "approved")
    data = {**_which(response), "corrects": response.number - 1, "body_sha256": fingerprint(response.body)}
    if petition.status is Status.ANSWERED:
        object_by = objection_until(local_date(now), rules.policy_of(session, petition))
        data["object_by"], petition.object_by = object_by.isoformat(), object_by
    response.state, response.updated_at, response.published_at = "published", now, now
    response.corrects = response.number - 1
    return transition.apply(
        session, petition, Action.CORRECT, actor, now, data=data, note=why, note_public=True
    )


def _in_state(session: Session, petition: Petition, *states: str) -> Response:
    response = response_under_way(session, petition)
    if response is None or not _ours(response, petition) or response.state not in states:
        raise Refused("no_such_draft")
    return response


def _ours(response: Response, petition: Petition) -> bool:
    # What another agency wrote, or even approved, before it passed the petition on is not this one's answer.
    return response.agency_code == petition.lead_agency_code


def _which(response: Response) -> dict[str, int]:
    return {"response": response.number}


def _agency(petition: Petition) -> str:
    if petition.lead_agency_code is None:
        raise Refused("not_holder")
    return petition.lead_agency_code


def _staff_id(actor: Actor) -> int:
    if actor.staff_id is None or actor.role not in AGENCY_ROLES:
        raise Refused("role")
    return actor.staff_id


def _required(**values: str) -> None:
    errors = {name: "required" for name, value in values.items() if not value.strip()}
    if errors:
        raise Invalid(**errors)
