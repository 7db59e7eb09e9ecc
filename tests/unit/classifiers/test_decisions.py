"""Decisions as labels: their weight, and which are kept out to measure on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classifiers.decisions import WEIGHTS, Decision, digest_of, split_by_time

FIRST = datetime(2026, 3, 2, 2, tzinfo=UTC)


def decision(number: int, source: str = "overrule") -> Decision:
    return Decision(f"P{number}", f"văn bản {number}", "BCA", source, FIRST + timedelta(days=number))


@pytest.mark.parametrize("source", ["confirmation", "overrule", "transfer"])
def test_a_decision_is_a_case_with_the_weight_of_its_source(source: str) -> None:
    case = decision(1, source).case()
    assert (case.lead, case.acceptable, case.weight) == ("BCA", {"BCA"}, WEIGHTS[source])
    assert case.kind is case.topics is case.flags is None


def test_a_confirmation_counts_less_than_an_overrule() -> None:
    assert WEIGHTS["confirmation"] < WEIGHTS["overrule"] == WEIGHTS["transfer"]


def test_the_latest_fifth_is_kept_out_in_whatever_order_they_come() -> None:
    decisions = [decision(number) for number in range(100)]
    split = split_by_time(decisions[::-1])
    assert [each.petition for each in split.latest] == [f"P{number}" for number in range(80, 100)]
    assert len(split.older) == 80


def test_few_decisions_are_all_learned_from() -> None:
    split = split_by_time([decision(number) for number in range(30)])
    assert (len(split.older), split.latest) == (30, ())


def test_the_digest_tells_decisions_apart() -> None:
    assert digest_of([decision(1)]) == digest_of([decision(1)])
    assert len({digest_of([]), digest_of([decision(1)]), digest_of([decision(1, "transfer")])}) == 3
