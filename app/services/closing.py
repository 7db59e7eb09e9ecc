"""The ways out of a petition's life, and the way back in."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Petition
from app.services import routing, rules, transition
from app.services.actors import SUBMITTER, Actor
from workflows.calendar import local_date
from workflows.deadlines import resumed
from workflows.lifecycle import Action, Refused


def decline(
    session: Session, petition: Petition, actor: Actor, reason: str, guidance: str, now: datetime
) -> Event:
    """Do not take a petition up: with a coded reason, and guidance on where to turn instead."""
    return _turn_away(session, petition, Action.DECLINE, actor, reason, guidance, now)


def refer(
    session: Session, petition: Petition, actor: Actor, reason: str, guidance: str, now: datetime
) -> Event:
    """Tell the submitter that the law gives this matter another channel, and how to use it."""
    return _turn_away(session, petition, Action.REFER, actor, reason, guidance, now)


def _turn_away(
    session: Session,
    petition: Petition,
    action: Action,
    actor: Actor,
    reason: str,
    guidance: str,
    now: datetime,
) -> Event:
    if not guidance.strip():
        raise Invalid(guidance="required")
    event = transition.apply(
        session, petition, action, actor, now, reason=reason, note=guidance, note_public=True
    )
    petition.close_reason = reason
    _end(session, petition, action, now)
    return event


def withdraw(session: Session, petition: Petition, now: datetime) -> Event:
    """The submitter takes a petition back."""
    event = transition.apply(session, petition, Action.WITHDRAW, SUBMITTER, now)
    petition.waiting_since = None
    _end(session, petition, Action.WITHDRAW, now)
    return event


def reopen(session: Session, petition: Petition, objection: str, now: datetime) -> Event:
    """The submitter objects to the answer: the agency takes it up again, within the days it had left."""
    if not objection.strip():
        raise Invalid(objection="required")
    transition.check(petition, Action.REOPEN, SUBMITTER)
    today = local_date(now)
    if petition.object_by is None or today > petition.object_by:
        raise Refused("too_late")
    answered_on = local_date(petition.answered_at or now)
    before = petition.respond_by
    after = resumed(before, answered_on, today, rules.calendar(session))
    data = {"respond_by": {"from": before.isoformat(), "to": after.isoformat()}}
    event = transition.apply(
        session, petition, Action.REOPEN, SUBMITTER, now, data=data, note=objection, note_public=True
    )
    petition.respond_by, petition.answered_at, petition.object_by = after, None, None
    return event


def close(session: Session, petition: Petition, actor: Actor, now: datetime) -> Event:
    """End an answered petition: the submitter is content, or the time to object has passed."""
    event = transition.apply(session, petition, Action.CLOSE, actor, now)
    _end(session, petition, Action.CLOSE, now)
    return event


def _end(session: Session, petition: Petition, action: Action, now: datetime) -> None:
    petition.ended_at = now
    routing.end_custody(session, petition, str(action), now)
