"""What ``doctor`` looks at, and what it says when something is wrong."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import CalendarDay, CalendarVersion, OutboxRow
from app.services import checkup, registry, roots
from app.services.checkup import Finding, check_all
from app.services.personal_data import Vault
from app.services.signing import Signer
from app.settings import Settings
from classifiers import Classifier
from tests import servers
from tests.factories import EMAIL, a_receipt
from tests.instances import Clock, Instances

Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with which all is well."""
    monkeypatch.setattr(Classifier, "load", lambda path: type("Model", (), {"version": "test.1"}))
    monkeypatch.setattr(registry, "admits", lambda session, model: True)
    value: Settings = app.extensions["pakn_settings"]
    return value


@pytest.fixture
def look(session: Session, settings: Settings, clock: Clock, vault: Vault) -> Look:
    """Look at everything, with some settings changed."""

    def run(vault: Vault = vault, **changes: Any) -> dict[str, Finding]:
        found = check_all(session, replace(settings, **changes), clock.now, vault)
        return {finding.what: finding for finding in found}

    return run


def unwell(found: dict[str, Finding]) -> list[str]:
    """What is not well, each in one line."""
    for finding in found.values():
        assert len(finding.detail.splitlines()) == 1
    return [what for what, finding in found.items() if not finding.well]


def test_all_is_well(look: Look) -> None:
    found = look()
    assert unwell(found) == []
    assert list(found) == [
        "database",
        "calendar",
        "keys",
        "outbox",
        "roots",
        "queue",
        "mail",
        "files",
        "model",
        "address",
    ]
    assert "2025-01-01 to 2027-12-31" in found["calendar"].detail


def test_an_empty_database(
    instances: Instances, settings: Settings, clock: Clock, vault: Vault, engine_name: str
) -> None:
    """Without a single table, every check still says its own."""
    with instances.empty(engine_name) as made, Session(made.engine) as session:
        found = {each.what: each for each in check_all(session, settings, clock.now, vault)}
    assert unwell(found) == ["database", "calendar", "keys", "outbox", "roots"]
    assert "agencies" in found["database"].detail


def test_a_database_that_is_down(
    instances: Instances, settings: Settings, clock: Clock, vault: Vault
) -> None:
    made = instances.open(f"postgresql+psycopg://nobody:hidden@127.0.0.1:{servers.free_port()}/pakn")
    with Session(made.engine) as session:
        found = {each.what: each for each in check_all(session, settings, clock.now, vault)}
    assert unwell(found) == ["database", "calendar", "keys", "outbox", "roots"]
    assert "refused" in found["database"].detail
    assert "hidden" not in str(found)


def test_a_calendar_that_ends_soon_or_is_not_there(session: Session, look: Look, clock: Clock) -> None:
    clock.now = datetime(2027, 9, 2, 17, tzinfo=UTC)
    found = look()
    assert unwell(found) == ["calendar"]
    assert "load the next year" in found["calendar"].detail
    session.execute(delete(CalendarDay))
    session.execute(delete(CalendarVersion))
    session.commit()
    assert "run: flask init" in look()["calendar"].detail


def test_a_lost_key(session: Session, vault: Vault, clock: Clock, chance: random.Random, look: Look) -> None:
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    assert unwell(look()) == []
    found = look(vault=Vault((Fernet.generate_key().decode(),)))
    assert unwell(found) == ["keys"]
    assert "PII_KEYS" in found["keys"].detail


def test_an_outbox_that_stands_still(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, look: Look
) -> None:
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    clock.now += timedelta(hours=1)
    assert look()["outbox"] == Finding("outbox", True, "2 rows wait")
    clock.now += timedelta(seconds=1)
    mail = session.scalars(select(OutboxRow).where(OutboxRow.task == "mail")).one()
    mail.error = "SMTPAuthenticationError"
    session.commit()
    found = look()
    assert unwell(found) == ["outbox"]
    assert found["outbox"].detail == (
        "2 rows wait, the oldest since 2026-11-02T02:00:00+00:00, mail SMTPAuthenticationError 1"
    )
    assert EMAIL not in str(found)


def test_roots_that_are_published_no_more(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, look: Look
) -> None:
    assert look()["roots"].well, "nothing has begun"
    a_receipt(session, vault, clock.now, chance)
    session.execute(delete(OutboxRow))
    session.commit()
    clock.now += timedelta(days=1)
    assert look()["roots"].well
    clock.now += timedelta(days=1)
    found = look()
    assert unwell(found) == ["roots"]
    assert "ever published" in found["roots"].detail
    assert roots.publish_next(session, Signer(b"k" * 32), clock.now)
    session.commit()
    assert look()["roots"] == Finding("roots", True, "the last daily root published is that of 2026-11-03")
    clock.now += timedelta(days=1)
    assert look()["roots"].well
    clock.now += timedelta(days=1)
    assert unwell(look()) == ["roots"]


def test_a_queue(look: Look) -> None:
    with servers.redis_server() as redis:
        found = look(redis_url=redis.url)
        assert unwell(found) == ["queue"]
        assert "no worker" in found["queue"].detail
        url = redis.url
    found = look(redis_url=url)
    assert unwell(found) == ["queue"]
    assert "ConnectionError" in found["queue"].detail


def test_a_mail_server(look: Look) -> None:
    with servers.mail_server() as server:
        assert look(mail_url=server.url)["mail"].well
        with server.down():
            assert unwell(look(mail_url=server.url)) == ["mail"]


def test_a_login_the_mail_server_does_not_take(look: Look) -> None:
    with servers.mail_server() as server:
        found = look(mail_url=server.url.replace("smtp://", "smtp://user:hidden@"))
    assert unwell(found) == ["mail"]
    assert "hidden" not in found["mail"].detail


def test_folders_that_are_none(look: Look, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    found = look(mail_url=f"file://{tmp_path}/file", files_url=f"file://{tmp_path}/file/below")
    assert unwell(found) == ["mail", "files"]


def test_a_model_that_is_missing_or_damaged(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    path = tmp_path / "model.zip"
    assert "cannot be read" in look(model_path=path)["model"].detail
    path.write_bytes(b"PK no model")
    found = look(model_path=path)
    assert not found["model"].well
    assert "not a whole model file" in found["model"].detail


def test_a_model_that_nobody_put_in_service(
    look: Look, tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    found = look(model_path=tiny_model)
    assert not found["model"].well
    assert "not the model that was put in service" in found["model"].detail


def test_links_that_lead_nowhere(look: Look) -> None:
    found = look(production=True, base_url="http://127.0.0.1:8000")
    assert unwell(found) == ["address"]
    public = {"production": True, "base_url": "https://pakn.example.vn"}
    assert "TRUSTED_PROXIES" in look(**public)["address"].detail
    assert look(**public, trusted_proxies=1)["address"].well


def test_whatever_fails_is_a_finding(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(checkup, "_outbox", fail)
    found = look()
    assert unwell(found) == ["outbox"]
    assert found["outbox"].detail == "ZeroDivisionError: no reason given"
