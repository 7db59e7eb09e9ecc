"""Text as numbers: TF-IDF over words and word pairs. One implementation serves training and prediction."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.text import Token, clean, tokenise

MAX_CHARACTERS = 20_000
_MIN_ROWS_WITH_TERM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a pair of neighbouring words, and where it stands in the cleaned text."""

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


@dataclass(frozen=True, slots=True)
class Features:
    """The known terms of a document: ascending column `indices`, and `values` of length one together."""

    indices: NDArray[np.int64]
    values: NDArray[np.float32]


def read_document(text: str) -> Document:
    """Return the document of any text. Word pairs do not cross punctuation."""
    cleaned = clean(text[:MAX_CHARACTERS])
    tokens = tokenise(cleaned)
    terms = [Term(token.norm, token.start, token.end) for token in tokens]
    for left, right in pairwise(tokens):
        if cleaned[left.end : right.start].isspace():
            terms.append(Term(f"{left.norm} {right.norm}", left.start, right.end))
    return Document(cleaned, tuple(tokens), tuple(terms), len(text) > MAX_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known terms: column by term, and the inverse document frequency of each column."""

    index: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, rows: Iterable[Iterable[Document]], lexicon: Iterable[Document] = ()) -> Vocabulary:
        """Learn from rows, each given as its variants (as typed, without diacritics): one count a term.

        Known are the terms of at least three rows, and all terms of the `lexicon`.
        """
        counts: Counter[str] = Counter()
        chosen = {term.key for document in lexicon for term in document.terms}
        n_rows = 0
        for variants in rows:
            counts.update({term.key for document in variants for term in document.terms})
            n_rows += 1
        known = sorted(chosen | {key for key, count in counts.items() if count >= _MIN_ROWS_WITH_TERM})
        idf = [math.log((1 + n_rows) / (1 + counts[key])) + 1 for key in known]
        return cls({key: column for column, key in enumerate(known)}, np.asarray(idf, dtype=np.float32))

    def features(self, document: Document) -> Features:
        """Return the TF-IDF features of a document: logarithmic term frequency, unit length."""
        index = self.index
        counts = Counter(column for term in document.terms if (column := index.get(term.key)) is not None)
        columns = sorted(counts)
        indices = np.asarray(columns, dtype=np.int64)
        frequency = np.asarray([1 + math.log(counts[column]) for column in columns], dtype=np.float32)
        values = frequency * self.idf[indices]
        norm = float(np.sqrt(values @ values))
        return Features(indices, values / np.float32(norm) if norm else values)

    def known_words(self, document: Document) -> tuple[int, int]:
        """Return how many different words the model knows, and how many the document has; numbers aside."""
        words = {token.norm for token in document.tokens if token.norm != "#"}
        return sum(word in self.index for word in words), len(words)


def matrix(rows: Sequence[Features], n_columns: int) -> Any:
    """Return the rows as a scipy CSR matrix of shape (rows, n_columns), for training."""
    from scipy.sparse import csr_matrix

    offsets = np.cumsum([0, *(row.indices.size for row in rows)])
    values = np.concatenate([row.values for row in rows]).astype(np.float64)
    indices = np.concatenate([row.indices for row in rows])
    return csr_matrix((values, indices, offsets), (len(rows), n_columns))
