"""Scores into probabilities, probabilities into thresholds: on predictions for authors not trained on."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import KINDS, SUBMITTER_KINDS
from classifiers.fitting import Example, Heads, Lesson, fit_flags, fit_heads, topic_ids
from classifiers.heads import (
    AgencyPool,
    Calibration,
    Context,
    Floats,
    normalised,
    pooled,
    sigmoid,
    softmax,
)

Booleans = NDArray[np.bool_]

MOST_FOLDS = 24
_FEWEST_HANDS = 5
_FOLDS_FOR_FLAGS = 6
_WORTH_PROCESSES = 500
CONFIDENCE_OF_BOUND = 0.95


@dataclass(frozen=True, slots=True)
class OutOfGroup:
    """Scores of every example by heads that saw nothing by its hand.

    `fold[i]` says which heads row i was scored by, and `tables` and `contexts` are those of each fold.
    """

    kind: Floats
    topics: Floats
    agency: Floats
    flags: Floats
    fold: NDArray[np.int64]
    tables: tuple[NDArray[np.float32], ...]
    contexts: tuple[Context, ...]

    def ways(
        self, kinds: Floats, topic_calibration: Calibration, temperature: float, examples: Sequence[Example]
    ) -> Ways:
        """Return what the pool combines, for every example.

        `kinds` are the calibrated shares of the kinds, `temperature` is that of the direct head.
        """
        topics = normalised(topic_calibration(sigmoid(self.topics)))
        no_lean = np.zeros(self.agency.shape[1])
        contexts = [self.contexts[fold] for fold in self.fold]
        senders = [example.case.submitter_kind for example in examples]
        return Ways(
            direct=softmax(self.agency / temperature),
            by_table=np.stack([topics[i] @ self.tables[fold] for i, fold in enumerate(self.fold)]),
            by_kind=np.stack([kinds[i] @ context.by_kind for i, context in enumerate(contexts)]),
            by_submitter=np.stack(
                [
                    context.by_submitter[SUBMITTER_KINDS.index(sender)] if sender is not None else no_lean
                    for context, sender in zip(contexts, senders, strict=True)
                ]
            ),
        )


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to the agency for some examples, each of shape (examples, agencies)."""

    direct: Floats
    by_table: Floats
    by_kind: Floats
    by_submitter: Floats

    def pooled(self, weights: Sequence[float]) -> Floats:
        """Return the agencies' shares by the pool of all ways."""
        return pooled((self.direct, self.by_table), (self.by_kind, self.by_submitter), weights)


def cross_validate(
    lesson: Lesson, agencies: tuple[str, ...], flags: tuple[str, ...], seed: int
) -> OutOfGroup:
    """Score every example by heads fitted without its hand, or without its author where hands are few.

    Authors by one hand are more alike than people are, so figures across hands are nearer to those on strangers.
    The flags are scored across authors all the same: most of their examples are one hand's.
    """
    examples = lesson.examples
    hands, authors = ([getattr(example.case, name) for example in examples] for name in ("hand", "cluster"))
    fold = _folds(hands if len(set(hands)) >= _FEWEST_HANDS else authors)
    parts = [np.flatnonzero(fold == number).tolist() for number in range(int(fold.max()) + 1)]
    others = [np.flatnonzero(fold != number).tolist() for number in range(len(parts))]
    fitted = _fit_each(lesson, agencies, flags, seed, others)
    sizes = (len(KINDS), len(topic_ids()), len(agencies))
    kind, topics, agency = (np.zeros((len(examples), size)) for size in sizes)
    for inside, heads in zip(parts, fitted, strict=True):
        for scores, head in ((kind, heads.kind), (topics, heads.topics), (agency, heads.agency)):
            scores[inside] = lesson.inputs[inside] @ head.weights + head.bias
    return OutOfGroup(
        kind,
        topics,
        agency,
        _flags_across_authors(lesson, flags, seed, authors),
        fold,
        tuple(heads.table for heads in fitted),
        tuple(heads.context for heads in fitted),
    )


def _flags_across_authors(
    lesson: Lesson, flags: tuple[str, ...], seed: int, authors: Sequence[str]
) -> Floats:
    fold = _folds(authors, _FOLDS_FOR_FLAGS)
    scores = np.zeros((len(lesson.examples), len(flags)))
    for number in range(int(fold.max()) + 1):
        inside = np.flatnonzero(fold == number)
        head = fit_flags(lesson, np.flatnonzero(fold != number).tolist(), flags, seed)
        scores[inside] = lesson.inputs[inside] @ head.weights + head.bias
    return scores


def _fit_each(
    lesson: Lesson, agencies: tuple[str, ...], flags: tuple[str, ...], seed: int, samples: Sequence[list[int]]
) -> list[Heads]:
    """Fit heads on each sample of lines: in processes, for threads would share the solver's random numbers."""
    if len(lesson.examples) < _WORTH_PROCESSES:
        return [fit_heads(lesson, agencies, flags, seed, lines) for lines in samples]
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    light = lesson.without_documents()
    side_by_side = Parallel(n_jobs=min(len(samples), os.cpu_count() or 1))
    try:
        heads: list[Heads] = side_by_side(
            delayed(fit_heads)(light, agencies, flags, seed, lines) for lines in samples
        )
    finally:
        # Kept for later they would hold their memory, and taking idle ones up again has been seen to hang.
        get_reusable_executor().shutdown(wait=True)
    return heads


