"""The sweep: reminders once and on working days, closings in time, and no harm in running it at any moment."""

import random
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs import relay
from app.models import Agency, Draft, Event, OutboxRow
from app.services import answering, closing, drafts, routing, timeline
from app.services import sweep as sweeping
from app.services.personal_data import Vault
from app.services.sweep import sweep
from tests.factories import a_petition, an_actor, answer
from tests.instances import Clock, Instance
from tests.services.reminding import reminders
from workflows.calendar import CalendarNotCovered
from workflows.lifecycle import Role, Status

DAY = timedelta(days=1)


# --- reminders --------------------------------------------------------------------------------------------


def test_an_agency_is_reminded_to_acknowledge(petition_in: Any, on: Any) -> None:
    petition_in()
    assert on(5) == []
    assert on(6) == ["acknowledge_soon BKHCN 2026-11-09"], "one working day before, a Friday"
    assert on(6) == [], "once a day is enough, and once at all"
    assert on(9) == []
    assert on(10) == ["acknowledge_overdue BKHCN 2026-11-09"], "late begins the day after"
    assert on(11) == ["acknowledge_unheeded BKHCN 2026-11-09"], "its leaders hear of it"
    assert on(12) == on(13) == []
    assert on(16) == ["acknowledge_escalated BKHCN 2026-11-09"], "and those above them"


def test_an_agency_is_reminded_to_answer(petition_in: Any, on: Any) -> None:
    petition_in(Status.ACCEPTED)
    assert on(17) == []
    assert on(18) == ["respond_soon BKHCN 2026-11-23"], "three working days before"
    assert on(23) == ["respond_due BKHCN 2026-11-23"]
    assert on(24) == [], "a holiday"
    assert on(25) == ["respond_overdue BKHCN 2026-11-23"]
    assert on(26) == ["respond_unheeded BKHCN 2026-11-23"]
    assert on(27) == on(30) == []
    assert on(1, 12) == ["respond_escalated BKHCN 2026-11-23"]
    assert on(8, 12) == ["respond_neglected BKHCN 2026-11-23"]
    assert on(31, 12) == []


def test_nobody_is_reminded_on_a_day_off(petition_in: Any, on: Any) -> None:
    petition_in()
    assert on(7) == on(8) == [], "Saturday and Sunday"
    assert on(9) == ["acknowledge_soon BKHCN 2026-11-09"], "what was missed is made up for"


def test_after_a_day_of_downtime_the_sweep_heals(petition_in: Any, on: Any) -> None:
    petition_in()
    assert on(12) == ["acknowledge_overdue BKHCN 2026-11-09", "acknowledge_unheeded BKHCN 2026-11-09"], (
        "each reader the latest, and none that came too late"
    )


def test_whoever_got_it_today_is_not_reminded_today(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in(Status.TRIAGE)
    clock.now += DAY
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    custody = routing.open_assignment(session, petition)
    assert custody is not None
    custody.acknowledge_by = date(2026, 11, 4)
    session.commit()
    assert on(3) == []
    assert on(4) == ["acknowledge_soon BKHCN 2026-11-04"]


def test_each_agency_is_reminded_of_its_own_duty(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in()
    assert on(6) == ["acknowledge_soon BKHCN 2026-11-09"]
    officer = an_actor(session, Role.OFFICER)
    routing.transfer(session, petition, officer, "BCA", "not_our_competence", None, clock.now)
    session.commit()
    assert on(12) == ["acknowledge_soon BCA 2026-11-13"]


def test_a_date_that_moved_is_reminded_of_anew(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in(Status.ACCEPTED)
    assert on(20) == ["respond_soon BKHCN 2026-11-23"]
    answering.extend(session, petition, an_actor(session, Role.APPROVER), 5, "complex", None, clock.now)
    session.commit()
    assert on(23) == []
    assert on(30) == [f"respond_soon BKHCN {petition.respond_by.isoformat()}"]


def test_a_reminder_arrives_as_a_mail_even_as_a_file(
    session: Session, app: Flask, clock: Clock, petition_in: Any, on: Any
) -> None:
    session.get_one(Agency, "BKHCN").mailbox = "tiepnhan@bkhcn.example"
    petition = petition_in(email=None)
    on(10)
    relay.drain(app, clock)
    session.expire_all()
    assert not session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))).all()
    folder = app.extensions["pakn_settings"].instance / "mail"
    name = f"{petition.code}.acknowledge_overdue.bkhcn.2026-11-09.agency.eml"
    assert "To: tiepnhan@bkhcn.example" in (folder / name).read_text()


