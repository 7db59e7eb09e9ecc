"""The trained parts of the model as plain arrays: linear heads, calibration curves and their combination."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Features

Floats = NDArray[np.float64]
_TINY = 1e-9
_LEFT_TO_ALL = 0.01
# Some thousand rows cannot bear out a claim of certainty.
_DOUBT = 0.005


@dataclass(frozen=True, slots=True)
class LinearHead:
    """A linear model: `weights` of shape (features, labels), `bias` of shape (labels,)."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, features: Features) -> Floats:
        """Return the score of each label."""
        scores: Floats = (features.values @ self.weights[features.indices] + self.bias).astype(np.float64)
        return scores

    def shares(self, features: Features) -> Floats:
        """Return the labels' probabilities as alternatives to each other (they sum to one)."""
        return softmax(self.scores(features))

    def tempered(self, temperature: float) -> LinearHead:
        """Return this head with every score divided by `temperature`."""
        scale = np.float32(1 / temperature)
        return LinearHead(self.labels, self.weights * scale, self.bias * scale)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from a score in (0, 1) to the probability that the label holds."""

    slope: float
    offset: float

    def __call__(self, p: Floats) -> Floats:
        """Return the calibrated probabilities; monotone, so the order of labels stays."""
        return _DOUBT + (1 - 2 * _DOUBT) * sigmoid(self.slope * logit(p) + self.offset)


@dataclass(frozen=True, slots=True)
class AgencyCalibration:
    """From the agencies' shares to the probability that each may lead: a curve for the first, one for the others."""

    first: Calibration
    others: Calibration

    def __call__(self, shares: Floats) -> Floats:
        """Return the calibrated probabilities of one text's agencies; the order of the shares stays."""
        best = int(np.argmax(shares))
        p = self.others(shares)
        p[best] = self.first(shares[best : best + 1])[0]
        result: Floats = np.minimum(p, p[best])
        return result


@dataclass(frozen=True, slots=True)
class Context:
    """How much likelier than usual an agency is, given the kind of the petition or of its submitter.

    `by_kind` and `by_submitter` have shape (kinds, agencies) and (kinds of submitter, agencies), as logarithms.
    """

    by_kind: NDArray[np.float32]
    by_submitter: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AgencyPool:
    """The agency by several ways, pooled: read off the text directly; from its topics by the routing table; and
    what kind of petition it is and who sends it.

    `table` has shape (topics, agencies), each row the shares of a topic's petitions that each agency leads.
    The pool is logarithmic: an agency that either way excludes cannot win by the other alone. `weights` are those
    of the direct way, the table, the kind and the submitter.
    """

    agencies: tuple[str, ...]
    table: NDArray[np.float32]
    context: Context
    weights: tuple[float, float, float, float]

    def shares(self, direct: Floats, topics: Floats, kinds: Floats, submitter: int | None) -> Floats:
        """Return the agencies' shares from those of the direct head, the topics and the kinds (one text)."""
        sender = (
            self.context.by_submitter[submitter] if submitter is not None else np.zeros(len(self.agencies))
        )
        return pooled((direct, topics @ self.table), (kinds @ self.context.by_kind, sender), self.weights)


def pooled(shares: Sequence[Floats], leanings: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the logarithmic pool of shares and of leanings (logarithms already), along the last axis."""
    scores = [*(np.log(_smooth(p)) for p in shares), *leanings]
    return softmax(np.sum([weight * score for weight, score in zip(weights, scores, strict=True)], axis=0))


def _smooth(p: Floats) -> Floats:
    """Return shares that leave every label a little, so that its logarithm exists."""
    smoothed: Floats = (1 - _LEFT_TO_ALL) * p + _LEFT_TO_ALL / p.shape[-1]
    return smoothed


def normalised(p: Floats) -> Floats:
    """Return non-negative numbers as shares that sum to one along the last axis."""
    total: Floats = p.sum(axis=-1, keepdims=True)
    return p / np.maximum(total, _TINY)


def softmax(scores: Floats) -> Floats:
    """Return the softmax along the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return shares


def sigmoid(scores: Floats) -> Floats:
    """Return the logistic function, safe for large scores."""
    result: Floats = 1 / (1 + np.exp(-np.clip(scores, -35, 35)))
    return result


def logit(p: Floats) -> Floats:
    """Return the log-odds, with p kept off 0 and 1."""
    bounded = np.clip(p, _TINY, 1 - _TINY)
    result: Floats = np.log(bounded) - np.log1p(-bounded)
    return result


def ranked(labels: Sequence[str], p: Floats) -> list[tuple[str, float]]:
    """Return `(label, p)` best first; equal ones in the order of `labels`."""
    order = np.argsort(-p, kind="stable")
    return [(labels[i], float(p[i])) for i in order if not math.isnan(float(p[i]))]
