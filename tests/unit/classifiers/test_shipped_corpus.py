"""The corpus that ships with the project: complete, valid, and without rows that nearly repeat each other."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

import classifiers
from classifiers import load_taxonomy
from classifiers.corpus import KINDS, Row, read_corpus
from classifiers.text import clean, fold, tokenise

CORPUS = Path(classifiers.__file__).parent / "corpus"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_corpus([CORPUS])


def test_it_is_large_enough_and_every_row_is_valid(rows: list[Row]) -> None:
    assert len(rows) >= 400


def test_every_topic_and_every_kind_occurs(rows: list[Row]) -> None:
    assert {topic for row in rows for topic in row.topics} == {topic.id for topic in load_taxonomy()}
    assert {row.kind for row in rows} == set(KINDS)


def test_it_has_many_authors(rows: list[Row]) -> None:
    assert len({row.group for row in rows}) >= 20


def test_no_two_rows_nearly_repeat_each_other(rows: list[Row]) -> None:
    shingles = [_shingles(row.text) for row in rows]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(shingles):
        for shingle in own:
            holders[shingle].append(number)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for numbers in holders.values():
        for place, left in enumerate(numbers):
            for right in numbers[place + 1 :]:
                shared[left, right] += 1
    alike = [
        (rows[left].text[:60], rows[right].text[:60])
        for (left, right), both in shared.items()
        if both / (len(shingles[left]) + len(shingles[right]) - both) > 0.5
    ]
    assert alike == []


def _shingles(text: str) -> set[str]:
    words = [token.norm for token in tokenise(clean(fold(text)))]
    return {" ".join(words[start : start + 3]) for start in range(max(len(words) - 2, 1))}
