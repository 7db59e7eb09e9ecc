"""The figures: which share of answers was right by agency, topic, legal channel and flag, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.cases import Case
from classifiers.corpus import LEGAL_KINDS, SAFETY_FLAGS
from classifiers.flags import LEGAL_SUSPECTED
from classifiers.intervals import Bootstrap, Indices
from classifiers.model import Classification
from classifiers.taxonomy import load_taxonomy

FEWEST_ROWS_FOR_MACRO = 10
_BINS = 10
Truths = NDArray[np.bool_]
Statistic = Callable[[Indices], float | None]


def agency_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any]:
    """Top-1 and top-3 over rows (micro) and as the mean over leads with enough rows (macro), and by lead."""
    leads = np.asarray([case.lead for case in cases], dtype=str)
    large = [str(lead) for lead in np.unique(leads) if (leads == lead).sum() >= FEWEST_ROWS_FOR_MACRO]
    strict = np.asarray(
        [answer.agencies[0].id == case.lead for case, answer in zip(cases, answers, strict=True)],
        dtype=np.bool_,
    )
    tops = {1: _hits(cases, answers, 1), 3: _hits(cases, answers, 3)}

    def macro(values: Truths) -> Statistic:
        def statistic(rows: Indices) -> float | None:
            shares = [values[rows[leads[rows] == lead]] for lead in large]
            means = [float(share.mean()) for share in shares if share.size]
            return float(np.mean(means)) if means else None

        return statistic

    return {
        "top1": bootstrap.figure(_mean(tops[1])),
        "top3": bootstrap.figure(_mean(tops[3])),
        "top1_macro": bootstrap.figure(macro(tops[1])),
        "top3_macro": bootstrap.figure(macro(tops[3])),
        "top1_exact_lead": bootstrap.figure(_mean(strict)),
        "macro_over": large,
        "by_lead": {
            str(lead): {
                "rows": int((leads == lead).sum()),
                "top1": round(float(tops[1][leads == lead].mean()), 4),
                "top3": round(float(tops[3][leads == lead].mean()), 4),
            }
            for lead in np.unique(leads)
        },
    }


def routing_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any]:
    """The share of petitions routed without a person (coverage), and of those, routed rightly (precision)."""
    routed = np.asarray([answer.decision == "route" for answer in answers], dtype=np.bool_)
    return {
        "routed": int(routed.sum()),
        "coverage": bootstrap.figure(_mean(routed)),
        "precision": bootstrap.figure(_share_of(_hits(cases, answers, 1), routed)),
    }


def calibration_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any]:
    """Expected calibration error of the first agency's probability, over ten bins of equal width."""
    right = _hits(cases, answers, 1).astype(np.float64)
    confidence = np.asarray([answer.agencies[0].p for answer in answers], dtype=np.float64)
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)

    def error(rows: Indices) -> float | None:
        gaps = np.bincount(bins[rows], weights=confidence[rows] - right[rows], minlength=_BINS)
        return float(np.abs(gaps).sum() / rows.size) if rows.size else None

    return {"expected_calibration_error": bootstrap.figure(error)}


def bare_figures(
    cases: Sequence[Case],
    answers: Sequence[Classification],
    bare: Sequence[Classification],
    bootstrap: Bootstrap,
) -> dict[str, Any]:
    """Top-1 on the same texts without diacritics (`bare`), and how much is lost by that."""
    typed, stripped = _hits(cases, answers, 1), _hits(cases, bare, 1)
    loss = typed.astype(np.float64) - stripped
    return {"top1": bootstrap.figure(_mean(stripped)), "loss": bootstrap.figure(_mean(loss))}


