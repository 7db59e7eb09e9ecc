"""Commands about petitions and their classifier. Bad input gives exit code 2 and one clear line."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import Event, OutboxRow, Petition
from app.services.personal_data import Vault
from app.services.signing import is_signed
from classifiers import Classifier
from classifiers.training import train
from tests.factories import EMAIL, TEXT, a_petition, a_receipt, drop_the_guards
from tests.instances import Clock
from tests.servers import free_port
from tests.services.commands import (
    ROW,
    Run,
    as_csv,
    as_jsonl,
    as_xlsx,
    done,
    refused,
    write,
)
from tests.unit.classifiers.tiny_corpus import a_row, tiny_rows, write_rows
from workflows.lifecycle import Status

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
        *(
            "id",
            "kind",
            "kinds",
            "topics",
            "agencies",
            "decision",
            "flags",
            "reasons",
            "asks",
            "model_version",
        )
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


def test_a_challenger_is_promoted_only_if_better(
    run: Run, model: Path, tiny_corpus: Path, tmp_path: Path
) -> None:
    """The same rows make the same model, which is no better; a champion that knew less is replaced."""
    before = Classifier.load(model)
    report = json.loads(done(run("train", "--corpus", tiny_corpus)))
    assert report["path"] == f"{report['model_version']}.zip"
    assert report["comparison"]["total"]["difference"] == 0
    refused(run("train", "--corpus", tiny_corpus, "--promote"), "not promoted", "instead of")
    assert Classifier.load(model).digest == before.digest

    # Of all that is known of identity, a poorer corpus says it is the Ministry of Science's.
    poorer = tmp_path / "poorer"
    rows = [row | {"lead": "BKHCN"} if row["lead"] in ("BCA", "BGDDT") else row for row in tiny_rows()]
    write_rows(poorer / "rows.jsonl", rows)
    train([poorer], model, target_precision=0.9)
    assert "promoted" in run("train", "--corpus", tiny_corpus, "--promote").stderr
    assert Classifier.load(model).version == report["model_version"]
    listed = done(run("models", "list")).splitlines()
    assert any(line.startswith(f"* {report['model_version']}") for line in listed)
    shown = json.loads(done(run("models", "show", report["model_version"])))
    assert shown["comparison"]["better"] is True
    assert shown["figures"]["agency"]["top1"]["value"] > 0.9
    model.unlink()
    assert "promoted" in run("train", "--corpus", tiny_corpus, "--promote").stderr, "where there is none"


def test_an_earlier_model_comes_back_by_hand(run: Run, model: Path, tiny_corpus: Path) -> None:
    first = Classifier.load(model)
    fresh = json.loads(done(run("train", "--corpus", tiny_corpus)))["model_version"]
    done(run("models", "promote", fresh))
    assert Classifier.load(model).version == fresh
    done(run("models", "promote", first.version))
    assert Classifier.load(model).digest == first.digest
    refused(run("models", "promote", "9-none"), "not entered")
    refused(run("models", "show", "9-none"), "no model")
    (model.parent / "models" / f"{fresh}.zip").write_bytes(model.read_bytes())
    refused(run("models", "promote", fresh), "not the one that was entered")
    assert Classifier.load(model).digest == first.digest


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
    drop_the_guards(session)
    session.scalars(select(Event).where(Event.petition_id == second.id, Event.seq == 2)).one().actor = "desk"
    session.commit()
    result = run("timeline", "verify")
    assert result.exit_code == 1
    assert result.stdout == f"{second.code}: event 2: its content was changed\n2 checked, 1 broken\n"


def test_the_root_of_a_day(
    run: Run, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    a_petition(session, vault, clock.now, chance)
    session.commit()
    assert done(run("timeline", "roots")) == ""
    assert json.loads(done(run("timeline", "root")))["chains"] == 0, "yesterday there was none"
    refused(run("timeline", "root", "--date", "2026-11-02"), "over")
    clock.now += timedelta(days=1)
    root = json.loads(done(run("timeline", "root")))
    assert (root["date"], root["chains"], len(root["root"])) == ("2026-11-02", 1, 64)
    assert root["published_at"] is None
    assert is_signed(f"pakn timeline root 2026-11-02 1 {root['root']}", root["signature"], root["public_key"])
    assert done(run("sweep")).endswith(" done\n")
    published = json.loads(done(run("timeline", "root", "--date", "2026-11-02")))
    assert published == {**root, "published_at": "2026-11-03T02:00:00.000000Z"}
    assert json.loads(done(run("timeline", "roots"))) == published
    assert json.loads(done(run("timeline", "roots", "--check"))) == {**published, "fault": None}
    drop_the_guards(session)
    session.execute(update(Event).values(hash="0" * 64))
    session.commit()
    assert json.loads(done(run("timeline", "root", "--date", "2026-11-02"))) == published, "for good"
    bent = run("timeline", "roots", "--check")
    assert bent.exit_code == 1
    assert "another root by now" in json.loads(bent.stdout)["fault"]
    for bad in ("2026-13-01", "yesterday", "2026-02-30"):
        refused(run("timeline", "root", "--date", bad), "YYYY-MM-DD")


# --- sweep, relay, worker ---------------------------------------------------------------------------------


def test_sweep_and_relay(
    run: Run, app: Flask, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    assert done(run("sweep")) == "0 done\n"
    assert done(run("relay", "--once")) == "2 taken\n", "the receipt and the classifier"
    session.expire_all()
    assert all(row.done_at for row in session.scalars(select(OutboxRow)))
    assert done(run("relay", "--once")) == "0 taken\n"
    assert len(list(app.extensions["pakn_settings"].instance.glob("mail/*.eml"))) == 1


def test_a_queue_that_is_not_set_or_does_not_answer(
    run: Run, app: Flask, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    refused(run("worker"), "REDIS_URL")
    known = app.extensions["pakn_settings"]
    app.extensions["pakn_settings"] = replace(known, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    refused(run("relay", "--once"), "queue does not answer")
    refused(run("worker"), "queue does not answer")
