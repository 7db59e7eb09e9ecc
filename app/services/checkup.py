"""Is everything there that the service needs? Asked by ``doctor``."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from redis import Redis, RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models import Agency, OutboxRow, Submitter
from app.services import rules
from app.services.personal_data import Unreadable, Vault
from app.settings import Settings
from classifiers import Classifier, ModelFileError
from workflows.calendar import CalendarNotCovered, local_date

CALENDAR_AHEAD = timedelta(days=120)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, whether it is well, and a line about it."""

    what: str
    well: bool
    detail: str


def check_all(session: Session, settings: Settings, now: datetime, vault: Vault) -> list[Finding]:
    """Look at everything; a failing check never stops the others."""
    return list(_checks(session, settings, now, vault))


def _checks(session: Session, settings: Settings, now: datetime, vault: Vault) -> Iterator[Finding]:
    yield _check("database", lambda: _database(session))
    yield _check("calendar", lambda: _calendar(session, now))
    yield _check("keys", lambda: _keys(session, vault))
    yield _check("outbox", lambda: _outbox(session, now))
    yield _check("queue", lambda: _queue(settings))
    yield _check("mail", lambda: _mail(settings))
    yield _check("files", lambda: _folder(settings.files_url, settings.instance.parent))
    yield _check("model", lambda: _model(settings))


class _Unwell(Exception):
    pass


def _check(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except (_Unwell, SQLAlchemyError, RedisError, OSError, smtplib.SMTPException) as error:
        first = str(error).strip().splitlines()
        return Finding(what, False, first[0] if first else type(error).__name__)


def _database(session: Session) -> str:
    try:
        count = session.scalar(select(func.count()).select_from(Agency)) or 0
    except SQLAlchemyError:
        session.rollback()
        raise
    if not count:
        raise _Unwell("there are no agencies; run: flask init")
    return f"{session.get_bind().dialect.name}, {count} agencies"


def _calendar(session: Session, now: datetime) -> str:
    try:
        calendar = rules.calendar(session)
    except CalendarNotCovered:
        raise _Unwell("there is no calendar; run: flask init") from None
    if local_date(now) + CALENDAR_AHEAD > calendar.covers_to:
        raise _Unwell(f"edition {calendar.version} ends on {calendar.covers_to}: load the next year now")
    expected = sum(special.certainty != "official" for special in calendar.special.values())
    unsure = f", {expected} days expected but not yet announced" if expected else ""
    return f"edition {calendar.version} covers {calendar.covers_from} to {calendar.covers_to}{unsure}"


def _keys(session: Session, vault: Vault) -> str:
    for order in (Submitter.petition_id.asc(), Submitter.petition_id.desc()):
        sealed = session.scalar(
            select(Submitter.sealed).where(Submitter.sealed.is_not(None)).order_by(order).limit(1)
        )
        try:
            vault.open_contact(sealed)
        except Unreadable as error:
            raise _Unwell(str(error)) from None
    return "PII_KEYS open the oldest and the newest contact data"


def _outbox(session: Session, now: datetime) -> str:
    waiting = select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.done_at.is_(None))
    count, oldest = session.execute(waiting).one()
    if count and now - oldest > timedelta(hours=1):
        raise _Unwell(f"{count} rows wait, the oldest since {oldest.isoformat(timespec='seconds')}")
    return f"{count} rows wait"


def _queue(settings: Settings) -> str:
    if settings.redis_url is None:
        return "none: the server works off its outbox itself"
    version = Redis.from_url(settings.redis_url, socket_connect_timeout=3, socket_timeout=3).info("server")
    return f"Redis {version['redis_version']}"


def _mail(settings: Settings) -> str:
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        return _folder(settings.mail_url, settings.instance.parent)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with kind(
        url.hostname or "localhost", url.port or (465 if url.scheme == "smtps" else 25), timeout=5
    ) as server:
        server.noop()
    return f"{url.scheme} server at {url.hostname}"


def _folder(where: str, root: Path) -> str:
    url = urlsplit(where)
    if url.scheme != "file":
        return f"{url.scheme} is not checked"
    folder = root / Path(url.netloc + url.path)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as probe:
        probe.write(b"can be written")
    return f"folder {folder.name} can be written"


def _model(settings: Settings) -> str:
    try:
        return f"version {Classifier.load(settings.model_path).version}"
    except ModelFileError as error:
        raise _Unwell(str(error)) from None
