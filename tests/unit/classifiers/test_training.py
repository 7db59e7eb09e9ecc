"""Training: deterministic, honest about what it has seen, and clear about a corpus that cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers import Classifier, CorpusError
from classifiers.calibration import fit_calibration, lower_bound, route_threshold
from classifiers.evaluation import evaluate
from classifiers.training import train
from tests.unit.classifiers.tiny_corpus import Tiny, a_row, tiny_rows, write_rows


def test_the_same_rows_give_the_same_model_in_any_order(tiny: Tiny, tmp_path: Path) -> None:
    write_rows(tmp_path / "corpus" / "b.jsonl", tiny_rows()[::-1][:40])
    write_rows(tmp_path / "corpus" / "a.jsonl", tiny_rows()[::-1][40:])
    report = train([tmp_path / "corpus"], tmp_path / "again.model", target_precision=0.9)
    assert report.model_version == tiny.report.model_version
    assert (tmp_path / "again.model").read_bytes() == tiny.model.read_bytes()


def test_another_row_or_target_gives_another_version(tiny: Tiny, tmp_path: Path) -> None:
    shutil.copytree(tiny.corpus, tmp_path / "corpus")
    stricter = train([tmp_path / "corpus"], tmp_path / "m", target_precision=0.99)
    write_rows(tmp_path / "corpus" / "more.jsonl", [a_row(text="Một văn bản khác hẳn về qubit")])
    larger = train([tmp_path / "corpus"], tmp_path / "m", target_precision=0.99)
    assert len({tiny.report.model_version, stricter.model_version, larger.model_version}) == 3


def test_authors_kept_out_are_the_only_ones_evaluated(tiny: Tiny) -> None:
    kept_out = set(tiny.report.holdout_groups)
    figures = evaluate(tiny.classifier, [tiny.corpus])
    own = [row for row in tiny_rows() if row["group"] in kept_out]
    assert 0 < len(kept_out) < tiny.report.groups
    assert figures["rows"] == tiny.report.holdout_rows == len(own)
    assert figures["rows_skipped_as_seen"] == tiny.report.rows - len(own)
    assert {key: figures[key] for key in tiny.report.figures} == tiny.report.figures
    assert tiny.classifier.card["figures"] == tiny.report.figures
    assert figures["agency"]["top1"]["value"] > 0.9
    assert figures["legal_referral"]["recall"]["value"] == 1


def test_answered_petitions_are_evaluated_by_label(tiny: Tiny, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {
            "text": "x",
            "text_masked": "căn cước gắn chip quét không nhận ở xã",
            "label": "BCA",
            "province": "Cà Mau",
        },
        {
            "text": "căn cước gắn chip quét không nhận ở đây",
            "label": "BYT",
            "also": ["BCA"],
            "province": "Huế",
        },
        {"text": "căn cước gắn chip quét không nhận ở kia", "label": "BYT", "also": []},
    ]
    figures = evaluate(tiny.classifier, [write_rows(tmp_path / "answered.jsonl", rows)])
    assert figures["rows"] == figures["clusters"] == 3
    assert figures["agency"]["top1"]["value"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["topics"] is figures["legal_referral"] is figures["flags"] is None


def test_evaluating_names_a_bad_row_and_stands_no_rows(tiny: Tiny, tmp_path: Path) -> None:
    bad = write_rows(tmp_path / "bad.jsonl", [{"text": "thiếu nhãn"}])
    with pytest.raises(CorpusError, match=r"bad\.jsonl:1: neither"):
        evaluate(tiny.classifier, [bad])
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    figures = evaluate(tiny.classifier, [tmp_path / "empty.jsonl"])
    assert figures["rows"] == 0
    assert figures["agency"]["top1"] == {"value": None, "low": None, "high": None}


def test_too_few_authors_or_topics_are_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", [a_row(), a_row(group="p02")])
    with pytest.raises(CorpusError, match="2 author groups, at least 3"):
        train([path], tmp_path / "m")
    path = write_rows(tmp_path / "rows.jsonl", [a_row(group=f"p{number}") for number in range(5)])
    with pytest.raises(CorpusError, match="at least two topics"):
        train([path], tmp_path / "m")
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("target", [0.0, 1.0, 95.0])
def test_a_target_that_is_no_share_is_refused(tiny: Tiny, tmp_path: Path, target: float) -> None:
    with pytest.raises(ValueError, match="target_precision"):
        train([tiny.corpus], tmp_path / "m", target_precision=target)


def test_the_lower_bound_is_clopper_and_pearsons() -> None:
    assert lower_bound(0, 10) == 0
    assert lower_bound(59, 59) == pytest.approx(0.05 ** (1 / 59))
    assert lower_bound(95, 100) < 0.95


def test_routing_needs_proof() -> None:
    confidence = np.linspace(1, 0.01, 200)
    always_right = np.ones(200, dtype=np.bool_)
    assert route_threshold(confidence, always_right, 0.95) == pytest.approx(confidence[-1])
    assert route_threshold(confidence[:58], always_right[:58], 0.95) is None
    assert route_threshold(confidence, ~always_right, 0.95) is None
    right_above_half = confidence > 0.5
    threshold = route_threshold(confidence, right_above_half, 0.95)
    assert threshold is not None
    assert 0.45 < threshold <= 0.51


def test_calibration_learns_that_scores_are_too_sure() -> None:
    p = np.repeat([0.99, 0.01], 500)
    truth = np.r_[np.arange(500) % 10 < 8, np.arange(500) % 10 < 2]
    curve = fit_calibration(p, truth)
    assert curve(np.array([0.99, 0.01])) == pytest.approx([0.8, 0.2], abs=0.02)


def test_a_corpus_that_proves_nothing_never_routes(tmp_path: Path) -> None:
    rows = [
        a_row(text=row["text"], lead=lead, topics=row["topics"], group=row["group"])
        for number, row in enumerate(tiny_rows())
        for lead in [("BKHCN", "BCA", "BGDDT")[number * 7 % 3]]
    ]
    path = write_rows(tmp_path / "rows.jsonl", rows)
    report = train([path], tmp_path / "m")
    assert report.route_threshold is None
    classifier = Classifier.load(tmp_path / "m")
    assert {classifier.classify(row["text"]).decision for row in rows} == {"triage"}
