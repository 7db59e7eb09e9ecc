"""The one place where a petition's status changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, Stale
from app.models import Event, Petition
from app.services import notices, timeline
from app.services.actors import Actor
from workflows.calendar import local_date
from workflows.lifecycle import AGENCY_ROLES, LIFECYCLE, Action, Hands, Refused


def lock(session: Session, code: str, seen_version: int | None = None) -> Petition:
    """The petition of that code, its row locked until the commit.

    Raises :class:`NotFound`, and :class:`Stale` where it has changed since ``seen_version``.
    """
    petition = session.scalar(
        select(Petition)
        .where(Petition.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if petition is None:
        raise NotFound(code)
    if seen_version is not None and petition.version != seen_version:
        raise Stale(code)
    return petition


def apply(
    session: Session,
    petition: Petition,
    action: Action,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
    note: str | None = None,
    note_public: bool = False,
) -> Event:
    """Do ``action`` to a locked petition: check it, set the status, append the event, ask for the notices.

    Raises :class:`Refused` where the table or the custody forbids it.
    """
    check(petition, action, actor, reason)
    status, kind = LIFECYCLE.decide(petition.status, action, actor.role, reason)
    content = {**(data or {}), **({"reason": reason} if reason else {})}
    event = timeline.record(
        session, petition, kind, actor, now, status=status, data=content, note=note, note_public=note_public
    )
    # After the timeline was read, so that all that a verb changes is written at once.
    petition.status = status
    petition.version += 1
    petition.look_on = local_date(now)
    notices.ask(session, petition, event, now)
    return event


def check(petition: Petition, action: Action, actor: Actor, reason: str | None = None) -> None:
    """Raise :class:`Refused` unless ``actor`` may do ``action`` now; agencies act only on what is in their hands."""
    row = LIFECYCLE.row(petition.status, action, actor.role, reason)
    if not in_hands(petition, action, actor):
        raise Refused("not_holder" if row.hands is Hands.HOLDER else "not_involved")


def in_hands(petition: Petition, action: Action, actor: Actor) -> bool:
    """Whether a petition is in the hands that ``action`` asks for; those who belong to no agency act on all."""
    if actor.role not in AGENCY_ROLES:
        return True
    hands = LIFECYCLE.hands(petition.status, action, actor.role)
    if hands is not Hands.COHANDLER and actor.agency_code == petition.lead_agency_code:
        return actor.agency_code is not None
    if hands is Hands.HOLDER or actor.agency_code is None:
        return False
    return any(
        each.agency_code == actor.agency_code and each.ended_at is None for each in petition.contributions
    )
