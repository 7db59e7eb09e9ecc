"""From settings to Flask's configuration."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.extensions import engine_options
from app.services.personal_data import Vault
from app.services.signing import Signer
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
FORM_BYTES = 4 * 1024 * 1024


def configure(app: Flask, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Put everything the extensions and views look up where they look for it."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.extensions["pakn_settings"] = settings
    app.extensions["pakn_clock"] = clock
    app.extensions["pakn_vault"] = Vault(settings.pii_keys)
    app.extensions["pakn_signer"] = Signer(settings.timeline_key)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MIGRATIONS=ROOT / "migrations",
        # A 1 MB text must come back with a clear error, not be cut off by the server.
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        # With this prefix a browser takes the cookie from nobody else, not even from a neighbouring subdomain.
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        # The token is proof enough; who hides the Referer for privacy must be able to send, too.
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(Path(app.root_path) / "translations"),
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        # Redis being down must not lock anybody out.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
    )
