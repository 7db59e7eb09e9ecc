"""Child processes, ports and directories that do not outlive the test run."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import _reaper

LOOPBACK = "127.0.0.1"
MEMORY_FILE_SYSTEM = Path("/") / "dev" / "shm"
MEMORY_ROOM = 2 * 1024**3
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_INHERITED_PREFIXES = ("LC_", "PYTHON", "COVERAGE")


class Unavailable(Exception):
    """Something that a test needs cannot run on this machine; the message names it and says why."""


class PortTakenError(Exception):
    """The port found free a moment ago was taken before the server could listen on it."""


def free_port() -> int:
    """Return a TCP port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def port_answers(port: int) -> bool:
    """Tell whether somebody listens on a port of the loopback address."""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def wait_until(
    ready: Callable[[], bool], what: str, timeout: float = 30.0, process: Process | None = None
) -> None:
    """Poll until `ready()`; raise TimeoutError, or RuntimeError with the log if `process` ends before."""
    deadline = time.monotonic() + timeout
    while True:
        if process is not None and not process.running:
            raise RuntimeError(f"{process.name} ended with {process.returncode}:\n{process.log_tail()}")
        if ready():
            return
        if time.monotonic() > deadline:
            log = f"; its log ends:\n{process.log_tail()}" if process is not None else ""
            raise TimeoutError(f"waited {timeout:g} s for {what}{log}")
        time.sleep(0.03)


def clean_environment(**changes: str) -> dict[str, str]:
    """Return what a child needs of this process's environment, without the settings of any service."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith(_INHERITED_PREFIXES)
    }
    return kept | changes


@dataclass(frozen=True)
class OsUser:
    """An unprivileged account of the operating system."""

    name: str
    uid: int
    gid: int


def unprivileged_user() -> OsUser | None:
    """Return the account that servers refusing root run under: None when this process is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return OsUser(name, entry.pw_uid, entry.pw_gid)
    raise Unavailable("this is root, and there is neither a user 'postgres' nor 'nobody' to step down to")


class _Reaper:
    """The line to the process that clears up if this one is killed."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-I", _reaper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            text=True,
        )

    def tell(self, **order: str | int) -> None:
        assert self._process.stdin is not None
        if os.getpid() == self._owner:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        assert self._process.stdin is not None
        if os.getpid() == self._owner:
            self._process.stdin.close()
            self._process.wait()


_started: _Reaper | None = None
_running: set[Process] = set()


def _reaper_line() -> _Reaper:
    global _started
    if _started is None:
        _started = _Reaper()
        atexit.register(_end_all)
    return _started


def _end_all() -> None:
    if _started is None or _started._owner != os.getpid():
        return
    for process in list(_running):
        process.stop(timeout=5)
    _started.dismiss()


@contextlib.contextmanager
def temporary_directory(
    label: str, owner: OsUser | None = None, *, in_memory: bool = False
) -> Iterator[Path]:
    """Yield a new directory that goes away at the end; `owner` can reach and write it.

    Its path is short enough for a Unix socket, and no directory above it shuts `owner` out. `in_memory`
    puts it on the machine's memory file system where that has room: files are made much faster there.
    """
    base = Path(tempfile.gettempdir()).resolve()
    open_to_all = all(directory.stat().st_mode & 0o001 for directory in (base, *base.parents))
    if in_memory and _has_room(MEMORY_FILE_SYSTEM):
        base = MEMORY_FILE_SYSTEM
    elif (owner is not None and not open_to_all) or len(str(base)) > 60:
        base = Path("/") / "tmp"
    directory = Path(tempfile.mkdtemp(prefix=f"pakn-{label}-", dir=base))
    line = _reaper_line()
    line.tell(do="own", directory=str(directory))
    try:
        if owner is not None:
            os.chown(directory, owner.uid, owner.gid)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        line.tell(do="disown", directory=str(directory))


def _has_room(directory: Path) -> bool:
    """Tell whether files can be made in a directory, programs run from it, and much be kept there."""
    try:
        state = os.statvfs(directory)
    except OSError:
        return False
    room = state.f_bavail * state.f_frsize >= MEMORY_ROOM and not state.f_flag & os.ST_NOEXEC
    return room and os.access(directory, os.W_OK | os.X_OK)


class Process:
    """A child process in a session of its own, its output in a log file.

    It is ended with everything it started: by `stop`, at the exit of this process, or by the reaper if
    this process is killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        user: OsUser | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        line = _reaper_line()
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else clean_environment(),
                cwd=directory,
                start_new_session=True,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        _running.add(self)
        line.tell(do="watch", pid=self.pid, signal=int(stop_signal))

    @property
    def pid(self) -> int:
        """The process id, which is its session id too."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether the process itself still runs."""
        return self._popen.poll() is None

    @property
    def returncode(self) -> int | None:
        """The exit code once it has ended; negative for a signal."""
        return self._popen.poll()

    def family(self) -> set[int]:
        """Return the ids of the process and of everything it started that still runs."""
        return _reaper.family(self.pid)

    def log_text(self) -> str:
        """Return everything the process has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def log_tail(self, lines: int = 100) -> str:
        """Return the last lines of what it printed."""
        return "\n".join(self.log_text().splitlines()[-lines:])

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process itself, if it still runs."""
        if self.running:
            self._popen.send_signal(number)

    def stop(self, timeout: float = 10.0) -> None:
        """End the process in an orderly way, and whatever of its family is left after `timeout` by force."""
        family = self.family()
        self.send(self._stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout)
        self._finish(family)

    def kill(self) -> None:
        """Kill the process and everything it started at once, as a power cut would."""
        self._finish(self.family())

    def _finish(self, family: set[int]) -> None:
        _reaper.kill_family(self.pid, family)
        self._popen.wait()
        deadline = time.monotonic() + 5
        while self.family() and time.monotonic() < deadline:
            time.sleep(0.01)
        _running.discard(self)
        _reaper_line().tell(do="forget", pid=self.pid)
