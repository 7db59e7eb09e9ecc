"""Every command: what it does, and for bad input exit code 2 and one clear line."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import Engine, MetaData, func, select
from sqlalchemy.orm import Session

from app.models import Agency, CalendarVersion, Event, OutboxRow, Petition, Staff
from app.services.personal_data import Vault
from classifiers import Classifier
from classifiers.training import train
from tests.factories import EMAIL, PASSWORD, TEXT, a_petition, a_receipt
from tests.instances import Clock, Instance, Instances
from tests.servers import clean_environment, free_port
from tests.unit.classifiers.tiny_corpus import a_row, tiny_rows, write_rows
from workflows.lifecycle import Status

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that takes a moment to train on."""
    folder = tmp_path_factory.mktemp("tiny")
    write_rows(folder / "rows.jsonl", tiny_rows())
    return folder


@pytest.fixture(scope="module")
def tiny_model(tiny_corpus: Path) -> Path:
    """A model file."""
    path = tiny_corpus / "model.zip"
    train([tiny_corpus], path, target_precision=0.9)
    return path


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of the application under test."""
    return runner(app)


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


@pytest.fixture
def model(app: Flask, tiny_model: Path) -> Path:
    """The tiny model in service."""
    path: Path = app.extensions["pakn_settings"].model_path
    path.write_bytes(tiny_model.read_bytes())
    return path


def write(path: Path, content: str | bytes) -> Path:
    """A file with that content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- init -------------------------------------------------------------------------------------------------


@pytest.fixture
def empty(
    instances: Instances, engine_name: str, tmp_path: Path, tiny_model: Path
) -> Iterator[Instance]:
    """An instance on an empty database, with a folder of its own and a model."""
    with instances.empty(engine_name) as made:
        known = made.app.extensions["pakn_settings"]
        folder = tmp_path / "instance"
        folder.mkdir()
        path = write(folder / "model.zip", tiny_model.read_bytes())
        made.app.extensions["pakn_settings"] = replace(known, instance=folder, model_path=path)
        yield made


def everything(engine: Engine) -> dict[str, list[Any]]:
    """The content of every table."""
    known = MetaData()
    known.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in known.tables.items()
        }


def test_init_makes_an_empty_database_ready_and_again_changes_nothing(empty: Instance) -> None:
    run = runner(empty.app)
    assert "ready" in done(run("init"))
    first, folder = everything(empty.engine), empty.app.extensions["pakn_settings"].instance
    assert {name: bool(content) for name, content in first.items()} | {
        "agencies": True,
        "topics": True,
        "calendar_days": True,
        "deadline_policies": True,
        "staff": True,
        "petitions": False,
    } == {name: bool(content) for name, content in first.items()}
    logins = (folder / "demo-logins.txt").read_text("utf-8")
    assert logins.startswith("desk ")
    assert (folder / "demo-logins.txt").stat().st_mode & 0o077 == 0
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    done(run("init"))
    assert everything(empty.engine) == first
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert "model" in done(run("doctor"))


def test_init_in_production_makes_no_accounts(empty: Instance) -> None:
    known = empty.app.extensions["pakn_settings"]
    empty.app.extensions["pakn_settings"] = replace(known, production=True)
    done(runner(empty.app)("init"))
    assert everything(empty.engine)["staff"] == []
    assert not (known.instance / "demo-logins.txt").exists()


@pytest.mark.parametrize("content", [None, b"PK from an older version"])
def test_init_trains_where_no_model_can_be_used(
    empty: Instance, monkeypatch: pytest.MonkeyPatch, tiny_model: Path, content: bytes | None
) -> None:
    path: Path = empty.app.extensions["pakn_settings"].model_path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    trained = []

    def quickly(corpora: list[Path], out: Path, *, target_precision: float) -> None:
        trained.append((corpora, target_precision))
        out.write_bytes(tiny_model.read_bytes())

    monkeypatch.setattr("classifiers.training.train", quickly)
    result = runner(empty.app)("init")
    assert "training" in done(result)
    assert trained == [([ROOT / "classifiers" / "corpus"], 0.95)]
    assert Classifier.load(path)
    if content is not None:
        assert path.with_suffix(".unusable").read_bytes() == content
        assert "not a whole model file" in result.stderr
    done(runner(empty.app)("init"))
    assert len(trained) == 1


