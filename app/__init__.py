"""The service: everything that touches HTTP, the database, queues, files and mail."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app import api, cli, web
from app.clock import utc_now
from app.configuration import configure
from app.extensions import init_extensions
from app.settings import Settings


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The application for these settings; ``clock`` tells it the time."""
    app = Flask(__name__)
    configure(app, settings, clock)
    init_extensions(app)
    web.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    return app
