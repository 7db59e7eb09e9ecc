"""Browsers for the journeys: each a fresh profile whose every page is watched for faults nobody would see."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=320, height=640)


@dataclass
class Watch:
    """What went wrong out of sight: console errors (the content security policy reports there), requests to elsewhere,
    files that are missing and answers of 500 and above.
    """

    url: str
    faults: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a browser."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.pages.add(response.url)
            limit = 500
        else:
            limit = 400
        if response.status >= limit:
            self.faults.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A form that comes back with 422 is no fault, though the browser notes it as one.
        if message.text.startswith("Failed to load resource") and message.location["url"] in self.pages:
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type} at {message.location['url']}: {message.text}")


@dataclass
class Profiles:
    """Opens fresh browser profiles: another person, or another device."""

    browser: Browser
    url: str
    opened: list[BrowserContext] = field(default_factory=list)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.url)

    def __call__(self, viewport: ViewportSize = PHONE, *, javascript: bool = True) -> Page:
        """A page in a profile of its own, on that screen, with or without JavaScript."""
        context = self.browser.new_context(
            base_url=self.url, viewport=viewport, java_script_enabled=javascript, locale="vi-VN"
        )
        context.set_default_timeout(15_000)
        self.watch.over(context)
        self.opened.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close all of them."""
        for context in self.opened:
            context.close()


def path_of(page: Page) -> str:
    """The path of the address shown."""
    return urlsplit(page.url).path


def sideways(page: Page) -> int:
    """By how many pixels the page can be moved sideways; 0 is right."""
    room: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return room
