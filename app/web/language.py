"""The language of pages: Vietnamese unless a person has switched to English."""

from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, session

from app.extensions import babel

LANGUAGES = ("vi", "en")


def current() -> str:
    """The language of this request: of the address (``?lang=en``), else of the session, else Vietnamese."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    chosen = session.get("language", "vi")
    return chosen if chosen in LANGUAGES else "vi"


def _local_path(wanted: str) -> str:
    """The path of ``wanted`` where that is a path on this site, else the first page."""
    try:
        path = urlsplit(wanted).path
    except ValueError:
        return "/"
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"


def init_app(app: Flask) -> None:
    """Let Babel ask :func:`current`, remember a language asked for, and offer the switch ``/language/<vi|en>``."""
    babel.init_app(app, locale_selector=current)

    @app.before_request
    def keep_to_the_language_asked_for() -> None:
        # A link in a mail names its language; the pages that follow from it should speak it too.
        asked = request.args.get("lang")
        if asked in LANGUAGES and asked != session.get("language", "vi"):
            session["language"] = asked

    @app.get("/language/<any(vi, en):language>")
    def switch_language(language: str) -> Response:
        session["language"] = language
        return redirect(_local_path(request.args.get("next") or "/"))  # type: ignore[return-value]

    app.jinja_env.globals["current_language"] = current
