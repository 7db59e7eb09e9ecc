"""The ledger of a petition's clock (*sổ thời hạn*): day by day, how the date of the answer came about."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Petition
from app.queries.case_file import pauses
from app.services import rules
from workflows.calendar import WorkingCalendar, local_date
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
    calendar = _calendar(session, petition, until)
    submitted_on = local_date(petition.submitted_at)
    extended = sum(event.data["days"] for event in events if event.kind == "extended")
    return Ledger(
        submitted_on=submitted_on,
        respond_by=petition.respond_by,
        granted=rules.policy_of(session, petition).respond_days + extended,
        policy=petition.policy_version,
        calendar=petition.calendar_version,
        days=ledger(submitted_on, min(until, calendar.covers_to), calendar, pauses(events, today)),
    )


def _calendar(session: Session, petition: Petition, until: date) -> WorkingCalendar:
    promised = rules.calendar(session, petition.calendar_version)
    # What moved the answer beyond the edition of the promise was counted by a newer one.
    return promised if until <= promised.covers_to else rules.calendar(session)
