"""An instance of the service as people meet it: its own database, the trained model, gunicorn, and a clock."""

from __future__ import annotations

import contextlib
import email
import email.policy
import fcntl
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.clock import utc_now
from app.configuration import ROOT
from app.extensions import db
from app.services.personal_data import Vault
from app.settings import Settings
from tests import servers
from tests.instances import Clock

PATIENCE = 30.0


@dataclass(frozen=True)
class House:
    """A served instance. ``passwords`` are those of the demo staff, by user name."""

    served: servers.Application
    app: Flask
    folder: Path
    passwords: dict[str, str]

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return self.served.url

    @property
    def vault(self) -> Vault:
        """Opens and seals what it keeps sealed."""
        vault: Vault = self.app.extensions["pakn_vault"]
        return vault

    @property
    def now(self) -> datetime:
        """What its clock shows."""
        return _clock(self.folder)

    def move_clock_to(self, instant: datetime) -> None:
        """Let its clock go on from there."""
        _set_clock(self.folder, instant)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session on its database, committed at the end, for what was there before a journey begins."""
        with self.app.app_context():
            session = db.session()
            yield session
            session.commit()

    def mail(self, subject: str, recipient: str) -> str:
        """The text of the newest mail with these words in its subject; it waits until that is sent."""
        found: list[str] = []

        def there() -> bool:
            for path in sorted((self.folder / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if subject in str(message["Subject"]) and recipient in str(message["To"]):
                    found.append(message.get_content())
            return bool(found)

        servers.wait_until(there, f"a mail to {recipient} about {subject!r}", PATIENCE)
        return found[-1]


@contextlib.contextmanager
def house(folder: Path, model: Path, begins: datetime = Clock.now) -> Iterator[House]:
    """Prepare an instance in ``folder`` and serve it. Its clock begins at 9 on Monday 2 November 2026 in Vietnam."""
    _set_clock(folder, begins)
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/pakn.db",
        "SECRET_KEY": "a secret of the journeys, forty characters long",
        "PII_KEYS": Fernet.generate_key().decode(),
        "MAIL_URL": f"file://{folder}/mail",
        "FILES_URL": f"file://{folder}/files",
        "MODEL_PATH": str(model),
        "PAKN_BACKGROUND": "on",
        "PAKN_TEST_CLOCK": str(folder / "clock"),
    }
    app = create_app(Settings.from_environment(environment, folder), partial(_clock, folder))
    run = app.test_cli_runner().invoke(args=["init"])
    assert run.exit_code == 0, run.output
    lines = (folder / "instance" / "demo-logins.txt").read_text("utf-8").splitlines()
    passwords = {line.split()[0]: line.split()[1] for line in lines}
    with servers.application(environment, target="tests.journeys.served:app", directory=ROOT) as served:
        yield House(served, app, folder, passwords)
        with app.app_context():
            db.engine.dispose()


def trained_model(shared: Path) -> Path:
    """The model of the shipped corpus in the folder ``shared``, trained by whoever comes first."""
    model = shared / "journeys-model.zip"
    with (shared / "journeys-model.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            from classifiers.training import train

            half = shared / "journeys-model.half.zip"
            # So much asked that it routes nothing by itself: the journeys are to pass by the desk.
            train([ROOT / "classifiers" / "corpus"], half, target_precision=0.999)
            half.replace(model)
    return model


def the_same_chance() -> random.Random:
    """The same chance in every run."""
    return random.Random(57)


def _clock(folder: Path) -> datetime:
    return utc_now() + timedelta(seconds=float((folder / "clock").read_text("ascii")))


def _set_clock(folder: Path, instant: datetime) -> None:
    ahead = (instant - utc_now()).total_seconds()
    half = folder / f"clock.{os.getpid()}"
    half.write_text(f"{ahead:.3f}", "ascii")
    half.replace(folder / "clock")
