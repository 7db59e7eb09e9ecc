"""The extensions, made once and bound to an application in ``create_app``."""

from datetime import datetime
from typing import Any

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, make_url

from app.settings import Settings

db = SQLAlchemy()
migrate = Migrate()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window")
babel = Babel()
bootstrap = Bootstrap5()
login = LoginManager()


def settings() -> Settings:
    """The settings of the application at work."""
    value: Settings = current_app.extensions["pakn_settings"]
    return value


def now() -> datetime:
    """The instant at which a request, job or command began its work; the edge asks, verbs are told."""
    instant: datetime = current_app.extensions["pakn_clock"]()
    return instant


def engine_options(database_url: str) -> dict[str, Any]:
    """How to open the database: patience with locks on SQLite, checked connections on PostgreSQL."""
    # What people wrote must not stand in a log because a statement failed.
    common: dict[str, Any] = {"hide_parameters": True}
    if make_url(database_url).get_backend_name() == "sqlite":
        return {**common, "connect_args": {"timeout": 30}}
    return {
        **common,
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 5,
        "connect_args": {"connect_timeout": 5},
    }


def prepare_sqlite(app: Flask) -> None:
    """Make SQLite keep promises: WAL, a synced commit, foreign keys, and a write lock taken at the start.

    A transaction that begins as a reader and then writes fails at once if another wrote meanwhile, however long
    the timeout; so all take the write lock first, save those of a GET, which only read.
    """
    engine: Engine = db.engine
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        reading = has_request_context() and request.method in ("GET", "HEAD")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def init_extensions(app: Flask) -> None:
    """Bind every extension to ``app``."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)
    bootstrap.init_app(app)
    login.init_app(app)
    with app.app_context():
        prepare_sqlite(app)