def test_a_database_of_a_newer_version_is_left_alone(empty: Instance) -> None:
    run = runner(empty.app)
    done(run("init"))
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    result = run("init")
    assert result.exit_code == 2
    assert "newer than this software" in result.stderr


# --- doctor -----------------------------------------------------------------------------------------------


def test_doctor_says_whether_all_is_well(run: Run, model: Path) -> None:
    lines = done(run("doctor")).splitlines()
    assert len(lines) == 9
    assert all(line.startswith("ok ") for line in lines)
    model.write_bytes(b"PK damaged")
    result = run("doctor")
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if line.startswith("FAIL")]
    assert "model" in line


# --- classify, train, evaluate ----------------------------------------------------------------------------


def test_classify_answers_in_the_same_order(run: Run, model: Path, tmp_path: Path) -> None:
    rows = [
        {"id": 7, "text": "ứng dụng VNeID báo sai khuôn mặt"},
        {"id": "b", "text": "", "submitter_kind": None, "province": "79"},
        {"id": "c", "text": "một dòng\u2028nữa \ud800", "submitter_kind": "firm"},
    ]
    given = write(tmp_path / "in.jsonl", "\n\n".join(json.dumps(row, ensure_ascii=True) for row in rows))
    said = [json.loads(line) for line in done(run("classify", "--input", given)).splitlines()]
    assert [row["id"] for row in said] == [7, "b", "c"]
    assert set(said[0]) == {
        *("id", "kind", "kinds", "topics", "agencies", "decision", "flags", "reasons", "model_version")
    }
    again = run("classify", input=given.read_bytes())
    assert [json.loads(line) for line in done(again).splitlines()] == said


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b'{"id": 1, "text": "a"', "JSON"),
        (b'{"id": 1, "text": "\xff"}', "UTF-8"),
        (b"[1]", "object"),
        (b"[" * 100_000, "JSON"),
        (b'{"id": 1}', "text"),
        (b'{"text": "a"}', "id"),
        (b'{"id": 1, "text": 5}', "text"),
        (b'{"id": [], "text": "a"}', "id"),
        (b'{"id": 1, "text": "a", "province": 79}', "text"),
    ],
)
def test_classify_names_the_line_at_fault(run: Run, model: Path, line: bytes, word: str) -> None:
    result = run("classify", input=b'{"id": 1, "text": "xin"}\n' + line + b"\n")
    refused(result, "line 2", word)
    assert len(result.stdout.splitlines()) == 1, "what came before is answered"


def test_a_model_that_is_missing_or_damaged(run: Run, app: Flask) -> None:
    path: Path = app.extensions["pakn_settings"].model_path
    refused(run("classify", input=b""), "model.zip", "cannot be read")
    path.write_bytes(b"PK damaged")
    refused(run("classify", input=b""), "model.zip")


