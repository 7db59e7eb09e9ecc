"""Verbs are tested on both databases; commands, which call them, too."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import Petition
from app.services import registry
from app.services.personal_data import Vault
from app.services.sweep import sweep
from classifiers import Classifier
from classifiers.training import train
from tests.factories import a_petition
from tests.instances import Clock
from tests.services.cases import Case
from tests.services.commands import Run, runner
from tests.services.reminding import reminders
from tests.unit.classifiers.tiny_corpus import tiny_rows, write_rows
from workflows.lifecycle import Status


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """SQLite, then PostgreSQL."""
    return str(request.param)


@pytest.fixture
def petition_in(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> Callable[..., Petition]:
    """A petition in a given state; further values are those of its submission."""

    def make(status: Status = Status.ASSIGNED, **values: Any) -> Petition:
        return a_petition(session, vault, clock.now, chance, status=status, **values)

    return make


@pytest.fixture
def case_in(
    session: Session, vault: Vault, clock: Clock, petition_in: Callable[..., Petition]
) -> Callable[..., Case]:
    """A petition in a given state, and the people around it."""

    def make(status: Status = Status.ACCEPTED) -> Case:
        return Case(session, petition_in(status), vault, clock)

    return make


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of the application under test."""
    return runner(app)


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that takes a moment to train on."""
    folder = tmp_path_factory.mktemp("tiny")
    write_rows(folder / "rows.jsonl", tiny_rows())
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_corpus: Path) -> Path:
    """A model file."""
    path = tiny_corpus / "model.zip"
    train([tiny_corpus], path, target_precision=0.9)
    return path


@pytest.fixture
def model(app: Flask, session: Session, clock: Clock, tiny_model: Path) -> Path:
    """The tiny model in service."""
    path: Path = app.extensions["pakn_settings"].model_path
    path.write_bytes(tiny_model.read_bytes())
    registry.accept(session, path, Classifier.load(path), clock.now)
    session.commit()
    return path


@pytest.fixture
def on(session: Session, clock: Clock) -> Callable[[int, int], list[str]]:
    """Sweep at nine on a day of November or December 2026; the reminders asked for by this sweep."""

    def run(day: int, month: int = 11) -> list[str]:
        clock.now = datetime(2026, month, day, 2, tzinfo=UTC)
        before = set(reminders(session))
        sweep(session, clock.now)
        return [name for name in reminders(session) if name not in before]

    return run
