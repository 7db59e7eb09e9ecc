"""What a system administrator looks at: the directory, the counting rules, the model, and work that failed."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Agency, CalendarDay, CalendarVersion, DeadlinePolicy, OutboxRow, Suggestion

FAILURES_SHOWN = 100


@dataclass(frozen=True)
class System:
    """The state of an instance. ``model_version`` is that of the newest suggestion, None before the first."""

    agencies_by_tier: dict[str, int]
    placeholders: int
    calendar: CalendarVersion | None
    days: list[CalendarDay]
    policies: list[DeadlinePolicy]
    model_version: str | None
    outbox_waiting: int
    failures: list[OutboxRow]


def state(session: Session) -> System:
    """The state of the instance now."""
    tiers = session.execute(
        select(Agency.tier, func.count())
        .where(~Agency.placeholder)
        .group_by(Agency.tier)
        .order_by(Agency.tier)
    ).all()
    edition = session.scalars(
        select(CalendarVersion)
        .order_by(CalendarVersion.created_at.desc(), CalendarVersion.version.desc())
        .limit(1)
    ).first()
    days = select(CalendarDay).where(CalendarDay.version == (edition.version if edition else ""))
    failures = select(OutboxRow).where(OutboxRow.error.is_not(None), OutboxRow.done_at.is_(None))
    return System(
        agencies_by_tier={row[0]: row[1] for row in tiers},
        placeholders=session.scalar(select(func.count()).where(Agency.placeholder)) or 0,
        calendar=edition,
        days=list(session.scalars(days.order_by(CalendarDay.day))),
        policies=list(
            session.scalars(select(DeadlinePolicy).order_by(DeadlinePolicy.version, DeadlinePolicy.id))
        ),
        model_version=session.scalar(
            select(Suggestion.model_version).order_by(Suggestion.id.desc()).limit(1)
        ),
        outbox_waiting=session.scalar(select(func.count()).where(OutboxRow.done_at.is_(None))) or 0,
        failures=list(session.scalars(failures.order_by(OutboxRow.id.desc()).limit(FAILURES_SHOWN))),
    )
