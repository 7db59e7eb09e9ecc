"""Pages, by audience: thin views that parse a form, call one verb, commit once and redirect."""

from flask import Flask

from app.web import (
    admin,
    auth,
    broken_text,
    cases,
    citizen,
    desk,
    failures,
    headers,
    inbox,
    language,
    navigation,
    presentation,
    reports,
    service,
)


def init_app(app: Flask) -> None:
    """Register every page and what all pages share."""
    broken_text.init_app(app)
    language.init_app(app)
    presentation.init_app(app)
    navigation.init_app(app)
    headers.init_app(app)
    failures.init_app(app)
    for part in (service, citizen, auth, desk, inbox, cases, reports, admin):
        app.register_blueprint(part.blueprint)
