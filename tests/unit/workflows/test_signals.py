"""Signs: known chances, the comparison by hand, and that it finds a habit and leaves the innocent alone."""

import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import start_of_day
from workflows.chances import at_least, higher_by_chance, significant_up_to
from workflows.signals import DEFINITIONS, DESK, BadPeriod, Finding, Period, Sign, Stratum, Tallies, judge

TODAY = date(2026, 11, 2)
AT = start_of_day(TODAY)
NAMES = tuple(signal.name for signal in DEFINITIONS.signals if signal.norm is None)


def tallied(*cells: tuple[str, str, int, int] | tuple[str, str, int, int, Stratum]) -> Tallies:
    """Tallies of (sign, agency, hits, base) and, if wanted, a stratum."""
    tallies = Tallies()
    for signal, agency, hits, base, *stratum in cells:
        for number in range(base):
            tallies.add(Sign(signal, agency, number < hits, number, AT, *stratum))
    return tallies


def finding(findings: list[Finding], agency: str) -> Finding:
    return next(each for each in findings if each.agency == agency)


# --- chances ------------------------------------------------------------------------------------------


def test_fisher_s_tea() -> None:
    # Fisher 1935: of 8 cups all 4 guessed right by chance 1/70, at least 3 by 17/70.
    assert higher_by_chance(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert higher_by_chance(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert higher_by_chance(2, 4, 2, 4) == 1.0


def test_a_fraction_of_others_is_rounded_against_the_alarm() -> None:
    assert higher_by_chance(4, 4, 0.3, 4) == higher_by_chance(4, 4, 1, 4)
    assert higher_by_chance(4, 4, 1 / 3 * 3, 4) == higher_by_chance(4, 4, 1, 4)


def test_coins() -> None:
    assert at_least(9, 10, 0.5) == pytest.approx(11 / 1024)
    assert at_least(5, 10, 0.5) == 1.0
    assert at_least(10, 10, 0.1) == pytest.approx(1e-10)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_a_chance_is_one_and_falls_with_the_count(base: int, others_base: int, data: st.DataObject) -> None:
    theirs = data.draw(st.integers(0, others_base))
    chances = [higher_by_chance(count, base, theirs, others_base) for count in range(base + 1)]
    assert all(0 <= p <= 1 for p in chances)
    assert all(after <= before + 1e-9 for before, after in pairwise(chances))


def test_what_stands_out_among_many() -> None:
    # Benjamini and Hochberg 1995, section 3.2: four of fifteen are rejected at 5 %.
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert significant_up_to(chances, 0.05) == 0.0095
    assert significant_up_to([0.5, 0.9], 0.05) < 0
    assert significant_up_to([], 0.05) < 0


# --- the comparison -----------------------------------------------------------------------------------


def test_shares_are_those_of_all_others() -> None:
    found = judge(tallied(("asked_late", "A", 8, 10), ("asked_late", "B", 3, 20), ("asked_late", "C", 1, 20)))
    first = finding(found, "A")
    assert (first.count, first.base, first.share) == (8, 10, 0.8)
    assert first.others == pytest.approx(4 / 40)
    assert first.ratio == pytest.approx(8)
    assert (first.low, first.high) == pytest.approx((0.4902, 0.9433), abs=5e-5)
    assert first.p == pytest.approx(higher_by_chance(8, 10, 4, 40))
    assert first.worth_a_look
    assert finding(found, "B").others == pytest.approx(9 / 30)
    assert [each.agency for each in found] == ["A", "B", "C"]
    assert [each.worth_a_look for each in found] == [True, False, False]


def test_a_small_base_never_calls_for_a_look() -> None:
    found = judge(tallied(("asked_late", "A", 9, 9), ("asked_late", "B", 0, 1000)))
    assert finding(found, "A").p is None
    assert not any(each.worth_a_look for each in found)
    found = judge(tallied(("asked_late", "A", 10, 10), ("asked_late", "B", 0, 1000)))
    assert finding(found, "A").worth_a_look


def test_nobody_is_compared_with_too_few() -> None:
    found = judge(tallied(("asked_late", "A", 50, 50), ("asked_late", "B", 0, 9)))
    assert not any(each.worth_a_look for each in found)
    alone = judge(tallied(("asked_late", "A", 50, 50)))
    assert finding(alone, "A").others is None
    assert finding(alone, "A").ratio is None


def test_a_difference_that_is_sure_but_slight_is_let_be() -> None:
    found = judge(tallied(("asked_late", "A", 1200, 4000), ("asked_late", "B", 1000, 4000)))
    first = finding(found, "A")
    assert first.p is not None
    assert first.p < 1e-6
    assert not first.worth_a_look


def test_declining_is_compared_like_with_like() -> None:
    """An agency that is sent much of what everybody declines is as expected; declining all the same is not."""
    often, seldom = ("question", "quantum"), ("question", "space")
    found = judge(
        tallied(
            ("declined", "A", 30, 40, often),
            ("declined", "A", 0, 10, seldom),
            ("declined", "B", 75, 100, often),
            ("declined", "B", 2, 400, seldom),
            ("declined", "C", 30, 60, seldom),
        )
    )
    first = finding(found, "A")
    assert first.others == pytest.approx((40 * 75 / 100 + 10 * 32 / 460) / 50)
    assert not first.worth_a_look
    # C has nothing that others often decline, so only its own field speaks for it.
    assert finding(found, "C").others == pytest.approx(2 / 410)
    assert finding(found, "C").worth_a_look


def test_where_others_have_too_few_like_cases_coarser_ones_speak() -> None:
    found = judge(
        tallied(
            ("declined", "A", 10, 20, ("question", "quantum")),
            ("declined", "B", 9, 9, ("question", "quantum")),
            ("declined", "B", 1, 11, ("question", "space")),
            ("declined", "B", 0, 80, ("feedback", "space")),
        )
    )
    assert finding(found, "A").others == pytest.approx(10 / 20)


def test_the_desk_is_held_against_a_norm() -> None:
    norm = next(signal.norm for signal in DEFINITIONS.signals if signal.name == "desk_late")
    assert norm is not None
    late = finding(judge(tallied(("desk_late", DESK, 40, 100))), DESK)
    assert (late.others, late.worth_a_look) == (norm, True)
    assert not finding(judge(tallied(("desk_late", DESK, 12, 100))), DESK).worth_a_look


# --- fairness -----------------------------------------------------------------------------------------


@given(
    st.integers(1, 60).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))),
    st.integers(1, 12),
    st.dictionaries(st.sampled_from(NAMES), st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
    st.sampled_from(NAMES),
)
def test_an_agency_that_does_as_the_others_is_never_named(
    own: tuple[int, int], others: int, elsewhere: dict[str, tuple[int, int]], name: str
) -> None:
    count, base = own
    tallies = tallied(*((name, f"AG-{number}", count, base) for number in range(others + 1)))
    for signal, (hits, misses) in elsewhere.items():
        if signal != name:
            for agency, share in (("X", hits), ("Y", 0)):
                for number in range(hits + misses):
                    tallies.add(Sign(signal, agency, number < share, number, AT))
    assert not [each for each in judge(tallies) if each.signal == name and each.worth_a_look]


