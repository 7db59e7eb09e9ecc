"""Honest figures: the interval against known values, the bounds against every way silence could have spoken."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.satisfaction import Satisfaction, summarise, wilson

counts = st.dictionaries(st.integers(1, 5), st.integers(0, 50))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        # one answer says almost nothing
        (1, 1, 0.2065, 1.0),
        (0, 1, 0.0, 0.7935),
    ],
)
def test_known_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_mirrors(pair: tuple[int, int]) -> None:
    successes, trials = pair
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


def test_more_answers_make_it_narrower() -> None:
    widths = [high - low for low, high in (wilson(n // 2, n) for n in (2, 10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)


def test_figures_of_a_small_agency() -> None:
    given_figures = summarise(10, {5: 2, 4: 1, 3: 1, 1: 1})
    assert given_figures == Satisfaction(
        sent=10,
        answered=5,
        mean_rating=3.6,
        satisfied=3,
        share=0.6,
        low=wilson(3, 5)[0],
        high=wilson(3, 5)[1],
        response_rate=0.5,
        worst=0.3,
        best=0.8,
    )


def test_nobody_asked_and_nobody_answered() -> None:
    assert summarise(0, {}) == Satisfaction(0, 0, None, 0, None, None, None, None, None, None)
    assert summarise(7, {}) == Satisfaction(7, 0, None, 0, None, None, None, 0.0, 0.0, 1.0)
    assert summarise(7, {4: 0, 5: 0}) == summarise(7, {})


@given(counts, st.integers(0, 40))
def test_figures_stay_in_bounds(ratings: dict[int, int], silent: int) -> None:
    figures = summarise(sum(ratings.values()) + silent, ratings)
    if figures.share is None:
        return
    assert figures.worst is not None
    assert figures.best is not None
    assert figures.low is not None
    assert figures.high is not None
    assert 0 <= figures.worst <= figures.share <= figures.best <= 1 + 1e-12
    assert figures.low <= figures.share <= figures.high
    assert figures.mean_rating is not None
    assert 1 <= figures.mean_rating <= 5
    if silent == 0:
        assert figures.worst == figures.share == figures.best


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 6)), st.integers(0, 4))
def test_however_the_silent_would_have_answered_the_share_lies_within(
    ratings: dict[int, int], silent: int
) -> None:
    sent = sum(ratings.values()) + silent
    if not sent:
        return
    figures = summarise(sent, ratings)
    shares = []
    for answers in product(range(1, 6), repeat=silent):
        complete = {rating: ratings.get(rating, 0) + answers.count(rating) for rating in range(1, 6)}
        share = summarise(sent, complete).share
        assert share is not None
        shares.append(share)
    assert (min(shares), max(shares)) == pytest.approx((figures.worst, figures.best)), "the bounds are sharp"
