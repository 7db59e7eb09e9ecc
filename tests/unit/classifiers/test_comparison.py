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


def labelled_blind(lead: str, also: str) -> list[Case]:
    """Forty texts led by one agency; in half of them the other may lead as well."""
    return [
        Case("văn bản id", lead, frozenset((lead, also) if number % 2 else (lead,)), f"b{number}", "b")
        for number in range(40)
    ]


def decided(agency: str, suggested: str, count: int = 100) -> list[Case]:
    rejected = None if suggested == agency else suggested
    return [replace(case, decided=True, rejected=rejected) for case in cases(agency, "id", count)]


def test_a_confirmation_does_not_count_against_a_challenger_more_than_it_can_know() -> None:
    """Where texts labelled blind say that the other agency is as right in half of the cases, so much is credited."""
    champion, challenger = always(otherwise="BCA"), always(otherwise="BKHCN")
    confirmed = decided("BCA", "BCA")
    assert compare(champion, challenger, labelled_blind("BCA", "BKHCN") + confirmed).total.after == 0.5
    assert compare(champion, challenger, confirmed).total.after == 0.0, "nothing known, nothing credited"


def test_an_overrule_says_what_is_wrong_but_not_all_that_is_right() -> None:
    """Of the two models that missed the desk's choice, the one overruled was wrong; the other is right in half the cases."""
    champion, challenger = always(otherwise="BCA"), always(otherwise="BKHCN")
    found = compare(champion, challenger, labelled_blind("BCT", "BKHCN") + decided("BCT", "BCA")).total
    assert (found.before, found.after) == (0.0, 0.5)
    swapped = compare(challenger, champion, labelled_blind("BCT", "BKHCN") + decided("BCT", "BCA")).total
    assert (swapped.before, swapped.after) == (0.5, 0.0)