def test_a_model_altered_by_a_byte(run: Run, model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(bytes(content))
    refused(run("classify", input=b""), "model.zip")


def test_a_challenger_is_promoted_only_if_better(run: Run, model: Path, tiny_corpus: Path) -> None:
    before = model.read_bytes()
    report = json.loads(done(run("train", "--corpus", tiny_corpus)))
    assert report["path"] == "model.challenger.zip"
    assert model.read_bytes() == before
    refused(run("train", "--corpus", tiny_corpus, "--promote"), "not promoted")
    assert model.read_bytes() == before
    model.unlink()
    assert "promoted" in run("train", "--corpus", tiny_corpus, "--promote").stderr
    assert Classifier.load(model)


def test_a_corpus_that_cannot_be_used(run: Run, model: Path, tmp_path: Path) -> None:
    refused(run("train", "--corpus", tmp_path / "none"), "none")
    refused(run("train"), "--corpus")
    write(tmp_path / "rows.jsonl", json.dumps(a_row(lead="NOBODY")))
    refused(run("train", "--corpus", tmp_path), "rows.jsonl:1", "NOBODY")


def test_evaluate_prints_figures(run: Run, model: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    figures = json.loads(done(run("evaluate", "--data", tiny_corpus, "--json")))
    assert figures["rows"] > 0
    assert "agency" in done(run("evaluate", "--data", tiny_corpus / "rows.jsonl"))
    refused(run("evaluate", "--data", tmp_path / "none"), "none")
    (tmp_path / "empty").mkdir()
    refused(run("evaluate", "--data", tmp_path / "empty"), "no .jsonl")
    refused(run("evaluate", "--data", write(tmp_path / "bad.jsonl", '{"text": ')), "bad.jsonl:1")


# --- petitions --------------------------------------------------------------------------------------------

ROW = {"id": "1", "kind": "feedback", "submitter_kind": "citizen", "text": TEXT, "email": EMAIL}


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


@pytest.mark.parametrize("form", [as_jsonl, as_csv, as_xlsx])
def test_petitions_are_imported_once(run: Run, session: Session, tmp_path: Path, form: Any) -> None:
    file = form(tmp_path, [ROW, {**ROW, "id": "2"}])
    made = [json.loads(line) for line in done(run("petitions", "import", file)).splitlines()]
    assert [row["new"] for row in made] == [True, True]
    again = [json.loads(line) for line in done(run("petitions", "import", file)).splitlines()]
    assert [row["new"] for row in again] == [False, False]
    assert [row["code"] for row in again] == [row["code"] for row in made]
    assert session.scalar(select(func.count()).select_from(Petition)) == 2
    petition = session.scalars(select(Petition).limit(1)).one()
    assert (petition.text, petition.channel) == (TEXT, "import")
    assert not petition.submitter.may_contact


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b'{"text": ', ["a.jsonl line 1", "JSON"]),
        ("a.jsonl", b"[]", ["a.jsonl line 1", "object"]),
        ("a.jsonl", b'{"text": "\xff"}', ["a.jsonl", "UTF-8"]),
        ("a.jsonl", b'{"kind": "feedback"}', ["a.jsonl line 1", "text: required"]),
        ("a.jsonl", b'{"kind": "\\ud800", "text": "\\u0000"}', ["a.jsonl line 1", "kind: choose"]),
        ("a.csv", b'kind,text\nfeedback,"a\nb', ["a.csv line 2"]),
        ("a.csv", b"kind,text\nfeedback,short,more,and more\n", ["a.csv line 2", "too_short"]),
        ("a.csv", b"\xff\xfe", ["a.csv", "UTF-8"]),
        ("a.xlsx", b"PK no workbook", ["a.xlsx", "workbook"]),
        ("a.xlsx", b"", ["a.xlsx", "workbook"]),
        ("a.txt", b"", ["a.txt", ".jsonl, .csv and .xlsx"]),
    ],
)
def test_an_import_at_fault_takes_in_nothing(
    run: Run, session: Session, tmp_path: Path, name: str, content: bytes, words: list[str]
) -> None:
    if name.endswith(".jsonl") and b"\xff" not in content:
        content = json.dumps(ROW).encode() + b"\n\n" + content
        words = [word.replace("line 1", "line 3") for word in words]
    refused(run("petitions", "import", write(tmp_path / name, content)), *words)
    assert session.scalar(select(func.count()).select_from(Petition)) == 0


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    refused(run("petitions", "import", tmp_path / "none.csv"), "none.csv")
    refused(run("petitions", "import", tmp_path), "directory")


def test_a_case_is_shown_whole_and_without_personal_data(
    run: Run, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.AWAITING_SUBMITTER)
    session.commit()
    clock.now += timedelta(days=2)
    said = done(run("petitions", "show", petition.code.lower().replace("-", " ")))
    case = json.loads(said)
    assert case["code"] == petition.code
    assert [event["kind"] for event in case["timeline"]] == [
        *("submitted", "triaged", "assigned", "acknowledged", "information_requested")
    ]
    assert case["custody"][0]["agency"] == "BKHCN"
    assert [day["effect"] for day in case["ledger"][:3]] == ["paused", "paused", "counted"]
    for private in (EMAIL, "Người gửi (mẫu)", "912345678", petition.secret_hash):
        assert private not in said


