"""Reading what was done for signs: each by hand, on one petition sent on Monday 3 August 2026 and due on the 24th."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import VIETNAM, WorkingCalendar, shipped_days
from workflows.conduct import Answer, Course, Reading, Step, WorkingDays
from workflows.dispatch import bursts, repeated
from workflows.signals import DEFINITIONS, DESK, Period, Sign

# Monday to Friday, so that days can be counted on the fingers; and the real one.
CALENDAR = WorkingCalendar("plain", date(2026, 1, 1), date(2026, 12, 31), ())
SHIPPED = WorkingCalendar("shipped", date(2025, 1, 1), date(2027, 12, 31), shipped_days())
PERIOD = Period(date(2026, 8, 1), date(2026, 9, 30))
SENT, DUE = date(2026, 8, 3), date(2026, 8, 24)
STATUS = {
    "submitted": "received",
    "triaged": "triage",
    "returned": "triage",
    "assigned": "assigned",
    "transferred": "assigned",
    "information_requested": "awaiting_submitter",
    "published": "answered",
    "declined": "declined",
    "withdrawn": "withdrawn",
}
BY_OTHERS = ("submitted", "triaged", "assigned", "information_provided", "information_added", "reopened")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def step(kind: str, when: datetime, agency: str | None = "A", **values: Any) -> Step:
    given = {"own": kind not in BY_OTHERS, "status": STATUS.get(kind, "accepted")}
    return Step(kind, when, agency, **{**given, **values})


def course(*steps: Step, **values: Any) -> Course:
    given: dict[str, Any] = {
        "petition": 1,
        "kind": "feedback",
        "topic": "quantum",
        "submitted_on": SENT,
        "route_by": date(2026, 8, 4),
        "acknowledge_by": date(2026, 8, 10),
        "respond_by": DUE,
    }
    return Course(**{**given, **values}, steps=steps)


def signs(*steps: Step, period: Period = PERIOD, **values: Any) -> dict[str, list[bool]]:
    """The hits of each sign, in order of name."""
    found: dict[str, list[bool]] = {}
    for sign in Reading(period, CALENDAR).signs(course(*steps, **values)):
        found.setdefault(sign.signal, []).append(sign.hit)
    return found


def test_the_dates_are_those_of_the_calendar() -> None:
    assert CALENDAR.add(SENT, 15) == DUE


@given(st.dates(SHIPPED.covers_from, SHIPPED.covers_to), st.dates(SHIPPED.covers_from, SHIPPED.covers_to))
def test_fast_counting_is_counting(one: date, other: date) -> None:
    assert WorkingDays(SHIPPED).between(one, other) == SHIPPED.between(one, other)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (14, {"last_tenth": [False]}),
        (17, {"last_tenth": [False], "bunched": [False]}),
        (19, {"last_tenth": [False], "bunched": [False]}),
        (20, {"last_tenth": [False], "bunched": [True]}),
        (21, {"last_tenth": [True], "bunched": [True]}),
        (24, {"last_tenth": [True], "bunched": [True]}),
        (25, {}),
    ],
)
def test_how_close_to_the_due_date_an_answer_came(day: int, expected: dict[str, list[bool]]) -> None:
    found = signs(step("submitted", at(8, 3), None), step("published", at(8, day)))
    assert {name: hits for name, hits in found.items() if name in ("last_tenth", "bunched")} == expected


def test_only_first_answers_are_timed_and_only_those_of_the_period() -> None:
    steps = (
        step("published", at(8, 24)),
        step("reopened", at(8, 26)),
        step("published", at(8, 27)),
    )
    assert signs(*steps)["last_tenth"] == [True]
    september = Period(date(2026, 8, 25), date(2026, 9, 30))
    assert "last_tenth" not in signs(*steps, period=september)


def test_a_question_close_to_the_due_date() -> None:
    for day, late in ((19, False), (20, True), (24, True), (25, False)):
        assert signs(step("information_requested", at(8, day)))["asked_late"] == [late]


def test_the_due_date_is_the_one_in_force() -> None:
    extended = step("extended", at(8, 24), moved_to=date(2026, 8, 31))
    found = signs(extended, step("information_requested", at(8, 25)))
    assert found["asked_late"] == [False]
    assert found["extended_last_day"] == [True]
    assert signs(step("extended", at(8, 21), moved_to=date(2026, 8, 31)))["extended_last_day"] == [False]


def test_asking_again_and_answering_at_once() -> None:
    once = (
        step("information_requested", at(8, 12)),
        step("information_provided", at(8, 13, 9), moved_to=date(2026, 8, 25)),
    )
    slow = signs(*once, step("published", at(8, 14, 9, 1)))
    assert (slow["asked_again"], slow["ready_answer"]) == ([False], [False])
    assert signs(*once, step("published", at(8, 14, 9)))["ready_answer"] == [True]
    again = (step("information_requested", at(8, 17)), step("information_provided", at(8, 18)))
    assert signs(*once, *again)["asked_again"] == [True]
    # Of another agency that asked nothing itself, an answer soon after the reply is nothing.
    moved = (step("transferred", at(8, 13, 10)), step("published", at(8, 13, 11), "B"))
    assert "ready_answer" not in signs(*once, *moved)


def test_a_wait_longer_than_the_whole_deadline() -> None:
    ask = step("information_requested", at(8, 5))
    assert signs(ask, step("information_provided", at(8, 26)))["long_pause"] == [False]
    assert signs(ask, step("information_provided", at(8, 27)))["long_pause"] == [True]
    assert signs(ask, step("withdrawn", at(8, 27)))["long_pause"] == [True]
    assert signs(ask)["long_pause"] == [True], "it still runs at the end"
    assert "long_pause" not in signs(
        ask,
        step("information_provided", at(8, 27)),
        period=Period(date(2026, 9, 1), date(2026, 9, 30)),
    )


@pytest.mark.parametrize("kind", ["transferred", "returned", "recategorised"])
def test_handing_on_close_to_the_due_date_or_after_it(kind: str) -> None:
    for day, late in ((19, False), (20, True), (24, True), (28, True)):
        assert signs(step(kind, at(8, day)))["handed_on_late"] == [late]
    assert "handed_on_late" not in signs(step(kind, at(8, 24), own=False)), "what the desk does is not theirs"


def test_accepting_and_declining() -> None:
    assert signs(step("acknowledged", at(8, 5)))["declined"] == [False]
    assert signs(step("declined", at(8, 5)))["declined"] == [True]
    assert signs(step("acknowledged", at(8, 5)), step("declined", at(8, 6)))["declined"] == [True]
    assert "declined" not in signs(step("declined", at(8, 5), None, own=False))
    (sign,) = [
        each
        for each in Reading(PERIOD, CALENDAR).signs(course(step("declined", at(8, 5))))
        if each.signal == "declined"
    ]
    assert sign.stratum == ("feedback", "quantum")


def test_extensions_are_a_share_of_first_answers() -> None:
    extended = step("extended", at(8, 20), moved_to=date(2026, 8, 31))
    assert signs(extended, step("published", at(8, 28)))["extended"] == [True]
    assert signs(step("published", at(8, 20)))["extended"] == [False]
    # Who answers is not held to what another had extended.
    assert signs(extended, step("published", at(8, 28), "B"))["extended"] == [False]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # Accepted on 5 August: the tenth working day after it is the 19th.
        ((step("drafted", at(8, 19)), step("published", at(8, 26))), [False]),
        ((step("drafted", at(8, 20)),), [True]),
        ((step("published", at(8, 20)),), [True]),
        ((step("drafted", at(8, 12)), step("published", at(8, 26))), [False]),
        ((step("information_added", at(8, 18)), step("drafted", at(8, 20))), [True]),
        ((step("drafted", at(8, 18), own=False), step("drafted", at(8, 20))), [True]),
        ((step("information_requested", at(8, 6)), step("information_provided", at(9, 24))), [False]),
        ((), [True]),
    ],
)
def test_silence_after_accepting_in_time(steps: tuple[Step, ...], expected: list[bool]) -> None:
    assert signs(step("acknowledged", at(8, 5)), *steps)["silent"] == expected


def test_silence_counts_only_where_it_could_be_told_and_in_one_period() -> None:
    accepted = step("acknowledged", at(8, 5))
    assert "silent" not in signs(accepted, period=Period(date(2026, 8, 1), date(2026, 8, 19)))
    assert signs(accepted, period=Period(date(2026, 8, 1), date(2026, 8, 20)))["silent"] == [True]
    assert signs(accepted, period=Period(date(2026, 8, 20), date(2026, 9, 20)))["silent"] == [True]
    assert signs(accepted, period=Period(date(2026, 8, 21), date(2026, 9, 20)))["silent"] == [False]
    assert "silent" not in signs(step("acknowledged", at(8, 11))), "it was not accepted in time"
    answered = (accepted, step("published", at(8, 12)))
    assert "silent" not in signs(*answered, period=Period(date(2026, 8, 13), date(2026, 9, 20)))


def test_objections() -> None:
    assert signs(step("published", at(8, 20)))["reopened"] == [False]
    assert signs(step("published", at(8, 20)), step("reopened", at(9, 1)))["reopened"] == [True]
    late = Period(date(2026, 8, 21), date(2026, 9, 30))
    assert "reopened" not in signs(step("published", at(8, 20)), step("reopened", at(9, 1)), period=late)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((step("triaged", at(8, 3), None), step("assigned", at(8, 4, 23))), [False]),
        ((step("triaged", at(8, 3), None), step("assigned", at(8, 5, 0))), [True]),
        ((step("triaged", at(8, 3), None),), [True]),
        ((step("triaged", at(8, 5), None), step("assigned", at(8, 7))), []),
        ((step("assigned", at(8, 3)), step("returned", at(8, 20)), step("assigned", at(8, 28))), []),
    ],
)
def test_what_the_desk_leaves_lying(steps: tuple[Step, ...], expected: list[bool]) -> None:
    reading = Reading(PERIOD, CALENDAR)
    hits = [sign.hit for sign in reading.signs(course(*steps)) if sign.agency == DESK]
    assert hits == expected


# --- answers beside one another -----------------------------------------------------------------------


def answers(agency: str, *minutes: float, start: int = 0) -> list[Answer]:
    return [
        Answer(agency, at(8, 20) + timedelta(minutes=each), start + number, None)
        for number, each in enumerate(minutes)
    ]


def hits(found: list[Sign]) -> list[tuple[str, bool]]:
    return [(sign.agency, sign.hit) for sign in found]


def sittings(*given: Answer) -> list[tuple[str, bool]]:
    return hits([sign for sign, _ in bursts(given, DEFINITIONS.thresholds)])


def test_five_answers_within_ten_minutes_are_a_burst() -> None:
    assert sittings(*answers("A", 0, 2, 4, 6, 10)) == [("A", True)]
    assert sittings(*answers("A", 0, 2, 4, 6, 10.1)) == [("A", False)]
    assert sittings(*answers("A", 0, 2, 4, 6)) == [("A", False)]


def test_a_burst_is_found_within_a_longer_sitting_and_agencies_are_apart() -> None:
    assert sittings(*answers("A", 0, 9, 14, 15, 16, 18)) == [("A", True)]
    assert sittings(*answers("A", 0, 11, 60)) == [("A", False)] * 3
    assert sittings(*answers("A", 0, 1, 2), *answers("B", 0, 1, start=9)) == [("A", False), ("B", False)]


def test_one_text_for_different_matters() -> None:
    def answer(petition: int, text: str | None, agency: str = "A") -> Answer:
        return Answer(agency, at(8, petition), petition, text)

    given = [answer(1, "x"), answer(2, "x"), answer(3, "y"), answer(4, "x", "B"), answer(5, None)]
    assert [sign.hit for sign in repeated(given, {})] == [False, True, False, False, False]
    assert [sign.hit for sign in repeated(given, {1: 1, 2: 1})] == [False] * 5
    # An answer to the same petition again is the same matter.
    assert [sign.hit for sign in repeated([answer(1, "x"), answer(1, "x")], {})] == [False, False]
