"""Commands about an instance: setting up, looking after, exporting. Bad input gives exit code 2 and one clear line."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, func, select
from sqlalchemy.orm import Session

from app.models import Agency, CalendarVersion, Staff
from app.services.personal_data import Vault
from classifiers import Classifier
from tests.factories import PASSWORD, a_petition
from tests.instances import Clock, Instance, Instances
from tests.services.commands import (
    AGENCY,
    CALENDAR_HEAD,
    ROOT,
    Run,
    as_jsonl,
    done,
    refused,
    runner,
    write,
)
from workflows.lifecycle import Status

# --- init -------------------------------------------------------------------------------------------------


@pytest.fixture
def empty(instances: Instances, engine_name: str, tmp_path: Path, tiny_model: Path) -> Iterator[Instance]:
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
            name: sorted(map(repr, connection.execute(select(table)))) for name, table in known.tables.items()
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
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done(run("init"))
    assert everything(empty.engine) == first
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files
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
    assert len(lines) == 10
    assert all(line.startswith("ok ") for line in lines)
    model.write_bytes(b"PK damaged")
    result = run("doctor")
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if line.startswith("FAIL")]
    assert "model" in line


# --- administration ---------------------------------------------------------------------------------------


def test_staff_is_added(run: Run, session: Session) -> None:
    words = (
        "staff",
        "add",
        "--username",
        "lan",
        "--name",
        "Lan (mẫu)",
        "--role",
        "officer",
        "--agency",
        "BCA",
    )
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
    refused(run("agencies", "load", as_jsonl(tmp_path, [AGENCY, AGENCY])), "line 2", "twice")


def test_a_calendar_is_loaded_once(run: Run, session: Session, tmp_path: Path) -> None:
    file = write(
        tmp_path / "days.csv",
        f"{CALENDAR_HEAD}2026-09-02,off,Quốc khánh,official,\n2026-08-22,work,Làm bù,,\n",
    )
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
    file = write(tmp_path / "days.csv", (CALENDAR_HEAD + content).encode("utf-8", "surrogateescape"))
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
    names = [
        "satisfaction-2026-11.csv",
        "satisfaction-2026-11.xlsx",
        "satisfaction-2026-11.json",
        "manifest.json",
    ]
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
