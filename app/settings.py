"""Settings: one frozen, typed object, read from the environment once. A bad value stops the boot."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class BadSetting(Exception):
    """An environment variable is missing or malformed; the message names it and says what is expected."""


@dataclass(frozen=True)
class Settings:
    """Everything the service may be told from outside.

    ``pii_keys`` are Fernet keys, newest first: the first encrypts, all decrypt. ``timeline_key`` is the seed of the
    Ed25519 key that signs daily roots. ``production`` turns on secure
    cookies and forbids generated secrets. ``trusted_proxies`` is how many proxies of ours stand in front, each of which
    adds the address it was asked from to ``X-Forwarded-For``.
    """

    database_url: str
    redis_url: str | None
    secret_key: str
    pii_keys: tuple[str, ...]
    timeline_key: bytes
    mail_url: str
    mail_from: str
    files_url: str
    base_url: str
    port: int
    trusted_proxies: int
    model_path: Path
    instance: Path
    production: bool
    background: bool
    auto_route_precision: float

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], root: Path) -> "Settings":
        """Read the settings; relative paths and ``instance/`` stand below ``root``. Raises :class:`BadSetting`."""
        mode = _one_of(environ, "PAKN_MODE", ("development", "production"))
        production = mode == "production"
        instance = root / "instance"
        port = _whole_number(environ, "PORT", 8000)
        secret_key = _secret(environ, "SECRET_KEY", instance, production, secrets.token_urlsafe(48))
        return cls(
            database_url=_database_url(environ.get("DATABASE_URL") or "sqlite:///instance/pakn.db", root),
            redis_url=_url(environ, "REDIS_URL", None, ("redis", "rediss", "unix")),
            secret_key=secret_key,
            pii_keys=_fernet_keys(
                _secret(environ, "PII_KEYS", instance, production, Fernet.generate_key().decode())
            ),
            timeline_key=_timeline_key(environ, production, secret_key),
            mail_url=_url(environ, "MAIL_URL", "file://instance/mail", ("file", "smtp", "smtps")) or "",
            mail_from=_sender(environ.get("MAIL_FROM") or "PAKN <no-reply@pakn.example>"),
            files_url=_url(environ, "FILES_URL", "file://instance/files", ("file", "s3")) or "",
            base_url=(_url(environ, "BASE_URL", f"http://127.0.0.1:{port}", ("http", "https")) or "").rstrip(
                "/"
            ),
            port=port,
            trusted_proxies=_proxies(environ, "TRUSTED_PROXIES"),
            model_path=root / (environ.get("MODEL_PATH") or "instance/model.zip"),
            instance=instance,
            production=production,
            background=_one_of(environ, "PAKN_BACKGROUND", ("on", "off")) == "on",
            auto_route_precision=_share(environ, "AUTO_ROUTE_PRECISION", 0.95),
        )


def _one_of(environ: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    value = environ.get(name) or values[0]
    if value not in values:
        raise BadSetting(f"{name} must be one of {', '.join(values)}, not {value!r}")
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 5 or not 0 < int(value) < 65536:
        raise BadSetting(f"{name} must be a port number, not {value!r}")
    return int(value)


def _proxies(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name) or "0"
    if not re.fullmatch("[0-9]", value):
        raise BadSetting(
            f"{name} must be the number of proxies in front of the service, 0 to 9, not {value!r}"
        )
    return int(value)


def _share(environ: Mapping[str, str], name: str, default: float) -> float:
    value = environ.get(name) or str(default)
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0.5 <= share < 1:
        raise BadSetting(f"{name} must lie between 0.5 and 1, not {value!r}")
    return share


def _url(environ: Mapping[str, str], name: str, default: str | None, schemes: tuple[str, ...]) -> str | None:
    value = environ.get(name) or default
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        well_formed = parts.port is None or parts.port > 0
    except ValueError:
        raise BadSetting(f"{name} is not a URL") from None
    needs_host = parts.scheme in ("http", "https", "smtp", "smtps")
    place = parts.hostname if needs_host else parts.netloc or parts.path
    if parts.scheme not in schemes or not well_formed or not place:
        raise BadSetting(f"{name} must start with {' or '.join(s + '://' for s in schemes)} and name a place")
    return value


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    if (
        "\n" in value
        or "\r" in value
        or not name.isprintable()
        or not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", address)
    ):
        raise BadSetting("MAIL_FROM must be an address, or: Name <address>")
    return value


def _database_url(value: str, root: Path) -> str:
    for plain in ("postgres://", "postgresql://"):
        if value.startswith(plain):
            value = "postgresql+psycopg://" + value.removeprefix(plain)
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise BadSetting("DATABASE_URL must be postgresql://… or sqlite:///PATH") from None
    if url.drivername == "postgresql+psycopg" and url.database:
        return value
    if url.drivername == "sqlite" and not url.host and url.database and url.database != ":memory:":
        return f"sqlite:///{root / url.database}"
    raise BadSetting("DATABASE_URL must be postgresql://… or sqlite:///PATH")


def _secret(environ: Mapping[str, str], name: str, instance: Path, production: bool, fresh: str) -> str:
    """The secret of that name; in development one made at the first start and kept under ``instance``."""
    value = environ.get(name)
    if value:
        if production and name == "SECRET_KEY" and len(value) < 32:
            raise BadSetting("SECRET_KEY must have at least 32 characters in production")
        return value
    if production:
        raise BadSetting(f"{name} must be set in production")
    kept = instance / name.lower()
    if not kept.exists():
        # Written aside and linked into place, so that of two that start at once neither reads half a secret.
        instance.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=instance) as half:
            half.write(fresh)
            half.flush()
            with suppress(FileExistsError):
                os.link(half.name, kept)
    return kept.read_text("utf-8")


def _fernet_keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise BadSetting("PII_KEYS must be Fernet keys separated by commas, newest first") from error
    if not keys:
        raise BadSetting("PII_KEYS must hold at least one Fernet key")
    return keys


def _timeline_key(environ: Mapping[str, str], production: bool, secret_key: str) -> bytes:
    value = environ.get("TIMELINE_KEY")
    if not value:
        if production:
            raise BadSetting("TIMELINE_KEY must be set in production")
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pakn timeline roots")
        return derive.derive(secret_key.encode())
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise BadSetting("TIMELINE_KEY must be 32 bytes in base64")
    return key