def fit_temperature(scores: Floats, truth: Booleans) -> float:
    """Return the temperature that makes softmax(scores / temperature) most likely for the columns that hold."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        shares = softmax(scores / np.exp(log_temperature))
        return -float(np.log((shares * truth).sum(axis=1) + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 2.0), method="bounded").x))


def fit_pool(
    agencies: tuple[str, ...],
    table: NDArray[np.float32],
    context: Context,
    ways: Ways,
    acceptable: Booleans,
) -> AgencyPool:
    """Return the pool whose weights make the acceptable agencies most likely; `table`, `context` are to ship."""
    from scipy.optimize import minimize

    def loss(weights: Floats) -> float:
        shares = ways.pooled([float(weight) for weight in weights])
        return -float(np.log((shares * acceptable).sum(axis=1) + 1e-12).mean())

    bounds = [(0.05, 5.0), (0.05, 5.0), (0.0, 2.0), (0.0, 2.0)]
    best = minimize(loss, x0=np.array([0.7, 0.3, 0.3, 0.3]), bounds=bounds, method="L-BFGS-B").x
    direct, by_table, kind, submitter = (float(weight) for weight in best)
    return AgencyPool(agencies, table, context, (direct, by_table, kind, submitter))


def fit_calibration(p: Floats, truth: Booleans) -> Calibration:
    """Return the logistic curve through scores `p` in (0, 1) most likely for `truth`, a little damped."""
    from scipy.optimize import minimize

    scores = p.ravel()
    y = truth.ravel().astype(np.float64)

    def loss(curve: Floats) -> float:
        q = Calibration(float(curve[0]), float(curve[1]))(scores)
        likelihood = y * np.log(q) + (1 - y) * np.log(1 - q)
        # One imaginary row pulls towards "the score is already right"; it matters only for a tiny corpus.
        return -float(likelihood.sum()) + 0.5 * float((curve[0] - 1) ** 2 + curve[1] ** 2)

    best = minimize(loss, x0=np.array([1.0, 0.0]), bounds=[(0.05, 10.0), (-10.0, 10.0)], method="L-BFGS-B").x
    return Calibration(float(best[0]), float(best[1]))


def by_rank(p: Floats, truth: Booleans, ranks: slice) -> tuple[Floats, Booleans]:
    """Return the scores of the labels at these ranks in each row (the best has rank 0) and whether each holds."""
    best = np.argsort(-p, axis=1, kind="stable")[:, ranks]
    return np.take_along_axis(p, best, axis=1), np.take_along_axis(truth, best, axis=1)


def route_threshold(confidence: Floats, correct: Booleans, target: float) -> float | None:
    """Return the lowest confidence at which routing is proven right often enough, or None where none is.

    Proven: among the rows at or above it, the one-sided 95 % Clopper-Pearson lower bound of the precision
    reaches `target`. Candidates are walked from the surest rows down.
    """
    order = np.argsort(-confidence, kind="stable")
    ordered, right = confidence[order], np.cumsum(correct[order])
    threshold: float | None = None
    for n in range(1, len(order) + 1):
        cut_inside_ties = n < len(order) and ordered[n] == ordered[n - 1]
        if not cut_inside_ties and lower_bound(int(right[n - 1]), n) >= target:
            threshold = float(ordered[n - 1])
    return threshold


def lower_bound(successes: int, trials: int) -> float:
    """Return the one-sided Clopper-Pearson lower bound of a proportion."""
    from scipy.special import betaincinv

    if successes == 0:
        return 0.0
    return float(betaincinv(successes, trials - successes + 1, 1 - CONFIDENCE_OF_BOUND))


def best_threshold(p: Floats, score: Callable[[float], float]) -> float:
    """Return the candidate between the values of `p` with the best score; the highest among equals."""
    values = np.unique(np.round(np.r_[p.ravel(), 0.5], 4))
    candidates = values if len(values) <= 200 else np.quantile(values, np.linspace(0, 1, 201))
    return float(max(reversed(candidates), key=lambda threshold: score(float(threshold))))


def f_score(predicted: Booleans, truth: Booleans, recall_weight: float = 1.0) -> float:
    """Return the F score of two boolean arrays taken as one list; 0 where nothing is right.

    With a `recall_weight` of 2, recall counts twice as much as precision (F2).
    """
    squared = recall_weight**2
    total = squared * float(truth.sum()) + float(predicted.sum())
    return (1 + squared) * float((predicted & truth).sum()) / total if total else 0.0


def _folds(groups: Sequence[str], most: int = MOST_FOLDS) -> NDArray[np.int64]:
    """Return a fold number a row: whole groups, the largest first into the emptiest fold."""
    names, sizes = np.unique(np.asarray(groups), return_counts=True)
    n_folds = min(most, len(names))
    filled = np.zeros(n_folds)
    fold_of: dict[str, int] = {}
    for number in np.argsort(-sizes, kind="stable"):
        emptiest = int(np.argmin(filled))
        fold_of[str(names[number])] = emptiest
        filled[emptiest] += sizes[number]
    return np.asarray([fold_of[group] for group in groups], dtype=np.int64)
