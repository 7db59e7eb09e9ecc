"""Why: the phrases of a text that spoke for an answer, cut out of it as they stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.document import Document
from classifiers.features import Features
from classifiers.heads import Floats, LinearHead
from classifiers.text import plain_word

_MOST_PHRASES = 3
_SMALLEST_SHARE_OF_BEST = 0.15
_FEWEST_LETTERS = 4
# Words that bind others together; at the end of a phrase they only look torn off.
_BINDING = frozenset(
    (
        "ai", "bị", "các", "cái", "cần", "cho", "có", "con", "của", "cũng", "đã", "đang", "để", "đến", "đều", "do",
        "được", "gì", "hay", "hơn", "khi", "không", "là", "lại", "lên", "mà", "một", "này", "nên", "như", "những", "ở",
        "phải", "qua", "ra", "rằng", "rồi", "sẽ", "sau", "tại", "thế", "theo", "thì", "tôi", "trong", "từ", "và", "vẫn",
        "về", "vì", "việc", "với", "vào", "a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or",
        "that", "the", "to", "with",
    )
)  # fmt: skip
_BINDING_PLAIN = frozenset(map(plain_word, _BINDING))


@dataclass(frozen=True, slots=True)
class Vote:
    """A label of a head whose evidence counts towards the answer, and how much."""

    head: LinearHead
    label: str
    weight: float

    def evidence(self, features: Features) -> Floats:
        """Return what each feature adds to the label beyond what it adds to labels on average."""
        weights = self.head.weights[features.indices]
        edge = weights[:, self.head.labels.index(self.label)] - weights.mean(axis=1)
        evidence: Floats = (features.values * edge * self.weight).astype(np.float64)
        return evidence


def phrases_for(document: Document, features: Features, votes: Sequence[Vote]) -> tuple[str, ...]:
    """Return at most three phrases of the text, the strongest first; none where nothing spoke for the answer.

    Neighbouring and overlapping terms that all speak for it become one phrase.
    """
    if not features.indices.size:
        return ()
    total = np.sum([vote.evidence(features) for vote in votes], axis=0)
    speaks = {
        column: score
        for column, score in zip(features.indices.tolist(), total.tolist(), strict=True)
        if score > 0
    }
    spans = [
        (term.start, term.end, speaks[column], " " in term.key)
        for term, column in zip(document.terms, features.columns, strict=True)
        if column in speaks
    ]
    # Pairs read better, so single words are for texts without a telling pair.
    telling = sorted(span[:3] for span in spans if span[3]) or sorted(
        span[:3] for span in spans if span[1] - span[0] >= _FEWEST_LETTERS
    )
    merged: list[tuple[int, int, float]] = []
    for start, end, score in telling:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2] + score)
        else:
            merged.append((start, end, score))
    return _strongest(document, merged)


def _whole(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without binding words at its ends; None where nothing else is in it."""
    first = bisect_left(document.tokens, start, key=lambda token: token.start)
    last = bisect_left(document.tokens, end, key=lambda token: token.end)
    words = list(document.tokens[first : last + 1])
    # "ve" is "về" only in a text without diacritics: elsewhere it may end a satellite ("vệ tinh").
    binding = _BINDING_PLAIN if document.text.isascii() else _BINDING
    while words and words[0].norm in binding:
        words.pop(0)
    while words and words[-1].norm in binding:
        words.pop()
    return (words[0].start, words[-1].end) if words else None


def _strongest(document: Document, spans: Sequence[tuple[int, int, float]]) -> tuple[str, ...]:
    phrases: dict[str, None] = {}
    ordered = sorted(spans, key=lambda span: (-span[2], span[0]))
    for start, end, score in ordered:
        if len(phrases) == _MOST_PHRASES or score < _SMALLEST_SHARE_OF_BEST * ordered[0][2]:
            break
        if (whole := _whole(document, start, end)) is not None:
            phrases[document.text[whole[0] : whole[1]]] = None
    return tuple(phrases)
