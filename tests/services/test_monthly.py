"""The monthly figures: counted by hand on a few lives, and checked against live columns on many random ones."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models import Petition
from app.queries import lateness, monthly
from app.queries.monthly import Line, MonthlyReport, NoData
from app.services.personal_data import Vault
from tests.services.lives import Lives, on, step
from workflows.calendar import local_date
from workflows.lifecycle import OPEN
from workflows.monthly import COUNTS, BadMonth, Month
from workflows.satisfaction import wilson

AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)


@pytest.fixture
def lives(session: Session, vault: Vault, chance: random.Random) -> Lives:
    return Lives(session, vault, chance)


def line(report: MonthlyReport, code: str) -> Line:
    return next(each for each in (*report.agencies, report.desk, report.total) if each.code == code)


def nonzero(report: MonthlyReport, code: str) -> dict[str, int]:
    return {name: number for name, number in line(report, code).figures.counts.items() if number}


def check_sums(report: MonthlyReport) -> None:
    for name in COUNTS:
        parts = [each.figures.counts[name] for each in (*report.agencies, report.desk)]
        assert sum(parts) == report.total.figures.counts[name], name
    said = [each.figures.satisfaction for each in (*report.agencies, report.desk)]
    assert sum(part.answered for part in said) == report.total.figures.satisfaction.answered
    assert sum(part.satisfied for part in said) == report.total.figures.satisfaction.satisfied
    assert [each.code for each in report.agencies] == sorted(each.code for each in report.agencies)


def test_a_month_of_lives_is_counted_as_by_hand(lives: Lives) -> None:
    punctual = lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.answered(punctual, on(9, 10))
    lives.rated(punctual, 5, on(9, 11))
    silent = lives.sent(on(9, 3))
    lives.routed(silent, "BCA", on(9, 3))
    lives.acknowledged(silent, on(9, 21))
    at_desk = lives.sent(on(9, 28))
    lives.triaged(at_desk, on(9, 28))
    lives.withdrawn(lives.held("BKHCN", on(9, 3), on(9, 4)), on(9, 8))
    lives.asked(lives.held("BKHCN", on(9, 3), on(9, 4)), on(9, 15))
    late = lives.held("BKHCN", on(8, 20), on(8, 25))
    lives.answered(late, on(9, 22))
    again = lives.held("BCA", on(8, 5), on(8, 6))
    lives.answered(again, on(8, 20))
    lives.reopened(again, on(9, 10))
    given_back = lives.held("BKHCN", on(9, 7), on(9, 8))
    lives.returned(given_back, on(9, 9))

    report = lives.report(SEPTEMBER)

    assert nonzero(report, "BKHCN") == {
        "received": 3,
        "acknowledged": 4,
        "acknowledged_on_time": 4,
        "answered": 2,
        "answered_on_time": 1,
        "due": 2,
        "due_met": 1,
        "open": 1,
        "surveys_sent": 2,
    }
    assert nonzero(report, "BCA") == {
        "received": 1,
        "routed_automatically": 1,
        "acknowledged": 1,
        "due": 1,
        "open": 2,
        "overdue": 2,
    }
    assert nonzero(report, "DESK") == {
        "received": 2,
        "due": 1,
        "open": 2,
        "overdue": 1,
    }
    check_sums(report)
    assert report.considered == 8
    rated = line(report, "BKHCN").figures.values
    assert rated["surveys_answered"] == 1
    assert rated["response_rate"] == 0.5
    assert rated["mean_rating"] == 5.0
    assert (rated["satisfied_worst"], rated["satisfied_best"]) == (0.5, 1.0)
    assert rated["satisfied_low"] == round(wilson(1, 1)[0], 4)
    assert line(report, "BCA").figures.values["satisfied_share"] is None


def test_what_happens_later_does_not_change_what_was_known(lives: Lives) -> None:
    rated_again = lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.answered(rated_again, on(9, 10))
    lives.rated(rated_again, 2, on(9, 11))
    open_then = lives.held("BCA", on(9, 3), on(9, 4))
    waiting = lives.held("BKHCN", on(9, 10), on(9, 11))
    lives.asked(waiting, on(9, 20))
    desk_then = lives.sent(on(9, 28))
    lives.triaged(desk_then, on(9, 28))
    extended_later = lives.held("BKHCN", on(9, 14), on(9, 15))
    before = lives.report(SEPTEMBER)

    lives.rated(rated_again, 5, on(10, 2))
    lives.reopened(rated_again, on(10, 3))
    lives.transferred(open_then, "BKHCN", on(10, 2))
    lives.acknowledged(open_then, on(10, 2))
    lives.answered(open_then, on(10, 5))
    lives.closed(open_then, on(10, 6))
    lives.replied(waiting, on(10, 8))
    lives.answered(waiting, on(10, 9))
    lives.assigned(desk_then, "BCA", on(10, 1))
    lives.withdrawn(desk_then, on(10, 9))
    lives.extended(extended_later, 10, on(10, 1))

    assert lives.report(SEPTEMBER) == before
    later = lives.report(SEPTEMBER, on(10, 20))
    check_sums(later)
    assert nonzero(later, "BCA") == {"received": 1, "acknowledged": 1, "acknowledged_on_time": 1, "due": 1}
    assert line(later, "BKHCN").figures.values["mean_rating"] == 5.0
    assert line(before, "BKHCN").figures.values["mean_rating"] == 2.0
    assert line(before, "DESK").figures.counts["received"] == 1
    assert line(later, "DESK").figures.counts["received"] == 0


def test_midnight_in_vietnam_parts_the_months(lives: Lives) -> None:
    lives.sent(SEPTEMBER.end - timedelta(microseconds=1))
    lives.sent(SEPTEMBER.end)
    assert lives.report(SEPTEMBER).total.figures.counts["received"] == 1
    assert lives.report(OCTOBER).total.figures.counts["received"] == 1
    assert SEPTEMBER.end.isoformat() == "2026-09-30T17:00:00+00:00"


def test_a_missed_date_stays_missed(lives: Lives) -> None:
    petition = lives.held("BKHCN", on(9, 8), on(9, 9))
    missed = petition.respond_by
    assert SEPTEMBER.first <= missed < OCTOBER.first
    before = lives.report(SEPTEMBER)
    assert (before.total.figures.counts["due"], before.total.figures.counts["overdue"]) == (1, 1)
    lives.asked(petition, on(10, 1))
    lives.replied(petition, on(10, 29))
    assert petition.respond_by == missed, "to ask once it is late moves nothing"
    assert lives.report(SEPTEMBER) == before
    assert lives.report(SEPTEMBER, on(11, 1)).total.figures.counts["due"] == 1
    assert lives.report(OCTOBER).total.figures.counts["due"] == 0


def test_an_extension_moves_the_duty_to_its_new_month_and_only_there(lives: Lives) -> None:
    petition = lives.held("BKHCN", on(9, 3), on(9, 4))
    first_due = petition.respond_by
    assert SEPTEMBER.first <= first_due < OCTOBER.first
    lives.extended(petition, 10, on(9, 10))
    assert petition.respond_by >= OCTOBER.first
    lives.answered(petition, on(10, 2))
    assert lives.report(SEPTEMBER).total.figures.counts["due"] == 0
    counts = lives.report(OCTOBER).total.figures.counts
    assert (counts["due"], counts["due_met"], counts["answered_on_time"]) == (1, 1, 1)


def test_who_let_the_date_pass_answers_for_it(lives: Lives) -> None:
    petition = lives.held("BCA", on(9, 3), on(9, 4))
    lives.transferred(petition, "BKHCN", on(9, 29))
    lives.acknowledged(petition, on(9, 29))
    lives.answered(petition, on(9, 30))
    report = lives.report(SEPTEMBER)
    assert nonzero(report, "BCA")["due"] == 1
    assert "due_met" not in nonzero(report, "BCA")
    assert nonzero(report, "BKHCN") == {"received": 1, "answered": 1, "surveys_sent": 1}


def test_a_month_that_cannot_be_counted_says_why(lives: Lives) -> None:
    lives.sent(on(9, 3))
    for month, now, as_of, code in (
        (SEPTEMBER, SEPTEMBER.end - timedelta(seconds=1), None, "not_over"),
        (SEPTEMBER, on(12, 1), on(9, 30), "as_of_too_early"),
        (SEPTEMBER, on(12, 1), on(12, 2), "as_of_in_future"),
    ):
        with pytest.raises(BadMonth) as refused:
            monthly.report(lives.session, month, now, as_of)
        assert refused.value.code == code
    with pytest.raises(NoData):
        lives.report(AUGUST)
    monthly.report(lives.session, SEPTEMBER, SEPTEMBER.end)


def test_many_random_lives_agree_with_the_live_columns_and_stay_as_they_were(lives: Lives) -> None:
    chance = random.Random(7)
    walking: list[Petition] = []
    snapshots: list[MonthlyReport] = []
    month, now = AUGUST, on(8, 1)
    while len(snapshots) < 4:
        now += timedelta(minutes=chance.randrange(1, 900))
        if now >= month.end:
            snapshots.append(monthly.report(lives.session, month, month.end))
            check_against_live_columns(lives.session, snapshots[-1])
            month = month.next
        if chance.random() < 0.25 or not walking:
            walking.append(lives.sent(now))
        else:
            step(lives, chance.choice(walking), now, chance)
        lives.session.flush()
    for snapshot in snapshots:
        assert monthly.report(lives.session, snapshot.month, now, snapshot.as_of) == snapshot
        check_sums(snapshot)
        later = monthly.report(lives.session, snapshot.month, now, now)
        check_sums(later)
        assert punctuality(later) == punctuality(snapshot), "no later deed mends a missed date"


def punctuality(report: MonthlyReport) -> dict[str, tuple[int, int]]:
    found = {each.code: each.figures.counts for each in (*report.agencies, report.desk)}
    return {code: (counts["due"], counts["due_met"]) for code, counts in found.items() if counts["due"]}


def check_against_live_columns(session: Session, report: MonthlyReport) -> None:
    """Compare with what the petitions themselves say at this very moment, which is the month's end."""
    still_open = Petition.status.in_(sorted(OPEN))
    late = lateness.answer_is_overdue(local_date(report.as_of))
    received = Petition.submitted_at >= report.month.start
    for name, where in (("open", [still_open]), ("overdue", [still_open, late]), ("received", [received])):
        found = session.execute(
            select(func.coalesce(Petition.lead_agency_code, "DESK"), func.count())
            .where(*where)
            .group_by(Petition.lead_agency_code)
        )
        counted = {each.code: each.figures.counts[name] for each in (*report.agencies, report.desk)}
        assert {code: number for code, number in counted.items() if number} == dict(found.all()), name


def test_the_number_of_queries_does_not_grow_with_the_petitions(lives: Lives) -> None:
    few = queries(lives)
    for _ in range(20):
        lives.held("BCA", on(9, 3), on(9, 4))
    assert queries(lives) == few


def queries(lives: Lives) -> int:
    lives.held("BKHCN", on(9, 3), on(9, 4))
    lives.session.flush()
    seen: list[str] = []
    connection = lives.session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    lives.report(SEPTEMBER)
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)