def test_a_case_whose_answer_lies_beyond_its_calendar_is_shown(
    run: Run, session: Session, vault: Vault, clock: Clock, chance: random.Random, tmp_path: Path
) -> None:
    """Its edition of the calendar ends with 2027; what moved the answer was counted by a newer one."""
    clock.now = datetime(2027, 12, 1, 2, tzinfo=UTC)
    petition = a_petition(session, vault, clock.now, chance, status=Status.ACCEPTED)
    session.commit()
    days = "".join(f"{year}-01-01,off,Tết Dương lịch\n" for year in range(2025, 2029))
    file = write(tmp_path / "days.csv", f"day,effect,name_vi\n{days}")
    done(run("calendar", "load", file, "--version", "2028.1"))
    petition.respond_by = datetime(2028, 1, 12).date()
    session.commit()
    case = json.loads(done(run("petitions", "show", petition.code)))
    assert case["ledger"][-1]["day"] == "2028-01-12"


@pytest.mark.parametrize("code", ["PAKN-20261102-123456-A", "1", "x" * 1000, "PAKN-20261102-123456-Ă"])
def test_a_code_that_is_none(run: Run, code: str) -> None:
    refused(run("petitions", "show", code), "not a code")
    refused(run("timeline", "verify", code), "not a code")


def test_a_code_nobody_has(run: Run) -> None:
    refused(run("petitions", "show", "PAKN-20261102-908094-P"), "no petition")
    refused(run("timeline", "verify", "PAKN-20261102-908094-P"), "no petition")


# --- timelines --------------------------------------------------------------------------------------------


def test_a_timeline_is_proven_or_not(
    run: Run, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    first, second = (a_petition(session, vault, clock.now, chance) for _ in range(2))
    session.commit()
    assert done(run("timeline", "verify")) == "2 checked, 0 broken\n"
    assert done(run("timeline", "verify", first.code)) == "1 checked, 0 broken\n"
    session.scalars(select(Event).where(Event.petition_id == second.id, Event.seq == 2)).one().actor = "desk"
    session.commit()
    result = run("timeline", "verify")
    assert result.exit_code == 1
    assert result.stdout == f"{second.code}: event 2: its content was changed\n2 checked, 1 broken\n"


def test_the_root_of_a_day(run: Run, session: Session, vault: Vault, clock: Clock, chance: random.Random) -> None:
    a_petition(session, vault, clock.now, chance)
    session.commit()
    assert json.loads(done(run("timeline", "root")))["chains"] == 0, "yesterday there was none"
    refused(run("timeline", "root", "--date", "2026-11-02"), "over")
    clock.now += timedelta(days=1)
    root = json.loads(done(run("timeline", "root")))
    assert (root["date"], root["chains"], len(root["root"])) == ("2026-11-02", 1, 64)
    for bad in ("2026-13-01", "yesterday", "2026-02-30"):
        refused(run("timeline", "root", "--date", bad), "YYYY-MM-DD")


# --- sweep, relay, worker ---------------------------------------------------------------------------------


def test_sweep_and_relay(
    run: Run, app: Flask, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    assert done(run("sweep")) == "0 done\n"
    assert done(run("relay", "--once")) == "3 taken\n", "the receipt, the classifier, and nothing of the desk"
    session.expire_all()
    assert all(row.done_at for row in session.scalars(select(OutboxRow)))
    assert done(run("relay", "--once")) == "0 taken\n"
    assert len(list(app.extensions["pakn_settings"].instance.glob("mail/*.eml"))) == 1


def test_a_queue_that_is_not_set_or_does_not_answer(run: Run, app: Flask, session: Session, vault: Vault, clock: Clock, chance: random.Random) -> None:
    refused(run("worker"), "REDIS_URL")
    known = app.extensions["pakn_settings"]
    app.extensions["pakn_settings"] = replace(known, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    refused(run("relay", "--once"), "queue does not answer")
    refused(run("worker"), "queue does not answer")


# --- administration ---------------------------------------------------------------------------------------


def test_staff_is_added(run: Run, session: Session) -> None:
    words = ("staff", "add", "--username", "lan", "--name", "Lan (mẫu)", "--role", "officer", "--agency", "BCA")
    assert done(run(*words, "--email", "lan@bca.example", "--password", PASSWORD)) == "lan can log in\n"
    staff = session.scalars(select(Staff)).one()
    assert (staff.role, staff.agency_code, staff.email) == ("officer", "BCA", "lan@bca.example")
    assert PASSWORD not in staff.password_hash
    refused(run(*words, "--password", PASSWORD), "username: taken")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"--role": "king"}, "role"),
        ({"--agency": "NOBODY"}, "agency"),
        ({"--agency": None}, "agency"),
        ({"--password": "short"}, "password"),
        ({"--username": "Lan Anh"}, "username"),
        ({"--name": None}, "--name"),
    ],
)
def test_staff_that_cannot_be_added(
    run: Run, session: Session, changes: dict[str, str | None], word: str
) -> None:
    given = {"--username": "lan", "--name": "Lan (mẫu)", "--role": "officer", "--agency": "BCA"}
    values = {**given, "--password": PASSWORD, **changes}
    words = [part for pair in values.items() if pair[1] is not None for part in pair]
    refused(run("staff", "add", *words), word)
    assert session.scalar(select(func.count()).select_from(Staff)) == 0


