"""A real Chromium, Debian's own, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ._process import Unavailable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PATH = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> Path:
    """Return the path of Chromium: that in the environment variable CHROMIUM, on PATH, or Debian's."""
    if told := os.environ.get("CHROMIUM"):
        if os.access(told, os.X_OK):
            return Path(told)
        raise Unavailable(f"Chromium: the environment variable CHROMIUM names {told}, which cannot be run")
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    if os.access(DEBIAN_PATH, os.X_OK):
        return DEBIAN_PATH
    raise Unavailable(
        "Chromium: neither on PATH nor in /usr/bin/chromium nor named by CHROMIUM; "
        "tests/install_system_packages.sh installs it on Debian"
    )


def launch_chromium(playwright: Playwright) -> Browser:
    """Return a launched browser with an empty profile of its own; the caller closes it."""
    from playwright.sync_api import Error

    path = find_chromium()
    try:
        return playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
    except Error as error:
        reason = error.message.strip().partition("\n")[0]
        raise Unavailable(f"Chromium: {path} does not start: {reason}") from error


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Playwright and Chromium; yield the browser and close both at the end.

    One at a time in a thread: Playwright allows no second one beside it, so make this a fixture of the
    whole session and give each test a context of its own with `browser.new_context()`.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Unavailable(f"Chromium: {error}; install playwright") from error
    find_chromium()
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        try:
            yield browser
        finally:
            browser.close()
