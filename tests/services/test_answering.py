"""From acknowledgement to the published answer, with four eyes and honest clocks."""

import random
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Note, OutboxRow, Petition, Survey
from app.services import answering, closing, routing, timeline
from app.services.actors import SUBMITTER, Actor
from app.services.personal_data import Vault
from tests.factories import ANSWER, a_petition, a_staff, an_actor, answer
from tests.instances import Clock
from workflows.lifecycle import Refused, Role, Status

DAY = timedelta(days=1)


class Case:
    """A petition and the people around it."""

    def __init__(self, session: Session, petition: Petition, vault: Vault, clock: Clock) -> None:
        self.session, self.petition, self.vault, self.clock = session, petition, vault, clock
        self.officer = an_actor(session, Role.OFFICER)
        self.approver = an_actor(session, Role.APPROVER)

    def acknowledge(self, actor: Actor | None = None, **values: Any) -> Event:
        actor = actor or self.officer
        given: dict[str, Any] = {
            "officer_id": self.officer.staff_id,
            "task": "Kiểm tra trạm phát sóng",
            "deadline": self.petition.respond_by,
            "expected_result": "Văn bản trả lời",
        }
        return answering.acknowledge(self.session, self.petition, actor, self.clock.now, **{**given, **values})

    def ask(self) -> Event:
        return answering.ask_submitter(self.session, self.petition, self.officer, "Thôn nào?", self.clock.now)

    def reply(self) -> Event:
        return answering.provide_information(self.session, self.petition, SUBMITTER, "Thôn Đông", self.clock.now)

    def extend(self, days: int = 5, reason: str = "complex", actor: Actor | None = None) -> Event:
        actor = actor or self.approver
        return answering.extend(self.session, self.petition, actor, days, reason, "Xin lỗi vì chậm", self.clock.now)

    def draft(self, body: str = ANSWER, actor: Actor | None = None) -> None:
        answering.draft(self.session, self.petition, actor or self.officer, body, self.clock.now)

    def submit(self) -> Event:
        return answering.submit_draft(self.session, self.petition, self.officer, self.clock.now)

    def approve(self, actor: Actor | None = None) -> Event:
        return answering.approve(self.session, self.petition, actor or self.approver, self.clock.now)

    def give_back(self, note: str = "Nêu rõ thời hạn") -> Event:
        return answering.return_draft(self.session, self.petition, self.approver, note, self.clock.now)

    def publish(self, actor: Actor | None = None) -> Event:
        return answering.publish(self.session, self.vault, self.petition, actor or self.approver, self.clock.now)

    @property
    def state(self) -> str | None:
        response = answering.response_under_way(self.session, self.petition)
        return response and response.state


@pytest.fixture
def case_in(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Any:
    """A case in a given state."""

    def make(status: Status = Status.ACCEPTED) -> Case:
        return Case(session, a_petition(session, vault, clock.now, chance, status=status), vault, clock)

    return make


# --- acknowledgement --------------------------------------------------------------------------------------


def test_the_five_musts(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in(Status.ASSIGNED)
    clock.now += DAY
    event = case.acknowledge(deadline=date(2026, 11, 16))
    session.commit()
    held = routing.open_assignment(session, case.petition)
    assert held is not None
    assert (held.officer_id, held.agency_code, held.task) == (
        case.officer.staff_id,
        "BKHCN",
        "Kiểm tra trạm phát sóng",
    )
    assert (held.deadline, held.expected_result) == (date(2026, 11, 16), "Văn bản trả lời")
    assert held.acknowledged_at == case.petition.acknowledged_at == clock.now
    assert (case.petition.status, case.petition.officer_id) == (Status.ACCEPTED, case.officer.staff_id)
    assert event.data == {"officer": f"staff:{case.officer.staff_id}", "deadline": "2026-11-16"}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"officer_id": 0}, {"officer": "choose"}),
        ({"task": ""}, {"task": "required"}),
        ({"expected_result": ""}, {"expected_result": "required"}),
        ({"task": "  ", "expected_result": "\n"}, {"task": "required", "expected_result": "required"}),
        ({"deadline": date(2026, 11, 1)}, {"deadline": "between_today_and_respond_by"}),
        ({"deadline": date(2026, 11, 24)}, {"deadline": "between_today_and_respond_by"}),
    ],
)
def test_an_acknowledgement_that_says_too_little(
    case_in: Any, values: dict[str, Any], errors: dict[str, str]
) -> None:
    case = case_in(Status.ASSIGNED)
    with pytest.raises(Invalid) as refused:
        case.acknowledge(**values)
    assert refused.value.errors == errors
    assert case.petition.status is Status.ASSIGNED


