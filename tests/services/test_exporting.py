"""The files of the monthly export: what stands in them, that they repeat to the byte, and how writing them fails."""

import csv
import errno
import hashlib
import io
import json
import os
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.models import Agency
from app.queries import monthly
from app.queries.monthly import MonthlyReport
from app.services import satisfaction_files
from app.services.exporting import BadMonth, ExportFailed, NoData, export_satisfaction
from app.services.personal_data import Vault
from tests import factories
from tests.instances import Instances
from workflows.calendar import VIETNAM
from workflows.lifecycle import Status
from workflows.monthly import DEFINITIONS, Month

NOW = datetime(2026, 11, 2, 9, tzinfo=VIETNAM)
SENT = datetime(2026, 10, 7, 9, tzinfo=VIETNAM)


def fill(session: Session, vault: Vault, chance: random.Random) -> None:
    """A few petitions of October, one of them answered."""
    for agency, status in (
        ("BKHCN", Status.ANSWERED),
        ("BKHCN", Status.ACCEPTED),
        ("BCA", Status.ASSIGNED),
        ("BCA", Status.TRIAGE),
    ):
        factories.a_petition(session, vault, SENT, chance, status=status, agency=agency)
    session.flush()


@pytest.fixture
def filled(session: Session, vault: Vault, chance: random.Random) -> Session:
    fill(session, vault, chance)
    return session


@pytest.fixture
def report(filled: Session) -> MonthlyReport:
    return monthly.report(filled, Month(2026, 10), NOW)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_all_formats_say_the_same(filled: Session, tmp_path: Path) -> None:
    paths = export_satisfaction(filled, "2026-10", tmp_path / "new" / "folder", NOW)
    assert [path.name for path in paths] == [
        "satisfaction-2026-10.csv",
        "satisfaction-2026-10.xlsx",
        "satisfaction-2026-10.json",
        "manifest.json",
    ]
    files = contents(tmp_path / "new" / "folder")
    assert len(files) == 4, "nothing temporary is left"
    said = json.loads(files["satisfaction-2026-10.json"])
    rows = rows_of(files["satisfaction-2026-10.csv"])
    book = openpyxl.load_workbook(io.BytesIO(files["satisfaction-2026-10.xlsx"]))
    sheet = list(book["Số liệu"].iter_rows(min_row=3, values_only=True))
    lines = [*said["agencies"], said["desk"], said["total"]]
    assert (
        [row["code"] for row in rows] == [line["code"] for line in lines] == ["BCA", "BKHCN", "DESK", "TOTAL"]
    )
    assert [row["row"] for row in rows] == ["agency", "agency", "desk", "total"]
    for line, row, cells in zip(lines, rows, sheet, strict=True):
        assert cells[:3] == (line["code"], line["name_vi"], line["name_en"])
        for position, (name, value) in enumerate(line["figures"].items(), start=3):
            assert cells[position] == value, name
            assert (float(row[name]) if row[name] else None) == value, name
    assert said["total"]["figures"]["received"] == 4
    assert said["desk"]["figures"]["received"] == 1


def test_the_csv_is_what_spreadsheets_and_programs_expect(report: MonthlyReport) -> None:
    content = satisfaction_files.csv_file(report)
    assert content.startswith(b"\xef\xbb\xbfmonth,as_of,row,code,")
    assert content.count(b"\r\n") == content.count(b"\n") == 5
    assert rows_of(content)[0]["as_of"] == "2026-11-01T00:00:00+07:00"
    assert "Bộ phận điều phối" in content.decode()


