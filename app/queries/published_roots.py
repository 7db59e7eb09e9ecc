"""The daily roots as everybody may see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.models import TimelineRoot
from workflows.timeline import instant


def days(session: Session) -> Sequence[date]:
    """The days that have a published root, newest first."""
    return session.scalars(select(TimelineRoot.day).order_by(TimelineRoot.day.desc())).all()


def between(session: Session, begin: date | None, end: date | None) -> Sequence[TimelineRoot]:
    """The roots from ``begin`` on and before ``end``, newest first, without their parts; an open end where none is given."""
    wanted = select(TimelineRoot).options(defer(TimelineRoot.parts)).order_by(TimelineRoot.day.desc())
    if begin is not None:
        wanted = wanted.where(TimelineRoot.day >= begin)
    if end is not None:
        wanted = wanted.where(TimelineRoot.day < end)
    return session.scalars(wanted).all()


def first_and_last(session: Session) -> tuple[date | None, date | None]:
    """The days of the oldest and the newest root; nothing while there is none."""
    first, last = session.execute(select(func.min(TimelineRoot.day), func.max(TimelineRoot.day))).one()
    return first, last


def as_json(row: TimelineRoot) -> dict[str, Any]:
    """A published root as it is given to machines."""
    return {
        "date": row.day.isoformat(),
        "chains": row.chains,
        "root": row.root,
        "signature": row.signature,
        "key_id": row.key_id,
        "public_key": row.public_key,
        "published_at": instant(row.published_at),
    }