def test_the_officer_named_must_be_at_work_in_the_agency(session: Session, case_in: Any) -> None:
    case = case_in(Status.ASSIGNED)
    gone = a_staff(session, Role.OFFICER)
    gone.active = False
    for wrong in (gone, a_staff(session, Role.OFFICER, "BCA"), a_staff(session, Role.DESK)):
        with pytest.raises(Invalid) as refused:
            case.acknowledge(officer_id=wrong.id)
        assert refused.value.errors == {"officer": "choose"}


def test_what_is_late_already_is_due_today(case_in: Any, clock: Clock) -> None:
    case = case_in(Status.ASSIGNED)
    clock.now += 30 * DAY
    with pytest.raises(Invalid):
        case.acknowledge()
    assert case.acknowledge(deadline=date(2026, 12, 2)).kind == "acknowledged"


def test_another_agency_cannot_acknowledge(session: Session, case_in: Any) -> None:
    with pytest.raises(Refused, match="not_holder"):
        case_in(Status.ASSIGNED).acknowledge(an_actor(session, Role.OFFICER, "BCA"))


def test_the_first_acknowledgement_is_the_one_that_counts(
    session: Session, case_in: Any, clock: Clock
) -> None:
    case = case_in()
    first = case.petition.acknowledged_at
    routing.transfer(session, case.petition, case.officer, "BCA", "reorganised", None, clock.now)
    clock.now += DAY
    other = an_actor(session, Role.OFFICER, "BCA")
    case.acknowledge(other, officer_id=other.staff_id)
    assert case.petition.acknowledged_at == first


# --- waiting for the submitter ----------------------------------------------------------------------------


