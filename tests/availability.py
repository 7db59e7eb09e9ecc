"""Pytest plugin: what cannot run on this machine is said aloud, and in CI it fails.

A fixture or test that raises `tests.servers.Unavailable` makes its tests skip with that reason, and a
section "cannot run here" at the end of the run names each reason with its tests. With CI=true the same
tests fail instead. Register it with `pytest_plugins = ["tests.availability"]`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator

import pytest

from tests.servers import Unavailable

PROPERTY = "cannot run here"


def in_ci() -> bool:
    """Tell whether this is a run of continuous integration, where everything has to run."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


@contextlib.contextmanager
def _reported(item: pytest.Item) -> Iterator[None]:
    try:
        yield
    except Unavailable as unavailable:
        reason = str(unavailable)
    else:
        return
    item.user_properties.append((PROPERTY, reason))
    if in_ci():
        pytest.fail(f"{PROPERTY}, and with CI=true it must: {reason}", pytrace=False)
    pytest.skip(f"{PROPERTY}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Turn a fixture's Unavailable into a skip or a failure."""
    with _reported(item):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Turn a test's own Unavailable into a skip or a failure."""
    with _reported(item):
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name everything that could not run, with its reason, in parallel runs too."""
    stopped: dict[str, set[str]] = {}
    for outcome in ("skipped", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, reason in getattr(report, "user_properties", ()):
                if name == PROPERTY:
                    stopped.setdefault(str(reason), set()).add(report.nodeid)
    if not stopped:
        return
    terminalreporter.section(PROPERTY)
    for reason, tests in sorted(stopped.items()):
        terminalreporter.line(f"{reason}  ({len(tests)} test{'s' if len(tests) > 1 else ''})")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")
