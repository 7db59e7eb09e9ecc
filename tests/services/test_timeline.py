"""The timeline as it stands in the database: whatever is done to a row is found."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition
from app.services import timeline
from app.services.actors import SYSTEM
from app.services.personal_data import Vault
from tests.factories import a_petition, a_receipt
from tests.instances import Clock
from workflows.lifecycle import Status
from workflows.timeline import FIRST, Fault, day_root


@pytest.fixture
def closed(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Petition:
    """A petition that has lived, and another beside it."""
    petition = a_petition(session, vault, clock.now, chance, status=Status.CLOSED)
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    return petition


def faults(session: Session) -> dict[str, Fault | None]:
    session.expire_all()
    return dict(timeline.faults(session))


def test_a_whole_life_is_proved(session: Session, closed: Petition) -> None:
    found = faults(session)
    assert len(found) == 2
    assert set(found.values()) == {None}
    assert list(timeline.faults(session, closed.code)) == [(closed.code, None)]
    assert list(timeline.faults(session, "PAKN-20261102-000000-0")) == []
    events = session.scalars(select(Event).where(Event.petition_id == closed.id).order_by(Event.seq)).all()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].previous_hash == FIRST
    assert all(event.previous_hash == before.hash for before, event in pairwise(events))


TAMPERINGS: dict[str, Callable[[Session, int], object]] = {
    "kind": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(kind="declined")),
    "at": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(at=datetime(2026, 1, 1, tzinfo=UTC))),
    "actor": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(actor="staff:999")),
    "agency_code": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(agency_code="BCA")),
    "status": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(status="closed")),
    "data": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(data={"to": "BCA"})),
    "hash": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(hash="0" * 64)),
    "previous_hash": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(previous_hash="0" * 64)),
    "removal": lambda s, p: s.execute(delete(Event).where(*_at(p, 3))),
    "first removed": lambda s, p: s.execute(delete(Event).where(*_at(p, 1))),
    "renumbered": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(seq=99)),
    "all removed": lambda s, p: s.execute(delete(Event).where(Event.petition_id == p)),
}


def _at(petition_id: int, seq: int) -> tuple[ColumnElement[bool], ...]:
    return Event.petition_id == petition_id, Event.seq == seq


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_in_that_chain_and_no_other(
    session: Session, closed: Petition, tampering: str
) -> None:
    TAMPERINGS[tampering](session, closed.id)
    found = faults(session)
    broken = found.pop(closed.code)
    assert broken is not None
    assert broken.seq == (1 if tampering in ("first removed", "all removed") else 3)
    assert set(found.values()) == {None}


def test_events_moved_to_another_petition_are_found(session: Session, closed: Petition) -> None:
    session.execute(delete(Event).where(Event.petition_id != closed.id))
    other = session.scalars(select(Petition.id).where(Petition.id != closed.id)).one()
    session.execute(update(Event).where(Event.petition_id == closed.id).values(petition_id=other))
    assert all(faults(session).values())


def test_the_last_event_taken_out_changes_the_root(session: Session, closed: Petition) -> None:
    """The chain alone cannot tell; that is what the published root is for."""
    later = datetime(2026, 11, 3, tzinfo=UTC)
    before = day_root(timeline.heads(session, later))
    last = session.scalars(
        select(Event.seq).where(Event.petition_id == closed.id).order_by(Event.seq.desc())
    ).first()
    assert last is not None
    session.execute(delete(Event).where(*_at(closed.id, last)))
    assert set(faults(session).values()) == {None}
    assert day_root(timeline.heads(session, later)) != before


def test_heads_are_those_of_the_moment(
    session: Session, closed: Petition, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    moment = clock.now + timedelta(hours=1)
    before = timeline.heads(session, moment)
    assert timeline.heads(session, clock.now) == []
    clock.now = moment
    a_receipt(session, vault, clock.now, chance)
    timeline.record(session, closed, "contact_read", SYSTEM, clock.now)
    assert timeline.heads(session, moment) == before, "what came later does not change the root of that day"
    assert len(timeline.heads(session, moment + timedelta(seconds=1))) == 3


def test_a_note_is_tied_to_its_event_and_can_be_erased(
    session: Session, closed: Petition, clock: Clock
) -> None:
    event = timeline.record(session, closed, "noted", SYSTEM, clock.now, note="Số nhà 12")
    session.commit()
    note = session.scalars(select(Note).where(Note.seq == event.seq, Note.petition_id == closed.id)).one()
    assert event.data == {"note_sha256": sha256(f"{note.salt}Số nhà 12".encode()).hexdigest()}
    session.delete(note)
    session.commit()
    assert faults(session)[closed.code] is None, "erasing a person's words breaks no chain"


def test_what_is_hashed_survives_the_database(session: Session, closed: Petition, clock: Clock) -> None:
    """JSON comes back from both databases as it went in: numbers, order of keys, letters, nesting."""
    data = {
        "b": [1, 0.5, 1e-5, 0.9712, None, True],
        "a": {"đ": "Đổi mới 🙂", "n": 2**53},
        "": "",
        "t": 'a"\\\n',
    }
    timeline.record(session, closed, "noted", SYSTEM, clock.now + timedelta(microseconds=1), data=data)
    session.commit()
    assert faults(session)[closed.code] is None
    assert session.scalars(select(Event).where(Event.kind == "noted")).one().data == data
