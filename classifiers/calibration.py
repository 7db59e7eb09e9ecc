"""Scores into probabilities, probabilities into thresholds: on predictions for authors not trained on."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import KINDS
from classifiers.features import matrix
from classifiers.fitting import Example, Heads, fit_heads, topic_ids
from classifiers.heads import AgencyPool, Calibration, Floats, pooled, softmax

Booleans = NDArray[np.bool_]

FOLDS = 5
CONFIDENCE_OF_BOUND = 0.95
_TOP = 3
_WORTH_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class OutOfGroup:
    """Scores of every example by heads that saw no row of its author; `tables[fold[i]]` was row i's table."""

    kind: Floats
    topics: Floats
    agency: Floats
    flags: Floats
    fold: NDArray[np.int64]
    tables: tuple[NDArray[np.float32], ...]

    def by_table(self, temperature: float) -> Floats:
        """Return the agencies' shares by the routing table, shape (examples, agencies)."""
        topics = softmax(self.topics / temperature)
        return np.stack([topics[i] @ self.tables[fold] for i, fold in enumerate(self.fold)])


def cross_validate(
    examples: Sequence[Example], agencies: tuple[str, ...], flags: tuple[str, ...], seed: int
) -> OutOfGroup:
    """Score every example by heads fitted without its author (at most five folds of authors)."""
    fold = _folds([example.row.group for example in examples])
    sizes = (len(KINDS), len(topic_ids()), len(agencies), len(flags))
    kind, topics, agency, flag = (np.zeros((len(examples), size)) for size in sizes)
    tables: list[NDArray[np.float32]] = []
    parts = [np.flatnonzero(fold == number).tolist() for number in range(int(fold.max()) + 1)]
    others = [[examples[i] for i in np.flatnonzero(fold != number).tolist()] for number in range(len(parts))]
    for inside, heads in zip(parts, _fit_each(others, agencies, flags, seed), strict=True):
        tables.append(heads.table)
        inputs = _inputs(heads, [examples[i] for i in inside])
        for scores, head in (
            (kind, heads.kind),
            (topics, heads.topics),
            (agency, heads.agency),
            (flag, heads.flags),
        ):
            scores[inside] = inputs @ head.weights + head.bias
    return OutOfGroup(kind, topics, agency, flag, fold, tuple(tables))


def _fit_each(
    samples: Sequence[list[Example]], agencies: tuple[str, ...], flags: tuple[str, ...], seed: int
) -> list[Heads]:
    """Fit heads on every sample, side by side where they are large enough to be worth a process."""
    if max(len(sample) for sample in samples) < _WORTH_A_PROCESS:
        return [fit_heads(sample, agencies, flags, seed) for sample in samples]
    from joblib import Parallel, delayed

    side_by_side = Parallel(n_jobs=min(len(samples), os.cpu_count() or 1))
    heads: list[Heads] = side_by_side(delayed(fit_heads)(sample, agencies, flags, seed) for sample in samples)
    return heads


def fit_temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """Return the temperature that makes softmax(scores / temperature) most likely for the true columns."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        shares = softmax(scores / np.exp(log_temperature))
        return -float(np.log(shares[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 2.0), method="bounded").x))


def fit_pool(
    agencies: tuple[str, ...],
    table: NDArray[np.float32],
    direct: Floats,
    by_table: Floats,
    acceptable: Booleans,
) -> AgencyPool:
    """Return the pool whose weights make the acceptable agencies most likely; `table` is the one to ship."""
    from scipy.optimize import minimize

    def loss(weights: Floats) -> float:
        shares = pooled(direct, by_table, float(weights[0]), float(weights[1]))
        return -float(np.log((shares * acceptable).sum(axis=1) + 1e-12).mean())

    best = minimize(loss, x0=np.array([0.7, 0.7]), bounds=[(0.05, 5.0), (0.05, 5.0)], method="L-BFGS-B").x
    return AgencyPool(agencies, table, float(best[0]), float(best[1]))


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


def top_pairs(p: Floats, truth: Booleans) -> tuple[Floats, Booleans]:
    """Return the scores of each row's three best labels and whether each holds."""
    best = np.argsort(-p, axis=1, kind="stable")[:, :_TOP]
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


def f_score(predicted: Booleans, truth: Booleans) -> float:
    """Return the F1 of two boolean arrays taken as one list; 0 where nothing is right."""
    total = float(truth.sum()) + float(predicted.sum())
    return 2 * float((predicted & truth).sum()) / total if total else 0.0


def _inputs(heads: Heads, examples: Sequence[Example]) -> Any:
    features = [heads.vocabulary.features(example.typed) for example in examples]
    return matrix(features, len(heads.vocabulary.index))


def _folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """Return a fold number a row: whole authors, the largest first into the emptiest fold."""
    names, sizes = np.unique(np.asarray(groups), return_counts=True)
    n_folds = min(FOLDS, len(names))
    filled = np.zeros(n_folds)
    fold_of: dict[str, int] = {}
    for number in np.argsort(-sizes, kind="stable"):
        emptiest = int(np.argmin(filled))
        fold_of[str(names[number])] = emptiest
        filled[emptiest] += sizes[number]
    return np.asarray([fold_of[group] for group in groups], dtype=np.int64)
