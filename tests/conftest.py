"""Fixtures: a real database for each test, undone after it; a clock that stands; no way out to the network.

The application is imported only by the tests that need it, so that those of the pure rules start at once.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    from app.services.personal_data import Vault
    from tests.instances import Clock, Instance, Instances

pytest_plugins = ["tests.availability"]

# Arithmetic in tests is small: threads would only wait for one another, at several times the cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

hypothesis_settings.register_profile("pakn", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis_settings.load_profile("pakn")


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Let nothing reach beyond this machine."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
            raise RuntimeError(f"a test reached for the network: {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in (None, "", "localhost") and not _is_address(host):
            raise RuntimeError(f"a test asked the network for the address of {host}")
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _is_address(host: str | bytes) -> bool:
    try:
        ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="session")
def instances(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instances]:
    """The instances of this worker; PostgreSQL starts when the first test asks for it."""
    from tests.instances import Instances

    with ExitStack() as stack:
        yield Instances(stack, tmp_path_factory.mktemp("instances"))


@pytest.fixture
def engine_name() -> str:
    """The database a test runs on; ``tests/services`` runs each on both."""
    return "sqlite"


@pytest.fixture
def instance(instances: Instances, engine_name: str) -> Instance:
    """The instance that tests share."""
    return instances.shared(engine_name)


@pytest.fixture
def own_instance(instances: Instances, engine_name: str) -> Iterator[Instance]:
    """An instance of the test's own, where commits are real."""
    instances.clock.reset()
    with instances.fresh(engine_name) as made:
        yield made


@pytest.fixture
def connection(instance: Instance) -> Iterator[Connection]:
    """A connection in a transaction that is undone after the test; what commits within is a savepoint."""
    with instance.engine.connect() as made:
        outer = made.begin()
        yield made
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session for set-up and verbs. It may commit; a request made after that sees what it wrote."""
    from sqlalchemy.orm import Session

    with Session(connection, join_transaction_mode="create_savepoint") as made:
        yield made


@pytest.fixture
def app(instance: Instance, connection: Connection, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """The application, on the connection of this test. No application context is left open, as in a server."""
    from app.extensions import db, limiter

    made = instance.app
    with made.app_context():
        engines: dict[str | None, Any] = db.engines  # type: ignore[assignment]  # a Connection takes the place
    settings, config = made.extensions["pakn_settings"], dict(made.config)
    made.extensions["pakn_settings"] = replace(
        settings,
        instance=tmp_path,
        mail_url=f"file://{tmp_path}/mail",
        files_url=f"file://{tmp_path}/files",
        model_path=tmp_path / "model.zip",
    )
    engines[None] = connection
    limiter.reset()
    yield made
    engines[None] = instance.engine
    made.extensions["pakn_settings"] = settings
    made.config.clear()
    made.config.update(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, with CSRF protection on."""
    return app.test_client()


@pytest.fixture
def clock(instances: Instances) -> Clock:
    """The clock of the application: set ``clock.now`` to move it."""
    instances.clock.reset()
    return instances.clock


@pytest.fixture
def vault() -> Vault:
    """Opens and seals with the key the application of the tests has."""
    from app.services.personal_data import Vault
    from tests.instances import PII_KEY

    return Vault((PII_KEY,))


@pytest.fixture
def chance() -> random.Random:
    """The same chance in every run."""
    return random.Random(57)
