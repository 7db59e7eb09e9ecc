"""What outbox rows ask for, the queue they may go through, and the schedule that runs it all."""

import logging
import random
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from redis import RedisError
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs import relay, schedule, tasks
from app.jobs.schedule import Background, Periodic
from app.models import OutboxRow, Petition, Suggestion
from app.services import mailing, outbox, registry
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from tests.factories import EMAIL, TEXT, a_petition, a_receipt
from tests.instances import Clock, Instance
from tests.servers import free_port, wait_until
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


# --- classifying ------------------------------------------------------------------------------------------


def test_a_petition_is_classified_once(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    sure_model: type[Model],
    sent: list[Any],
) -> None:
    petition = a_receipt(session, vault, clock.now, chance).petition
    session.commit()
    relay.drain(app, clock)
    session.expire_all()
    assert (petition.status, petition.lead_agency_code) == (Status.ASSIGNED, "BKHCN")
    version, asked = petition.version, sure_model.asked
    again = row_of(session, "classify")
    again.done_at = None
    session.commit()
    with app.app_context():
        assert relay.perform(again.id, clock)
        assert relay.perform(again.id, clock), "and once more, though it is done by now"
    session.expire_all()
    assert (petition.version, sure_model.asked) == (version, asked)
    assert len(session.scalars(select(Suggestion)).all()) == 1


def test_what_the_desk_was_quicker_with_stays(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    sure_model: type[Model],
    sent: list[Any],
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.ASSIGNED, agency="BCA")
    session.commit()
    relay.drain(app, clock)
    session.expire_all()
    assert petition.lead_agency_code == "BCA"
    assert sure_model.asked == 0


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a model"])
def test_without_a_usable_model_it_goes_to_the_desk_and_the_log_says_so(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    caplog: pytest.LogCaptureFixture,
    content: bytes | None,
) -> None:
    model_path: Path = app.extensions["pakn_settings"].model_path
    if content is not None:
        model_path.write_bytes(content)
    petition = a_receipt(session, vault, clock.now, chance).petition
    session.commit()
    with caplog.at_level(logging.INFO):
        relay.drain(app, clock)
    session.expire_all()
    assert petition.status is Status.TRIAGE
    (said,) = [record.getMessage() for record in caplog.records if "go to the desk" in record.getMessage()]
    assert "model.zip" in said
    for private in (TEXT[:20], EMAIL, "Người gửi"):
        assert private not in caplog.text


