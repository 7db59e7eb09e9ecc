"""A whole cluster: PostgreSQL, Redis, a mail server, two gunicorn workers and two queue workers, all real."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from classifiers.training import train
from tests import servers
from tests.cluster.visitor import Visitor
from tests.factories import PASSWORD
from tests.instances import PII_KEY, TIMELINE_KEY
from tests.unit.classifiers.tiny_corpus import tiny_rows, write_rows

ROOT = Path(__file__).resolve().parents[2]
STAFF = {"desk": ("desk", None), "officer": ("officer", "BKHCN"), "approver": ("approver", "BKHCN")}


@dataclass
class Cluster:
    """The servers, and ways to look behind them."""

    environment: dict[str, str]
    database: servers.PostgreSQL
    redis: servers.RedisServer
    mail: servers.MailServer
    workers: list[servers.Process]
    application: servers.Application
    visitors: int = 0

    def visitor(self) -> Visitor:
        """Somebody new, at an address nobody else has."""
        self.visitors += 1
        return Visitor(self.application.url, f"192.0.2.{self.visitors}")

    def staff(self, username: str) -> Visitor:
        """A member of staff, logged in."""
        somebody = self.visitor()
        somebody.log_in(username, PASSWORD)
        return somebody

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to the database."""
        return psycopg.connect(self.database.url.replace("+psycopg", "", 1))

    def ask(self, query: str, *values: Any) -> list[Any]:
        """What the database says."""
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def command(self, *words: str) -> str:
        """Run a command in a process of its own; what it prints."""
        return run_command(self.environment, *words)

    def wait_until_nothing_waits(self, timeout: float = 120) -> None:
        """Wait until the outbox is empty."""
        waiting = "SELECT count(*) FROM outbox WHERE done_at IS NULL"
        servers.wait_until(lambda: self.ask(waiting) == [(0,)], "the outbox to be worked off", timeout)


def run_command(environment: dict[str, str], *words: str) -> str:
    """Run a command in a process of its own; what it prints."""
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=servers.clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The service as a ministry runs it."""
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgresql())
        redis = stack.enter_context(servers.redis_server())
        mail = stack.enter_context(servers.mail_server())
        environment = {
            "PAKN_MODE": "production",
            "DATABASE_URL": database.url,
            "REDIS_URL": redis.url,
            "MAIL_URL": mail.url,
            "FILES_URL": f"file://{folder}/files",
            "BASE_URL": "https://pakn.example.vn",
            "TRUSTED_PROXIES": "1",
            "SECRET_KEY": "a secret of the tests, forty characters long",
            "PII_KEYS": PII_KEY,
            "TIMELINE_KEY": TIMELINE_KEY,
            "MODEL_PATH": str(folder / "model.zip"),
            "OPENBLAS_NUM_THREADS": "1",
        }
        write_rows(folder / "corpus" / "rows.jsonl", tiny_rows())
        train([folder / "corpus"], folder / "model.zip", target_precision=0.999)
        run_command(environment, "init")
        for username, (role, agency) in STAFF.items():
            words = ["staff", "add", "--username", username, "--name", f"{username} (mẫu)", "--role", role]
            words += ["--agency", agency] if agency else []
            run_command(environment, *words, "--email", f"{username}@staff.example", "--password", PASSWORD)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        workers = stack.enter_context(servers.worker_processes(command, 2, environment, logs=folder))
        served = stack.enter_context(servers.application(environment, log=folder / "gunicorn.log"))
        yield Cluster(environment, database, redis, mail, workers, served)
