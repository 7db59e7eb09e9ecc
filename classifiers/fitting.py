"""Fitting the linear heads with scikit-learn, which is imported here only: prediction does without it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import KINDS, Row
from classifiers.features import Document, Vocabulary, matrix, read_document
from classifiers.heads import LinearHead
from classifiers.lexicon import entries
from classifiers.provinces import without_province
from classifiers.taxonomy import load_taxonomy
from classifiers.text import drop_diacritics

INVERSE_REGULARISATION = 30.0
_MAX_ITERATIONS = 30
_TOLERANCE = 1e-3
_PRIMARY_TOPIC_SHARE = 0.7
_LEAD_SHARE = 0.8
# A phrase of the routing table is shorter than a petition and purer.
_LEXICON_WEIGHT = 2.0
_NEVER_SEEN = -10.0
# How much the routing table's line for a topic weighs against rows of that topic.
_LEAD_ROWS, _ALTERNATE_ROWS, _COOP_ROWS = 3.0, 1.0, 0.2


@dataclass(frozen=True, slots=True)
class Example:
    """A row with its text as typed and as it would stand without diacritics."""

    row: Row
    typed: Document
    bare: Document

    @classmethod
    def of(cls, row: Row) -> Example:
        """Read the row's text both ways."""
        return cls(row, read_document(row.text), read_document(drop_diacritics(row.text)))

    @property
    def acceptable(self) -> frozenset[str]:
        """The agencies that may lead, any province's committee as UBNDT."""
        return frozenset(without_province(code) for code in self.row.acceptable)


@dataclass(frozen=True, slots=True)
class Heads:
    """What is learned from labelled rows before calibration. `table` has shape (topics, agencies)."""

    vocabulary: Vocabulary
    kind: LinearHead
    topics: LinearHead
    agency: LinearHead
    flags: LinearHead
    table: NDArray[np.float32]


def topic_ids() -> tuple[str, ...]:
    """Return the topics in the order of every array over topics."""
    return tuple(topic.id for topic in load_taxonomy())


def agencies_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the agencies that can be suggested: those of the rows and those of the routing table, sorted."""
    codes = {code for example in examples for code in example.acceptable}
    for topic in load_taxonomy():
        codes |= {topic.lead, *topic.coop, *(alternate.lead for alternate in topic.alternates)}
    return tuple(sorted({without_province(code) for code in codes}))


def fit_heads(
    examples: Sequence[Example], agencies: tuple[str, ...], flags: tuple[str, ...], seed: int
) -> Heads:
    """Fit every head on the examples, each seen twice: as typed and without diacritics.

    Topics and agency also learn from the phrases of the routing table.
    """
    lexicon = entries()
    petitions = [(example.typed, example.bare) for example in examples]
    phrases = [(entry.typed, entry.bare) for entry in lexicon]
    vocabulary = Vocabulary.fit(petitions, lexicon=chain.from_iterable(phrases))
    features = [vocabulary.features(document) for pair in petitions + phrases for document in pair]
    taught = matrix(features, len(vocabulary.index))
    inputs = taught[: 2 * len(examples)]
    rows = [example.row for example in examples]
    topic_targets = [_shared_out(row.topics[:1], row.topics[1:], _PRIMARY_TOPIC_SHARE) for row in rows]
    agency_targets = [
        _shared_out((lead := without_province(item.row.lead),), tuple(item.acceptable - {lead}), _LEAD_SHARE)
        for item in examples
    ]
    topic_targets += [{entry.topic: _LEXICON_WEIGHT} for entry in lexicon]
    agency_targets += [{entry.lead: _LEXICON_WEIGHT} for entry in lexicon]
    return Heads(
        vocabulary=vocabulary,
        kind=_fit_alternatives(inputs, [{row.kind: 1.0} for row in rows], KINDS, seed),
        topics=_fit_alternatives(taught, topic_targets, topic_ids(), seed),
        agency=_fit_alternatives(taught, agency_targets, agencies, seed),
        flags=_fit_yes_or_no(inputs, [row.flags for row in rows], flags, seed),
        table=_routing_shares(rows, agencies),
    )


def _shared_out(first: tuple[str, ...], rest: tuple[str, ...], share: float) -> dict[str, float]:
    """Return label weights that sum to one: `share` for the first, the remainder spread over the rest."""
    if not rest:
        return {first[0]: 1.0}
    return {first[0]: share} | {label: (1 - share) / len(rest) for label in sorted(rest)}


def _fit_alternatives(
    inputs: Any, targets: Sequence[dict[str, float]], labels: tuple[str, ...], seed: int
) -> LinearHead:
    """Fit a softmax head. `inputs` has two lines a row; of several labels each counts by its weight."""
    picks = [
        (line, label, weight)
        for number, target in enumerate(targets)
        for label, weight in target.items()
        for line in (2 * number, 2 * number + 1)
    ]
    lines, names, weights = zip(*picks, strict=True)
    seen = sorted(set(names))
    head_weights = np.zeros((inputs.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER_SEEN, dtype=np.float32)
    columns = [labels.index(name) for name in seen]
    if len(seen) == 1:
        bias[columns] = 0
        return LinearHead(labels, head_weights, bias)
    model = _fitted(inputs[list(lines)], np.asarray(names), np.asarray(weights), seed)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(seen) == 2:
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.r_[-intercepts, intercepts] / 2
    head_weights[:, columns] = coefficients.T
    bias[columns] = intercepts
    return LinearHead(labels, head_weights, bias)


def _fit_yes_or_no(
    inputs: Any, targets: Sequence[tuple[str, ...]], labels: tuple[str, ...], seed: int
) -> LinearHead:
    """Fit one logistic regression a label; a label without any example stays unlikely."""
    head_weights = np.zeros((inputs.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER_SEEN, dtype=np.float32)
    for column, label in enumerate(labels):
        truth = np.repeat([label in target for target in targets], 2)
        if 0 < truth.sum() < truth.size:
            model = _fitted(inputs, truth, None, seed)
            head_weights[:, column] = model.coef_[0]
            bias[column] = model.intercept_[0]
    return LinearHead(labels, head_weights, bias)


def _fitted(inputs: Any, truth: NDArray[Any], weights: NDArray[np.float64] | None, seed: int) -> Any:
    """Return a fitted logistic regression."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=INVERSE_REGULARISATION, max_iter=_MAX_ITERATIONS, tol=_TOLERANCE, random_state=seed
    )
    with warnings.catch_warnings():
        # Stopping early is regularisation here, not a fault to report at every set-up.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(inputs, truth, sample_weight=weights)


def _routing_shares(rows: Sequence[Row], agencies: tuple[str, ...]) -> NDArray[np.float32]:
    """Return, for each topic, the share of its petitions that each agency leads: table and rows together."""
    column = {code: number for number, code in enumerate(agencies)}
    counts = np.zeros((len(topic_ids()), len(agencies)))
    for line, topic in enumerate(load_taxonomy()):
        counts[line, column[topic.lead]] += _LEAD_ROWS
        for alternate in topic.alternates:
            counts[line, column[alternate.lead]] += _ALTERNATE_ROWS
        for code in topic.coop:
            counts[line, column[without_province(code)]] += _COOP_ROWS
    for row in rows:
        counts[topic_ids().index(row.topics[0]), column[without_province(row.lead)]] += 1
    shares: NDArray[np.float32] = (counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
