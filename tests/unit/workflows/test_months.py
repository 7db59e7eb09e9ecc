"""Months of Vietnam, and who held a petition when."""

from datetime import UTC, datetime, timedelta

import pytest

from workflows.monthly import (
    COUNTS,
    DEFINITIONS,
    BadMonth,
    Custody,
    Month,
    Tally,
    holder,
    knowledge,
    last_finished,
)

NOON = datetime(2026, 9, 1, 5, tzinfo=UTC)


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2027, 1).previous == Month(2026, 12)
    for month in (Month(2026, number) for number in range(1, 13)):
        assert month.next.previous == month
        assert month.end == month.next.start
        assert Month.parse(str(month)) == month


def test_a_month_begins_at_midnight_in_vietnam() -> None:
    month = Month(2026, 3)
    assert month.start == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert month.holds(month.start)
    assert not month.holds(month.end)
    assert not month.holds(None)
    assert last_finished(month.end) == month
    assert last_finished(month.end - timedelta(microseconds=1)) == month.previous


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-00", "2026-13", "1989-12", "2026-09-01", " 2026-09", "２０２６-09"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadMonth) as refused:
        Month.parse(text)
    assert refused.value.code == "malformed"


def test_knowledge_lies_between_the_end_of_the_month_and_now() -> None:
    month = Month(2026, 8)
    assert knowledge(month, NOON) == month.end
    assert knowledge(month, NOON, NOON) == NOON
    assert knowledge(month, month.end) == month.end


def test_the_holder_is_who_led_just_before() -> None:
    first = Custody("BCA", "system", NOON, NOON + timedelta(hours=1), "not_our_competence")
    second = Custody("BKHCN", "staff:1", NOON + timedelta(hours=1), NOON + timedelta(hours=5), "close")
    for hours, held in ((0, None), (0.5, "BCA"), (1, "BCA"), (1.5, "BKHCN"), (9, "BKHCN")):
        assert holder([first, second], NOON + timedelta(hours=hours)) == held
    assert holder([first], NOON + timedelta(hours=1)) == "BCA"
    assert holder([first], NOON + timedelta(hours=2)) is None, "it was given back to the desk"
    assert holder([], NOON) is None


def test_every_figure_has_its_words_and_a_value() -> None:
    values = Tally().figures().values
    assert list(values) == [figure.name for figure in DEFINITIONS.figures]
    assert set(COUNTS) <= set(values)
    for figure in DEFINITIONS.figures:
        assert all((figure.label_vi, figure.label_en, figure.vi, figure.en))
        assert figure.form in ("count", "share", "mean")
        assert values[figure.name] == (0 if figure.form == "count" else None)
