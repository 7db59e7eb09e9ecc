"""The monthly figures as files. The same report gives the same bytes, whenever and wherever they are made."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

import xlsxwriter

from app.queries.monthly import Line, MonthlyReport
from workflows.calendar import VIETNAM
from workflows.monthly import DEFINITIONS

FORMAT = "pakn-satisfaction/1"
_TIMELESS = datetime(2000, 1, 1)  # noqa: DTZ001  # a spreadsheet states no zone; any fixed moment will do
_NUMBER_FORMATS = {"count": "#,##0", "share": "0.0%", "mean": "0.00"}
_TEXT_COLUMNS = (
    ("code", "Mã", "Code"),
    ("name_vi", "Cơ quan", "Agency"),
    ("name_en", "Tên tiếng Anh", "English name"),
)


def csv_file(report: MonthlyReport) -> bytes:
    """One line for each agency, the desk and the total (column ``row`` tells them apart): UTF-8 with BOM, RFC 4180."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(
        [
            "month",
            "as_of",
            "row",
            "code",
            "name_vi",
            "name_en",
            *(figure.name for figure in DEFINITIONS.figures),
        ]
    )
    for kind, line in _lines(report):
        names = (harmless(line.code), harmless(line.name_vi), harmless(line.name_en))
        values = (_decimal(value) for value in line.figures.values.values())
        rows.writerow([str(report.month), as_of_text(report), kind, *names, *values])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def json_file(report: MonthlyReport) -> bytes:
    """The figures with their definitions."""
    return _json(
        {
            "format": FORMAT,
            **_heading(report),
            "agencies": [_as_json(line) for line in report.agencies],
            "desk": _as_json(report.desk),
            "total": _as_json(report.total),
            "definitions": definitions(),
        }
    )


def xlsx_file(report: MonthlyReport) -> bytes:
    """A workbook with the figures, ready to read and print, and a sheet that says what each of them means."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": f"PAKN {report.month}", "created": _TIMELESS})
    _figures_sheet(book, report)
    _definitions_sheet(book, report)
    book.close()
    return kept.getvalue()


def manifest(report: MonthlyReport, files: Mapping[str, bytes]) -> bytes:
    """What the files are, how they were counted, and the hash of each, so that anybody can check them."""
    counts = report.total.figures.counts
    return _json(
        {
            "format": FORMAT,
            **_heading(report),
            "time_zone": str(VIETNAM),
            "calendar_versions": list(report.calendar_versions),
            "policy_versions": list(report.policy_versions),
            "petitions": {
                "considered": report.considered,
                **{name: counts[name] for name in ("received", "answered", "due", "open")},
            },
            "files": [
                {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in sorted(files.items())
            ],
            "definitions": definitions(),
        }
    )


WRITERS: Mapping[str, Callable[[MonthlyReport], bytes]] = MappingProxyType(
    {"csv": csv_file, "xlsx": xlsx_file, "json": json_file}
)


def definitions() -> list[dict[str, str]]:
    """The words and the definition of every figure, in order."""
    return [asdict(figure) for figure in DEFINITIONS.figures]


def as_of_text(report: MonthlyReport) -> str:
    """The instant of knowledge in Vietnam's time, ISO 8601."""
    return report.as_of.astimezone(VIETNAM).isoformat()


def harmless(text: str) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP: it begins with none of ``= + - @`` TAB CR)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _heading(report: MonthlyReport) -> dict[str, Any]:
    return {"month": str(report.month), "as_of": as_of_text(report), "method_version": DEFINITIONS.version}


def _lines(report: MonthlyReport) -> Iterable[tuple[str, Line]]:
    yield from (("agency", line) for line in report.agencies)
    yield "desk", report.desk
    yield "total", report.total


def _as_json(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "name_vi": line.name_vi,
        "name_en": line.name_en,
        "figures": line.figures.values,
    }


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _decimal(value: int | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _figures_sheet(book: Any, report: MonthlyReport) -> None:
    sheet = book.add_worksheet("Số liệu")
    head = {"text_wrap": True, "valign": "top", "border": 1}
    looks = (
        book.add_format({**head, "bold": True, "bg_color": "#DCEBEE"}),
        book.add_format({**head, "italic": True, "bg_color": "#EEF5F6"}),
    )
    headers = [(vi, en) for _, vi, en in _TEXT_COLUMNS]
    headers += [(figure.label_vi, figure.label_en) for figure in DEFINITIONS.figures]
    for column, words in enumerate(headers):
        for row in (0, 1):
            sheet.write_string(row, column, words[row], looks[row])
    _figure_rows(book, sheet, [line for _, line in _lines(report)])
    sheet.set_row(0, 48)
    sheet.set_row(1, 32)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 2, 38)
    sheet.set_column(3, len(headers) - 1, 12)
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer(f"&L{report.month}&C{as_of_text(report)}&R&P/&N")


def _figure_rows(book: Any, sheet: Any, lines: list[Line]) -> None:
    """The lines below the two header rows, the last of them (the total) set off."""
    for row, line in enumerate(lines, start=2):
        look = {"valign": "top", **({"bold": True, "top": 2} if line is lines[-1] else {})}
        text_look = book.add_format({**look, "text_wrap": True})
        looks = {
            form: book.add_format({**look, "num_format": number}) for form, number in _NUMBER_FORMATS.items()
        }
        for column, (name, _, _) in enumerate(_TEXT_COLUMNS):
            sheet.write_string(row, column, getattr(line, name), text_look)
        values = line.figures.values
        for column, figure in enumerate(DEFINITIONS.figures, start=len(_TEXT_COLUMNS)):
            value = values[figure.name]
            if value is None:
                sheet.write_blank(row, column, None, looks[figure.form])
            else:
                sheet.write_number(row, column, value, looks[figure.form])


def _definitions_sheet(book: Any, report: MonthlyReport) -> None:
    sheet = book.add_worksheet("Định nghĩa")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    facts = (
        ("Tháng / Month", str(report.month)),
        ("Chốt số liệu / As of", as_of_text(report)),
        ("Phương pháp / Method", DEFINITIONS.version),
        ("Lịch làm việc / Calendar", ", ".join(report.calendar_versions)),
        ("Quy định thời hạn / Deadline policy", ", ".join(report.policy_versions)),
    )
    for row, (name, value) in enumerate(facts):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value, wrapped)
    top = len(facts) + 1
    for column, name in enumerate(("Số liệu", "Figure", "Định nghĩa", "Definition", "csv, json")):
        sheet.write_string(top, column, name, bold)
    for row, figure in enumerate(DEFINITIONS.figures, start=top + 1):
        for column, text in enumerate((figure.label_vi, figure.label_en, figure.vi, figure.en, figure.name)):
            sheet.write_string(row, column, text, wrapped)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 3, 70)
    sheet.set_column(4, 4, 24)