@pytest.mark.parametrize("overtaken_by", ["acknowledging", "passing on", "withdrawing"])
def test_a_reminder_that_events_have_overtaken_is_not_sent(
    session: Session, vault: Vault, app: Flask, clock: Clock, petition_in: Any, on: Any, overtaken_by: str
) -> None:
    for code in ("BKHCN", "BCA"):
        session.get_one(Agency, code).mailbox = f"{code.lower()}@example.org"
    petition, officer = petition_in(), an_actor(session, Role.OFFICER)
    assert on(10)
    if overtaken_by == "acknowledging":
        answering.acknowledge(
            session,
            petition,
            officer,
            clock.now,
            officer_id=officer.staff_id or 0,
            task="Xử lý",
            deadline=petition.respond_by,
            expected_result="Trả lời",
        )
    elif overtaken_by == "passing on":
        routing.transfer(session, petition, officer, "BCA", "reorganised", None, clock.now)
    else:
        closing.withdraw(session, petition, clock.now)
    session.commit()
    relay.drain(app, clock)
    folder = app.extensions["pakn_settings"].instance / "mail"
    assert list(folder.glob("*.eml")), "other mails are"
    assert not list(folder.glob("*acknowledge_overdue*"))


# --- closing ----------------------------------------------------------------------------------------------


def test_an_answer_nobody_objected_to_closes_the_petition(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in(Status.ANSWERED)
    assert petition.object_by == date(2026, 12, 2)
    on(2, 12)
    assert petition.status is Status.ANSWERED, "the last day is theirs"
    on(3, 12)
    session.expire_all()
    assert petition.status is Status.CLOSED
    assert petition.ended_at == clock.now
    last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert last is not None
    assert (last.kind, last.actor) == ("closed", "system")
    assert routing.open_assignment(session, petition) is None
    on(4, 12)
    assert [fault for _code, fault in timeline.faults(session)] == [None]
    assert session.scalar(select(func.count()).where(Event.kind == "closed")) == 1


def test_it_closes_on_days_off_too(petition_in: Any, on: Any) -> None:
    petition = petition_in(Status.ANSWERED)
    on(5, 12)
    assert petition.status is Status.CLOSED


def test_an_objection_keeps_it_open(
    session: Session, vault: Vault, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in(Status.ANSWERED)
    clock.now += 29 * DAY
    closing.reopen(session, petition, "Chưa trả lời đúng.", clock.now)
    session.commit()
    on(3, 12)
    assert petition.status is Status.ACCEPTED
    answer(session, vault, petition, clock.now)
    session.commit()
    on(4, 12)
    assert petition.status is Status.ANSWERED, "the second answer has days of its own"


def test_more_than_one_batch(
    session: Session, petition_in: Any, on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    answered = [petition_in(Status.ANSWERED) for _ in range(5)]
    accepted = [petition_in(Status.ACCEPTED) for _ in range(5)]
    made = on(4, 12)
    session.expire_all()
    assert {petition.status for petition in answered} == {Status.CLOSED}
    assert len(made) == 3 * len(accepted), "one each to the agency, its leaders and those above them"


# --- drafts and the end of the calendar -------------------------------------------------------------------


def test_drafts_nobody_touched_for_a_week_are_cleared(session: Session, vault: Vault, clock: Clock) -> None:
    drafts.begin(session, vault, {"text": "cũ"}, clock.now - 7 * DAY - timedelta(seconds=1))
    kept = drafts.begin(session, vault, {"text": "mới"}, clock.now - 7 * DAY)
    session.commit()
    sweep(session, clock.now)
    assert session.scalar(select(func.count()).select_from(Draft)) == 1
    assert drafts.find(session, kept, clock.now)


def test_beyond_the_calendar_it_still_closes_and_clears_and_says_why_it_does_not_remind(
    session: Session, vault: Vault, clock: Clock, petition_in: Any
) -> None:
    petition = petition_in(Status.ANSWERED)
    drafts.begin(session, vault, {"text": "cũ"}, clock.now)
    session.commit()
    clock.now = datetime(2028, 1, 3, 2, tzinfo=UTC)
    with pytest.raises(CalendarNotCovered, match="2028-01-03"):
        sweep(session, clock.now)
    session.rollback()
    session.expire_all()
    assert petition.status is Status.CLOSED
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


# --- at the same time -------------------------------------------------------------------------------------


def test_sweeps_at_once_do_everything_once(
    own_instance: Instance, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    with Session(own_instance.engine) as session:
        for status in [Status.ASSIGNED] * 10 + [Status.ACCEPTED] * 10 + [Status.ANSWERED] * 10:
            a_petition(session, vault, clock.now, chance, status=status)
        session.commit()
    now = datetime(2026, 12, 4, 2, tzinfo=UTC)
    start, done, failures = threading.Barrier(4), [], []

    def run() -> None:
        try:
            with own_instance.app.app_context():
                start.wait()
                done.append(sweep(db.session(), now))
        except BaseException as error:
            failures.append(error)

    racing = [threading.Thread(target=run) for _ in range(4)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join(120)
    assert not failures
    assert sum(done) == 110, "each thing was done by one of them"
    with Session(own_instance.engine) as session:
        assert session.scalar(select(func.count()).where(Event.kind == "closed")) == 10
        assert len(reminders(session)) == 10 * 7 + 10 * 3
        assert session.scalar(select(func.count()).where(Event.kind == "reminded")) == 100
        assert [fault for _code, fault in timeline.faults(session) if fault] == []
