"""A challenger is promoted only if it is better in total and worse for no larger agency."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from classifiers import Classifier, Scored
from classifiers.cases import Case
from classifiers.comparison import LARGER_AGENCY, compare


def always(**said: str) -> Classifier:
    """A classifier that says of each text what its last word stands for; `otherwise` for all others."""

    def classify(text: str, **_given: Any) -> SimpleNamespace:
        return SimpleNamespace(agencies=(Scored(said.get(text.split()[-1], said["otherwise"]), 1.0),))

    return cast(Classifier, SimpleNamespace(classify=classify))


def cases(agency: str, word: str, count: int) -> list[Case]:
    return [
        Case(f"văn bản {word}", agency, frozenset((agency,)), f"{word}{number}", f"{word}{number}")
        for number in range(count)
    ]


def test_better_in_total_is_promoted() -> None:
    found = compare(
        always(otherwise="BCA"),
        always(otherwise="BCA", land="BNNMT"),
        cases("BCA", "id", 40) + cases("BNNMT", "land", 40),
    )
    assert found.better
    assert (found.total.before, found.total.after, found.total.difference) == (0.5, 1.0, 0.5)
    assert found.total.low > 0
    assert {line.agency: line.difference for line in found.agencies} == {"BCA": 0.0, "BNNMT": 1.0}


def test_worse_for_a_larger_agency_is_not_promoted() -> None:
    found = compare(
        always(otherwise="BCA"),
        always(otherwise="BNNMT"),
        cases("BCA", "id", LARGER_AGENCY) + cases("BNNMT", "land", 80),
    )
    assert found.total.low > 0
    assert found.worse == ("BCA",)
    assert not found.better
    assert found.as_json()["worse"] == ["BCA"]


def test_a_small_agency_has_no_verdict_of_its_own() -> None:
    found = compare(
        always(otherwise="BCA"),
        always(otherwise="BNNMT"),
        cases("BCA", "id", LARGER_AGENCY - 1) + cases("BNNMT", "land", 80),
    )
    assert found.better


def test_no_difference_or_one_by_chance_is_not_promoted() -> None:
    same = always(otherwise="BCA")
    assert not compare(same, same, cases("BCA", "id", 50)).better
    luck = compare(
        same, always(otherwise="BCA", land="BNNMT"), cases("BCA", "id", 99) + cases("BNNMT", "land", 1)
    )
    assert luck.total.difference > 0
    assert not luck.better


def test_nothing_to_compare_on() -> None:
    with pytest.raises(ValueError, match="nothing"):
        compare(always(otherwise="BCA"), always(otherwise="BCA"), [])


def test_a_confirmation_does_not_count_against_a_challenger_more_than_it_can_know() -> None:
    """Where texts labelled blind say that the other agency is as right in half of the cases, so much is credited."""
    blind = [
        Case("văn bản id", "BCA", frozenset(("BCA", "BKHCN") if number % 2 else ("BCA",)), f"b{number}", "b")
        for number in range(40)
    ]
    confirmed = [replace(case, confirmed=True) for case in cases("BCA", "id", 100)]
    champion, challenger = always(otherwise="BCA"), always(otherwise="BKHCN")
    assert compare(champion, challenger, blind + confirmed).total.after == 0.5
    assert compare(champion, challenger, confirmed).total.after == 0.0, "nothing known, nothing credited"
