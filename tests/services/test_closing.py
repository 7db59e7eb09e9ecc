"""The ways out, and the way back in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Assignment, Note, OutboxRow
from app.services import closing, timeline
from app.services.actors import SUBMITTER, SYSTEM
from tests.factories import an_actor
from tests.instances import Clock
from workflows.lifecycle import OPEN, Refused, Role, Status

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "role", "reason"),
    [
        (Status.RECEIVED, Role.DESK, "duplicate"),
        (Status.TRIAGE, Role.DESK, "out_of_scope"),
        (Status.ASSIGNED, Role.APPROVER, "already_answered"),
        (Status.ACCEPTED, Role.APPROVER, "no_content"),
    ],
)
def test_declined_with_reason_and_guidance(
    session: Session, petition_in: Any, clock: Clock, status: Status, role: Role, reason: str
) -> None:
    petition = petition_in(status)
    clock.now += DAY
    event = closing.decline(session, petition, an_actor(session, role), reason, "Xin gửi đến X.", clock.now)
    session.commit()
    assert (petition.status, petition.close_reason, petition.ended_at) == (Status.DECLINED, reason, clock.now)
    assert event.data["reason"] == reason
    note = session.scalars(select(Note).where(Note.seq == event.seq)).one()
    assert (note.text, note.public) == ("Xin gửi đến X.", True)
    assert f"mail:{petition.id}:{event.seq}:submitter" in session.scalars(select(OutboxRow.key)).all()
    for held in session.scalars(select(Assignment)):
        assert (held.ended_at, held.end_reason) == (clock.now, "decline")


@pytest.mark.parametrize("reason", ["complaint", "denunciation", "crime_report"])
def test_referred_to_the_legal_channel(session: Session, petition_in: Any, clock: Clock, reason: str) -> None:
    petition, desk = petition_in(Status.TRIAGE), an_actor(session, Role.DESK)
    event = closing.refer(session, petition, desk, reason, "Gửi đơn đến cơ quan có thẩm quyền.", clock.now)
    assert (petition.status, petition.close_reason, event.kind) == (Status.REFERRED, reason, "referred")


def test_nobody_is_turned_away_without_guidance(session: Session, petition_in: Any, clock: Clock) -> None:
    petition, desk = petition_in(Status.TRIAGE), an_actor(session, Role.DESK)
    for turn_away, reason in ((closing.decline, "duplicate"), (closing.refer, "complaint")):
        for guidance in ("", " \n"):
            with pytest.raises(Invalid) as refused:
                turn_away(session, petition, desk, reason, guidance, clock.now)
            assert refused.value.errors == {"guidance": "required"}
        with pytest.raises(Refused, match="reason"):
            turn_away(session, petition, desk, "because", "Xin lỗi.", clock.now)
    assert petition.status is Status.TRIAGE


def test_software_turns_nobody_away(session: Session, petition_in: Any, clock: Clock) -> None:
    petition = petition_in(Status.RECEIVED)
    for turn_away, reason in ((closing.decline, "out_of_scope"), (closing.refer, "complaint")):
        with pytest.raises(Refused, match="role"):
            turn_away(session, petition, SYSTEM, reason, "Xin lỗi.", clock.now)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_withdrawn_from_every_open_state(
    session: Session, petition_in: Any, clock: Clock, status: Status
) -> None:
    petition = petition_in(status)
    closing.withdraw(session, petition, clock.now)
    session.commit()
    assert (petition.status, petition.ended_at, petition.waiting_since) == (Status.WITHDRAWN, clock.now, None)
    assert session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all() == []


@pytest.mark.parametrize(
    "status", [Status.ANSWERED, Status.CLOSED, Status.DECLINED, Status.REFERRED, Status.WITHDRAWN]
)
def test_what_is_over_is_not_withdrawn(
    session: Session, petition_in: Any, clock: Clock, status: Status
) -> None:
    with pytest.raises(Refused, match="state"):
        closing.withdraw(session, petition_in(status), clock.now)


def test_reopened_with_the_days_it_had_left(session: Session, petition_in: Any, clock: Clock) -> None:
    petition = petition_in(Status.ANSWERED)
    clock.now += 7 * DAY
    event = closing.reopen(session, petition, "Chưa trả lời câu hỏi của tôi", clock.now)
    session.commit()
    assert (petition.status, petition.lead_agency_code) == (Status.ACCEPTED, "BKHCN")
    assert (petition.answered_at, petition.object_by) == (None, None)
    assert petition.respond_by == date(2026, 12, 1), "the five working days with the submitter do not count"
    assert event.data["respond_by"] == {"from": "2026-11-23", "to": "2026-12-01"}
    assert f"mail:{petition.id}:{event.seq}:agency" in session.scalars(select(OutboxRow.key)).all()
    assert len(session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all()) == 1


def test_objections_are_heard_until_the_last_minute_of_the_thirtieth_day(
    session: Session, petition_in: Any, clock: Clock
) -> None:
    petition = petition_in(Status.ANSWERED)
    assert petition.object_by == date(2026, 12, 2)
    with pytest.raises(Refused, match="too_late"):
        closing.reopen(session, petition, "Chưa đúng", datetime(2026, 12, 2, 17, tzinfo=UTC))
    closing.reopen(session, petition, "Chưa đúng", datetime(2026, 12, 2, 16, 59, 59, tzinfo=UTC))


def test_an_objection_needs_words(session: Session, petition_in: Any, clock: Clock) -> None:
    with pytest.raises(Invalid) as refused:
        closing.reopen(session, petition_in(Status.ANSWERED), " ", clock.now)
    assert refused.value.errors == {"objection": "required"}


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.ANSWERED, Status.MERGED)])
def test_only_an_answer_can_be_objected_to(
    session: Session, petition_in: Any, clock: Clock, status: Status
) -> None:
    with pytest.raises(Refused, match="state"):
        closing.reopen(session, petition_in(status), "Chưa đúng", clock.now)


@pytest.mark.parametrize("actor", [SUBMITTER, SYSTEM])
def test_closed(session: Session, petition_in: Any, clock: Clock, actor: Any) -> None:
    petition = petition_in(Status.ANSWERED)
    clock.now += DAY
    event = closing.close(session, petition, actor, clock.now)
    session.commit()
    assert (petition.status, petition.ended_at, event.actor) == (Status.CLOSED, clock.now, actor.name)
    held = session.scalars(select(Assignment)).one()
    assert (held.ended_at, held.end_reason) == (clock.now, "close")
    assert [fault for _code, fault in timeline.faults(session)] == [None]


def test_an_agency_does_not_close_its_own_answer(session: Session, petition_in: Any, clock: Clock) -> None:
    petition = petition_in(Status.ANSWERED)
    for role in (Role.OFFICER, Role.APPROVER, Role.DESK):
        with pytest.raises(Refused, match="role"):
            closing.close(session, petition, an_actor(session, role), clock.now)
