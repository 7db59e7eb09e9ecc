"""Petitions about the same thing: one lead case, one answer to all, and every member keeps what is its own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Petition, Response
from app.services import routing, rules, satisfaction, transition
from app.services.actors import SYSTEM, Actor
from app.services.personal_data import Vault
from app.services.responses import next_number, response_under_way
from workflows.calendar import local_date
from workflows.deadlines import objection_until
from workflows.lifecycle import OPEN, Action, Refused, Status
from workflows.timeline import fingerprint


def merge(
    session: Session, petition: Petition, actor: Actor, lead: Petition, note: str | None, now: datetime
) -> Event:
    """Put a petition with the lead case about the same thing. Its code, clock, rights and survey stay its own.

    Its own members follow it. Both rows must be locked. The timeline names the lead by its number in the database, which
    tells nobody a code that is not theirs.
    """
    if lead.id == petition.id or lead.status not in OPEN:
        raise Invalid(lead="not_a_lead")
    event = transition.apply(session, petition, Action.MERGE, actor, now, data={"into": lead.id}, note=note)
    routing.end_custody(session, petition, str(Action.MERGE), now)
    petition.lead_agency_code = petition.officer_id = None
    petition.merged_into_id = lead.id
    for member in members(session, petition):
        member.merged_into_id = lead.id
    # Its answer may be due sooner now.
    lead.look_on = local_date(now)
    return event


def unmerge(session: Session, petition: Petition, actor: Actor, note: str, now: datetime) -> Event:
    """Take a petition out again, back to the desk. Its clock has run all the while."""
    if not note.strip():
        raise Invalid(note="required")
    event = transition.apply(
        session, petition, Action.UNMERGE, actor, now, data={"out_of": petition.merged_into_id}, note=note
    )
    petition.merged_into_id = None
    return event


def members(session: Session, lead: Petition) -> list[Petition]:
    """The petitions that wait for the answer to ``lead``, the next due first."""
    wanted = select(Petition).where(Petition.merged_into_id == lead.id, Petition.status == Status.MERGED)
    return list(session.scalars(wanted.order_by(Petition.respond_by, Petition.id)))


def answer_members(session: Session, vault: Vault, lead: Petition, answer: Response, now: datetime) -> None:
    """Give each member the answer just published to its lead case: as its own answer, with its own survey."""
    waiting = select(Petition).where(Petition.merged_into_id == lead.id, Petition.status == Status.MERGED)
    for member in session.scalars(waiting.order_by(Petition.id).with_for_update()).all():
        response = _copy(session, member, answer, now)
        object_by = objection_until(local_date(now), rules.policy_of(session, member))
        data = {
            "response": response.number,
            "body_sha256": fingerprint(response.body),
            "object_by": object_by.isoformat(),
            "to": answer.agency_code,
            "with": lead.id,
        }
        transition.apply(session, member, Action.ANSWER_MEMBER, SYSTEM, now, data=data)
        routing.hand_over(session, member, answer.agency_code, SYSTEM, now)
        member.answered_at, member.object_by = now, object_by
        satisfaction.invite(session, vault, member, response, now)


def _copy(session: Session, member: Petition, answer: Response, now: datetime) -> Response:
    # What was begun for the member before the merge gives way to the answer.
    response = response_under_way(session, member)
    if response is None:
        response = Response(petition_id=member.id, number=next_number(session, member))
        session.add(response)
    response.state, response.body, response.points = "published", answer.body, []
    response.agency_code, response.author_id = answer.agency_code, answer.author_id
    response.approver_id = answer.approver_id
    response.updated_at = response.published_at = now
    session.flush()
    return response


def lead_of(session: Session, code: str) -> Petition:
    """The petition of that code, its row locked, to be the lead of another.

    Raises :class:`Invalid` where there is none that could be, and :class:`Refused` where somebody is at work on it: to wait
    while holding another row might be to wait for ever.
    """
    petition = session.scalar(
        select(Petition)
        .where(Petition.code == code)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if petition is None and session.scalar(select(Petition.id).where(Petition.code == code)) is not None:
        raise Refused("lead_is_busy")
    if petition is None or petition.status not in OPEN:
        raise Invalid(lead="not_a_lead")
    return petition
