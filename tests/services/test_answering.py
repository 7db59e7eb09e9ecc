"""From the draft to the published answer, with four eyes."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Note, Survey
from app.services import answering, closing, timeline
from app.services.actors import Actor
from tests.factories import ANSWER, a_staff, an_actor, answer
from tests.instances import Clock
from tests.services.cases import Case
from workflows.lifecycle import Refused, Role, Status

DAY = timedelta(days=1)
CaseIn = Callable[..., Case]


def test_from_draft_to_published(session: Session, case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    case.draft()
    assert case.state == "draft"
    case.submit()
    assert case.state == "submitted"
    case.approve()
    assert case.state == "approved"
    clock.now += DAY
    event = case.publish()
    session.commit()
    petition = case.petition
    (given,) = answering.published_responses(session, petition)
    assert case.state is None
    assert (given.number, given.state, given.agency_code) == (1, "published", "BKHCN")
    assert (given.author_id, given.approver_id) == (case.officer.staff_id, case.approver.staff_id)
    assert given.published_at == petition.answered_at == clock.now
    assert (petition.status, petition.object_by) == (Status.ANSWERED, date(2026, 12, 3))
    assert event.data == {
        "response": 1,
        "body_sha256": sha256(ANSWER.encode()).hexdigest(),
        "object_by": "2026-12-03",
    }
    survey = session.scalars(select(Survey)).one()
    assert (survey.response_id, survey.agency_code, survey.answered_at) == (given.id, "BKHCN", None)
    assert [fault for _code, fault in timeline.faults(session)] == [None]


@pytest.mark.parametrize(
    ("body", "code"), [("", "too_short"), ("x" * 29, "too_short"), ("x" * 50_001, "too_long")]
)
def test_the_length_of_an_answer(case_in: CaseIn, body: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        case_in().draft(body)
    assert refused.value.errors == {"body": code}


def test_nobody_approves_what_they_wrote(session: Session, case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    case.draft(actor=case.approver)
    answering.submit_draft(session, case.petition, case.approver, clock.now)
    with pytest.raises(Refused, match="own_draft"):
        case.approve()
    second = Actor.of(a_staff(session, Role.APPROVER))
    case.approve(second)
    assert case.state == "approved"


def test_whoever_last_wrote_counts_as_the_author(session: Session, case_in: CaseIn) -> None:
    """An approver who mends a draft has written it and needs another's approval."""
    case = case_in()
    case.draft()
    case.draft("Trả lời đã được lãnh đạo viết lại từ đầu.", actor=case.approver)
    case.submit()
    with pytest.raises(Refused, match="own_draft"):
        case.approve()


def test_what_is_before_the_approver_cannot_be_changed(case_in: CaseIn) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Refused, match="draft_locked"):
        case.draft("Sửa sau khi đã trình, không được phép.")
    case.approve()
    with pytest.raises(Refused, match="draft_locked"):
        case.draft("Sửa sau khi đã duyệt, càng không được.")


@pytest.mark.parametrize("approved", [False, True])
def test_a_draft_sent_back_is_mended_and_comes_again(
    session: Session, case_in: CaseIn, approved: bool
) -> None:
    case = case_in()
    case.draft()
    case.submit()
    if approved:
        case.approve()
    event = case.give_back()
    assert case.state == "returned"
    assert "Nêu rõ" not in str(event.data)
    note = session.scalars(select(Note).where(Note.seq == event.seq)).one()
    assert not note.public, "what colleagues write to each other is not for the submitter"
    with pytest.raises(Refused, match="no_such_draft"):
        case.publish()
    case.draft(ANSWER + " Hạn chót: 30/6.")
    case.submit()
    case.approve()
    case.publish()


def test_sending_back_needs_words(case_in: CaseIn) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Invalid) as refused:
        case.give_back(" ")
    assert refused.value.errors == {"note": "required"}


def test_steps_in_the_wrong_order(case_in: CaseIn) -> None:
    case = case_in()
    for act in (case.submit, case.approve, case.give_back, case.publish):
        with pytest.raises(Refused, match="no_such_draft"):
            act()
    case.draft()
    for act in (case.approve, case.give_back, case.publish):
        with pytest.raises(Refused, match="no_such_draft"):
            act()
    case.submit()
    for act in (case.submit, case.publish):
        with pytest.raises(Refused, match="no_such_draft"):
            act()
    case.approve()
    for act in (case.submit, case.approve):
        with pytest.raises(Refused, match="no_such_draft"):
            act()


def test_an_officer_neither_approves_nor_publishes(case_in: CaseIn) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Refused):
        case.approve(case.officer)
    case.approve()
    with pytest.raises(Refused, match="role"):
        case.publish(case.officer)


@pytest.mark.parametrize(
    "role", [Role.DESK, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SUBMITTER, Role.AGENCY_ADMIN]
)
def test_others_do_not_write_answers(session: Session, case_in: CaseIn, role: Role) -> None:
    with pytest.raises(Refused, match="role"):
        case_in().draft(actor=an_actor(session, role))


def test_an_answer_after_an_objection_is_a_second_one(
    session: Session, case_in: CaseIn, clock: Clock
) -> None:
    case = case_in(Status.ANSWERED)
    closing.reopen(session, case.petition, "Chưa nói khi nào xong", clock.now)
    answer(
        session, case.vault, case.petition, clock.now, body="Trả lời lần hai: xong trước 30/6, xin thông cảm."
    )
    first, second = answering.published_responses(session, case.petition)
    assert (first.number, second.number) == (1, 2)
    assert first.body == ANSWER
    surveys = session.scalars(select(Survey.response_id).order_by(Survey.id)).all()
    assert surveys == [first.id, second.id]
