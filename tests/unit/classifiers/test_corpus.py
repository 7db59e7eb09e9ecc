"""Reading a corpus: what is wrong is named with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from classifiers import CorpusError
from classifiers.corpus import read_corpus
from tests.unit.classifiers.tiny_corpus import a_row, write_rows


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"topics": ["astrology"]}, "unknown topic 'astrology'"),
        ({"topics": []}, "`topics` is empty"),
        ({"topics": "quantum"}, "`topics` is not a list of texts"),
        ({"lead": "NASA"}, "unknown agency 'NASA'"),
        ({"also": ["NASA"]}, "unknown agency 'NASA'"),
        ({"kind": "poem"}, "unknown kind 'poem'"),
        ({"flags": ["boring"]}, "unknown flag 'boring'"),
        ({"text": " "}, "`text` is missing or not a text"),
        ({"group": None}, "`group` is missing or not a text"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(
    tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    path = write_rows(tmp_path / "rows.jsonl", [a_row(), a_row(**changes)])
    with pytest.raises(CorpusError) as caught:
        read_corpus([tmp_path])
    assert str(caught.value) == f"{path}:2: {complaint}"


@pytest.mark.parametrize("line", ["{", "[]", '"text"', "null"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(CorpusError, match=r"rows\.jsonl:2: not "):
        read_corpus([path])


def test_a_directory_without_rows_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no \.jsonl file"):
        read_corpus([tmp_path])
    with pytest.raises(CorpusError, match="no such file"):
        read_corpus([tmp_path / "rows.jsonl"])
    (tmp_path / "latin.jsonl").write_bytes(b'{"text": "\xe9"}')
    with pytest.raises(CorpusError, match="cannot be read as UTF-8"):
        read_corpus([tmp_path])


def test_rows_are_the_same_however_they_are_spread_over_files(tmp_path: Path) -> None:
    rows = [a_row(text=f"Văn bản số {number} về lượng tử") for number in range(6)]
    write_rows(tmp_path / "one" / "all.jsonl", rows)
    write_rows(tmp_path / "two" / "b.jsonl", rows[:2])
    write_rows(tmp_path / "two" / "a.jsonl", rows[2:][::-1])
    assert read_corpus([tmp_path / "one"]) == read_corpus([tmp_path / "two"])
