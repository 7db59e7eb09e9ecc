"""Running commands in tests, and reading what they say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from openpyxl import Workbook

from tests.factories import EMAIL, TEXT

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
ROW = {"id": "1", "kind": "feedback", "submitter_kind": "citizen", "text": TEXT, "email": EMAIL}
AGENCY = {
    "code": "XA-1",
    "name_vi": "Xã Một (mẫu)",
    "name_en": "Commune One",
    "tier": "commune",
    "branch": "people_committee",
}
CALENDAR_HEAD = "day,effect,name_vi,certainty,source\n"


def runner(app: Flask) -> Run:
    """What runs the commands of an application."""

    def invoke(*words: Any, **options: Any) -> Result:
        return app.test_cli_runner().invoke(args=[str(word) for word in words], **options)

    return invoke


def done(result: Result) -> str:
    """What a command that did its work has printed."""
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result: Result, *words: str) -> str:
    """The one line by which a command says what is wrong with its input."""
    assert result.exit_code == 2, (result.output, result.exception)
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "Traceback" not in result.output
    for word in words:
        assert word in line
    return line


def write(path: Path, content: str | bytes) -> Path:
    """A file with that content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def as_jsonl(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as JSON lines."""
    return write(path / "in.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def as_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as CSV."""
    lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    return write(path / "in.csv", "\ufeff" + "\r\n".join(lines))


def as_xlsx(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as a workbook."""
    book = Workbook()
    assert book.active is not None
    for row in [list(rows[0]), *(list(row.values()) for row in rows), []]:
        book.active.append(row)
    book.save(path / "in.xlsx")
    return path / "in.xlsx"
