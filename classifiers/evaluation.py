"""Measuring a classifier on labelled texts that it has not seen, each figure with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers import figures
from classifiers.cases import Case, read_cases
from classifiers.intervals import Bootstrap
from classifiers.model import Classifier
from classifiers.text import drop_diacritics


def evaluate(classifier: Classifier, files: Sequence[Path]) -> dict[str, Any]:
    """Return the figures of `classifier` on JSONL `files` (of a directory: the JSONL files in it).

    Rows with `lead` are the project's own corpus; only authors kept out of training count, and
    `rows_skipped_as_seen` says how many other rows there were. Rows with `label` are answered petitions
    (`text_masked` or `text`, `label`, `also`, `province`). CorpusError names the file and line of a bad row.
    """
    cases, seen = read_cases(files, frozenset(classifier.card.get("holdout_groups", ())))
    return {"rows_skipped_as_seen": seen} | figures_of(classifier, cases)


def figures_of(classifier: Classifier, cases: Sequence[Case]) -> dict[str, Any]:
    """Return all figures of `classifier` on `cases`; parts that not every case has labels for are None.

    Intervals resample clusters: authors for the corpus, province and ministry for answered petitions.
    """
    answers = [classifier.classify(case.text, province=case.province) for case in cases]
    bare = [classifier.classify(drop_diacritics(case.text), province=case.province) for case in cases]
    bootstrap = Bootstrap([case.cluster for case in cases])
    return {
        "model_version": classifier.version,
        "rows": len(cases),
        "clusters": len({case.cluster for case in cases}),
        "agency": figures.agency_figures(cases, answers, bootstrap),
        "routing": figures.routing_figures(cases, answers, bootstrap),
        "calibration": figures.calibration_figures(cases, answers, bootstrap),
        "without_diacritics": figures.bare_figures(cases, answers, bare, bootstrap),
        "topics": figures.topic_figures(cases, answers, bootstrap),
        "legal_referral": figures.legal_figures(cases, answers, bootstrap),
        "flags": figures.flag_figures(cases, answers, bootstrap),
    }
