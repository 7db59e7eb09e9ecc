"""The one place where a petition's status changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, Stale
from app.models import Event, Petition
from app.services import notices, timeline
from app.services.actors import Actor
from workflows.lifecycle import AGENCY_ROLES, LIFECYCLE, Action, Refused


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
    petition.status, kind = LIFECYCLE.decide(petition.status, action, actor.role, reason)
    petition.version += 1
    content = {**(data or {}), **({"reason": reason} if reason else {})}
    event = timeline.record(
        session, petition, kind, actor, now, data=content, note=note, note_public=note_public
    )
    notices.ask(session, petition, event, now)
    return event


def check(petition: Petition, action: Action, actor: Actor, reason: str | None = None) -> None:
    """Raise :class:`Refused` unless ``actor`` may do ``action`` now; agencies act only on what they hold."""
    LIFECYCLE.decide(petition.status, action, actor.role, reason)
    if actor.role in AGENCY_ROLES and actor.agency_code != petition.lead_agency_code:
        raise Refused("not_holder")
