"""Signs out of the database: what was really done is counted as by hand, in few questions, on both databases."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import Likeness, Petition
from app.queries import signals
from app.queries.signals import SignalReport
from app.services import closing
from app.services.personal_data import Vault
from tests import factories
from tests.services.lives import Lives, on, step
from workflows.lifecycle import Role
from workflows.signals import DEFINITIONS, DESK, Period

PERIOD = Period(date(2026, 8, 1), date(2026, 10, 31))


@pytest.fixture
def lives(session: Session, vault: Vault, chance: random.Random) -> Lives:
    return Lives(session, vault, chance)


def report(lives: Lives, period: Period = PERIOD) -> SignalReport:
    lives.session.flush()
    return signals.report(lives.session, period)


def counted(found: SignalReport, agency: str) -> dict[str, tuple[int, int]]:
    """Count and base of each sign of an agency."""
    return {each.signal: (each.count, each.base) for each in found.findings if each.agency == agency}


def examples(lives: Lives, name: str, agency: str, period: Period = PERIOD) -> list[str]:
    signal = DEFINITIONS.named(name)
    assert signal is not None
    lives.session.flush()
    return [each.code for each in signals.examples(lives.session, period, signal, agency)]


def declined(lives: Lives, petition: Petition, now: datetime) -> None:
    approver = factories.an_actor(lives.session, Role.APPROVER, petition.lead_agency_code)
    closing.decline(lives.session, petition, approver, "out_of_scope", "Xin gửi nơi khác.", now)


def test_lives_are_counted_as_by_hand(lives: Lives) -> None:
    # Sent on Thursday 3 September and due, on the fifteenth working day after it, on the 24th.
    last_day = lives.held("BKHCN", on(9, 3), on(9, 4))
    assert last_day.respond_by == date(2026, 9, 24)
    lives.asked(last_day, on(9, 24))
    lives.replied(last_day, on(9, 28, 9))
    assert last_day.respond_by == date(2026, 9, 28)
    lives.answered(last_day, on(9, 28, 15))
    lives.reopened(last_day, on(10, 1))
    early = lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.answered(early, on(9, 10))
    extended = lives.held("BCA", on(9, 3), on(9, 4))
    lives.extended(extended, 5, on(9, 24))
    lives.transferred(extended, "BKHCN", on(9, 30))
    turned_away = lives.held("BCA", on(9, 3), on(9, 4))
    declined(lives, turned_away, on(9, 7))
    waiting = lives.sent(on(9, 3))
    lives.triaged(waiting, on(9, 3))

    found = report(lives)

    assert counted(found, "BKHCN") == {
        "last_tenth": (1, 2),
        "bunched": (1, 1),
        "burst": (0, 2),
        "same_text": (1, 2),
        "asked_late": (1, 1),
        "asked_again": (0, 1),
        "long_pause": (0, 1),
        "ready_answer": (1, 1),
        "declined": (0, 2),
        "extended": (0, 2),
        "silent": (1, 2),
        "reopened": (1, 2),
    }
    assert counted(found, "BCA") == {
        "handed_on_late": (1, 1),
        "declined": (1, 2),
        "extended_last_day": (1, 1),
        "silent": (1, 2),
    }
    assert counted(found, DESK) == {"desk_late": (1, 5)}
    assert found.considered == 5
    assert found.demo == 0
    assert found.worth_a_look == []
    assert examples(lives, "asked_late", "BKHCN") == [last_day.code]
    assert examples(lives, "same_text", "BKHCN") == [last_day.code]
    assert examples(lives, "handed_on_late", "BCA") == [extended.code]
    assert examples(lives, "desk_late", DESK) == [waiting.code]
    assert examples(lives, "extended", "BKHCN") == []


def test_what_happens_after_the_period_changes_nothing(lives: Lives) -> None:
    petition = lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.asked(petition, on(9, 24))
    until = Period(date(2026, 9, 1), date(2026, 9, 25))
    before = report(lives, until)
    assert counted(before, "BKHCN")["asked_late"] == (1, 1)
    lives.replied(petition, on(10, 8))
    lives.extended(petition, 10, on(10, 8, 10))
    lives.answered(petition, on(10, 12))
    lives.closed(petition, on(10, 13))
    assert report(lives, until) == before


def test_days_are_days_in_vietnam(lives: Lives) -> None:
    petition = lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.asked(petition, PERIOD.end - timedelta(microseconds=1))
    assert counted(report(lives), "BKHCN")["asked_late"] == (0, 1)
    september = Period(date(2026, 9, 1), date(2026, 10, 30))
    assert "asked_late" not in counted(report(lives, september), "BKHCN")
    assert PERIOD.end.isoformat() == "2026-10-31T17:00:00+00:00"


def test_a_burst_shows_each_of_its_petitions(lives: Lives) -> None:
    petitions = [lives.held("BKHCN", on(9, 3), on(9, 4)) for _ in range(6)]
    for minute, petition in enumerate(petitions[:5]):
        lives.answered(petition, on(9, 10) + timedelta(minutes=2 * minute))
    lives.answered(petitions[5], on(9, 11))
    assert counted(report(lives), "BKHCN")["burst"] == (1, 2)
    assert sorted(examples(lives, "burst", "BKHCN")) == sorted(each.code for each in petitions[:5])


def test_one_text_for_petitions_about_the_same_thing_is_no_sign(lives: Lives) -> None:
    petitions = [lives.held("BKHCN", on(9, 3), on(9, 4)) for _ in range(4)]
    for day, petition in enumerate(petitions):
        lives.answered(petition, on(9, 10 + day))
    assert counted(report(lives), "BKHCN")["same_text"] == (3, 4)
    first, second, third, _ = (each.id for each in petitions)
    lives.session.add(Likeness(petition_id=second, earlier_id=first, likeness=0.6))
    lives.session.add(Likeness(petition_id=third, earlier_id=first, likeness=0.3))
    assert counted(report(lives), "BKHCN")["same_text"] == (1, 4)


def test_a_habit_is_worth_a_look_and_the_others_are_not(lives: Lives) -> None:
    for number in range(12):
        habitual = lives.held("BCA", on(9, 3), on(9, 4))
        lives.asked(habitual, on(9, 23))
        usual = lives.held("BKHCN" if number % 2 else "UBND-79", on(9, 3), on(9, 4))
        lives.asked(usual, on(9, 7))
    found = report(lives)
    assert [(each.signal, each.agency) for each in found.worth_a_look] == [
        ("asked_late", "BCA"),
        ("silent", "BCA"),  # for thirteen working days nothing was done before the question
    ]
    assert len(examples(lives, "asked_late", "BCA")) == 12


def test_no_more_than_twenty_examples_the_latest_first(lives: Lives) -> None:
    made = []
    for number in range(22):
        petition = lives.held("BCA", on(9, 3), on(9, 4))
        lives.asked(petition, on(9, 23) + timedelta(minutes=number))
        made.append(petition.code)
    assert examples(lives, "asked_late", "BCA") == made[:1:-1]


def test_an_empty_house(lives: Lives) -> None:
    found = report(lives)
    assert (found.findings, found.considered) == ((), 0)


def test_random_lives_never_break_it_and_examples_are_the_counts(lives: Lives, chance: random.Random) -> None:
    for _ in range(40):
        now = on(8, 3) + timedelta(days=chance.randint(0, 40))
        petition = lives.sent(now)
        for _ in range(chance.randint(1, 12)):
            now += timedelta(hours=chance.choice((1, 20, 50, 200)))
            step(lives, petition, now, chance)
    found = report(lives)
    assert len({each.signal for each in found.findings}) >= 12
    for each in found.findings:
        assert 0 <= each.count <= each.base
        shown = examples(lives, each.signal, each.agency)
        if each.signal != "burst":
            assert bool(shown) == bool(each.count)
            assert len(shown) <= each.count


def test_the_number_of_questions_does_not_grow_with_the_petitions(lives: Lives) -> None:
    few = questions(lives)
    for _ in range(20):
        lives.answered(lives.held("BCA", on(9, 3), on(9, 4)), on(9, 8))
    assert questions(lives) == few <= 8


def questions(lives: Lives) -> int:
    lives.answered(lives.held("BKHCN", on(9, 3), on(9, 4)), on(9, 8))
    lives.session.flush()
    seen: list[str] = []
    connection = lives.session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    report(lives)
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)
