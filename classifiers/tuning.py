"""From labelled examples to the parts of a model: heads, calibration, thresholds chosen on unseen authors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from classifiers.calibration import (
    Booleans,
    OutOfGroup,
    best_threshold,
    by_rank,
    cross_validate,
    f_score,
    fit_calibration,
    fit_pool,
    fit_temperature,
    route_threshold,
)
from classifiers.corpus import KINDS, LEGAL_KINDS, SAFETY_FLAGS
from classifiers.fitting import Example, Lesson, agencies_of, fit_heads, topic_ids
from classifiers.heads import AgencyCalibration, Calibration, Floats, LinearHead, sigmoid, softmax
from classifiers.parts import Parts, Thresholds

_FEWEST_POSITIVE_ROWS = 8
_UNTUNED = 0.5
_LEAST_FLAG_SCORE = 0.15


def fit_parts(examples: Sequence[Example], target_precision: float, seed: int) -> Parts:
    """Cross-validate by author, calibrate and choose thresholds on that; fit the heads on all examples."""
    agencies = agencies_of(examples)
    flags = tuple(
        flag for flag in SAFETY_FLAGS if _often(flag in (example.case.flags or ()) for example in examples)
    )
    lesson = Lesson.of(examples)
    # The arrays are too narrow for more threads of the algebra to help; they only get in each other's way.
    with threadpool_limits(limits=1):
        unseen = cross_validate(lesson, agencies, flags, seed)
        heads = fit_heads(lesson, agencies, flags, seed)
    kind, kinds = _temper_kind(heads.kind, unseen, examples)
    legal = kinds[:, [KINDS.index(name) for name in LEGAL_KINDS]].sum(axis=1)
    topic_calibration, topic_threshold = _tune_topics(unseen, examples)
    acceptable = np.asarray([[code in example.acceptable for code in agencies] for example in examples])
    temperature = fit_temperature(unseen.agency, acceptable)
    ways = unseen.ways(kinds, topic_calibration, temperature, examples)
    pool = fit_pool(agencies, heads.table, heads.context, ways, acceptable)
    shares = ways.pooled(pool.weights)
    # What comes first was chosen for its score, which flatters it: it has a curve of its own.
    first = fit_calibration(*by_rank(shares, acceptable, slice(0, 1)))
    others = fit_calibration(*by_rank(shares, acceptable, slice(1, 3)))
    flag_head, flag_thresholds, flagged = _tune_flags(heads.flags, unseen, examples)
    legal_threshold = _legal_threshold(legal, examples)
    candidates = ~flagged & (legal < legal_threshold / 2)
    best = shares.argmax(axis=1)
    lines = np.arange(len(examples))
    confidence = first(shares[lines, best])
    route = route_threshold(confidence[candidates], acceptable[lines, best][candidates], target_precision)
    return Parts(
        vocabulary=lesson.vocabulary,
        kind=kind,
        topics=heads.topics,
        agency=heads.agency.tempered(temperature),
        flags=flag_head,
        pool=pool,
        topic_calibration=topic_calibration,
        agency_calibration=AgencyCalibration(first, others),
        thresholds=Thresholds(route, legal_threshold, topic_threshold, flag_thresholds),
    )


def _often(hits: Iterable[bool]) -> bool:
    """Whether there are enough positive rows to learn a label and choose its threshold."""
    return sum(hits) >= _FEWEST_POSITIVE_ROWS


def _temper_kind(
    head: LinearHead, unseen: OutOfGroup, examples: Sequence[Example]
) -> tuple[LinearHead, Floats]:
    """Return the calibrated kind head, and the shares of the kinds for each unseen example."""
    lines = [line for line, example in enumerate(examples) if example.case.kind is not None]
    truth = np.asarray([[kind == examples[line].case.kind for kind in KINDS] for line in lines])
    temperature = fit_temperature(unseen.kind[lines], truth)
    return head.tempered(temperature), softmax(unseen.kind / temperature)


def _tune_topics(unseen: OutOfGroup, examples: Sequence[Example]) -> tuple[Calibration, float]:
    """Return the curve for "is among the topics", and the threshold with the best F1."""
    lines = [line for line, example in enumerate(examples) if example.case.topics is not None]
    labels = [examples[line].case.topics or () for line in lines]
    truth = np.asarray([[topic in row for topic in topic_ids()] for row in labels])
    shares = sigmoid(unseen.topics[lines])
    calibration = fit_calibration(shares, truth)
    p = calibration(shares)
    best = p == p.max(axis=1, keepdims=True)
    return calibration, best_threshold(p[p > 0.05], lambda cut: f_score((p >= cut) | best, truth))


def _legal_threshold(legal: Floats, examples: Sequence[Example]) -> float:
    truth = np.asarray([example.case.kind in LEGAL_KINDS for example in examples])
    if not _often(truth):
        return _UNTUNED
    return best_threshold(legal, lambda cut: f_score(legal >= cut, truth))


def _tune_flags(
    head: LinearHead, unseen: OutOfGroup, examples: Sequence[Example]
) -> tuple[LinearHead, tuple[float, ...], Booleans]:
    """Return the head and thresholds of the flags worth raising, and which unseen examples would get one.

    A flag that cannot be told for unseen authors is left out: wrong warnings teach people to ignore them.
    """
    kept: list[int] = []
    thresholds: list[float] = []
    flagged: Booleans = np.zeros(len(examples), dtype=np.bool_)
    for column, flag in enumerate(head.labels):
        p = sigmoid(unseen.flags[:, column])
        truth = np.asarray([flag in (example.case.flags or ()) for example in examples])
        threshold = best_threshold(p, _flag_score(p, truth))
        if f_score(p >= threshold, truth) >= _LEAST_FLAG_SCORE:
            kept.append(column)
            thresholds.append(threshold)
            flagged |= p >= threshold
    labels = tuple(head.labels[column] for column in kept)
    return LinearHead(labels, head.weights[:, kept], head.bias[kept]), tuple(thresholds), flagged


def _flag_score(p: Floats, truth: Booleans) -> Callable[[float], float]:
    """Return the score of a threshold: to miss a flag is worse than to raise one too many."""
    return lambda cut: f_score(p >= cut, truth, recall_weight=1.5)
