"""Fitting the linear heads with scikit-learn, which is imported here only: prediction does without it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

COST_OF_ERRORS = 1.0
_MAX_ITERATIONS = 2_000
_TOLERANCE = 1e-3
# An agency that could lead as well as the one that does: a faint example of it.
_ACCEPTABLE_WEIGHT = 0.1
# A phrase of the routing table is shorter than a petition and purer.
_LEXICON_WEIGHT = 1.0
_NEVER_SEEN = -2.0
_FEWEST_EXAMPLES = 3
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
class Lesson:
    """What is taught: examples, then the phrases of the routing table, one line of `inputs` each."""

    examples: tuple[Example, ...]
    lexicon: tuple[Entry, ...]
    vocabulary: Vocabulary
    inputs: Any

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Lesson:
        """Prepare the lesson of these examples."""
        lexicon = entries()
        phrases = [entry.document for entry in lexicon]
        documents = [example.document for example in examples]
        vocabulary = Vocabulary.fit(documents, lexicon=phrases)
        features = [vocabulary.features(document) for document in (*documents, *phrases)]
        return cls(tuple(examples), tuple(lexicon), vocabulary, matrix(features, len(vocabulary.index)))

    def without_documents(self) -> Lesson:
        """Return the same lesson without what fitting does not need, to be sent to another process."""
        empty = Document("", (), (), False)
        return replace(
            self,
            examples=tuple(replace(example, document=empty) for example in self.examples),
            lexicon=tuple(replace(entry, document=empty) for entry in self.lexicon),
            vocabulary=Vocabulary({}, np.empty(0, np.float32)),
        )


@dataclass(frozen=True, slots=True)
class Heads:
    """What is learned from labelled cases before calibration. `table` has shape (topics, agencies)."""

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
    lesson: Lesson,
    agencies: tuple[str, ...],
    flags: tuple[str, ...],
    seed: int,
    lines: Sequence[int] | None = None,
) -> Heads:
    """Fit every head on those examples that have its label, or on those among `lines` only.

    Topics and agency also learn from the phrases of the routing table.
    """
    chosen = range(len(lesson.examples)) if lines is None else lines
    examples = [lesson.examples[line] for line in chosen]
    return Heads(
        kind=_fit_kind(lesson, chosen, seed),
        topics=_fit_topics(lesson, chosen, seed),
        agency=_fit_agency(lesson, chosen, agencies, seed),
        flags=fit_flags(lesson, chosen, flags, seed),
        table=_routing_shares(examples, agencies),
        context=_context(examples, agencies),
    )


def _fit_kind(lesson: Lesson, chosen: Sequence[int], seed: int) -> LinearHead:
    lines = [line for line in chosen if lesson.examples[line].case.kind is not None]
    targets = [{str(lesson.examples[line].case.kind): 1.0} for line in lines]
    return _fit_each(lesson.inputs[lines], targets, KINDS, np.ones(len(lines)), seed, balanced=True)


def _fit_topics(lesson: Lesson, chosen: Sequence[int], seed: int) -> LinearHead:
    lines = [line for line in chosen if lesson.examples[line].case.topics is not None]
    targets = [dict.fromkeys(lesson.examples[line].case.topics or (), 1.0) for line in lines]
    named = [number for number, entry in enumerate(lesson.lexicon) if entry.topic is not None]
    lines += [len(lesson.examples) + number for number in named]
    targets += [{str(lesson.lexicon[number].topic): 1.0} for number in named]
    weights = np.r_[np.ones(len(lines) - len(named)), np.full(len(named), _LEXICON_WEIGHT)]
    return _fit_each(lesson.inputs[lines], targets, topic_ids(), weights, seed, balanced=True)


def _fit_agency(lesson: Lesson, chosen: Sequence[int], agencies: tuple[str, ...], seed: int) -> LinearHead:
    examples = [lesson.examples[line] for line in chosen]
    targets = [
        dict.fromkeys(example.acceptable, _ACCEPTABLE_WEIGHT) | {example.lead: 1.0} for example in examples
    ]
    named = [number for number, entry in enumerate(lesson.lexicon) if entry.lead is not None]
    targets += [{str(lesson.lexicon[number].lead): 1.0} for number in named]
    weights = np.r_[[example.case.weight for example in examples], np.full(len(named), _LEXICON_WEIGHT)]
    lines = [*chosen, *(len(lesson.examples) + number for number in named)]
    return _fit_each(lesson.inputs[lines], targets, agencies, weights, seed)


def fit_flags(lesson: Lesson, chosen: Sequence[int], flags: tuple[str, ...], seed: int) -> LinearHead:
    """Fit the head of the flags on those examples among `chosen` that have been looked at for flags."""
    lines = [line for line in chosen if lesson.examples[line].case.flags is not None]
    targets = [dict.fromkeys(lesson.examples[line].case.flags or (), 1.0) for line in lines]
    return _fit_each(lesson.inputs[lines], targets, flags, np.ones(len(lines)), seed, balanced=True)


def _fit_each(
    inputs: Any,
    targets: Sequence[dict[str, float]],
    labels: tuple[str, ...],
    weights: NDArray[np.float64],
    seed: int,
    *,
    balanced: bool = False,
) -> LinearHead:
    """Fit a linear support vector machine for every label: does it hold, or not?

    `targets` give the labels that hold for a line, and how much each counts as an example; `weights` how much the
    line does. A label with fewer than three examples that count in full stays unlikely.
    """
    head_weights = np.zeros((inputs.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER_SEEN, dtype=np.float32)
    for column, label in enumerate(labels):
        counts = np.asarray([target.get(label, 0.0) for target in targets])
        if _FEWEST_EXAMPLES <= (counts == 1.0).sum() < len(targets):
            model = _fitted(inputs, counts > 0, weights * np.where(counts > 0, counts, 1.0), seed, balanced)
            head_weights[:, column] = model.coef_[0]
            bias[column] = model.intercept_[0]
    return LinearHead(labels, head_weights, bias)


def _fitted(
    inputs: Any, truth: NDArray[np.bool_], weights: NDArray[np.float64], seed: int, balanced: bool
) -> Any:
    """Return a fitted support vector machine."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    model = LinearSVC(
        C=COST_OF_ERRORS,
        class_weight="balanced" if balanced else None,
        max_iter=_MAX_ITERATIONS,
        tol=_TOLERANCE,
        random_state=seed,
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
