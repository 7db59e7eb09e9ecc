"""The daily roots: published once for each day that has ended, signed, and never changed."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.jobs import schedule
from app.models import Event, Petition, TimelineRoot
from app.services import roots, timeline
from app.services.actors import SYSTEM
from app.services.personal_data import Vault
from app.services.signing import Signer, is_signed, pem
from tests.factories import a_receipt, drop_the_guards
from tests.instances import Clock, Instance
from workflows.timeline import FIRST, chain_hash, check_proof, day_root, proof

SIGNER = Signer(b"s" * 32)
MONDAY = date(2026, 11, 2)
Sending = Callable[[], Petition]


@pytest.fixture
def send(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Sending:
    """A petition sent now."""

    def make() -> Petition:
        petition = a_receipt(session, vault, clock.now, chance).petition
        session.commit()
        return petition

    return make


def published(session: Session) -> list[date]:
    return list(session.scalars(select(TimelineRoot.day).order_by(TimelineRoot.day)))


def test_nothing_is_published_before_anything_has_begun(session: Session, clock: Clock) -> None:
    assert not roots.publish_next(session, SIGNER, clock.now)
    assert roots.compute(session, MONDAY).root == day_root([])


def test_a_day_is_published_once_an_hour_after_it_has_ended(
    session: Session, send: Sending, clock: Clock
) -> None:
    petition = send()
    clock.now = datetime(2026, 11, 2, 17, 59, 59, tzinfo=UTC)  # 00:59:59 on Tuesday in Vietnam
    assert not roots.publish_next(session, SIGNER, clock.now)
    clock.now += timedelta(seconds=1)
    assert roots.publish_next(session, SIGNER, clock.now)
    assert not roots.publish_next(session, SIGNER, clock.now)
    row = session.scalars(select(TimelineRoot)).one()
    head = session.scalars(select(Event.hash)).one()
    assert (row.day, row.chains, row.published_at) == (MONDAY, 1, clock.now)
    assert row.root == day_root([(petition.code, head)])
    assert check_proof(petition.code, head, [], row.root)
    said = f"pakn timeline root 2026-11-02 1 {row.root}"
    assert is_signed(said, row.signature, row.public_key)
    assert not is_signed(said.replace(" 1 ", " 2 "), row.signature, row.public_key)
    assert not is_signed(said, row.signature, Signer(b"x" * 32).public_key)
    assert pem(row.public_key).startswith("-----BEGIN PUBLIC KEY-----\n")
    assert (row.key_id, row.public_key) == (SIGNER.key_id, SIGNER.public_key)


def test_days_that_were_missed_are_made_up_for_as_they_ended(
    session: Session, send: Sending, clock: Clock
) -> None:
    first = send()
    clock.now += timedelta(days=1)
    assert roots.publish_next(session, SIGNER, clock.now)
    second = send()
    clock.now += timedelta(days=3)
    timeline.record(session, first, "contact_read", SYSTEM, clock.now)
    while roots.publish_next(session, SIGNER, clock.now):
        pass
    assert published(session) == [MONDAY + timedelta(days=number) for number in range(4)]
    rows = session.scalars(select(TimelineRoot).order_by(TimelineRoot.day)).all()
    assert [row.chains for row in rows] == [1, 2, 2, 2]
    assert len({row.root for row in rows}) == 2
    heads = list(timeline.heads(session, roots.end_of(MONDAY + timedelta(days=2))))
    assert {code for code, _head in heads} == {first.code, second.code}
    assert check_proof(second.code, dict(heads)[second.code], proof(heads, second.code), rows[-1].root)
    assert [roots.fault(session, row) for row in rows] == [None] * 4


def test_a_published_root_cannot_be_changed(session: Session, send: Sending, clock: Clock) -> None:
    send()
    assert roots.publish_next(session, SIGNER, clock.now + timedelta(days=1))
    session.commit()
    changes = [
        update(TimelineRoot).values(root="0" * 64),
        update(TimelineRoot).values(signature="x"),
        delete(TimelineRoot),
    ]
    if session.get_bind().dialect.name == "postgresql":
        changes.append(text("TRUNCATE timeline_roots"))  # type: ignore[arg-type]
    else:
        changes.append(text("REPLACE INTO timeline_roots SELECT * FROM timeline_roots"))  # type: ignore[arg-type]
    for change in changes:
        with pytest.raises(DBAPIError, match="timeline_roots only grows"), session.begin_nested():
            session.execute(change)


def test_a_chain_written_anew_is_given_away_by_the_root(
    session: Session, send: Sending, clock: Clock
) -> None:
    """Somebody who owns the database and mends every hash passes ``verify``, but not what was published."""
    petition = send()
    roots.publish_next(session, SIGNER, clock.now + timedelta(days=1))
    row = session.scalars(select(TimelineRoot)).one()
    assert roots.fault(session, row) is None
    drop_the_guards(session)
    only = session.scalars(select(Event)).one()
    only.actor = "staff:1"
    only.hash = chain_hash(FIRST, timeline.entry_of(petition.code, only))
    session.flush()
    assert dict(timeline.faults(session)) == {petition.code: None}
    assert roots.fault(session, row) == "the timelines of that day give another root by now"
    row.root = roots.compute(session, row.day).root
    assert roots.fault(session, row) == "it is not signed with its key"
    session.expunge(row)


def test_roots_are_computed_with_few_questions_however_many_chains(
    instance: Instance, session: Session, send: Sending, clock: Clock
) -> None:
    asked: list[str] = []
    event.listen(instance.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for count in (2, 30):
        for _ in range(count):
            send()
        session.commit()
        asked.clear()
        assert roots.compute(session, MONDAY).chains >= count
        counts.append(len([each for each in asked if each.startswith("SELECT")]))
    assert counts == [1, 1]


def test_the_schedule_publishes(app: Flask, session: Session, send: Sending, clock: Clock) -> None:
    send()
    (job,) = [job for job in schedule.SCHEDULE if job.name == "roots"]
    assert job.work(app, clock) == 0
    clock.now += timedelta(days=1)
    assert job.work(app, clock) == 1
    assert job.wait_after(1) == timedelta(0), "there may be another day to make up for"
    assert job.work(app, clock) == 0
    assert published(session) == [MONDAY]
    assert session.scalars(select(TimelineRoot.key_id)).one() == app.extensions["pakn_signer"].key_id
