"""Petitions about the same thing: one answer to all, and to each its own code, clock, rights and survey."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Assignment, Petition, Survey
from app.services import answering, closing, merging, responses, routing, timeline
from app.services.personal_data import Vault
from tests.factories import ANSWER, an_actor, answer
from tests.instances import Clock
from workflows.lifecycle import Refused, Role, Status

WORDS = (
    "Trạm phát sóng xã Đông hỏng đã lâu",
    "Cả xã Đông mất sóng",
    "Xã Đông không gọi được",
    "Sóng ở Đông yếu lắm",
)


@pytest.fixture
def four(session: Session, clock: Clock, petition_in: Any) -> list[Petition]:
    """A lead case at work, and three members, sent a day apart, in three states."""
    made = []
    for number, status in enumerate((Status.ACCEPTED, Status.TRIAGE, Status.ASSIGNED, Status.ACCEPTED)):
        made.append(petition_in(status, text=f"{WORDS[number]}, đề nghị khắc phục."))
        clock.now += timedelta(days=1)
    lead, *rest = made
    desk = an_actor(session, Role.DESK)
    for member in rest:
        merging.merge(session, member, desk, lead, "Cùng một trạm phát sóng", clock.now)
    session.flush()
    return made


def no_faults(session: Session) -> bool:
    session.flush()
    return not [fault for _code, fault in timeline.faults(session) if fault]


def test_members_leave_their_agencies_and_keep_their_dates(session: Session, four: list[Petition]) -> None:
    lead, *rest = four
    assert [member.id for member in merging.members(session, lead)] == [member.id for member in rest]
    for member in rest:
        assert member.status is Status.MERGED
        assert member.lead_agency_code is None
        assert member.ended_at is None, "its clock runs on"
        assert routing.open_assignment(session, member) is None
    assert len({member.respond_by for member in rest}) > 1
    assert no_faults(session)


def test_one_answer_goes_to_all(session: Session, vault: Vault, clock: Clock, four: list[Petition]) -> None:
    lead, *rest = four
    dates = [member.respond_by for member in rest]
    clock.now += timedelta(days=2)
    answer(session, vault, lead, clock.now)
    for member, due in zip(rest, dates, strict=True):
        assert (member.status, member.answered_at, member.respond_by) == (Status.ANSWERED, clock.now, due)
        (given,) = responses.published_responses(session, member)
        assert given.body == ANSWER
        held = routing.open_assignment(session, member)
        assert held is not None
        assert held.agency_code == lead.lead_agency_code == member.lead_agency_code
    surveys = session.scalars(select(Survey)).all()
    assert sorted(each.petition_id for each in surveys) == sorted(each.id for each in four)
    assert len({each.token_hash for each in surveys}) == 4
    assert no_faults(session)


def test_a_member_objects_for_itself(
    session: Session, vault: Vault, clock: Clock, four: list[Petition]
) -> None:
    lead, member, *_others = four
    answer(session, vault, lead, clock.now)
    clock.now += timedelta(days=1)
    closing.reopen(session, member, "Chỗ tôi vẫn chưa có sóng.", clock.now)
    assert (member.status, lead.status) == (Status.ACCEPTED, Status.ANSWERED)
    answer(session, vault, member, clock.now, body=f"{ANSWER} Trạm thứ hai đã phát sóng.")
    assert len(responses.published_responses(session, member)) == 2
    assert len(responses.published_responses(session, lead)) == 1
    assert no_faults(session)


def test_what_was_begun_for_a_member_gives_way(
    session: Session, vault: Vault, clock: Clock, petition_in: Any
) -> None:
    lead, member = (
        petition_in(Status.ACCEPTED),
        petition_in(Status.ACCEPTED, text="Mất sóng ở xã Đông từ tuần trước."),
    )
    officer = an_actor(session, Role.OFFICER)
    answering.draft(session, member, officer, "Một dự thảo viết dở cho hồ sơ thành viên.", clock.now)
    merging.merge(session, member, an_actor(session, Role.DESK), lead, None, clock.now)
    answer(session, vault, lead, clock.now)
    assert [each.body for each in responses.published_responses(session, member)] == [ANSWER]
    assert responses.response_under_way(session, member) is None


def test_undoing_leaves_a_trace_and_no_days(session: Session, clock: Clock, four: list[Petition]) -> None:
    lead, member, *_others = four
    due = member.respond_by
    clock.now += timedelta(days=3)
    desk = an_actor(session, Role.DESK)
    with pytest.raises(Invalid):
        merging.unmerge(session, member, desk, " ", clock.now)
    event = merging.unmerge(session, member, desk, "Hóa ra là trạm khác", clock.now)
    assert event.data == {"out_of": lead.id, "note_sha256": event.data["note_sha256"]}
    assert (member.status, member.merged_into_id, member.respond_by) == (Status.TRIAGE, None, due)
    assert member not in merging.members(session, lead)
    assert no_faults(session)


def test_members_of_a_lead_that_is_merged_follow_it(
    session: Session, clock: Clock, four: list[Petition], petition_in: Any
) -> None:
    lead, *rest = four
    greater = petition_in(Status.ASSIGNED, text="Cả huyện mất sóng sau bão, xin khắc phục.")
    merging.merge(session, lead, an_actor(session, Role.DESK), greater, None, clock.now)
    assert {each.id for each in merging.members(session, greater)} == {each.id for each in four}
    assert all(member.merged_into_id == greater.id for member in rest)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED, Status.DECLINED, Status.MERGED])
def test_only_an_open_case_can_lead(session: Session, clock: Clock, petition_in: Any, status: Status) -> None:
    lead, petition = petition_in(status), petition_in(text="Mất sóng ở xã Đông từ tuần trước.")
    with pytest.raises(Invalid) as wrong:
        merging.lead_of(session, lead.code)
    assert wrong.value.errors == {"lead": "not_a_lead"}
    for other in (lead, petition):
        with pytest.raises(Invalid):
            merging.merge(session, petition, an_actor(session, Role.DESK), other, None, clock.now)


def test_an_agency_merges_nothing(session: Session, clock: Clock, petition_in: Any) -> None:
    lead, petition = petition_in(), petition_in(text="Mất sóng ở xã Đông từ tuần trước.")
    with pytest.raises(Refused, match="role"):
        merging.merge(session, petition, an_actor(session, Role.APPROVER), lead, None, clock.now)


def test_a_member_can_be_withdrawn(
    session: Session, vault: Vault, clock: Clock, four: list[Petition]
) -> None:
    lead, member, *_others = four
    closing.withdraw(session, member, clock.now)
    answer(session, vault, lead, clock.now)
    assert member.status is Status.WITHDRAWN
    assert responses.published_responses(session, member) == []
    held = session.scalars(select(Assignment).where(Assignment.petition_id == member.id)).all()
    assert all(each.ended_at is not None for each in held)
