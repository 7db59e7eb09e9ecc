"""The daily root over all timelines: computed from the chains, signed, and published for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Event, TimelineRoot
from app.services import timeline
from app.services.signing import Signer, is_signed
from workflows import merkle
from workflows.calendar import local_date, start_of_day
from workflows.timeline import Head, parts

# A transaction that began before midnight may commit after it; its events belong to the day that has ended.
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Computed:
    """The root of a day as the chains give it now, published or not."""

    day: date
    root: str
    chains: int
    parts: list[list[str]]

    @property
    def statement(self) -> str:
        """What is signed of it."""
        return statement(self.day, self.chains, self.root)


def statement(day: date, chains: int, root: str) -> str:
    """What is signed of a root: one line without an end."""
    return f"pakn timeline root {day.isoformat()} {chains} {root}"


def end_of(day: date) -> datetime:
    """The instant at which a day in Vietnam is over."""
    return start_of_day(day + timedelta(days=1))


def compute(session: Session, day: date) -> Computed:
    """The root over all chains as they stood at the end of ``day``."""
    chains = 0

    def counted() -> Iterator[Head]:
        nonlocal chains
        for head in timeline.heads(session, end_of(day)):
            chains += 1
            yield head

    found = list(parts(counted()))
    root = merkle.root(top for _first, top in found).hex()
    return Computed(day, root, chains, [[first, top.hex()] for first, top in found])


def signed(computed: Computed, signer: Signer, now: datetime) -> TimelineRoot:
    """A computed root as it would be published now."""
    return TimelineRoot(
        **vars(computed),
        signature=signer.sign(computed.statement),
        key_id=signer.key_id,
        public_key=signer.public_key,
        published_at=now,
    )


def due(session: Session, now: datetime) -> date | None:
    """The first day that has ended and has no root: the one after the last published, or yesterday at the beginning.

    None before the grace is over, and where no chain has begun yet.
    """
    ended = local_date(now - GRACE) - timedelta(days=1)
    latest = session.scalar(select(func.max(TimelineRoot.day)))
    if latest is not None:
        return latest + timedelta(days=1) if latest < ended else None
    return ended if begun(session, end_of(ended)) else None


def begun(session: Session, before: datetime) -> bool:
    """Whether any chain had begun at that instant."""
    return session.scalar(select(Event.id).where(Event.at < before).limit(1)) is not None


def publish_next(session: Session, signer: Signer, now: datetime) -> bool:
    """Publish the root of the first day that has none; False if there is no such day, or somebody else just did."""
    day = due(session, now)
    if day is None:
        return False
    row = signed(compute(session, day), signer, now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def fault(session: Session, published: TimelineRoot) -> str | None:
    """What is wrong with a published root: its signature, or that the chains of that day give another one by now."""
    said = statement(published.day, published.chains, published.root)
    if not is_signed(said, published.signature, published.public_key):
        return "it is not signed with its key"
    if compute(session, published.day).statement != said:
        return "the timelines of that day give another root by now"
    return None