def drawn(chance: random.Random, agencies: int, spread: float | None) -> list[Finding]:
    """Agencies of all sizes whose shares are the same (``spread`` None) or drawn from one distribution."""
    tallies = Tallies()
    for name in NAMES:
        share = chance.choice((0.02, 0.1, 0.3, 0.6))
        for number in range(agencies):
            own = share if spread is None else chance.betavariate(share * spread, (1 - share) * spread)
            for case in range(chance.choice((3, 12, 40, 150))):
                tallies.add(Sign(name, f"AG-{number}", chance.random() < own, case, AT))
    return judge(tallies)


@pytest.mark.parametrize(("spread", "allowed"), [(None, 0.002), (50.0, 0.02), (10.0, 0.05)])
def test_agencies_of_one_mould_are_hardly_ever_named(spread: float | None, allowed: float) -> None:
    """Even where honest agencies differ: with a spread of 10, shares around 30 % lie between 5 % and 60 %."""
    chance = random.Random(57)
    found = [each for _ in range(12) for each in drawn(chance, 30, spread)]
    assert len(found) > 4000
    assert sum(each.worth_a_look for each in found) <= allowed * len(found)


def test_no_false_name_in_nineteen_of_twenty_periods() -> None:
    chance = random.Random(58)
    periods = [drawn(chance, 20, None) for _ in range(60)]
    assert sum(any(each.worth_a_look for each in found) for found in periods) <= 0.05 * len(periods)


@pytest.mark.parametrize("name", NAMES)
def test_a_habit_is_found(name: str) -> None:
    """An agency that does it in half its cases, where 29 others do it in one of eight; at least nine times in ten."""
    chance, found = random.Random(59), 0
    for _ in range(20):
        tallies = Tallies()
        for number in range(30):
            share = 0.5 if number == 7 else 0.125
            for case in range(40):
                tallies.add(Sign(name, f"AG-{number}", chance.random() < share, case, AT))
                tallies.add(Sign("other", f"AG-{number}", chance.random() < 0.1, case, AT))
        named = [each.agency for each in judge(tallies) if each.worth_a_look]
        assert set(named) <= {"AG-7"}
        found += named == ["AG-7"]
    assert found >= 18


# --- the period and the words -------------------------------------------------------------------------


def test_the_period_is_ninety_days_that_ended_yesterday() -> None:
    period = Period.parse("", "", TODAY)
    assert period == Period(date(2026, 8, 4), date(2026, 11, 1))
    assert (period.last - period.first).days == 89
    assert period.end == start_of_day(TODAY)
    assert period.holds(period.start)
    assert not period.holds(period.end)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-13-01", "", "malformed"),
        ("x" * 4000, "", "malformed"),
        ("0001-01-01", "0001-01-01", "malformed"),
        ("", "0001-01-01", "malformed"),
        ("2026-10-02", "2026-10-01", "backwards"),
        ("2026-10-02", "2026-11-02", "not_over"),
        ("2025-10-01", "2026-10-02", "too_long"),
    ],
)
def test_a_period_that_will_not_do(first: str, last: str, code: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        Period.parse(first, last, TODAY)
    assert caught.value.code == code


def test_words_say_the_numbers_that_are_counted_by() -> None:
    for signal in DEFINITIONS.signals:
        for text in (signal.what_vi, signal.what_en):
            assert not set("{}") & set(text)
    assert "10 ngày làm việc liền" in next(s.what_vi for s in DEFINITIONS.signals if s.name == "silent")
    assert len({signal.name for signal in DEFINITIONS.signals}) == len(DEFINITIONS.signals) == 15
