"""Whether copies are found again among a hundred thousand texts, and what a search costs as their number grows.

The texts are the corpus and, beside it, texts that a chain of the corpus' word pairs makes up: no two alike, but with the
same vocabulary and the same turns of phrase, which is what makes it hard. Copies of corpus texts are perturbed in four ways.
"""

from __future__ import annotations

import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import classifiers
from classifiers.corpus import read_corpus
from classifiers.near_duplicates import NearDuplicates
from classifiers.text import drop_diacritics

CORPUS = Path(classifiers.__file__).parent / "corpus"
SIZES = (10_000, 100_000)
ASKED = 500
_LETTERS = "abcdeghiklmnopqrstuvxy"


def main() -> None:
    """Measure and print."""
    chance = random.Random(57)
    texts = [row.text for row in read_corpus([CORPUS])]
    asked = chance.sample(range(len(texts)), ASKED)
    index: NearDuplicates[int] = NearDuplicates()
    make = _chain(texts, chance)
    number, base = 0, 0.0
    print(f"{'texts':>8} {'copies':<12} {'recall@5':>9} {'precision':>10} {'ms a search':>12} {'x first':>8}")
    for size in SIZES:
        started = time.perf_counter()
        while number < size:
            index.add(number, texts[number] if number < len(texts) else make())
            number += 1
        adding = (time.perf_counter() - started) / size
        for name, perturb in _perturbations(texts, chance).items():
            found = right = shown = 0
            started = time.perf_counter()
            for each in asked:
                alike = [alike.id for alike in index.find(perturb(texts[each]), most=5)]
                found += each in alike
                right += sum(id_ == each for id_ in alike)
                shown += len(alike)
            seconds = (time.perf_counter() - started) / ASKED
            base = base or seconds
            print(
                f"{size:>8} {name:<12} {found / ASKED:>9.3f} {right / max(shown, 1):>10.3f} {seconds * 1000:>12.2f} "
                f"{seconds / base:>8.1f}"
            )
        print(f"{'':>8} adding one text {adding * 1000:.2f} ms")


def _chain(texts: Sequence[str], chance: random.Random) -> Callable[[], str]:
    """Return a maker of texts: each word follows one that it follows somewhere in the corpus."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    every: list[str] = []
    for text in texts:
        words = text.split()
        every += words
        for word, after in pairwise(words):
            following[word].append(after)

    def make() -> str:
        words = [chance.choice(every)]
        for _ in range(chance.choice((24, 40, 60, 90, 140))):
            after = following[words[-1]]
            words.append(chance.choice(after if after and chance.random() < 0.9 else every))
        return " ".join(words)

    return make


def _perturbations(texts: Sequence[str], chance: random.Random) -> dict[str, Callable[[str], str]]:
    """Return the four ways in which a copy differs."""

    def other_word() -> str:
        return chance.choice(chance.choice(texts).split())

    def typo(word: str) -> str:
        if len(word) < 3:
            return word
        at, kind = chance.randrange(len(word) - 1), chance.random()
        if kind < 0.4:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + ("" if kind < 0.7 else chance.choice(_LETTERS)) + word[at + 1 :]

    def edited(text: str) -> str:
        words: list[str] = []
        for word in text.split():
            kind = chance.random() / 0.3
            if kind >= 1:
                words.append(word)
            elif kind >= 0.4:
                words += [other_word()] if kind < 0.8 else [word, other_word()]
        return " ".join(words)

    def reordered(text: str) -> str:
        pieces = re.split(r"(?<=[.;!?,])\s+", text)
        chance.shuffle(pieces)
        return " ".join(pieces)

    return {
        "no marks": drop_diacritics,
        "typos 12 %": lambda text: " ".join(
            typo(word) if chance.random() < 0.12 else word for word in text.split()
        ),
        "reordered": reordered,
        "edits 30 %": edited,
    }
