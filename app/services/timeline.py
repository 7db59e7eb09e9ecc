"""Writing and checking the timeline of a petition."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition
from app.services.actors import Actor
from workflows import timeline


def record(
    session: Session,
    petition: Petition,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    data: dict[str, Any] | None = None,
    note: str | None = None,
    note_public: bool = False,
) -> Event:
    """Append one event to a petition whose row is locked. A ``note`` is kept beside it, so that it can be erased."""
    last = session.execute(
        select(Event.seq, Event.hash)
        .where(Event.petition_id == petition.id)
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, timeline.FIRST)
    content = dict(data or {})
    if note:
        salt = secrets.token_hex(16)
        content["note_sha256"] = hashlib.sha256(f"{salt}{note}".encode()).hexdigest()
        session.add(Note(petition_id=petition.id, seq=seq, text=note, salt=salt, public=note_public))
    event = Event(
        petition_id=petition.id,
        seq=seq,
        kind=kind,
        at=now,
        actor=actor.name,
        agency_code=actor.agency_code or petition.lead_agency_code,
        status=str(petition.status),
        data=content,
        previous_hash=previous,
    )
    event.hash = timeline.chain_hash(previous, entry_of(petition.code, event))
    session.add(event)
    session.flush()
    return event


def entry_of(code: str, event: Event) -> timeline.Entry:
    """What is hashed of a stored event."""
    return timeline.Entry(
        petition=code,
        seq=event.seq,
        kind=event.kind,
        at=timeline.instant(event.at),
        actor=event.actor,
        agency=event.agency_code,
        status=event.status,
        data=event.data,
    )


def faults(session: Session, code: str | None = None) -> Iterator[tuple[str, timeline.Fault | None]]:
    """Check one chain, or every chain: (petition code, fault or None), in order of code."""
    wanted = select(Petition.id, Petition.code).order_by(Petition.code)
    if code is not None:
        wanted = wanted.where(Petition.code == code)
    for row in session.execute(wanted).all():
        events = session.scalars(select(Event).where(Event.petition_id == row.id).order_by(Event.seq)).all()
        chain = ((entry_of(row.code, event), event.previous_hash, event.hash) for event in events)
        fault = timeline.verify(chain) if events else timeline.Fault(1, "there are no events")
        yield row.code, fault
        for event in events:
            session.expunge(event)


def heads(session: Session, before: datetime) -> list[tuple[str, str]]:
    """The last hash of every chain as it stood at ``before`` (exclusive): (petition code, hash)."""
    last = (
        select(Event.petition_id, func.max(Event.seq).label("seq"))
        .where(Event.at < before)
        .group_by(Event.petition_id)
        .subquery()
    )
    rows = session.execute(
        select(Petition.code, Event.hash)
        .join(last, last.c.petition_id == Petition.id)
        .join(Event, (Event.petition_id == last.c.petition_id) & (Event.seq == last.c.seq))
    )
    return [(row.code, row.hash) for row in rows]
