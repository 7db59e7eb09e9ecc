"""Fitting the linear heads with scikit-learn, which is imported here only: prediction does without it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.cases import Case
from classifiers.corpus import KINDS, SUBMITTER_KINDS
from classifiers.document import Document, read_document
from classifiers.features import Vocabulary, matrix
from classifiers.heads import Context, LinearHead
from classifiers.lexicon import Entry, entries
from classifiers.provinces import without_province
from classifiers.taxonomy import load_taxonomy

INVERSE_REGULARISATION = 100.0
_MAX_ITERATIONS = 60
_TOLERANCE = 1e-3
_LEAD_SHARE = 0.8
# A phrase of the routing table is shorter than a petition and purer.
_LEXICON_WEIGHT = 2.0
_NEVER_SEEN = -10.0
# How much the routing table's line for a topic weighs against rows of that topic.
_LEAD_ROWS, _ALTERNATE_ROWS, _COOP_ROWS = 3.0, 1.0, 0.2
# Imaginary rows of average kind that keep a small agency's leaning small.
_AVERAGE_ROWS = 10.0


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled case with its text made ready."""

    case: Case
    document: Document

    @classmethod
    def of(cls, case: Case) -> Example:
        """Read the case's text."""
        return cls(case, read_document(case.text))

    @property
    def lead(self) -> str:
        """The agency that leads, any province's committee as UBNDT."""
        return without_province(self.case.lead)

    @property
    def acceptable(self) -> frozenset[str]:
        """The agencies that may lead, any province's committee as UBNDT."""
        return frozenset(without_province(code) for code in self.case.acceptable)


@dataclass(frozen=True, slots=True)
class Heads:
    """What is learned from labelled cases before calibration. `table` has shape (topics, agencies)."""

    vocabulary: Vocabulary
    kind: LinearHead
    topics: LinearHead
    agency: LinearHead
    flags: LinearHead
    table: NDArray[np.float32]
    context: Context


def topic_ids() -> tuple[str, ...]:
    """Return the topics in the order of every array over topics."""
    return tuple(topic.id for topic in load_taxonomy())


def agencies_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the agencies that can be suggested: those of the cases and those of the routing table, sorted."""
    codes = {code for example in examples for code in example.acceptable}
    for topic in load_taxonomy():
        codes |= {topic.lead, *topic.coop, *(alternate.lead for alternate in topic.alternates)}
    return tuple(sorted({without_province(code) for code in codes}))


def fit_heads(
    examples: Sequence[Example], agencies: tuple[str, ...], flags: tuple[str, ...], seed: int
) -> Heads:
    """Fit every head on the examples that have its label; topics and agency also on the routing table's phrases."""
    lexicon = entries()
    documents = [example.document for example in examples]
    vocabulary = Vocabulary.fit(documents, lexicon=(entry.document for entry in lexicon))
    features = [vocabulary.features(document) for document in (*documents, *(e.document for e in lexicon))]
    taught = matrix(features, len(vocabulary.index))
    return Heads(
        vocabulary=vocabulary,
        kind=_fit_kind(taught, examples, seed),
        topics=_fit_topics(taught, examples, lexicon, seed),
        agency=_fit_agency(taught, examples, lexicon, agencies, seed),
        flags=_fit_flags(taught, examples, flags, seed),
        table=_routing_shares(examples, agencies),
        context=_context(examples, agencies),
    )


def _fit_kind(taught: Any, examples: Sequence[Example], seed: int) -> LinearHead:
    lines = [line for line, example in enumerate(examples) if example.case.kind is not None]
    targets = [{str(examples[line].case.kind): 1.0} for line in lines]
    return _fit_alternatives(taught[lines], targets, KINDS, seed)


def _fit_topics(taught: Any, examples: Sequence[Example], lexicon: Sequence[Entry], seed: int) -> LinearHead:
    lines = [line for line, example in enumerate(examples) if example.case.topics is not None]
    targets = [(example.case.topics or ()) for example in (examples[line] for line in lines)]
    lines += range(len(examples), len(examples) + len(lexicon))
    targets += [(entry.topic,) for entry in lexicon]
    weights = np.r_[np.ones(len(lines) - len(lexicon)), np.full(len(lexicon), _LEXICON_WEIGHT)]
    return _fit_yes_or_no(taught[lines], targets, topic_ids(), weights, seed)


def _fit_agency(
    taught: Any, examples: Sequence[Example], lexicon: Sequence[Entry], agencies: tuple[str, ...], seed: int
) -> LinearHead:
    targets = [
        {code: example.case.weight * share for code, share in _shared_out(example).items()}
        for example in examples
    ]
    targets += [{entry.lead: _LEXICON_WEIGHT} for entry in lexicon]
    return _fit_alternatives(taught, targets, agencies, seed)