AGENCY = {"code": "XA-1", "name_vi": "Xã Một (mẫu)", "name_en": "Commune One", "tier": "commune", "branch": "people_committee"}


def test_agencies_are_loaded_and_loaded_again(run: Run, session: Session, tmp_path: Path) -> None:
    file = as_jsonl(tmp_path, [{**AGENCY, "parent": "UBND-79"}])
    assert done(run("agencies", "load", file)) == "1 agencies\n"
    as_jsonl(tmp_path, [{**AGENCY, "name_vi": "Xã Hai (mẫu)"}])
    done(run("agencies", "load", file))
    assert session.get_one(Agency, "XA-1").name_vi == "Xã Hai (mẫu)"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({**AGENCY, "tier": "galaxy"}, "unknown tier 'galaxy'"),
        ({**AGENCY, "parent": "NOBODY"}, "unknown parent"),
        ({**AGENCY, "name_vi": ""}, "lacks name_vi"),
        ({**AGENCY, "valid_from": "soon"}, "soon"),
        ({**AGENCY, "parent": ["UBND-79"]}, "in.jsonl"),
        (["XA-1"], "not a JSON object"),
    ],
)
def test_agencies_at_fault(run: Run, session: Session, tmp_path: Path, row: Any, word: str) -> None:
    before = session.scalar(select(func.count()).select_from(Agency))
    refused(run("agencies", "load", as_jsonl(tmp_path, [{**AGENCY, "code": "XA-0"}, row])), word)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Agency)) == before


def test_an_agency_that_stands_twice(run: Run, tmp_path: Path) -> None:
    refused(run("agencies", "load", as_jsonl(tmp_path, [AGENCY, AGENCY])))


HEAD = "day,effect,name_vi,certainty,source\n"


def test_a_calendar_is_loaded_once(run: Run, session: Session, tmp_path: Path) -> None:
    file = write(tmp_path / "days.csv", f"{HEAD}2026-09-02,off,Quốc khánh,official,\n2026-08-22,work,Làm bù,,\n")
    assert done(run("calendar", "load", file, "--version", "2026.9")) == "calendar 2026.9: 2 days\n"
    assert session.get_one(CalendarVersion, "2026.9").covers_to.isoformat() == "2026-12-31"
    refused(run("calendar", "load", file, "--version", "2026.9"), "never changes")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("2026-09-02,off,Quốc khánh,,\n2026-08-21,work,Làm bù,,\n", ["line 3", "weekday"]),
        ("2026-09-02,off,Quốc khánh,,\n2026-09-02,off,Quốc khánh,,\n", ["twice"]),
        ("2026-09-02,off,Quốc khánh,,\n2028-09-02,off,Quốc khánh,,\n", ["year is missing"]),
        ("02/09/2026,off,Quốc khánh,,\n", ["line 2"]),
        ("2026-09-02,half,Quốc khánh,,\n", ["line 2", "half"]),
        ("2026-09-02,off,,,\n", ["line 2", "name_vi"]),
        ("2030-09-02,off,Quốc khánh,,\n", ["this year"]),
        ("", ["this year"]),
        ("\udcff", ["UTF-8"]),
    ],
)
def test_a_calendar_at_fault_is_not_loaded(
    run: Run, session: Session, tmp_path: Path, content: str, words: list[str]
) -> None:
    file = write(tmp_path / "days.csv", (HEAD + content).encode("utf-8", "surrogateescape"))
    refused(run("calendar", "load", file, "--version", "x"), *words)
    session.rollback()
    assert session.get(CalendarVersion, "x") is None


