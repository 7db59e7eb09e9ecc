"""What the supervisor is told of the classifier in service."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from classifiers.monitoring import FEWEST_FOR_ALARM, Outcome, report

MONDAY = date(2026, 11, 2)


def outcomes(count: int, week: date = MONDAY, **values: object) -> list[Outcome]:
    given = {"suggested": "BCA", "p": 0.95, "routed": False, "familiar": 0.9, "decided": "BCA"} | values
    return [Outcome(week=week, **given) for _ in range(count)]  # type: ignore[arg-type]


def test_nothing_to_report() -> None:
    empty = report([])
    assert (empty.weeks, empty.agencies, empty.mistakes, empty.alarms) == ((), (), (), ())


def test_counts_by_week_and_agency() -> None:
    found = report(
        [
            *outcomes(8),
            *outcomes(2, decided="BKHCN"),
            *outcomes(3, decided=None, routed=True),
            *outcomes(1, suggested="BYT", decided="BKHCN"),
        ]
    )
    (week,) = found.weeks
    assert (week.suggestions, week.routed, week.decided, week.right) == (14, 3, 11, 8)
    assert week.share_right == pytest.approx(8 / 11)
    lines = {line.agency: (line.suggested, line.right, line.missed) for line in found.agencies}
    assert lines == {"BCA": (10, 8, 0), "BKHCN": (0, 0, 3), "BYT": (1, 0, 0)}
    assert [(each.suggested, each.decided, each.count) for each in found.mistakes] == [
        ("BCA", "BKHCN", 2),
        ("BYT", "BKHCN", 1),
    ]


def test_chances_that_did_not_hold_raise_an_alarm() -> None:
    wrong = outcomes(FEWEST_FOR_ALARM // 2, decided="BYT")
    (alarm,) = report(outcomes(FEWEST_FOR_ALARM) + wrong).alarms
    assert alarm.misjudged
    assert not alarm.stranger
    assert report(outcomes(9) + outcomes(5, decided="BYT")).alarms == (), "too few to say"


def test_words_not_met_before_raise_an_alarm() -> None:
    later = MONDAY + timedelta(weeks=1)
    found = report(outcomes(40) + outcomes(40, week=later, familiar=0.8))
    assert [(week.week, week.stranger) for week in found.alarms] == [(later, True)]


def test_a_week_without_decisions_has_no_share() -> None:
    (week,) = report(outcomes(3, decided=None)).weeks
    assert week.share_right is None
    assert not week.misjudged
