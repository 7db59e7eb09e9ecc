"""Accepting a petition, waiting for its sender, asking for more time: what moves which date."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Note, OutboxRow
from app.services import answering, closing, routing
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from tests.factories import a_staff, an_actor, answer
from tests.instances import Clock
from tests.services.cases import Case
from workflows.lifecycle import Refused, Role, Status

DAY = timedelta(days=1)
CaseIn = Callable[..., Case]


def test_the_five_musts(session: Session, case_in: CaseIn, clock: Clock) -> None:
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
    case_in: CaseIn, values: dict[str, Any], errors: dict[str, str]
) -> None:
    case = case_in(Status.ASSIGNED)
    with pytest.raises(Invalid) as refused:
        case.acknowledge(**values)
    assert refused.value.errors == errors
    assert case.petition.status is Status.ASSIGNED


def test_the_officer_named_must_be_at_work_in_the_agency(session: Session, case_in: CaseIn) -> None:
    case = case_in(Status.ASSIGNED)
    gone = a_staff(session, Role.OFFICER)
    gone.active = False
    for wrong in (gone, a_staff(session, Role.OFFICER, "BCA"), a_staff(session, Role.DESK)):
        with pytest.raises(Invalid) as refused:
            case.acknowledge(officer_id=wrong.id)
        assert refused.value.errors == {"officer": "choose"}


def test_what_is_late_already_is_due_today(case_in: CaseIn, clock: Clock) -> None:
    case = case_in(Status.ASSIGNED)
    clock.now += 30 * DAY
    with pytest.raises(Invalid):
        case.acknowledge()
    assert case.acknowledge(deadline=date(2026, 12, 2)).kind == "acknowledged"


def test_another_agency_cannot_acknowledge(session: Session, case_in: CaseIn) -> None:
    with pytest.raises(Refused, match="not_holder"):
        case_in(Status.ASSIGNED).acknowledge(an_actor(session, Role.OFFICER, "BCA"))


def test_the_first_acknowledgement_is_the_one_that_counts(
    session: Session, case_in: CaseIn, clock: Clock
) -> None:
    case = case_in()
    first = case.petition.acknowledged_at
    routing.transfer(session, case.petition, case.officer, "BCA", "reorganised", None, clock.now)
    clock.now += DAY
    other = an_actor(session, Role.OFFICER, "BCA")
    case.acknowledge(other, officer_id=other.staff_id)
    assert case.petition.acknowledged_at == first


# --- waiting for the submitter ----------------------------------------------------------------------------


def test_days_of_waiting_do_not_count(session: Session, case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    clock.now += DAY
    asked = case.ask()
    assert (case.petition.status, case.petition.waiting_since) == (
        Status.AWAITING_SUBMITTER,
        date(2026, 11, 3),
    )
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


def test_asked_twice_both_waits_count(case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    for _ in range(2):
        case.ask()
        clock.now += DAY
        case.reply()
    assert case.petition.respond_by == date(2026, 11, 26)


def test_what_the_submitter_adds_unasked_moves_nothing(case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    clock.now += 3 * DAY
    assert case.reply().kind == "information_added"
    assert (case.petition.status, case.petition.respond_by) == (Status.ACCEPTED, date(2026, 11, 23))


def test_while_waiting_nothing_is_published(case_in: CaseIn) -> None:
    case = case_in()
    case.draft()
    case.ask()
    for act in (case.draft, case.submit, case.extend, case.ask):
        with pytest.raises(Refused, match=r"state|no_such_draft"):
            act()


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_question_or_reply(session: Session, case_in: CaseIn, clock: Clock, empty: str) -> None:
    case = case_in()
    with pytest.raises(Invalid) as refused:
        answering.ask_submitter(session, case.petition, case.officer, empty, clock.now)
    assert refused.value.errors == {"question": "required"}
    with pytest.raises(Invalid) as refused:
        answering.provide_information(session, case.petition, SUBMITTER, empty, clock.now)
    assert refused.value.errors == {"text": "required"}


def test_only_the_submitter_replies(session: Session, case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    case.ask()
    with pytest.raises(Refused, match="role"):
        answering.provide_information(session, case.petition, case.officer, "Tôi trả lời thay", clock.now)


# --- extension --------------------------------------------------------------------------------------------


def test_one_extension_with_a_reason(session: Session, case_in: CaseIn) -> None:
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
    session: Session, vault: Vault, case_in: CaseIn, clock: Clock
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


def test_an_extension_refused_leaves_the_date(session: Session, case_in: CaseIn, clock: Clock) -> None:
    case = case_in()
    due = case.petition.respond_by
    stranger = an_actor(session, Role.APPROVER, "BCA")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"days": 11}, "extension_too_long"),
        ({"reason": "tired"}, "reason"),
        ({"actor": case.officer}, "role"),
        ({"actor": stranger}, "not_holder"),
    ]
    for values, code in wrong:
        with pytest.raises(Refused, match=code):
            case.extend(**values)
    clock.now += 22 * DAY
    with pytest.raises(Refused, match="already_overdue"):
        case.extend()
    assert (case.petition.respond_by, case.petition.extensions) == (due, 0)
