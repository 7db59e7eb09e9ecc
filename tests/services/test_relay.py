"""The outbox and its relay: what must follow a change does follow, once, whatever goes wrong on the way."""

import random
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs import relay, tasks
from app.models import OutboxRow, Suggestion
from app.services import mailing, outbox, registry
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from tests.factories import EMAIL, a_receipt
from tests.instances import Clock, Instance
from workflows.lifecycle import Status

SAID = Classification(
    kind="feedback",
    kinds=(Scored("feedback", 1.0),),
    topics=(Scored("digital_infrastructure", 0.9),),
    agencies=(Scored("BKHCN", 0.98), Scored("BCA", 0.01)),
    decision="route",
    flags=(),
    reasons=("sóng di động",),
    model_version="test.1",
)


class Model:
    """A classifier that is sure, and counts how often it is asked."""

    asked = 0

    def classify(self, text: str, *, submitter_kind: str | None, province: str | None) -> Classification:
        type(self).asked += 1
        return SAID


@pytest.fixture
def sure_model(monkeypatch: pytest.MonkeyPatch) -> type[Model]:
    """A model in service that is sure of everything."""
    Model.asked = 0
    monkeypatch.setattr(tasks, "current_model", lambda path: Model())
    monkeypatch.setattr(registry, "admits", lambda session, model: True)
    return Model


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The mails handed over, instead of any server."""
    messages: list[Any] = []
    monkeypatch.setattr(mailing, "send", lambda message, url, root: messages.append(message))
    return messages


def add(session: Session, number: int, now: datetime, task: str = "mail") -> None:
    """Ask for something to be done about a petition that does not exist: there is nothing to do, then."""
    outbox.add(
        session, f"{task}:{number}", task, {"petition": -number, "seq": 1, "audience": "submitter"}, now
    )


def rows(session: Session) -> list[OutboxRow]:
    """The outbox as it stands."""
    session.expire_all()
    return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def row_of(session: Session, task: str) -> OutboxRow:
    """The one row of a task."""
    (row,) = [row for row in rows(session) if row.task == task]
    return row


# --- asking -----------------------------------------------------------------------------------------------


def test_a_thing_is_asked_for_once_for_all_time(session: Session, clock: Clock) -> None:
    assert outbox.add(session, "key", "mail", {"petition": 1}, clock.now)
    assert not outbox.add(session, "key", "mail", {"petition": 2}, clock.now)
    session.commit()
    (row,) = rows(session)
    assert (row.payload, row.attempts, row.available_at) == ({"petition": 1}, 0, clock.now)
    assert not outbox.add(session, "key", "mail", {"petition": 1}, clock.now)


def test_asked_for_at_the_same_moment_it_is_asked_for_once(own_instance: Instance, clock: Clock) -> None:
    start, answers, failures = threading.Barrier(8), [], []

    def ask() -> None:
        try:
            with own_instance.app.app_context():
                start.wait()
                answers.append(outbox.add(db.session(), "key", "mail", {}, clock.now))
                db.session.commit()
        except BaseException as error:
            failures.append(error)

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(60)
    assert not failures
    assert sorted(answers) == [False] * 7 + [True]


# --- claiming ---------------------------------------------------------------------------------------------


def test_only_what_is_due_and_free_is_claimed_oldest_first(session: Session, clock: Clock) -> None:
    for number, minutes in ((1, -1), (2, -3), (3, 1), (4, 0)):
        add(session, number, clock.now + timedelta(minutes=minutes))
    session.commit()
    claimed = relay.claim(session, clock.now)
    assert [row_id for row_id, _task in claimed] == [rows(session)[n].id for n in (1, 0, 3)]
    assert relay.claim(session, clock.now) == []
    assert not session.in_transaction(), "nothing is left locked"


def test_a_lease_that_runs_out_is_taken_again(session: Session, clock: Clock) -> None:
    add(session, 1, clock.now)
    session.commit()
    first = relay.claim(session, clock.now)
    assert relay.claim(session, clock.now + relay.LEASE) == []
    assert relay.claim(session, clock.now + relay.LEASE + timedelta(seconds=1)) == first


def test_what_is_done_is_never_claimed_again(session: Session, app: Flask, clock: Clock) -> None:
    add(session, 1, clock.now)
    session.commit()
    assert relay.drain(app, clock) == 1
    clock.now += timedelta(days=30)
    assert relay.drain(app, clock) == 0


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_two_relays_at_once_claim_different_rows(own_instance: Instance, clock: Clock) -> None:
    """Neither waits for the other: the second passes over what the first has locked."""
    with Session(own_instance.engine) as session:
        for number in range(40):
            add(session, number, clock.now)
        session.commit()
    with Session(own_instance.engine) as first, Session(own_instance.engine) as second:
        wanted = select(OutboxRow).order_by(OutboxRow.id).limit(20).with_for_update(skip_locked=True)
        locked = {row.id for row in first.scalars(wanted)}
        claimed = {row_id for row_id, _task in relay.claim(second, clock.now)}
        assert len(locked) == len(claimed) == 20
        assert not locked & claimed


def test_relays_that_race_do_each_row_once(
    own_instance: Instance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    monkeypatch.setitem(tasks.TASKS, "mail", lambda session, payload, now: done.append(payload["petition"]))
    with Session(own_instance.engine) as session:
        for number in range(1, 61):
            add(session, number, clock.now)
        session.commit()
    start, failures = threading.Barrier(4), []

    def run() -> None:
        try:
            start.wait()
            relay.drain(own_instance.app, clock)
        except BaseException as error:
            failures.append(error)

    racing = [threading.Thread(target=run) for _ in range(4)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join(120)
    assert not failures
    assert sorted(done) == sorted(-number for number in range(1, 61))


# --- failing and trying again -----------------------------------------------------------------------------


def test_a_failing_task_is_tried_again_ever_more_rarely(
    session: Session,
    app: Flask,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_session: Session, _payload: dict[str, Any], _now: datetime) -> None:
        raise ConnectionRefusedError(f"cannot write to {EMAIL}")

    monkeypatch.setitem(tasks.TASKS, "mail", fail)
    add(session, 1, clock.now)
    session.commit()
    waits = []
    for _ in range(7):
        assert relay.drain(app, clock) == 1, "once, however long the run: what failed is left for later"
        (row,) = rows(session)
        assert row.lease_until is None
        assert row.done_at is None
        waits.append((row.available_at - clock.now).total_seconds())
        clock.now = row.available_at - timedelta(seconds=1)
        assert relay.drain(app, clock) == 0
        clock.now = row.available_at
    assert waits == [10, 60, 300, 1800, 7200, 7200, 7200]
    assert (row.attempts, row.error) == (7, "ConnectionRefusedError")
    assert EMAIL not in caplog.text
    monkeypatch.setitem(tasks.TASKS, "mail", lambda session, payload, now: None)
    relay.drain(app, clock)
    (row,) = rows(session)
    assert (row.done_at, row.error, row.attempts) == (clock.now, None, 8)


def test_waiting_in_a_queue_is_no_failure(
    session: Session, app: Flask, clock: Clock, sent: list[Any]
) -> None:
    """Claimed again and again while the workers were away, it is still tried soon after its first failure."""
    add(session, 1, clock.now)
    session.commit()
    for _ in range(20):
        relay.claim(session, clock.now)
        clock.now += relay.LEASE + timedelta(seconds=1)
    assert rows(session)[0].attempts == 0


def test_half_a_task_leaves_nothing(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    monkeypatch: pytest.MonkeyPatch,
    sure_model: type[Model],
) -> None:
    petition = a_receipt(session, vault, clock.now, chance, email=None).petition
    session.commit()

    def stumble(*_arguments: Any, **_values: Any) -> None:
        raise RuntimeError("after the suggestion was written")

    with monkeypatch.context() as patch:
        patch.setattr("app.services.transition.apply", stumble)
        relay.drain(app, clock)
    assert row_of(session, "classify").error == "RuntimeError"
    assert session.scalars(select(Suggestion)).all() == []
    assert petition.status is Status.RECEIVED
    clock.now += timedelta(seconds=10)
    relay.drain(app, clock)
    session.expire_all()
    assert petition.status is Status.ASSIGNED
    assert len(session.scalars(select(Suggestion)).all()) == 1


def test_a_failure_noted_late_does_not_undo_somebody_else_s_success(
    session: Session, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(session, 1, clock.now)
    session.commit()
    row_id = rows(session)[0].id

    def done_meanwhile(inner: Session, _payload: dict[str, Any], now: datetime) -> None:
        row = inner.get_one(OutboxRow, row_id)
        row.done_at = now
        inner.commit()
        raise RuntimeError

    monkeypatch.setitem(tasks.TASKS, "mail", done_meanwhile)
    relay.drain(app, clock)
    (row,) = rows(session)
    assert (row.done_at, row.error, row.attempts) == (clock.now, None, 0)