def test_days_of_waiting_do_not_count(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in()
    clock.now += DAY
    asked = case.ask()
    assert (case.petition.status, case.petition.waiting_since) == (Status.AWAITING_SUBMITTER, date(2026, 11, 3))
    clock.now += 7 * DAY
    replied = case.reply()
    session.commit()
    assert (case.petition.status, case.petition.waiting_since) == (Status.ACCEPTED, None)
    assert case.petition.respond_by == date(2026, 12, 1), "five working days more, and the 24th is off"
    assert replied.data["respond_by"] == {"from": "2026-11-23", "to": "2026-12-01"}
    notes = {note.seq: note for note in session.scalars(select(Note))}
    assert (notes[asked.seq].text, notes[asked.seq].public) == ("Thôn nào?", True)
    assert notes[replied.seq].text == "Thôn Đông"
    assert "Thôn" not in f"{asked.data} {replied.data}"


def test_asked_twice_both_waits_count(case_in: Any, clock: Clock) -> None:
    case = case_in()
    for _ in range(2):
        case.ask()
        clock.now += DAY
        case.reply()
    assert case.petition.respond_by == date(2026, 11, 26)


def test_what_the_submitter_adds_unasked_moves_nothing(case_in: Any, clock: Clock) -> None:
    case = case_in()
    clock.now += 3 * DAY
    assert case.reply().kind == "information_added"
    assert (case.petition.status, case.petition.respond_by) == (Status.ACCEPTED, date(2026, 11, 23))


def test_while_waiting_nothing_is_published(case_in: Any) -> None:
    case = case_in()
    case.draft()
    case.ask()
    for act in (case.draft, case.submit, case.extend, case.ask):
        with pytest.raises(Refused, match=r"state|no_such_draft"):
            act()


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_question_or_reply(session: Session, case_in: Any, clock: Clock, empty: str) -> None:
    case = case_in()
    with pytest.raises(Invalid) as refused:
        answering.ask_submitter(session, case.petition, case.officer, empty, clock.now)
    assert refused.value.errors == {"question": "required"}
    with pytest.raises(Invalid) as refused:
        answering.provide_information(session, case.petition, SUBMITTER, empty, clock.now)
    assert refused.value.errors == {"text": "required"}


def test_only_the_submitter_replies(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in()
    case.ask()
    with pytest.raises(Refused, match="role"):
        answering.provide_information(session, case.petition, case.officer, "Tôi trả lời thay", clock.now)


# --- extension --------------------------------------------------------------------------------------------


def test_one_extension_with_a_reason(session: Session, case_in: Any) -> None:
    case = case_in()
    event = case.extend(days=5)
    session.commit()
    assert case.petition.respond_by == date(2026, 12, 1)
    assert (event.data["reason"], event.data["days"]) == ("complex", 5)
    assert event.data["respond_by"] == {"from": "2026-11-23", "to": "2026-12-01"}
    assert f"mail:{case.petition.id}:{event.seq}:submitter" in session.scalars(select(OutboxRow.key)).all()
    with pytest.raises(Refused, match="extended_before"):
        case.extend(days=1)


def test_still_one_after_a_transfer_and_after_reopening(
    session: Session, vault: Vault, case_in: Any, clock: Clock
) -> None:
    case = case_in()
    case.extend()
    routing.transfer(session, case.petition, case.officer, "BCA", "reorganised", None, clock.now)
    theirs, their_approver = an_actor(session, Role.OFFICER, "BCA"), an_actor(session, Role.APPROVER, "BCA")
    case.acknowledge(theirs, officer_id=theirs.staff_id)
    with pytest.raises(Refused, match="extended_before"):
        case.extend(actor=their_approver)
    answer(session, vault, case.petition, clock.now, "BCA")
    closing.reopen(session, case.petition, "Chưa đúng", clock.now)
    with pytest.raises(Refused, match="extended_before"):
        case.extend(actor=their_approver)


def test_an_extension_refused_leaves_the_date(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in()
    due = case.petition.respond_by
    for act, code in (
        (lambda: case.extend(days=11), "extension_too_long"),
        (lambda: case.extend(reason="tired"), "reason"),
        (lambda: case.extend(actor=case.officer), "role"),
        (lambda: case.extend(actor=an_actor(session, Role.APPROVER, "BCA")), "not_holder"),
    ):
        with pytest.raises(Refused, match=code):
            act()
    clock.now += 22 * DAY
    with pytest.raises(Refused, match="already_overdue"):
        case.extend()
    assert (case.petition.respond_by, case.petition.extensions) == (due, 0)


# --- the answer -------------------------------------------------------------------------------------------


def test_from_draft_to_published(session: Session, vault: Vault, case_in: Any, clock: Clock) -> None:
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
def test_the_length_of_an_answer(case_in: Any, body: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        case_in().draft(body)
    assert refused.value.errors == {"body": code}


def test_nobody_approves_what_they_wrote(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in()
    case.draft(actor=case.approver)
    answering.submit_draft(session, case.petition, case.approver, clock.now)
    with pytest.raises(Refused, match="own_draft"):
        case.approve()
    second = Actor.of(a_staff(session, Role.APPROVER))
    case.approve(second)
    assert case.state == "approved"


def test_whoever_last_wrote_counts_as_the_author(session: Session, case_in: Any) -> None:
    """An approver who mends a draft has written it and needs another's approval."""
    case = case_in()
    case.draft()
    case.draft("Trả lời đã được lãnh đạo viết lại từ đầu.", actor=case.approver)
    case.submit()
    with pytest.raises(Refused, match="own_draft"):
        case.approve()


def test_what_is_before_the_approver_cannot_be_changed(case_in: Any) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Refused, match="draft_locked"):
        case.draft("Sửa sau khi đã trình, không được phép.")
    case.approve()
    with pytest.raises(Refused, match="draft_locked"):
        case.draft("Sửa sau khi đã duyệt, càng không được.")


@pytest.mark.parametrize("approved", [False, True])
def test_a_draft_sent_back_is_mended_and_comes_again(session: Session, case_in: Any, approved: bool) -> None:
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


def test_sending_back_needs_words(case_in: Any) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Invalid) as refused:
        case.give_back(" ")
    assert refused.value.errors == {"note": "required"}


def test_steps_in_the_wrong_order(case_in: Any) -> None:
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


def test_an_officer_neither_approves_nor_publishes(case_in: Any) -> None:
    case = case_in()
    case.draft()
    case.submit()
    with pytest.raises(Refused):
        case.approve(case.officer)
    case.approve()
    with pytest.raises(Refused, match="role"):
        case.publish(case.officer)


@pytest.mark.parametrize("role", [Role.DESK, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SUBMITTER, Role.AGENCY_ADMIN])
def test_others_do_not_write_answers(session: Session, case_in: Any, role: Role) -> None:
    with pytest.raises(Refused, match="role"):
        case_in().draft(actor=an_actor(session, role))


def test_an_answer_after_an_objection_is_a_second_one(session: Session, case_in: Any, clock: Clock) -> None:
    case = case_in(Status.ANSWERED)
    closing.reopen(session, case.petition, "Chưa nói khi nào xong", clock.now)
    answer(session, case.vault, case.petition, clock.now, body="Trả lời lần hai: xong trước 30/6, xin thông cảm.")
    first, second = answering.published_responses(session, case.petition)
    assert (first.number, second.number) == (1, 2)
    assert first.body == ANSWER
    surveys = session.scalars(select(Survey.response_id).order_by(Survey.id)).all()
    assert surveys == [first.id, second.id]
