"""The daily roots as everybody may see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.models import TimelineRoot
from workflows.monthly import Month
from workflows.timeline import instant


def days(session: Session, since: date = date.min, count: int | None = None) -> Sequence[date]:
    """The days from ``since`` on that have a published root, newest first, and no more than ``count``."""
    wanted = select(TimelineRoot.day).where(TimelineRoot.day >= since)
    return session.scalars(wanted.order_by(TimelineRoot.day.desc()).limit(count)).all()


def of_month(session: Session, month: Month | None = None) -> Sequence[TimelineRoot]:
    """The roots of a month, or of all time, newest first, without their parts."""
    wanted = select(TimelineRoot).options(defer(TimelineRoot.parts)).order_by(TimelineRoot.day.desc())
    if month is not None:
        wanted = wanted.where(TimelineRoot.day >= month.first, TimelineRoot.day < month.next.first)
    return session.scalars(wanted).all()


def first_and_last(session: Session) -> tuple[Month, Month] | None:
    """The months of the oldest and the newest root; None while there is none."""
    asked = select(func.min(TimelineRoot.day), func.max(TimelineRoot.day))
    first, last = cast("tuple[date | None, date]", session.execute(asked).one())
    if first is None:
        return None
    return Month(first.year, first.month), Month(last.year, last.month)


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
