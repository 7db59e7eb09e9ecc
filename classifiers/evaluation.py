"""Measuring a classifier on labelled texts that it has not seen, each figure with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers import figures
from classifiers.cases import Case, read_cases
from classifiers.corpus import jsonl_files
from classifiers.intervals import Bootstrap
from classifiers.model import Classifier
from classifiers.text import drop_diacritics


def evaluate(classifier: Classifier, files: Sequence[Path]) -> dict[str, Any]:
    """Return the figures of `classifier` on JSONL `files` (of a directory: the JSONL files in it).

    Rows with `lead` are the project's own corpus; only authors kept out of training count, and
    `rows_skipped_as_seen` says how many other rows there were. Rows with `label` are answered petitions
    (`text_masked` or `text`, `label`, `also`, `province`). CorpusError names the file and line of a bad row.
    Of several sets of files each stands in `sets` too; `own_holdout` are the figures on the model's own authors
    kept out.
    """
    kept_out = frozenset(classifier.card.get("holdout_groups", ()))
    cases, seen = read_cases(files, kept_out)
    sets = _sets(jsonl_files(files))
    return {
        "rows_skipped_as_seen": seen,
        **figures_of(classifier, cases),
        "sets": {
            name: figures_of(classifier, read_cases(members, kept_out)[0])
            for name, members in sets.items()
            if len(sets) > 1
        },
        "own_holdout": classifier.card.get("figures"),
    }


def _sets(files: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the files by set: `voters_2026_more.jsonl` continues `voters_2026.jsonl`."""
    sets: dict[str, list[Path]] = {}
    for path in sorted(files, key=lambda path: path.stem):
        name = next((name for name in sets if path.stem.startswith(f"{name}_")), path.stem)
        sets.setdefault(name, []).append(path)
    return sets


def figures_of(classifier: Classifier, cases: Sequence[Case]) -> dict[str, Any]:
    """Return all figures of `classifier` on `cases`; parts that not every case has labels for are None.

    Intervals resample clusters: authors for the corpus, province and ministry for answered petitions.
    """
    answers, bare = (
        [
            classifier.classify(
                written(case.text), submitter_kind=case.submitter_kind, province=case.province
            )
            for case in cases
        ]
        for written in (str, drop_diacritics)
    )
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