def _fit_flags(taught: Any, examples: Sequence[Example], flags: tuple[str, ...], seed: int) -> LinearHead:
    lines = [line for line, example in enumerate(examples) if example.case.flags is not None]
    targets = [tuple(examples[line].case.flags or ()) for line in lines]
    return _fit_yes_or_no(taught[lines], targets, flags, np.ones(len(lines)), seed)


def _shared_out(example: Example) -> dict[str, float]:
    """Return the weights of the agencies, which sum to one: most for the lead, the rest for who else may."""
    others = sorted(example.acceptable - {example.lead})
    if not others:
        return {example.lead: 1.0}
    return {example.lead: _LEAD_SHARE} | {code: (1 - _LEAD_SHARE) / len(others) for code in others}


def _fit_alternatives(
    inputs: Any, targets: Sequence[dict[str, float]], labels: tuple[str, ...], seed: int
) -> LinearHead:
    """Fit a softmax head; of several labels of a line each counts by its weight."""
    picks = [(line, label, weight) for line, target in enumerate(targets) for label, weight in target.items()]
    lines, names, weights = zip(*picks, strict=True)
    seen = sorted(set(names))
    head_weights = np.zeros((inputs.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER_SEEN, dtype=np.float32)
    columns = [labels.index(name) for name in seen]
    if len(seen) == 1:
        bias[columns] = 0
        return LinearHead(labels, head_weights, bias)
    model = _fitted(inputs[list(lines)], np.asarray(names), np.asarray(weights), "lbfgs", seed)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(seen) == 2:
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.r_[-intercepts, intercepts] / 2
    head_weights[:, columns] = coefficients.T
    bias[columns] = intercepts
    return LinearHead(labels, head_weights, bias)


def _fit_yes_or_no(
    inputs: Any,
    targets: Sequence[tuple[str, ...]],
    labels: tuple[str, ...],
    weights: NDArray[np.float64],
    seed: int,
) -> LinearHead:
    """Fit one logistic regression a label; a label without any example stays unlikely."""
    head_weights = np.zeros((inputs.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER_SEEN, dtype=np.float32)
    for column, label in enumerate(labels):
        truth = np.asarray([label in target for target in targets])
        if 0 < truth.sum() < truth.size:
            model = _fitted(inputs, truth, weights, "liblinear", seed)
            head_weights[:, column] = model.coef_[0]
            bias[column] = model.intercept_[0]
    return LinearHead(labels, head_weights, bias)


def _fitted(inputs: Any, truth: NDArray[Any], weights: NDArray[np.float64], solver: str, seed: int) -> Any:
    """Return a fitted logistic regression."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=INVERSE_REGULARISATION, max_iter=_MAX_ITERATIONS, tol=_TOLERANCE, solver=solver, random_state=seed
    )
    with warnings.catch_warnings():
        # Stopping early is regularisation here, not a fault to report at every set-up.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(inputs, truth, sample_weight=weights)


def _routing_shares(examples: Sequence[Example], agencies: tuple[str, ...]) -> NDArray[np.float32]:
    """Return, for each topic, the share of its petitions that each agency leads: table and cases together."""
    column = {code: number for number, code in enumerate(agencies)}
    counts = np.zeros((len(topic_ids()), len(agencies)))
    for line, topic in enumerate(load_taxonomy()):
        counts[line, column[topic.lead]] += _LEAD_ROWS
        for alternate in topic.alternates:
            counts[line, column[alternate.lead]] += _ALTERNATE_ROWS
        for code in topic.coop:
            counts[line, column[without_province(code)]] += _COOP_ROWS
    for example in examples:
        if example.case.topics:
            counts[topic_ids().index(example.case.topics[0]), column[example.lead]] += 1
    shares: NDArray[np.float32] = (counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def _context(examples: Sequence[Example], agencies: tuple[str, ...]) -> Context:
    """Return how kinds of petitions and of submitters lean towards agencies."""
    return Context(
        by_kind=_leaning([(e.case.kind, e.lead) for e in examples], KINDS, agencies),
        by_submitter=_leaning([(e.case.submitter_kind, e.lead) for e in examples], SUBMITTER_KINDS, agencies),
    )


def _leaning(
    pairs: Sequence[tuple[str | None, str]], lines: tuple[str, ...], agencies: tuple[str, ...]
) -> NDArray[np.float32]:
    """Return log P(line | agency) / P(line), shape (lines, agencies), damped towards 0 for rare agencies."""
    counts = np.zeros((len(lines), len(agencies)))
    column = {code: number for number, code in enumerate(agencies)}
    for line, agency in pairs:
        if line is not None:
            counts[lines.index(line), column[agency]] += 1
    usual = (counts.sum(axis=1, keepdims=True) + 1) / (counts.sum() + len(lines))
    shares = (counts + _AVERAGE_ROWS * usual) / (counts.sum(axis=0) + _AVERAGE_ROWS)
    leaning: NDArray[np.float32] = np.log(shares / usual).astype(np.float32)
    return leaning
