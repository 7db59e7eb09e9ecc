"""Who is reminded: everybody who owes something, and those above them, in working hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import relay
from app.models import Agency, Event
from app.queries.case import since
from app.services import answering, cohandling, merging, timeline
from app.services.sweep import sweep
from tests.factories import an_actor
from tests.instances import Clock
from tests.services.reminding import reminders
from workflows.lifecycle import Role, Status

DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.TRIAGE])
def test_the_desk_and_then_the_supervisor_are_reminded(petition_in: Any, on: Any, status: Status) -> None:
    petition_in(status)
    assert on(2) == [], "it came today"
    assert on(3) == ["route_due None 2026-11-03"]
    assert on(4) == []
    assert on(5) == ["route_overdue None 2026-11-03"]


def test_the_submitter_is_reminded_once_and_waiting_ends(session: Session, petition_in: Any, on: Any) -> None:
    petition = petition_in(Status.AWAITING_SUBMITTER)
    assert on(16) == []
    assert on(17) == ["reply_soon None 2026-12-02"], "ten working days before, past a holiday"
    assert on(2, 12) == []
    assert on(3, 12) == []
    session.expire_all()
    assert (petition.status, petition.waiting_since) == (Status.ACCEPTED, None)
    last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert last is not None
    assert (last.kind, last.actor) == ("waiting_ended", "system")


def test_a_co_handler_and_its_lead_are_reminded_of_its_part(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    petition = petition_in(Status.ACCEPTED)
    officer = an_actor(session, Role.OFFICER)
    cohandling.involve(session, petition, officer, "BCA", "Cho ý kiến", date(2026, 11, 12), clock.now)
    session.commit()
    assert on(11) == ["contribute_soon BCA 2026-11-12"]
    assert on(13) == ["contribute_overdue BCA 2026-11-12", "contribute_missing BCA 2026-11-12"]
    assert on(16) == []


def test_a_lead_is_reminded_by_the_earliest_date_among_its_members(
    session: Session, clock: Clock, petition_in: Any, on: Any
) -> None:
    member = petition_in(Status.TRIAGE)
    clock.now += 7 * DAY
    lead = petition_in(Status.ACCEPTED, text="Mất sóng ở xã Đông từ tuần trước.")
    on(10)
    merging.merge(session, member, an_actor(session, Role.DESK), lead, None, clock.now)
    session.commit()
    assert member.respond_by < lead.respond_by
    assert on(18) == [f"respond_soon BKHCN {member.respond_by.isoformat()}"]


@pytest.mark.parametrize(
    "status",
    [Status.ANSWERED, Status.CLOSED, Status.DECLINED, Status.REFERRED, Status.WITHDRAWN, Status.MERGED],
)
def test_only_who_owes_something_is_reminded(
    session: Session, petition_in: Any, on: Any, status: Status
) -> None:
    petition = petition_in(status)
    assert [line for line in on(30) if not line.startswith("route")] == [], (
        "the lead of a merged one is in triage"
    )
    session.expire_all()
    assert (petition.look_on is None) == (status is not Status.ANSWERED)


@pytest.mark.parametrize(
    ("hour", "minute", "reminded"), [(0, 29, False), (0, 30, True), (9, 59, True), (10, 0, False)]
)
def test_staff_are_reminded_in_working_hours(
    session: Session, petition_in: Any, hour: int, minute: int, reminded: bool
) -> None:
    """From half past seven to five o'clock in Vietnam; what was missed in the night is made up for in the morning."""
    petition_in()
    session.commit()
    sweep(session, datetime(2026, 11, 10, hour, minute, tzinfo=UTC))
    assert bool(reminders(session)) is reminded
    sweep(session, datetime(2026, 11, 11, 2, tzinfo=UTC))
    assert reminders(session)


def test_a_reminder_leaves_an_event_and_no_stale_page(session: Session, petition_in: Any, on: Any) -> None:
    petition = petition_in()
    seen = petition.version
    on(10)
    session.expire_all()
    event = session.scalars(select(Event).where(Event.kind == "reminded")).one()
    assert event.data == {"reminder": "acknowledge_overdue", "agency": "BKHCN", "due": "2026-11-09"}
    assert petition.version == seen
    assert since(session, petition, seen) == []
    assert [fault for _code, fault in timeline.faults(session) if fault] == []


def test_what_has_nothing_to_do_is_not_looked_at(session: Session, petition_in: Any, on: Any) -> None:
    petition = petition_in(Status.ACCEPTED)
    on(3)
    session.expire_all()
    assert petition.look_on == date(2026, 11, 18), "the day of the first reminder"


def test_the_lead_hears_of_a_contribution(
    session: Session, app: Flask, clock: Clock, petition_in: Any
) -> None:
    session.get_one(Agency, "BKHCN").mailbox = "tiepnhan@bkhcn.example"
    petition = petition_in(Status.ACCEPTED)
    officer, theirs = an_actor(session, Role.OFFICER), an_actor(session, Role.OFFICER, "BCA")
    cohandling.involve(session, petition, officer, "BCA", "Cho ý kiến", petition.respond_by, clock.now)
    told = cohandling.contribute(session, petition, theirs, "Không có vướng mắc.", clock.now)
    session.commit()
    relay.drain(app, clock)
    folder = app.extensions["pakn_settings"].instance / "mail"
    assert "To: tiepnhan@bkhcn.example" in (folder / f"{petition.code}.{told.seq}.agency.eml").read_text()


def test_a_reminder_of_a_date_that_moved_is_not_sent(
    session: Session, app: Flask, clock: Clock, petition_in: Any, on: Any
) -> None:
    session.get_one(Agency, "BKHCN").mailbox = "tiepnhan@bkhcn.example"
    petition = petition_in(Status.ACCEPTED)
    assert on(18) == ["respond_soon BKHCN 2026-11-23"]
    answering.extend(session, petition, an_actor(session, Role.APPROVER), 5, "complex", None, clock.now)
    session.commit()
    relay.drain(app, clock)
    folder = app.extensions["pakn_settings"].instance / "mail"
    assert not list(folder.glob("*respond_soon*"))
