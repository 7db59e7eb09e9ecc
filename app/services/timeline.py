"""Writing and checking the timeline of a petition."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition
from app.services import proof
from app.services.actors import Actor
from workflows import timeline
from workflows.lifecycle import Status

BATCH = 100


def record(
    session: Session,
    petition: Petition,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    status: Status | None = None,
    data: dict[str, Any] | None = None,
    note: str | None = None,
    note_public: bool = False,
) -> Event:
    """Append one event to a petition whose row is locked; ``status`` is the one it leads to, if it changes.

    A ``note`` is kept beside it, so that it can be erased.
    """
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
        content["note_sha256"] = timeline.note_fingerprint(salt, note)
        session.add(Note(petition_id=petition.id, seq=seq, text=note, salt=salt, public=note_public))
    event = _event(petition, seq, previous, kind, actor, now, content, status)
    session.add(event)
    return event


def record_each(
    session: Session,
    kind: str,
    told: Sequence[tuple[Petition, dict[str, Any]]],
    actor: Actor,
    now: datetime,
) -> None:
    """Append an event to each of many locked petitions, in few statements; one may stand there more than once."""
    heads = _heads(session, {petition.id for petition, _data in told})
    for petition, data in told:
        seq, previous = heads.get(petition.id, (0, timeline.FIRST))
        event = _event(petition, seq + 1, previous, kind, actor, now, data)
        session.add(event)
        heads[petition.id] = (event.seq, event.hash)
    session.flush()


def _heads(session: Session, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    last = (
        select(Event.petition_id, func.max(Event.seq))
        .where(Event.petition_id.in_(ids))
        .group_by(Event.petition_id)
    )
    wanted = select(Event.petition_id, Event.seq, Event.hash).where(
        tuple_(Event.petition_id, Event.seq).in_(last)
    )
    return {row.petition_id: (row.seq, row.hash) for row in session.execute(wanted)} if ids else {}


def _event(
    petition: Petition,
    seq: int,
    previous: str,
    kind: str,
    actor: Actor,
    now: datetime,
    data: dict[str, Any],
    status: Status | None = None,
) -> Event:
    event = Event(
        petition_id=petition.id,
        seq=seq,
        kind=kind,
        at=now,
        actor=actor.name,
        agency_code=actor.agency_code or petition.lead_agency_code,
        status=str(status or petition.status),
        data=data,
        previous_hash=previous,
    )
    event.hash = timeline.chain_hash(previous, entry_of(petition.code, event))
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
    """Check one petition, or every one: (code, fault or None), in order of code.

    Its chain must be whole, and text, status, holder, date, notes, answers and ratings as the chain says. Whoever can
    write to the database can also write a new chain; against that stands the published root of each day.
    The caller may end its transaction after any of them, so that those who work meanwhile need not wait.
    """
    wanted = select(Petition.code).order_by(Petition.code)
    codes = session.scalars(wanted if code is None else wanted.where(Petition.code == code)).all()
    for start in range(0, len(codes), BATCH):
        for each, fault in _check(session, codes[start : start + BATCH]):
            yield each, fault and _again(session, each)


def _check(session: Session, codes: Sequence[str]) -> list[tuple[str, timeline.Fault | None]]:
    batch = proof.holdings(session, codes)
    events: dict[int, list[Event]] = {held.id: [] for held in batch}
    wanted = select(Event).where(Event.petition_id.in_(events)).order_by(Event.petition_id, Event.seq)
    for event in session.scalars(wanted):
        events[event.petition_id].append(event)
    found = [(held.code, _fault(held, events[held.id])) for held in batch]
    for chain in events.values():
        for event in chain:
            session.expunge(event)
    return found


def _again(session: Session, code: str) -> timeline.Fault | None:
    """The fault of a petition whose row is locked: somebody may have worked on it between two questions."""
    session.execute(select(Petition.id).where(Petition.code == code).with_for_update())
    found = _check(session, [code])
    return found[0][1] if found else None


def _fault(held: proof.Holdings, events: list[Event]) -> timeline.Fault | None:
    if not events:
        return timeline.Fault(1, "there are no events")
    chain = ((entry_of(held.code, event), event.previous_hash, event.hash) for event in events)
    return timeline.verify(chain) or proof.mismatch(held, events)


def heads(
    session: Session, before: datetime, first: str | None = None, until: str | None = None
) -> Iterator[timeline.Head]:
    """The last hash of every chain as it stood at ``before`` (exclusive), in order of code: (petition code, hash).

    ``first`` narrows the codes, and then ``until`` (exclusive) may, too. One question, whose rows are streamed: a
    country may have millions.
    """
    last = select(Event.petition_id, func.max(Event.seq).label("seq")).where(Event.at < before)
    if first is not None:
        last = last.join(Petition, Petition.id == Event.petition_id).where(Petition.code >= first)
        last = last.where(Petition.code < until) if until is not None else last
    ends = last.group_by(Event.petition_id).subquery()
    rows = session.execute(
        select(Petition.code, Event.hash)
        .join(ends, ends.c.petition_id == Petition.id)
        .join(Event, (Event.petition_id == ends.c.petition_id) & (Event.seq == ends.c.seq))
        .order_by(Petition.code),
        execution_options={"yield_per": 10_000},
    )
    for row in rows:
        yield row.code, row.hash