# --- export -----------------------------------------------------------------------------------------------


@pytest.fixture
def november(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> None:
    """A month with petitions, now over."""
    a_petition(session, vault, clock.now, chance, status=Status.ANSWERED)
    session.commit()
    clock.now = datetime(2026, 12, 5, 2, tzinfo=UTC)


def test_the_export(run: Run, november: None, tmp_path: Path) -> None:
    words = ("export", "satisfaction", "--month", "2026-11", "--out", tmp_path / "a")
    printed = done(run(*words)).splitlines()
    names = ["satisfaction-2026-11.csv", "satisfaction-2026-11.xlsx", "satisfaction-2026-11.json", "manifest.json"]
    assert [Path(line).name for line in printed] == names
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert sorted(first) == sorted(names)
    done(run(*words[:-1], tmp_path / "b"))
    assert {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()} == first
    done(run(*words[:-1], tmp_path / "c", "--format", "json, csv", "--as-of", "2026-12-02T00:00"))
    assert sorted(path.suffix for path in (tmp_path / "c").iterdir()) == [".csv", ".json", ".json"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--month": "2026-12"}, ["not over"]),
        ({"--month": "2026-01"}, ["no petitions"]),
        ({"--month": "2026-1"}, ["YYYY-MM"]),
        ({"--month": "2026-13"}, ["YYYY-MM"]),
        ({"--month": "Nov\n2026"}, ["YYYY-MM"]),
        ({"--month": None}, ["--month"]),
        ({"--format": "pdf"}, ["csv, xlsx, json"]),
        ({"--format": ","}, ["csv, xlsx, json"]),
        ({"--as-of": "tomorrow"}, ["--as-of"]),
        ({"--as-of": "2026-11-15"}, ["before its end"]),
        ({"--as-of": "2027-01-01"}, ["future"]),
        ({"--out": "/proc/nowhere"}, ["/proc/nowhere"]),
    ],
)
def test_an_export_that_cannot_be(
    run: Run, november: None, tmp_path: Path, changes: dict[str, str | None], words: list[str]
) -> None:
    values: dict[str, Any] = {"--month": "2026-11", "--out": tmp_path / "out", **changes}
    given = [part for pair in values.items() if pair[1] is not None for part in pair]
    refused(run("export", "satisfaction", *given), *words)
    assert not (tmp_path / "out").exists()


# --- what is wrong around them ----------------------------------------------------------------------------

