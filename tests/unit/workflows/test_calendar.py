"""The working calendar, against a loop over the days and against the dates officials gave."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import (
    CalendarNotCovered,
    SpecialDay,
    WorkingCalendar,
    local_date,
    read_special_day,
    shipped_days,
    start_of_day,
)

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
CALENDAR = WorkingCalendar("test", FIRST, LAST, shipped_days())

# Written from the decisions on public holidays, not from the file: days on which nobody works though they are
# weekdays, and Saturdays on which people do.
OFF = {
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24",
}
MADE_UP = {date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}
HOLIDAYS = {date.fromisoformat(f"{year}-{day}") for year, days in OFF.items() for day in days.split()}

covered = st.dates(FIRST, LAST)


def works(day: date) -> bool:
    return day in MADE_UP or (day.isoweekday() <= 5 and day not in HOLIDAYS)


def test_every_day_of_the_three_years() -> None:
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        assert CALENDAR.counts(day) is works(day), day


def test_working_days_of_each_year() -> None:
    for year, number in ((2025, 250), (2026, 249), (2027, 249)):
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        assert sum(map(CALENDAR.counts, days)) == number, year


@given(covered, st.integers(0, 60))
def test_add_agrees_with_counting_day_by_day(start: date, days: int) -> None:
    day, counted = start, 0
    while counted < days and day <= LAST:
        day += timedelta(days=1)
        counted += works(day)
    if day > LAST:
        with pytest.raises(CalendarNotCovered):
            CALENDAR.add(start, days)
    else:
        assert CALENDAR.add(start, days) == day


@given(covered, covered)
def test_between_agrees_with_counting_day_by_day(one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    number = sum(works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert CALENDAR.between(start, end) == number
    assert CALENDAR.between(end, start) == -number


@given(st.dates(FIRST, date(2027, 9, 1)), st.integers(0, 60))
def test_between_undoes_add(start: date, days: int) -> None:
    end = CALENDAR.add(start, days)
    assert CALENDAR.between(start, end) == days
    assert days == 0 or CALENDAR.counts(end), "a due date is a working day"


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # year-ends: the first working days of January follow New Year and its swapped day
        ("2025-12-31", 1, "2026-01-05"),
        ("2025-12-30", 2, "2026-01-05"),
        ("2025-12-31", 6, "2026-01-10"),  # the Saturday worked for 2 January counts
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-12-24", 6, "2027-01-04"),
        # Tết
        ("2025-01-24", 1, "2025-02-03"),
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-02-17", 1, "2026-02-23"),
        ("2027-02-03", 1, "2027-02-11"),
        # holidays swapped with Saturdays
        ("2025-04-25", 1, "2025-04-26"),
        ("2025-04-29", 1, "2025-05-05"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),
        # a substitute Monday, a lone holiday, a plain weekend, nothing
        ("2026-04-24", 1, "2026-04-28"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-11-06", 1, "2026-11-09"),
        ("2026-11-07", 0, "2026-11-07"),
    ],
)
def test_known_dates(start: str, days: int, end: str) -> None:
    assert CALENDAR.add(date.fromisoformat(start), days) == date.fromisoformat(end)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_calendar_is_not_guessed(day: date) -> None:
    with pytest.raises(CalendarNotCovered) as refused:
        CALENDAR.counts(day)
    assert refused.value.day == day
    assert day.isoformat() in str(refused.value)


def test_counting_over_the_edge_is_not_guessed_either() -> None:
    with pytest.raises(CalendarNotCovered):
        CALENDAR.add(LAST, 1)
    with pytest.raises(CalendarNotCovered):
        CALENDAR.between(LAST, LAST + timedelta(days=1))
    assert CALENDAR.add(LAST, 0) == LAST


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-01T16:59:59Z", date(2026, 11, 1)),
        ("2026-11-01T17:00:00Z", date(2026, 11, 2)),
        ("2026-12-31T17:00:00Z", date(2027, 1, 1)),
        ("2026-11-02T00:00:00+09:00", date(2026, 11, 1)),
    ],
)
def test_a_date_is_one_in_vietnam(instant: str, day: date) -> None:
    assert local_date(datetime.fromisoformat(instant)) == day


@given(covered)
def test_a_day_begins_at_its_first_instant(day: date) -> None:
    begin = start_of_day(day)
    assert begin.tzinfo is UTC
    assert local_date(begin) == day
    assert local_date(begin - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 11, 2))


def test_shipped_days_are_in_order_and_none_stands_twice() -> None:
    days = [special.day for special in shipped_days()]
    assert days == sorted(set(days))
    assert all(special.source for special in shipped_days())


def test_every_swapped_day_has_its_make_up_day() -> None:
    swapped = [s for s in shipped_days() if "hoán đổi" in s.name_vi.lower()]
    made_up = [s for s in shipped_days() if s.effect == "work"]
    assert len(swapped) == len(made_up) == 3
    assert all(special.day.isoweekday() == 6 for special in made_up)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"day": "2026-11-24", "effect": "off"}, "lacks name_vi"),
        ({"day": "", "effect": "off", "name_vi": "x"}, "lacks day"),
        ({"day": "24/11/2026", "effect": "off", "name_vi": "x"}, "24/11/2026"),
        ({"day": "2026-11-24", "effect": "holiday", "name_vi": "x"}, "'off' or 'work'"),
        ({"day": "2026-11-24", "effect": "work", "name_vi": "x"}, "weekday"),
    ],
)
def test_a_bad_row_says_what_is_wrong(row: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_special_day(row)


def test_a_row_may_leave_certainty_and_source_open() -> None:
    row = {"day": "2026-11-28", "effect": "work", "name_vi": "Làm bù", "certainty": "", "source": ""}
    assert read_special_day(row) == SpecialDay(date(2026, 11, 28), "work", "Làm bù", "official", "")