def test_a_text_the_classifier_stumbles_over_goes_to_the_desk(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def stumble(text: str, **_values: Any) -> None:
        raise ValueError(text)

    monkeypatch.setattr(tasks, "current_model", lambda path: SimpleNamespace(classify=stumble))
    monkeypatch.setattr(registry, "admits", lambda session, model: True)
    petition = a_receipt(session, vault, clock.now, chance).petition
    session.commit()
    relay.drain(app, clock)
    session.expire_all()
    assert petition.status is Status.TRIAGE
    assert f"{petition.code}: ValueError" in caplog.text
    assert TEXT[:20] not in caplog.text


# --- mails and transactions -------------------------------------------------------------------------------


def test_no_lock_is_held_while_a_mail_is_sent(
    own_instance: Instance, vault: Vault, clock: Clock, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(own_instance.engine) as session:
        a_receipt(session, vault, clock.now, chance)
        session.commit()
    looked = []

    def look(_message: Any, _url: str, _root: Path) -> None:
        assert not db.session().in_transaction()
        if own_instance.engine.dialect.name == "sqlite":
            other = sqlite3.connect(own_instance.url.removeprefix("sqlite:///"), timeout=0)
            other.execute("UPDATE outbox SET attempts = attempts")
            other.rollback()
            other.close()
        else:
            with own_instance.engine.connect() as connection:
                connection.execute(text("SET lock_timeout = '1ms'"))
                connection.execute(text("SELECT 1 FROM outbox, petitions FOR UPDATE"))
        looked.append(True)

    monkeypatch.setattr(mailing, "send", look)
    relay.drain(own_instance.app, clock)
    assert looked == [True]


def test_the_lease_covers_the_sending_however_long_the_row_waited(
    own_instance: Instance, vault: Vault, clock: Clock, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(own_instance.engine) as session:
        a_receipt(session, vault, clock.now, chance)
        session.commit()
        relay.claim(session, clock.now)
        mail = row_of(session, "mail").id
        session.rollback()
    clock.now += relay.LEASE * 2
    taken: list[Any] = []

    def meanwhile(_message: Any, _url: str, _root: Path) -> None:
        with Session(own_instance.engine) as other:
            taken.extend(relay.claim(other, clock.now, tasks=("mail",)))

    monkeypatch.setattr(mailing, "send", meanwhile)
    with own_instance.app.app_context():
        assert relay.perform(mail, clock)
    assert taken == []


# --- the queue --------------------------------------------------------------------------------------------


@pytest.fixture
def with_queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a REDIS_URL at which nobody listens."""
    from dataclasses import replace

    known = app.extensions["pakn_settings"]
    monkeypatch.setitem(
        app.extensions, "pakn_settings", replace(known, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    )
    return app


def test_a_queue_that_is_down_leaves_the_rows_free(
    session: Session, with_queue: Flask, clock: Clock, sent: list[Any]
) -> None:
    add(session, 1, clock.now)
    session.commit()
    with pytest.raises(RedisError):
        relay.run_once(with_queue, clock)
    (row,) = rows(session)
    assert (row.lease_until, row.attempts, row.done_at) == (None, 0, None)


# --- the schedule -----------------------------------------------------------------------------------------


def test_a_job_that_hangs_or_fails_stops_no_other(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    release, ran = threading.Event(), threading.Event()

    def hang(_app: Flask, _clock: Any) -> int:
        release.wait(30)
        return 0

    def fail(_app: Flask, _clock: Any) -> int:
        raise RedisError("down")

    def work(_app: Flask, _clock: Any) -> int:
        ran.set()
        return 0

    second = timedelta(seconds=1)
    jobs = tuple(Periodic(job.__name__, second, job) for job in (hang, fail, work))
    background = Background(app, jobs)
    try:
        assert ran.wait(10)
        wait_until(lambda: "fail: RedisError; again in 2 s" in caplog.text, "the failure to be logged", 10)
        assert "Traceback" not in caplog.text, "a server that is down fills no log"
    finally:
        release.set()
        background.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pakn-")]


def test_failures_are_waited_out_ever_longer_but_never_for_long() -> None:
    often, seldom = (
        Periodic("x", every, schedule.classify) for every in (timedelta(seconds=1), timedelta(minutes=10))
    )
    assert [often.wait_after_failures(n).total_seconds() for n in (1, 2, 3, 6, 100)] == [2, 4, 8, 60, 60]
    assert seldom.wait_after_failures(5) == timedelta(minutes=10)


def test_after_a_full_batch_there_is_no_pause() -> None:
    job = schedule.SCHEDULE[0]
    assert job.wait_after(relay.BATCH) == timedelta(0)
    assert job.wait_after(relay.BATCH - 1) == job.every


def test_every_task_is_on_the_schedule(session: Session, app: Flask, clock: Clock, sent: list[Any]) -> None:
    for number, task in enumerate(tasks.TASKS, start=1):
        add(session, number, clock.now, task)
    session.commit()
    for job in schedule.SCHEDULE:
        job.work(app, clock)
    assert all(row.done_at for row in rows(session))


def test_what_a_failed_statement_carried_is_not_in_its_message(own_instance: Instance) -> None:
    broken = create_engine(own_instance.url, **own_instance.app.config["SQLALCHEMY_ENGINE_OPTIONS"])
    with broken.connect() as connection, pytest.raises(Exception, match="no_such_table") as failed:
        connection.execute(text("INSERT INTO no_such_table VALUES (:text)"), {"text": TEXT})
    broken.dispose()
    assert TEXT not in str(failed.value)


def test_petitions_in_the_outbox_carry_no_personal_data(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    a_petition(session, vault, clock.now, chance, status=Status.CLOSED)
    session.commit()
    assert session.scalars(select(Petition)).one()
    for row in rows(session):
        assert set(row.payload) <= {"petition", "seq", "audience", "reminder", "due", "agency"}
