"""Instances of the service for tests: a migrated, loaded template for each engine, and copies of it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask, has_request_context, request
from flask_migrate import upgrade
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from app import create_app
from app.extensions import db
from app.services import accounts, instance
from app.settings import Settings
from tests import servers

LOADED = datetime(2026, 1, 5, 2, tzinfo=UTC)
TIMELINE_KEY = "dGltZWxpbmUga2V5IG9mIHRoZSB0ZXN0cyBvbmx5ISE="
PII_KEY = "cGFrbi10ZXN0cy1vbmx5LXBha24tdGVzdHMtb25seS0="


@dataclass
class Clock:
    """A clock that stands still until it is set: 9 o'clock in Vietnam on Monday 2 November 2026."""

    now: datetime = datetime(2026, 11, 2, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def reset(self) -> None:
        """Show the time at which every test begins."""
        self.now = type(self).now


@dataclass(frozen=True)
class Instance:
    """The service on one database."""

    app: Flask
    engine: Engine
    url: str


class Instances:
    """What one worker of the test run needs, made when first asked for."""

    def __init__(self, stack: ExitStack, directory: Path) -> None:
        self.clock = Clock()
        self._stack = stack
        self._directory = directory
        self._shared: dict[str, Instance] = {}
        self._templates: dict[str, str] = {}
        self._copies = 0
        self._postgresql: servers.PostgreSQL | None = None
        self._refusal: str | None = None  # asked once, not by each of hundreds of tests
        # Real argon2 costs 50 ms a password, which tests that are not about passwords need not pay.
        accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        event.listen(db.session.session_factory, "before_flush", _refuse_to_write_in_a_get)
        event.listen(db.session.session_factory, "do_orm_execute", _refuse_to_change_in_a_get)

    def shared(self, engine_name: str) -> Instance:
        """The instance that tests share, each in a transaction that is rolled back."""
        if engine_name not in self._shared:
            self._shared[engine_name] = self._stack.enter_context(self.fresh(engine_name))
        return self._shared[engine_name]

    @contextmanager
    def fresh(self, engine_name: str) -> Iterator[Instance]:
        """An instance of its own, for tests that need real commits: threads, processes, a database that is down."""
        made = self.open(self._copy_of_template(engine_name))
        yield made
        made.engine.dispose()

    @contextmanager
    def empty(self, engine_name: str) -> Iterator[Instance]:
        """An instance on a database without tables."""
        made = self.open(self._new_database(engine_name))
        yield made
        made.engine.dispose()

    def open(self, url: str) -> Instance:
        """The service on the database at ``url``."""
        environment = {
            "DATABASE_URL": url,
            "SECRET_KEY": "a secret of the tests, forty characters long",
            "PII_KEYS": PII_KEY,
            "TIMELINE_KEY": TIMELINE_KEY,
            "PAKN_BACKGROUND": "off",
            "MODEL_PATH": str(self._directory / "no-model.zip"),
        }
        app = create_app(Settings.from_environment(environment, self._directory), self.clock)
        app.config["TESTING"] = True
        with app.app_context():
            return Instance(app, db.engine, url)

    def _copy_of_template(self, engine_name: str) -> str:
        if engine_name not in self._templates:
            template = self.open(self._new_database(engine_name))
            with template.app.app_context():
                upgrade()
                instance.load_reference(db.session(), LOADED)
                db.session.commit()
            template.engine.dispose()
            self._templates[engine_name] = template.url
        return self._new_database(engine_name, self._templates[engine_name])

    def _new_database(self, engine_name: str, template: str | None = None) -> str:
        self._copies += 1
        name = f"pakn_{self._copies}"
        if engine_name == "postgresql":
            return self._server().create_database(name, template.rpartition("/")[2] if template else None)
        path = self._directory / f"{name}.db"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def _server(self) -> servers.PostgreSQL:
        if self._refusal is not None:
            raise servers.Unavailable(self._refusal)
        if self._postgresql is None:
            try:
                self._postgresql = self._stack.enter_context(servers.postgresql())
            except servers.Unavailable as refusal:
                self._refusal = str(refusal)
                raise
        return self._postgresql


def _is_get() -> bool:
    return has_request_context() and request.method in ("GET", "HEAD")


def _refuse_to_write_in_a_get(session: Session, _context: object, _instances: object) -> None:
    if _is_get():
        changed = [*session.new, *session.deleted, *filter(session.is_modified, session.dirty)]
        assert not changed, f"GET {request.path} writes {changed}"


def _refuse_to_change_in_a_get(state: ORMExecuteState) -> None:
    if _is_get():
        assert state.is_select or not state.is_orm_statement, (
            f"GET {request.path} changes rows: {state.statement}"
        )
