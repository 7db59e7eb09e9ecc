"""The daily roots as a page, and the proof of one's own petition, checked by the lines that the documentation gives."""

import copy
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration import ROOT
from app.models import Event, Petition, TimelineRoot
from app.services import access, answering, roots, timeline
from app.services.actors import SUBMITTER, SYSTEM
from app.services.personal_data import Vault
from app.services.signing import is_signed
from tests import factories
from tests.instances import Clock
from tests.web.browsing import look, submit_form
from workflows.lifecycle import Role, Status
from workflows.timeline import check_proof

DOCUMENT = (ROOT / "docs" / "verifying.md").read_text("utf-8")
PROGRAM = DOCUMENT.partition("```python\n")[2].partition("```")[0]
Proof = dict[str, Any]


@pytest.fixture
def publish(app: Flask, session: Session, clock: Clock) -> Callable[[], None]:
    """Let the day end and publish what is due."""

    def go() -> None:
        clock.now += timedelta(days=1)
        while roots.publish_next(session, app.extensions["pakn_signer"], clock.now):
            session.commit()

    return go


@pytest.fixture
def petition(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Petition:
    """A petition that has lived, among others."""
    for _ in range(3):
        factories.a_receipt(session, vault, clock.now, chance)
    made = factories.a_petition(session, vault, clock.now, chance, status=Status.AWAITING_SUBMITTER)
    answering.provide_information(session, made, SUBMITTER, "Số nhà 12, thôn Đoài.", clock.now)
    for _ in range(3):
        factories.a_receipt(session, vault, clock.now, chance)
    session.commit()
    return made


@pytest.fixture
def download(client: FlaskClient, vault: Vault, petition: Petition) -> Callable[[], Proof]:
    """Open the petition and download its proof."""

    def go() -> Proof:
        secret = vault.open_contact(petition.submitter.sealed).secret
        opened = submit_form(client, "/track", code=petition.code, secret=secret)
        address = f"{opened.location}/timeline.json"
        assert address in look(client.get(opened.location)).links
        assert address in look(client.get(f"{opened.location}/receipt")).links
        file = client.get(address)
        assert file.mimetype == "application/json"
        assert file.headers["Content-Disposition"] == f"attachment; filename={petition.code}-timeline.json"
        found: Proof = json.loads(file.get_data())
        return found

    return go


@pytest.fixture
def verify(tmp_path: Path) -> Callable[[Proof, str, str], subprocess.CompletedProcess[str]]:
    """Run the lines of the document in a process of their own."""

    def go(proof: Proof, text: str, root: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "verify.py").write_text(PROGRAM, "utf-8")
        (tmp_path / "proof.json").write_text(json.dumps(proof), "utf-8")
        (tmp_path / "text.txt").write_text(text, "utf-8")
        return subprocess.run(
            [sys.executable, "-I", "verify.py", "proof.json", "text.txt", root],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return go


def test_the_program_is_short_plain_and_the_one_that_the_page_shows(client: FlaskClient) -> None:
    assert len(PROGRAM.splitlines()) <= 10
    imported = set(re.findall(r"\w+", re.findall(r"^import (.*)", PROGRAM)[0]))
    assert imported <= sys.stdlib_module_names
    assert (ROOT / "app" / "static" / "verify.txt").read_text("utf-8") == PROGRAM
    assert PROGRAM in look(client.get("/timeline")).text


def test_the_true_file_passes_and_every_change_fails(
    petition: Petition,
    publish: Callable[[], None],
    download: Callable[[], Proof],
    verify: Callable[[Proof, str, str], subprocess.CompletedProcess[str]],
    client: FlaskClient,
) -> None:
    publish()
    proof = download()
    root = client.get("/timeline/roots.json").get_json()["roots"][0]["root"]
    assert len(proof["events"]) > 5
    assert len(proof["root"]["proof"]) >= 2
    for text in (petition.text, f"\ufeff{petition.text}\r\n"):
        true = verify(proof, text, root)
        assert (true.returncode, true.stdout, true.stderr) == (0, "", "")

    def fails(proof: Proof, text: str = petition.text, root: str = root) -> str:
        ended = verify(proof, text, root)
        assert ended.returncode == 1, proof
        last = ended.stderr.splitlines()[-1]
        assert last.startswith("AssertionError: "), ended.stderr
        return last.removeprefix("AssertionError: ")

    assert fails(proof, text=petition.text.replace("yếu", "mạnh")) == "another text"
    assert fails(proof, root="0" * 64) == "another root"
    for place, event in enumerate(proof["events"]):
        # Each event has some of its fields changed, so that all are among them.
        for field in [*event["entry"]][place % 2 :: 2]:
            changed = copy.deepcopy(proof)
            value = event["entry"][field]
            changed["events"][place]["entry"][field] = {**value, "x": 1} if field == "data" else f"{value}x"
            assert fails(changed).startswith("changed: ")
    for place in (0, 3, len(proof["events"]) - 1):
        for field in ("hash", "previous_hash"):
            changed = copy.deepcopy(proof)
            changed["events"][place][field] = "f" * 64
            assert fails(changed).startswith("changed: ")
        changed = copy.deepcopy(proof)
        del changed["events"][place]
        fails(changed)
    for change in (
        {"head": "f" * 64},
        {"head": proof["events"][0]["hash"]},
        {"proof": proof["root"]["proof"][1:]},
    ):
        assert fails({**proof, "root": {**proof["root"], **change}}) == "another root"
    fails({**proof, "code": "PAKN-20261102-000000-X"})


def test_the_signature_is_checked_with_openssl(
    publish: Callable[[], None], petition: Petition, download: Callable[[], Proof], tmp_path: Path
) -> None:
    assert shutil.which("openssl"), "openssl is part of every system that the tests run on"
    publish()
    proof = download()
    commands = DOCUMENT.partition("```sh\n")[2].partition("```")[0].replace("FILE.json", "proof.json")
    for count, passes in ((proof["root"]["chains"], True), (99, False)):
        changed = {**proof, "root": {**proof["root"], "chains": count}}
        (tmp_path / "proof.json").write_text(json.dumps(changed), "utf-8")
        ended = subprocess.run(["sh", "-c", commands], cwd=tmp_path, capture_output=True, text=True)
        assert (ended.returncode == 0) is passes, ended.stderr


def test_the_proof_holds_no_personal_data_and_no_notes(
    petition: Petition,
    session: Session,
    vault: Vault,
    clock: Clock,
    publish: Callable[[], None],
    download: Callable[[], Proof],
) -> None:
    access.read_contact(session, vault, petition, factories.some_staff(session, Role.DESK), clock.now)
    session.commit()
    publish()
    proof = download()
    assert "contact_read" in [event["entry"]["kind"] for event in proof["events"]]
    said = json.dumps(proof, ensure_ascii=False)
    for private in (
        "thôn",
        "Số nhà",
        petition.text[:10],
        factories.EMAIL,
        "912",
        "mẫu",
        "Kiểm tra và trả lời",
    ):
        assert private not in said, private
    assert set(proof) == {"format", "code", "text_sha256", "events", "root", "public_key"}


def test_before_the_day_is_sealed_there_is_no_root_and_later_events_wait_for_theirs(
    session: Session,
    petition: Petition,
    clock: Clock,
    publish: Callable[[], None],
    download: Callable[[], Proof],
) -> None:
    assert download()["root"] is None
    publish()
    timeline.record(session, petition, "contact_read", SYSTEM, clock.now)
    session.commit()
    proof = download()
    assert proof["root"]["date"] == "2026-11-02"
    assert proof["root"]["head"] == proof["events"][-2]["hash"]
    publish()
    proof = download()
    assert proof["root"]["date"] == "2026-11-03"
    assert proof["root"]["head"] == proof["events"][-1]["hash"]
    root = proof["root"]
    assert check_proof(proof["code"], root["head"], root["proof"], root["root"])
    statement = f"pakn timeline root {root['date']} {root['chains']} {root['root']}"
    assert is_signed(statement, root["signature"], root["public_key"])


def test_a_root_into_whose_day_an_event_came_late_gives_way_to_an_older_one(
    session: Session,
    petition: Petition,
    clock: Clock,
    publish: Callable[[], None],
    download: Callable[[], Proof],
) -> None:
    publish()
    publish()
    late = session.scalars(select(Petition).where(Petition.id != petition.id)).first()
    assert late is not None
    timeline.record(session, late, "contact_read", SYSTEM, clock.now - timedelta(days=1))
    session.commit()
    root = download()["root"]
    assert root["date"] == "2026-11-02"
    assert check_proof(petition.code, root["head"], root["proof"], root["root"])


def test_a_chain_is_proven_within_its_part_of_a_large_tree(
    monkeypatch: pytest.MonkeyPatch,
    session: Session,
    petition: Petition,
    publish: Callable[[], None],
    download: Callable[[], Proof],
) -> None:
    monkeypatch.setattr("workflows.timeline.PART", 2)
    publish()
    assert len(session.scalars(select(TimelineRoot.parts)).one()) == 4
    root = download()["root"]
    assert root["chains"] == 7
    assert check_proof(petition.code, root["head"], root["proof"], root["root"])
    last = session.scalars(select(Event.hash).where(Event.petition_id == petition.id)).all()[-1]
    assert root["head"] == last


def test_who_has_not_opened_a_petition_gets_no_proof(client: FlaskClient, petition: Petition) -> None:
    shown = client.get(f"/petitions/{petition.code}/timeline.json")
    unknown = client.get("/petitions/PAKN-20260101-000000-1/timeline.json")
    assert shown.mimetype == unknown.mimetype == "text/html"
    assert look(shown).text.replace(petition.code, "") == look(unknown).text.replace(
        "PAKN-20260101-000000-1", ""
    )


def test_the_page_lists_roots_by_month_newest_first(
    client: FlaskClient, session: Session, clock: Clock, petition: Petition, publish: Callable[[], None]
) -> None:
    assert "Chưa có dấu niêm phong nào" in look(client.get("/timeline")).text
    assert "/timeline" in look(client.get("/")).links
    assert "/timeline" in look(client.get("/about")).links
    clock.now += timedelta(days=27)
    publish()  # Sunday 29 November, the first day on which anything is published
    for _ in range(3):
        publish()
    shown = look(client.get("/timeline"))
    assert re.findall(r"\d\d/\d\d/2026(?=\s+7\s)", shown.text) == ["02/12/2026", "01/12/2026"]
    assert "/timeline?month=2026-11#list" in shown.links
    assert "/timeline?month=2027-01#list" not in shown.links
    earlier = look(client.get("/timeline?month=2026-11"))
    assert re.findall(r"\d\d/\d\d/2026(?=\s+7\s)", earlier.text) == ["30/11/2026", "29/11/2026"]
    assert "/timeline?month=2026-12#list" in earlier.links
    assert "/timeline?month=2026-10#list" not in earlier.links
    assert "không có dấu niêm phong nào" in look(client.get("/timeline?month=2025-01")).text
    assert client.get("/timeline?month=hôm-nay").status_code == 404
    given = client.get("/timeline/roots.json").get_json()
    assert [each["date"] for each in given["roots"]] == [
        "2026-12-02",
        "2026-12-01",
        "2026-11-30",
        "2026-11-29",
    ]
    assert given["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert all(each["root"] in shown.text + earlier.text for each in given["roots"])
    november = client.get("/timeline/roots.json?month=2026-11").get_json()["roots"]
    assert november == given["roots"][2:]
