"""The ledger of a petition's clock (*sổ thời hạn*): day by day, how the date of the answer came about."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Petition
from app.services import rules
from workflows.calendar import local_date
from workflows.deadlines import LedgerDay, ledger


@dataclass(frozen=True)
class Ledger:
    """The days after submission up to the date of the answer or, where that is late, up to the answer itself or today.

    ``granted`` is how many days may count: those of the policy and those of the extension.
    """

    submitted_on: date
    respond_by: date
    granted: int
    policy: str
    calendar: str
    days: list[LedgerDay]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "submitted_on": self.submitted_on.isoformat(),
            "respond_by": self.respond_by.isoformat(),
            "granted": self.granted,
            "policy": self.policy,
            "calendar": self.calendar,
            "days": [
                {**asdict(day), "day": day.day.isoformat(), "late": day.day > self.respond_by}
                for day in self.days
            ],
        }


def of(session: Session, petition: Petition, now: datetime) -> Ledger:
    """The ledger of a petition as it stands at ``now``."""
    today = local_date(now)
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    over = petition.answered_at or petition.ended_at
    until = max(petition.respond_by, local_date(over) if over else today)
    return Ledger(
        submitted_on=local_date(petition.submitted_at),
        respond_by=petition.respond_by,
        granted=rules.policy_of(session, petition).respond_days + extended_by(events),
        policy=petition.policy_version,
        calendar=petition.calendar_version,
        days=counted(session, petition, events, until, today),
    )


def counted(
    session: Session, petition: Petition, events: Sequence[Event], until: date, today: date
) -> list[LedgerDay]:
    """How the days after submission were counted up to ``until``, as far as a calendar reaches."""
    promised = rules.calendar(session, petition.calendar_version)
    # What moved the answer beyond the edition of the promise was counted by a newer one.
    calendar = promised if until <= promised.covers_to else rules.calendar(session)
    until = min(until, calendar.covers_to)
    return ledger(local_date(petition.submitted_at), until, calendar, pauses(events, today))


def extended_by(events: Sequence[Event]) -> int:
    """How many working days were granted beyond those of the policy."""
    return sum(event.data["days"] for event in events if event.kind == "extended")


def pauses(events: Sequence[Event], today: date) -> list[tuple[date, date]]:
    """When the clock stood still: while the submitter was asked, and between an answer and an objection to it."""
    spans, since = [], None
    for event in events:
        if event.kind in ("information_requested", "published"):
            since = local_date(event.at)
        elif event.kind in ("information_provided", "waiting_ended", "reopened") and since is not None:
            spans.append((since, local_date(event.at)))
            since = None
    if since is not None and events[-1].status == "awaiting_submitter":
        spans.append((since, today))
    return spans
