"""Working on a petition: from acknowledgement to the published answer."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Petition, Response, Staff
from app.services import routing, rules, satisfaction, transition
from app.services.actors import Actor
from app.services.personal_data import Vault
from workflows.calendar import local_date
from workflows.deadlines import extended, objection_until, resumed
from workflows.lifecycle import AGENCY_ROLES, Action, Refused
from workflows.timeline import fingerprint

BODY_MIN, BODY_MAX = 30, 50_000


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
    before = petition.respond_by
    after = resumed(before, petition.waiting_since, local_date(now), rules.calendar(session))
    data = {"respond_by": {"from": before.isoformat(), "to": after.isoformat()}}
    event = transition.apply(
        session, petition, Action.PROVIDE_INFORMATION, actor, now, data=data, note=text, note_public=True
    )
    petition.respond_by, petition.waiting_since = after, None
    return event


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
        response = Response(petition_id=petition.id, number=_next_number(session, petition))
        session.add(response)
    response.state, response.body, response.updated_at = "draft", body, now
    response.agency_code, response.author_id = _agency(petition), _staff_id(actor)
    response.approver_id = None
    session.flush()
    return response


def submit_draft(session: Session, petition: Petition, actor: Actor, now: datetime) -> Event:
    """Put the draft before an approver."""
    response = _in_state(session, petition, "draft", "returned")
    event = transition.apply(session, petition, Action.SUBMIT_DRAFT, actor, now, data=_which(response))
    response.state, response.updated_at = "submitted", now
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
    response = _in_state(session, petition, "approved")
    today = local_date(now)
    object_by = objection_until(today, rules.policy_of(session, petition))
    data = {**_which(response), "body_sha256": fingerprint(response.body), "object_by": object_by.isoformat()}
    response.state, response.updated_at, response.published_at = "published", now, now
    petition.answered_at, petition.object_by = now, object_by
    event = transition.apply(session, petition, Action.PUBLISH, actor, now, data=data)
    satisfaction.invite(session, vault, petition, response, now)
    return event


def response_under_way(session: Session, petition: Petition) -> Response | None:
    """The answer being written, if any; after a transfer what the agency before has written, to begin from."""
    return session.scalars(
        select(Response).where(Response.petition_id == petition.id, Response.state != "published")
    ).first()


def published_responses(session: Session, petition: Petition) -> list[Response]:
    """The answers given, oldest first."""
    return list(
        session.scalars(
            select(Response)
            .where(Response.petition_id == petition.id, Response.state == "published")
            .order_by(Response.number)
        )
    )


def _in_state(session: Session, petition: Petition, *states: str) -> Response:
    response = response_under_way(session, petition)
    if response is None or not _ours(response, petition) or response.state not in states:
        raise Refused("no_such_draft")
    return response


def _ours(response: Response, petition: Petition) -> bool:
    # What another agency wrote, or even approved, before it passed the petition on is not this one's answer.
    return response.agency_code == petition.lead_agency_code


def _next_number(session: Session, petition: Petition) -> int:
    return len(published_responses(session, petition)) + 1


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