def topic_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any] | None:
    """F1 over all topic labels (micro) and as the mean over topics (macro); share of first topics right."""
    if not cases or any(case.topics is None for case in cases):
        return None
    ids = [topic.id for topic in load_taxonomy()]
    truth = np.asarray([[topic in (case.topics or ()) for topic in ids] for case in cases], dtype=np.bool_)
    said = np.asarray(
        [[topic in {item.id for item in answer.topics} for topic in ids] for answer in answers],
        dtype=np.bool_,
    )
    first = np.asarray(
        [answer.topics[0].id in (case.topics or ()) for case, answer in zip(cases, answers, strict=True)],
        dtype=np.bool_,
    )

    def micro(rows: Indices) -> float | None:
        return _f1((truth & said)[rows].sum(), truth[rows].sum() + said[rows].sum())

    def macro(rows: Indices) -> float | None:
        both = (truth & said)[rows].sum(axis=0)
        total = truth[rows].sum(axis=0) + said[rows].sum(axis=0)
        present = truth[rows].any(axis=0)
        return float((2 * both / np.maximum(total, 1))[present].mean()) if present.any() else None

    return {
        "micro_f1": bootstrap.figure(micro),
        "macro_f1": bootstrap.figure(macro),
        "first_topic_right": bootstrap.figure(_mean(first)),
    }


def legal_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any] | None:
    """How many petitions for the legal channel were referred (recall), and how many referrals were right.

    With suspected: also those that a person was warned to look at for it.
    """
    if not cases or any(case.kind is None for case in cases):
        return None
    truth = np.asarray([case.kind in LEGAL_KINDS for case in cases], dtype=np.bool_)
    referred = np.asarray([answer.decision == "refer" for answer in answers], dtype=np.bool_)
    routed = np.asarray([answer.decision == "route" for answer in answers], dtype=np.bool_)
    suspected = np.asarray([LEGAL_SUSPECTED in answer.flags for answer in answers], dtype=np.bool_)
    right_kind = np.asarray([answer.kind == case.kind for case, answer in zip(cases, answers, strict=True)])
    return {
        "rows": int(truth.sum()),
        "recall": bootstrap.figure(_share_of(referred, truth)),
        "precision": bootstrap.figure(_share_of(truth, referred)),
        "recall_with_suspected": bootstrap.figure(_share_of(referred | suspected, truth)),
        "routed_past_the_legal_channel": int((truth & routed).sum()),
        "kind_right": bootstrap.figure(_mean(right_kind)),
    }


def flag_figures(
    cases: Sequence[Case], answers: Sequence[Classification], bootstrap: Bootstrap
) -> dict[str, Any] | None:
    """Recall and precision of the safety flags, all labels taken as one list, and the recall of each."""
    if not cases or any(case.flags is None for case in cases):
        return None
    true_sets = [case.flags or frozenset() for case in cases]
    said_sets = [frozenset(answer.flags) & frozenset(SAFETY_FLAGS) for answer in answers]
    truth = np.asarray([[flag in flags for flag in SAFETY_FLAGS] for flags in true_sets], dtype=np.bool_)
    said = np.asarray([[flag in flags for flag in SAFETY_FLAGS] for flags in said_sets], dtype=np.bool_)
    both = truth & said

    def ratio(of: Truths) -> Statistic:
        return lambda rows: float(both[rows].sum() / of[rows].sum()) if of[rows].any() else None

    return {
        "recall": bootstrap.figure(ratio(truth)),
        "precision": bootstrap.figure(ratio(said)),
        "by_flag": {
            flag: {"rows": int(rows), "found": int(found), "raised": int(raised)}
            for flag, rows, found, raised in zip(
                SAFETY_FLAGS, truth.sum(axis=0), both.sum(axis=0), said.sum(axis=0), strict=True
            )
        },
    }


def _hits(cases: Sequence[Case], answers: Sequence[Classification], top: int) -> Truths:
    """Return for each case whether an acceptable agency is among the first `top`."""
    return np.asarray(
        [
            any(agency.id in case.acceptable for agency in answer.agencies[:top])
            for case, answer in zip(cases, answers, strict=True)
        ],
        dtype=np.bool_,
    )


def _mean(values: NDArray[Any]) -> Statistic:
    return lambda rows: float(values[rows].mean()) if rows.size else None


def _share_of(values: Truths, of: Truths) -> Statistic:
    """The share of `values` among the rows where `of` holds."""
    return lambda rows: float(values[rows][of[rows]].mean()) if of[rows].any() else None


def _f1(both: float, total: float) -> float | None:
    return float(2 * both / total) if total else None