def test_no_text_becomes_a_formula(report: MonthlyReport) -> None:
    evil = '=HYPERLINK("http://evil.example";"a"),\r\n@x'
    first, *others = report.agencies
    poisoned = replace(report, agencies=(replace(first, name_vi=evil, name_en="\t=1"), *others))
    row = rows_of(satisfaction_files.csv_file(poisoned))[0]
    assert (row["name_vi"], row["name_en"]) == ("'" + evil, "'\t=1")
    book = openpyxl.load_workbook(io.BytesIO(satisfaction_files.xlsx_file(poisoned)))
    cell = book["Số liệu"]["B3"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_the_workbook_reads_well(report: MonthlyReport) -> None:
    book = openpyxl.load_workbook(io.BytesIO(satisfaction_files.xlsx_file(report)))
    assert book.sheetnames == ["Số liệu", "Định nghĩa"]
    sheet = book["Số liệu"]
    assert sheet.freeze_panes == "C3"
    assert [sheet.cell(1, 4).value, sheet.cell(2, 4).value] == ["Tiếp nhận", "Received"]
    last = sheet.max_row
    assert sheet.cell(last, 2).value == "Toàn hệ thống"
    assert sheet.cell(last, 2).font.bold
    formats = {
        figure.name: sheet.cell(3, n).number_format for n, figure in enumerate(DEFINITIONS.figures, start=4)
    }
    assert (formats["received"], formats["satisfied_share"], formats["mean_rating"]) == (
        "#,##0",
        "0.0%",
        "0.00",
    )
    words = {cell.value for row in book["Định nghĩa"].iter_rows() for cell in row}
    for figure in DEFINITIONS.figures:
        assert {figure.label_vi, figure.label_en, figure.vi, figure.en, figure.name} <= words


def test_the_manifest_lets_anybody_check_the_files(filled: Session, tmp_path: Path) -> None:
    export_satisfaction(filled, "2026-10", tmp_path, NOW)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        content = (tmp_path / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert len(manifest["files"]) == 3
    assert manifest["month"] == "2026-10"
    assert manifest["as_of"] == "2026-11-01T00:00:00+07:00"
    assert manifest["method_version"] == DEFINITIONS.version
    assert (manifest["calendar_versions"], manifest["policy_versions"]) == (["2025-2027.1"], ["2026.1"])
    assert manifest["petitions"] == {"considered": 4, "received": 4, "answered": 1, "due": 4, "open": 3}
    for definition in manifest["definitions"]:
        assert definition["vi"]
        assert definition["en"]


def test_only_the_formats_asked_for(filled: Session, tmp_path: Path) -> None:
    export_satisfaction(filled, "2026-10", tmp_path, NOW, formats=["json"])
    assert sorted(contents(tmp_path)) == ["manifest.json", "satisfaction-2026-10.json"]
    with pytest.raises(ValueError, match="pdf"):
        export_satisfaction(filled, "2026-10", tmp_path, NOW, formats=["json", "pdf"])


def test_it_repeats_to_the_byte(filled: Session, tmp_path: Path) -> None:
    export_satisfaction(filled, "2026-10", tmp_path / "one", NOW)
    filled.expire_all()
    later = NOW.replace(month=12)
    export_satisfaction(filled, "2026-10", tmp_path / "two", later)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_two_databases_with_the_same_lives_give_the_same_bytes(
    instances: Instances, vault: Vault, tmp_path: Path
) -> None:
    for number, (engine_name, before) in enumerate((("sqlite", 0), ("sqlite", 3), ("postgresql", 1))):
        with instances.fresh(engine_name) as made, Session(made.engine) as session:
            for _ in range(before):  # so that the numbers of the rows differ
                factories.a_staff(session)
                factories.a_petition(session, vault, NOW, random.Random(before))
            fill(session, vault, random.Random(number))
            export_satisfaction(session, "2026-10", tmp_path / str(number), NOW)
    assert contents(tmp_path / "0") == contents(tmp_path / "1") == contents(tmp_path / "2")


@pytest.mark.parametrize(
    ("month", "code"),
    [
        ("2026-13", "malformed"),
        ("2026-1", "malformed"),
        ("0000-01", "malformed"),
        ("２０２６-10", "malformed"),
        ("2026-10\n", "malformed"),
        ("", "malformed"),
        ("../../x", "malformed"),
        ("2026-11", "not_over"),
        ("9000-01", "not_over"),
    ],
)
def test_a_month_that_will_not_do(filled: Session, tmp_path: Path, month: str, code: str) -> None:
    with pytest.raises(BadMonth) as refused:
        export_satisfaction(filled, month, tmp_path / "out", NOW)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_month_without_data(filled: Session, tmp_path: Path) -> None:
    with pytest.raises(NoData, match="2026-08"):
        export_satisfaction(filled, "2026-08", tmp_path / "out", NOW)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_the_earlier_export_as_it_was(
    filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_satisfaction(filled, "2026-10", tmp_path, NOW)
    before = contents(tmp_path)
    filled.get_one(Agency, "BCA").name_vi = "Tên khác"
    filled.flush()
    written = []

    def full(_file: int) -> None:
        written.append(_file)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportFailed, match="No space left on device"):
        export_satisfaction(filled, "2026-10", tmp_path, NOW)
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_named(filled: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(ExportFailed, match=r"cannot write the export to .*file"):
        export_satisfaction(filled, "2026-10", tmp_path / "file" / "out", NOW)


def test_a_folder_without_permission_is_named(
    filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_named: Any) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(ExportFailed, match="Permission denied"):
        export_satisfaction(filled, "2026-10", tmp_path, NOW)


def test_the_manifest_comes_last(filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []

    def move(old: Path, new: Path) -> None:
        moved.append(new.name)
        shutil.move(old, new)

    monkeypatch.setattr(os, "replace", move)
    export_satisfaction(filled, "2026-10", tmp_path, NOW)
    assert moved[-1] == "manifest.json"
    assert len(moved) == 4
