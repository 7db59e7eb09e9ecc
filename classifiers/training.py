"""Training: from labelled texts and people's decisions to a model file with honest figures.

Some authors are kept out altogether, and the latest decisions. The others are cross-validated by hand to calibrate
probabilities and to choose thresholds; then the heads are fitted on all of them. The figures come from what was kept
out, on which nothing was fitted, calibrated or chosen.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.cases import Case, case_of
from classifiers.corpus import CorpusError, Row, read_corpus
from classifiers.decisions import Decision, digest_of, split_by_time
from classifiers.evaluation import figures_of
from classifiers.fitting import Example
from classifiers.model import Classifier
from classifiers.storage import write_model
from classifiers.taxonomy import tables_digest
from classifiers.tuning import fit_parts

# Raise it with every change to features, heads or calibration: it is part of the model version.
RECIPE: Final = 3
HOLDOUT_SHARE: Final = 1 / 6


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training run did. `figures` are those of the authors kept out; `seconds` is wall time.

    `kept_out` are the cases to compare it on with another model: those authors' texts and the latest decisions.
    """

    path: Path
    model_version: str
    rows: int
    holdout_rows: int
    groups: int
    holdout_groups: tuple[str, ...]
    decisions: int
    terms: int
    route_threshold: float | None
    figures: dict[str, Any]
    seconds: float
    kept_out: tuple[Case, ...]


def train(
    corpus_dirs: Sequence[Path],
    out: Path,
    *,
    target_precision: float = 0.95,
    seed: int = 57,
    decisions: Sequence[Decision] = (),
) -> TrainingReport:
    """Train on all rows under `corpus_dirs` and on `decisions`; write the model to `out` (at once or not at all).

    The same rows, decisions, target and seed give the same model version. Raises CorpusError for a corpus that
    cannot be used: a bad row, fewer than three authors, fewer than two topics; ValueError for a target outside
    (0, 1).
    """
    if not 0 < target_precision < 1:
        raise ValueError(f"target_precision is {target_precision}, not between 0 and 1")
    started = time.perf_counter()
    rows = read_corpus(corpus_dirs)
    kept_out = _holdout_groups(rows, seed)
    if len({row.topics[0] for row in rows if row.group not in kept_out}) < 2:
        raise CorpusError("corpus: rows of at least two topics are needed")
    decided = split_by_time(decisions)
    examples = [Example.of(case_of(row)) for row in rows if row.group not in kept_out]
    own = [Example.of(decision.case()) for decision in decided.older]
    parts = fit_parts(examples + own, target_precision, seed)
    version = _version(rows, decided.older, target_precision, seed)
    unseen = [case_of(row) for row in rows if row.group in kept_out]
    model = Classifier(parts, version, {})
    figures = figures_of(model, unseen)
    latest = [decision.case() for decision in decided.latest]
    card = _card(rows, kept_out, target_precision, seed) | {
        "decisions": len(own),
        "figures": figures,
        "figures_latest_decisions": figures_of(model, latest) if latest else None,
    }
    write_model(out, parts, version, card)
    return TrainingReport(
        path=out,
        model_version=version,
        rows=len(rows),
        holdout_rows=len(unseen),
        groups=len({row.group for row in rows}),
        holdout_groups=tuple(sorted(kept_out)),
        decisions=len(own),
        terms=len(parts.vocabulary.index),
        route_threshold=parts.thresholds.route,
        figures=figures,
        seconds=time.perf_counter() - started,
        kept_out=(*unseen, *latest),
    )


def _holdout_groups(rows: Sequence[Row], seed: int) -> frozenset[str]:
    """Choose the authors to keep out by a hash of the name, so that they stay out while the corpus grows."""
    groups = sorted({row.group for row in rows}, key=lambda group: _position(group, seed))
    if len(groups) < 3:
        raise CorpusError(f"corpus: {len(groups)} author groups, at least 3 are needed to keep one out")
    below = sum(_position(group, seed) < HOLDOUT_SHARE for group in groups)
    return frozenset(groups[: min(max(below, 1), len(groups) - 2)])


def _position(group: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}:{group}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _version(rows: Sequence[Row], decisions: Sequence[Decision], target_precision: float, seed: int) -> str:
    """Return the model's name, made of what determines it: recipe, rows, decisions, tables, target, seed."""
    digest = hashlib.sha256()
    settings = [RECIPE, tables_digest(), target_precision, seed, digest_of(decisions)]
    digest.update(json.dumps(settings).encode("ascii"))
    for row in rows:
        digest.update(row.key.encode("ascii"))
    return f"{RECIPE}-{digest.hexdigest()[:12]}"


def _card(
    rows: Sequence[Row], kept_out: frozenset[str], target_precision: float, seed: int
) -> dict[str, Any]:
    """Return the model card: what the model is for, what it was made of, and its figures."""
    import scipy
    import sklearn

    return {
        "purpose": "Suggests kind, topics and responsible agency of a petition to the state; people decide.",
        "method": "TF-IDF of words and word pairs without diacritics, names of bodies and places set apart; logistic "
        "regressions; agency pooled from the text, from topics by the routing table, and from the kinds of petition "
        "and submitter; calibrated across writers.",
        "limits": "Learned from invented petitions, and from decisions of the desk where there are any. Other "
        "languages than Vietnamese and English and very short texts belong to the desk.",
        "rows": len(rows),
        "rows_by_topic": dict(sorted(Counter(row.topics[0] for row in rows).items())),
        "groups": len({row.group for row in rows}),
        "holdout_groups": sorted(kept_out),
        "target_precision": target_precision,
        "seed": seed,
        "recipe": RECIPE,
        "libraries": {name.__name__: name.__version__ for name in (np, scipy, sklearn)},
        "figures_on": "rows of the holdout groups: neither trained, calibrated nor chosen on",
    }
