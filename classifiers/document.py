"""A text made ready to be judged: cleaned, cut into words, its names set apart, its terms without diacritics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from classifiers.legacy_encodings import to_unicode
from classifiers.mentions import mentions_in
from classifiers.shorthand import written_out
from classifiers.text import Token, clean, plain_word, tokenise

MAX_CHARACTERS: Final = 20_000
# "178/2024": the number of a decree or circular tells more than any word of it.
_NUMBER_OF_LAW: Final = re.compile(r"\b(\d{1,4})/((?:19|20)\d\d)\b")


class Term(NamedTuple):
    """A word, a pair of neighbouring words or a signal, and where it stands in the cleaned text."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text made ready: cleaned (at most `MAX_CHARACTERS`), with its words and terms."""

    text: str
    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]
    truncated: bool


def read_document(text: str) -> Document:
    """Return the document of any text.

    Terms have no diacritics, so a text typed without any has the very same ones. Word pairs cross neither
    punctuation nor a name.
    """
    cleaned = clean(to_unicode(text[:MAX_CHARACTERS]))
    tokens = tokenise(cleaned)
    terms = [
        Term(f"{match[1]}/{match[2]}", match.start(), match.end())
        for match in _NUMBER_OF_LAW.finditer(cleaned)
    ]
    start = 0
    for mention in mentions_in(cleaned, tokens):
        terms.extend(_terms(cleaned, tokens[start : mention.first]))
        if mention.signal:
            terms.append(Term(mention.signal, tokens[mention.first].start, tokens[mention.last - 1].end))
        start = mention.last
    terms.extend(_terms(cleaned, tokens[start:]))
    return Document(cleaned, tuple(tokens), tuple(terms), len(text) > MAX_CHARACTERS)


def _terms(cleaned: str, tokens: Sequence[Token]) -> Iterator[Term]:
    words = [Term(plain_word(token.norm), token.start, token.end) for token in written_out(tokens)]
    yield from words
    for left, right in pairwise(words):
        # Words written out of one shorthand stand at the same place.
        if left.start == right.start or cleaned[left.end : right.start].isspace():
            yield Term(f"{left.key} {right.key}", left.start, right.end)
