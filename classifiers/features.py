"""Documents as numbers: TF-IDF over their terms. One implementation serves training and prediction."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.document import Document

_FEWEST_ROWS_WITH_TERM = 3


@dataclass(frozen=True, slots=True)
class Features:
    """The known terms of a document: ascending column `indices`, and `values` of length one together.

    `columns` has the column of each term of the document in its order, -1 for an unknown one.
    """

    indices: NDArray[np.int64]
    values: NDArray[np.float32]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known terms: column by term, and the inverse document frequency of each column."""

    index: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, documents: Iterable[Document], lexicon: Iterable[Document] = ()) -> Vocabulary:
        """Learn from documents. Known are the terms of at least three of them, and all terms of the `lexicon`."""
        counts: Counter[str] = Counter()
        chosen = {term.key for document in lexicon for term in document.terms}
        n_rows = 0
        for document in documents:
            counts.update({term.key for term in document.terms})
            n_rows += 1
        known = sorted(chosen | {key for key, count in counts.items() if count >= _FEWEST_ROWS_WITH_TERM})
        idf = [math.log((1 + n_rows) / (1 + counts[key])) + 1 for key in known]
        return cls({key: column for column, key in enumerate(known)}, np.asarray(idf, dtype=np.float32))

    def features(self, document: Document) -> Features:
        """Return the TF-IDF features of a document: logarithmic term frequency, unit length."""
        index = self.index
        columns = tuple([index.get(term.key, -1) for term in document.terms])
        counts = Counter(columns)
        del counts[-1]
        known = sorted(counts)
        indices = np.asarray(known, dtype=np.int64)
        frequency = np.asarray([1 + math.log(counts[column]) for column in known], dtype=np.float32)
        values = frequency * self.idf[indices]
        norm = float(np.sqrt(values @ values))
        return Features(indices, values / np.float32(norm) if norm else values, columns)


def known_words(document: Document, features: Features) -> tuple[int, int]:
    """Return how many different words the model knows, and how many the document has; numbers aside."""
    words = {
        term.key: column
        for term, column in zip(document.terms, features.columns, strict=True)
        if " " not in term.key and term.key[0] not in "@#"
    }
    return sum(column >= 0 for column in words.values()), len(words)


def matrix(rows: Sequence[Features], n_columns: int) -> Any:
    """Return the rows as a scipy CSR matrix of shape (rows, n_columns), for training."""
    from scipy.sparse import csr_matrix

    offsets = np.cumsum([0, *(row.indices.size for row in rows)])
    values = np.concatenate([row.values for row in rows]).astype(np.float64)
    indices = np.concatenate([row.indices for row in rows])
    return csr_matrix((values, indices, offsets), (len(rows), n_columns))
