"""From the draft to the published answer, with four eyes."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Note, Suggestion, Survey
from app.services import answering, closing, responses, rules, timeline
from app.services.actors import Actor
from app.services.points import Point
from tests.factories import ANSWER, a_staff, an_actor, answer
from tests.instances import Clock
from tests.services.cases import Case
from workflows.calendar import local_date
from workflows.deadlines import resumed
from workflows.lifecycle import Refused, Role, Status
from workflows.timeline import fingerprint

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
    (given,) = responses.published_responses(session, petition)
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
    first, second = responses.published_responses(session, case.petition)
    assert (first.number, second.number) == (1, 2)
    assert first.body == ANSWER
    surveys = session.scalars(select(Survey.response_id).order_by(Survey.id)).all()
    assert surveys == [first.id, second.id]


# --- point by point ---------------------------------------------------------------------------------------

TWO_ASKS = "Trạm phát sóng hỏng. Đề nghị sửa trạm. Kiến nghị bồi thường cho bà con."


@pytest.fixture
def asked_twice(session: Session, case_in: Callable[..., Case]) -> Case:
    """A case at work whose text software found two requests in."""
    case = case_in()
    case.petition.text, case.petition.text_sha256 = TWO_ASKS, fingerprint(TWO_ASKS)
    spans = [
        [TWO_ASKS.index(words), TWO_ASKS.index(words) + len(words)] for words in ("Đề nghị", "Kiến nghị")
    ]
    session.add(
        Suggestion(
            petition_id=case.petition.id,
            created_at=case.clock.now,
            model_version="m",
            decision="triage",
            kind="recommendation",
            topics=[],
            agencies=[],
            flags=[],
            reasons=[],
            asks=spans,
            familiar=1.0,
        )
    )
    session.flush()
    case.draft()
    return case


def test_each_request_is_met_or_it_is_said_why_not(session: Session, asked_twice: Case) -> None:
    case = asked_twice
    met = (Point(met=True), Point(met=False, why="Chưa có quy định bồi thường."))
    event = answering.submit_draft(session, case.petition, case.officer, case.clock.now, met)
    assert event.data["points"] == {"of": 2, "met": 1}
    case.approve()
    case.publish()
    (given,) = responses.published_responses(session, case.petition)
    assert [(each["met"], each["why"]) for each in given.points] == [
        (True, ""),
        (False, "Chưa có quy định bồi thường."),
    ]
    assert [TWO_ASKS[slice(*each["span"])] for each in given.points] == ["Đề nghị", "Kiến nghị"]


@pytest.mark.parametrize(
    ("met", "wrong"),
    [
        ((), {"met_1": "choose", "met_2": "choose"}),
        ((Point(met=True),), {"met_2": "choose"}),
        ((Point(met=True), Point(met=False, why=" ")), {"why_2": "required"}),
        ((Point(met=False, why="x" * 501), Point(met=True)), {"why_1": "too_long"}),
    ],
)
def test_no_request_is_passed_over(
    session: Session, asked_twice: Case, met: tuple[Point, ...], wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        answering.submit_draft(session, asked_twice.petition, asked_twice.officer, asked_twice.clock.now, met)
    assert invalid.value.errors == wrong
    assert asked_twice.state == "draft"


# --- after the answer, and before it ----------------------------------------------------------------------


@pytest.mark.parametrize("closed", [False, True], ids=["answered", "closed"])
def test_a_wrong_answer_is_superseded_and_stays_to_be_read(
    session: Session, case_in: Callable[..., Case], closed: bool
) -> None:
    case = case_in(Status.CLOSED if closed else Status.ANSWERED)
    object_by = case.petition.object_by
    case.clock.now += timedelta(days=4)
    better = ANSWER.replace("30/6", "31/7")
    case.draft(better)
    case.submit()
    with pytest.raises(Refused, match="state"):
        case.publish()
    case.approve()
    event = answering.correct(session, case.petition, case.approver, "Ghi nhầm ngày", case.clock.now)
    first, second = responses.published_responses(session, case.petition)
    assert (first.body, second.body, second.corrects) == (ANSWER, better, first.number)
    assert case.petition.status is (Status.CLOSED if closed else Status.ANSWERED)
    if closed:
        assert case.petition.object_by == object_by, "what is over is not opened again"
    else:
        assert object_by is not None
        assert case.petition.object_by == object_by + timedelta(days=4)
        assert event.data["object_by"] == case.petition.object_by.isoformat()
    session.flush()
    assert [fault for _code, fault in timeline.faults(session) if fault] == []


def test_an_interim_reply_moves_no_date(session: Session, case_in: Callable[..., Case]) -> None:
    case = case_in()
    due = case.petition.respond_by
    case.clock.now += timedelta(days=40)
    today = local_date(case.clock.now)
    with pytest.raises(Invalid) as wrong:
        answering.reply_interim(session, case.petition, case.officer, "Đang lấy mẫu.", today, case.clock.now)
    assert wrong.value.errors == {"expected_on": "after_today"}
    soon = today + timedelta(days=7)
    event = answering.reply_interim(
        session, case.petition, case.officer, "Đang lấy mẫu.", soon, case.clock.now
    )
    assert event.data["expected_on"] == soon.isoformat()
    assert case.petition.respond_by == due


def test_waiting_ends_when_no_reply_comes(session: Session, case_in: Callable[..., Case]) -> None:
    case = case_in()
    asked_on, due = local_date(case.clock.now), case.petition.respond_by
    case.ask()
    case.clock.now += timedelta(days=30)
    with pytest.raises(Refused, match="still_waiting"):
        answering.end_waiting(session, case.petition, case.clock.now)
    case.clock.now += timedelta(days=1)
    answering.end_waiting(session, case.petition, case.clock.now)
    assert (case.petition.status, case.petition.waiting_since) == (Status.ACCEPTED, None)
    assert case.petition.respond_by == resumed(
        due, asked_on, local_date(case.clock.now), rules.calendar(session)
    )


def test_solver_and_first_buyer_are_named_where_something_is_made(
    session: Session, petition_in: Any, clock: Clock
) -> None:
    officer = an_actor(session, Role.OFFICER)
    order = petition_in(Status.ACCEPTED, kind="commission")
    event = answering.name_partner(session, order, officer, "solver", "Viện Công nghệ mẫu", clock.now)
    assert event.data["part"] == "solver"
    with pytest.raises(Invalid):
        answering.name_partner(session, order, officer, "friend", "Viện Công nghệ mẫu", clock.now)
    plain = petition_in(Status.ACCEPTED, text="Xin hỏi thủ tục đăng ký sáng chế gồm những gì?")
    with pytest.raises(Refused, match="no_partners"):
        answering.name_partner(session, plain, officer, "solver", "Viện Công nghệ mẫu", clock.now)
