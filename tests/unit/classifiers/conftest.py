"""The model trained on the tiny corpus, once for all tests."""

from __future__ import annotations

import pytest

from classifiers import Classifier
from classifiers.training import train
from tests.unit.classifiers.tiny_corpus import Tiny, tiny_rows, write_rows


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Train once on the tiny corpus."""
    folder = tmp_path_factory.mktemp("tiny")
    write_rows(folder / "corpus" / "rows.jsonl", tiny_rows())
    report = train([folder / "corpus"], folder / "tiny.model", target_precision=0.9)
    return Tiny(folder / "corpus", folder / "tiny.model", report, Classifier.load(folder / "tiny.model"))
