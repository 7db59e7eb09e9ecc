"""Is everything there that the service needs? Asked by ``doctor``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from redis import Redis
from rq import Worker
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Agency, OutboxRow, Submitter, TimelineRoot
from app.services import mailing, registry, roots, rules
from app.services.personal_data import Unreadable, Vault
from app.settings import Settings
from classifiers import Classifier, ModelFileError
from workflows.calendar import CalendarNotCovered, local_date

CALENDAR_AHEAD = timedelta(days=120)
OUTBOX_PATIENCE = timedelta(hours=1)
ROOT_PATIENCE = timedelta(days=2)


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
    looks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("database", lambda: _database(session)),
        ("calendar", lambda: _calendar(session, now)),
        ("keys", lambda: _keys(session, vault)),
        ("outbox", lambda: _outbox(session, now)),
        ("roots", lambda: _roots(session, now)),
        ("queue", lambda: _queue(settings)),
        ("mail", lambda: _mail(settings)),
        ("files", lambda: _folder(settings.files_url, settings.instance.parent)),
        ("model", lambda: _model(session, settings)),
        ("address", lambda: _address(settings)),
    )
    for what, look in looks:
        yield _check(what, look)
        # What failed in one check must not spoil the transaction of the next, and no lock waits for a mail server.
        session.rollback()


class _Unwell(Exception):
    pass


def _check(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except _Unwell as error:
        return Finding(what, False, str(error))
    except Exception as error:
        # Whatever it is, it is the finding, and the other checks are still wanted.
        lines = str(getattr(error, "orig", error)).strip().splitlines()
        return Finding(what, False, f"{type(error).__name__}: {lines[0] if lines else 'no reason given'}")


def _database(session: Session) -> str:
    count = session.scalar(select(func.count()).select_from(Agency)) or 0
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
    waiting = OutboxRow.done_at.is_(None)
    count, oldest = session.execute(select(func.count(), func.min(OutboxRow.created_at)).where(waiting)).one()
    if not count or now - oldest <= OUTBOX_PATIENCE:
        return f"{count} rows wait"
    failing = session.execute(
        select(OutboxRow.task, OutboxRow.error, func.count())
        .where(waiting, OutboxRow.error.is_not(None))
        .group_by(OutboxRow.task, OutboxRow.error)
        .order_by(OutboxRow.task, OutboxRow.error)
    ).all()
    kinds = "".join(f", {task} {error} {number}" for task, error, number in failing)
    raise _Unwell(f"{count} rows wait, the oldest since {oldest.isoformat(timespec='seconds')}{kinds}")


def _roots(session: Session, now: datetime) -> str:
    overdue = local_date(now) - ROOT_PATIENCE
    latest = session.scalar(select(func.max(TimelineRoot.day)))
    if latest is None:
        if roots.begun(session, roots.end_of(overdue)):
            raise _Unwell("no daily root was ever published: does the sweep run?")
        return "no day has ended that needs a root"
    if latest < overdue:
        raise _Unwell(f"the last daily root published is that of {latest}: does the sweep run?")
    return f"the last daily root published is that of {latest}"


def _queue(settings: Settings) -> str:
    if settings.redis_url is None:
        return "none: the server works off its outbox itself"
    connection = Redis.from_url(settings.redis_url, socket_connect_timeout=3, socket_timeout=3)
    version = connection.info("server")["redis_version"]
    # Not the set of workers: a Redis that has lost its data has forgotten it, while heartbeats come again.
    workers = sum(1 for _ in connection.scan_iter(f"{Worker.redis_worker_namespace_prefix}*", count=1000))
    if not workers:
        raise _Unwell(f"Redis {version}, but no worker is there; run: flask worker")
    return f"Redis {version}, {workers} workers"


def _mail(settings: Settings) -> str:
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        return _folder(settings.mail_url, settings.instance.parent)
    with mailing.connected(settings.mail_url, patience=5) as server:
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


def _model(session: Session, settings: Settings) -> str:
    try:
        model = Classifier.load(settings.model_path)
    except ModelFileError as error:
        raise _Unwell(str(error)) from None
    if not registry.admits(session, model):
        raise _Unwell(f"{model.version} is not the model that was put in service; see: flask models list")
    return f"version {model.version}"


def _address(settings: Settings) -> str:
    if settings.production and not settings.base_url.startswith("https://"):
        raise _Unwell(f"mails link to {settings.base_url}; set BASE_URL to the public https:// address")
    if settings.production and not settings.trusted_proxies:
        raise _Unwell(
            "TRUSTED_PROXIES is not set: behind the proxy all visitors share one address and its rate limits"
        )
    return f"mails link to {settings.base_url}"
