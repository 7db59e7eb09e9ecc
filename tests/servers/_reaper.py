"""Ends what a test run started, even when the test run itself is killed.

A test run starts this file as a small process of its own and holds the other end of its standard input.
Line by line it names what it starts and what it has ended itself. When the line goes dead, however the
test run died, everything still on the list is ended and its directories are removed. Only the standard
library is used, so that the process starts quickly and in any environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

GRACE_SECONDS = 5.0


def family(leader: int) -> set[int]:
    """Return the ids of a session leader and of all its living descendants and session mates.

    PostgreSQL's children open sessions of their own, rq's work horses process groups of their own, so
    neither the group nor the tree alone would find everybody. Zombies are left out.
    """
    parents: dict[int, int] = {}
    members: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _group, session = entry.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it ended meanwhile
            continue
        pid = int(entry.parent.name)
        if state in "ZX":
            continue
        parents[pid] = int(parent)
        if pid == leader or int(session) == leader:
            members.add(pid)
    while True:
        found = {pid for pid, parent in parents.items() if parent in members or parent == leader} - members
        if not found:
            return members
        members |= found


def end_family(leader: int, first_signal: int, grace: float = GRACE_SECONDS) -> None:
    """Ask a session leader to end, give it some time, then kill whoever is left of its family."""
    doomed = family(leader)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(leader, first_signal)
    deadline = time.monotonic() + grace
    while family(leader) and time.monotonic() < deadline:
        time.sleep(0.05)
    kill_family(leader, doomed)


def kill_family(leader: int, known: set[int]) -> None:
    """Kill a session leader, its process group, its family, and those known to have belonged to it."""
    doomed = family(leader) | known
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Read what is started and ended until the test run is gone, then clear up after it."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    processes: dict[int, int] = {}
    directories: set[str] = set()
    for line in sys.stdin:
        order = json.loads(line)
        match order["do"]:
            case "watch":
                processes[order["pid"]] = order["signal"]
            case "forget":
                processes.pop(order["pid"], None)
            case "own":
                directories.add(order["directory"])
            case "disown":
                directories.discard(order["directory"])
    for pid, first_signal in processes.items():
        end_family(pid, first_signal)
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
