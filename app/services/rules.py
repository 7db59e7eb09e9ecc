"""The calendar and the deadline policies in force, as the pure rules want them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import CalendarDay, CalendarVersion, DeadlinePolicy, Petition
from workflows.calendar import CalendarNotCovered, SpecialDay, WorkingCalendar, local_date
from workflows.deadlines import STANDARD, Policy, Promise, policy_for, promise
from workflows.kinds import Kind


def calendar(session: Session, version: str | None = None) -> WorkingCalendar:
    """The working calendar of that version, or the newest. Raises ``CalendarNotCovered`` if there is none."""
    wanted = select(CalendarVersion).order_by(
        CalendarVersion.created_at.desc(), CalendarVersion.version.desc()
    )
    if version is not None:
        wanted = wanted.where(CalendarVersion.version == version)
    edition = session.scalars(wanted.limit(1)).first()
    if edition is None:
        raise CalendarNotCovered(date.min)
    known: dict[str, WorkingCalendar] = session.info.setdefault("calendars", {})
    if edition.version not in known:
        known[edition.version] = _read(session, edition)
    return known[edition.version]


def _read(session: Session, edition: CalendarVersion) -> WorkingCalendar:
    """An edition as a calendar; it never changes, so a session reads it once."""
    days = session.scalars(select(CalendarDay).where(CalendarDay.version == edition.version)).all()
    special = [
        SpecialDay(row.day, "off" if row.effect == "off" else "work", row.name_vi, row.certainty, row.source)
        for row in days
    ]
    return WorkingCalendar(edition.version, edition.covers_from, edition.covers_to, special)


def policy(
    session: Session,
    kind: Kind,
    submitted_on: date,
    version: str | None = None,
    *,
    complexity: str = STANDARD,
) -> Policy:
    """The deadline policy for a kind on a day. Raises ``NoPolicy``."""
    wanted = select(DeadlinePolicy).where(DeadlinePolicy.kind == kind)
    if version is not None:
        wanted = wanted.where(DeadlinePolicy.version == version)
    rows = session.scalars(wanted).all()
    return policy_for([as_rule(row) for row in rows], kind, submitted_on, complexity)


def complexities(session: Session) -> list[str]:
    """The levels of complexity that policies know, the standard one first."""
    known = set(session.scalars(select(DeadlinePolicy.complexity).distinct()))
    return [STANDARD, *sorted(known - {STANDARD})]


def policy_of(session: Session, petition: Petition) -> Policy:
    """The policy a petition was promised under."""
    submitted_on, version = local_date(petition.submitted_at), petition.policy_version
    return policy(session, petition.kind, submitted_on, version, complexity=petition.complexity)


def promise_for(session: Session, kind: Kind, submitted_at: datetime) -> Promise:
    """The dates owed to a petition of ``kind`` sent at ``submitted_at``."""
    day = local_date(submitted_at)
    return promise(policy(session, kind, day), calendar(session), day)


def as_rule(row: DeadlinePolicy) -> Policy:
    """A stored policy as the rules want it."""
    return Policy(
        version=row.version,
        kind=row.kind,
        complexity=row.complexity,
        route_days=row.route_days,
        acknowledge_days=row.acknowledge_days,
        respond_days=row.respond_days,
        extension_days=row.extension_days,
        objection_days=row.objection_days,
        legal_basis=row.legal_basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