ALL = [
    ("init",),
    ("petitions", "import", "rows.jsonl"),
    ("petitions", "show", "PAKN-20261102-908094-P"),
    ("timeline", "verify"),
    ("timeline", "root"),
    ("sweep",),
    ("relay", "--once"),
    ("staff", "add", "--username", "a", "--name", "b", "--role", "desk", "--password", PASSWORD),
    ("agencies", "load", "agencies.jsonl"),
    ("calendar", "load", "days.csv", "--version", "1"),
    ("export", "satisfaction", "--month", "2026-09", "--out", "out"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that commands are given."""
    monkeypatch.chdir(tmp_path)
    write(Path("rows.jsonl"), json.dumps(ROW))
    write(Path("agencies.jsonl"), json.dumps(AGENCY))
    write(Path("days.csv"), f"{HEAD}2026-09-02,off,Quốc khánh,,\n")


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_database_that_is_down(instances: Instances, clock: Clock, files: None, words: tuple[str, ...]) -> None:
    made = instances.open(f"postgresql+psycopg://nobody:hidden@127.0.0.1:{free_port()}/pakn")
    line = refused(runner(made.app)(*words), "the database does not answer")
    assert "hidden" not in line


@pytest.mark.parametrize("words", ALL[1:], ids=" ".join)
def test_a_database_without_tables(
    instances: Instances, clock: Clock, engine_name: str, files: None, words: tuple[str, ...]
) -> None:
    with instances.empty(engine_name) as made:
        refused(runner(made.app)(*words), "flask init")


@pytest.mark.parametrize("words", [("--nonsense",), ("sweep", "more"), ("relay", "--twice"), ("petitions", "show")])
def test_words_a_command_does_not_know(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    if words[0] in ("sweep", "relay", "petitions"):
        refused(result)


# --- as processes -----------------------------------------------------------------------------------------

BAD_SETTINGS = [
    ({"PAKN_MODE": "staging"}, "PAKN_MODE"),
    ({"PAKN_MODE": "production"}, "SECRET_KEY"),
    ({"PAKN_MODE": "production", "SECRET_KEY": "s" * 40}, "PII_KEYS"),
    ({"PAKN_MODE": "production", "SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"PII_KEYS": "no key"}, "PII_KEYS"),
    ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
    ({"REDIS_URL": "http://x"}, "REDIS_URL"),
    ({"MAIL_URL": "smtp://"}, "MAIL_URL"),
    ({"MAIL_URL": "smtp://mail:port"}, "MAIL_URL"),
    ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
    ({"MAIL_FROM": "A <a@b.example>\nBcc: c@d.example"}, "MAIL_FROM"),
    ({"BASE_URL": "pakn.example"}, "BASE_URL"),
    ({"PORT": "99999"}, "PORT"),
    ({"AUTO_ROUTE_PRECISION": "2"}, "AUTO_ROUTE_PRECISION"),
]


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own, with nothing of this one's settings."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=clean_environment(**{"PAKN_BACKGROUND": "off", **environment}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("environment", "name"), BAD_SETTINGS, ids=lambda value: str(value)[:60])
def test_a_bad_setting_stops_a_command_with_one_line(
    tmp_path: Path, environment: dict[str, str], name: str
) -> None:
    known = {"DATABASE_URL": f"sqlite:///{tmp_path}/pakn.db", "SECRET_KEY": "x", "PII_KEYS": ""}
    if "PAKN_MODE" not in environment and "PII_KEYS" not in environment:
        from tests.instances import PII_KEY

        environment = {**known, "PII_KEYS": PII_KEY, **environment}
    else:
        environment = {"DATABASE_URL": known["DATABASE_URL"], "SECRET_KEY": "", **environment}
    ended = process("flask", "--app", "wsgi", "sweep", **environment)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("pakn: ")
    assert name in line
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "environment",
    [{"PAKN_MODE": "production"}, {"PORT": "eighty"}, {"WEB_CONCURRENCY": "many"}],
    ids=str,
)
def test_a_bad_setting_stops_the_server_with_one_line(environment: dict[str, str]) -> None:
    ended = process(
        *("gunicorn", "--config", "deploy/gunicorn.conf.py", "--no-control-socket", "wsgi:app"),
        **{"PORT": str(free_port()), **environment},
    )
    assert ended.returncode == 2, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line and "[INFO]" not in line]
    assert len(said) == 1, ended.stderr
    assert next(iter(environment)).replace("PAKN_MODE", "SECRET_KEY") in said[0]


def test_the_commands_as_people_run_them(tmp_path: Path, tiny_model: Path) -> None:
    """From an empty folder to a case shown, each command in a process of its own."""
    from tests.instances import PII_KEY

    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/pakn.db",
        "SECRET_KEY": "a secret of the tests, forty characters long",
        "PII_KEYS": PII_KEY,
        "PAKN_MODE": "production",
        "MODEL_PATH": str(tiny_model),
        "MAIL_URL": f"file://{tmp_path}/mail",
        "FILES_URL": f"file://{tmp_path}/files",
        "BASE_URL": "https://pakn.example.vn",
    }
    for _ in range(2):
        assert process("flask", "--app", "wsgi", "init", **environment).returncode == 0
    file = as_jsonl(tmp_path, [ROW])
    made = process("flask", "--app", "wsgi", "petitions", "import", str(file), **environment)
    code = json.loads(made.stdout)["code"]
    relayed = process("flask", "--app", "wsgi", "relay", "--once", **environment)
    assert relayed.returncode == 0, relayed.stderr
    shown = process("flask", "--app", "wsgi", "petitions", "show", code, **environment)
    assert json.loads(shown.stdout)["status"] in ("triage", "assigned")
    assert process("flask", "--app", "wsgi", "doctor", **environment).returncode == 0
    assert os.listdir(tmp_path / "files") == []
