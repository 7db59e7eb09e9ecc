"""The inbox of one agency: its petitions by due date, in pages that stay put however far one turns."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import Assignment, Contribution, Petition, Response, Staff
from workflows.lifecycle import OPEN, Status

PAGE_SIZE = 25
_PARTS_SHOWN = 100
_CLOSED = tuple(status for status in Status if status not in OPEN)


class Filter(StrEnum):
    """What part of the inbox is shown."""

    ALL = "all"
    TO_ACKNOWLEDGE = "to_acknowledge"
    IN_PROGRESS = "in_progress"
    TO_APPROVE = "to_approve"
    WAITING = "waiting"
    OVERDUE = "overdue"
    MINE = "mine"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Item:
    """A line of the inbox. ``due`` is the next date the agency owes; for what is over, the day it ended."""

    petition: Petition
    officer: str | None
    acknowledge_by: date | None
    due: date
    draft_state: str | None


@dataclass(frozen=True)
class Page:
    """Some lines, and the cursor that the next page starts after (None on the last)."""

    items: list[Item]
    next_cursor: str | None


_RUNNING = and_(Assignment.petition_id == Petition.id, Assignment.ended_at.is_(None))

# While it waits to be acknowledged that date comes next, unless the answer itself is due before it (the citizen's clock
# does not start again with a new agency).
_DUE: ColumnElement[date] = case(
    (
        and_(Petition.status == Status.ASSIGNED, Assignment.acknowledge_by < Petition.respond_by),
        Assignment.acknowledge_by,
    ),
    else_=Petition.respond_by,
)
# Whose clock stands still while the submitter is asked comes after all whose clock runs.
_TURN: ColumnElement[date] = case(
    (Petition.status == Status.AWAITING_SUBMITTER, literal(date(9999, 12, 31), Date)), else_=_DUE
)
_OVER: ColumnElement[datetime] = func.coalesce(Petition.answered_at, Petition.ended_at, Petition.submitted_at)
_DRAFT = (
    select(Response.state)
    .where(Response.petition_id == Petition.id, Response.state != "published")
    .limit(1)
    .correlate(Petition)
    .scalar_subquery()
)
_WITH_APPROVER = exists().where(
    Response.petition_id == Petition.id, Response.state.in_(("submitted", "approved"))
)


def page(
    session: Session, agency_code: str, staff_id: int, shown: Filter, today: date, cursor: str | None = None
) -> Page:
    """One page of an agency's petitions: the next due first; what is over, the latest first.

    A cursor that makes no sense gives the first page.
    """
    over = shown is Filter.ANSWERED
    order: ColumnElement[date] | ColumnElement[datetime] = _OVER if over else _TURN
    due: ColumnElement[date] | ColumnElement[datetime] = _OVER if over else _DUE
    wanted = (
        _held_by(select(Petition, Staff.name, Assignment.acknowledge_by, due, _DRAFT, order), agency_code)
        .outerjoin(Staff, Staff.id == Petition.officer_id)
        .options(joinedload(Petition.lead_agency))
        .where(_where(shown, staff_id, today))
        .order_by(order.desc() if over else order, Petition.id.desc() if over else Petition.id)
        .limit(PAGE_SIZE + 1)
    )
    after = _read_cursor(cursor, over)
    if after is not None:
        key, id_ = after
        beyond = order < key if over else order > key
        beyond_id = Petition.id < id_ if over else Petition.id > id_
        wanted = wanted.where(or_(beyond, and_(order == key, beyond_id)))
    rows = session.execute(wanted).all()
    more = len(rows) > PAGE_SIZE
    items = [
        Item(petition, officer, acknowledge_by, due.date() if isinstance(due, datetime) else due, draft_state)
        for petition, officer, acknowledge_by, due, draft_state, _ in rows[:PAGE_SIZE]
    ]
    last = rows[PAGE_SIZE - 1] if more else None
    return Page(items, f"{last[5].isoformat()}~{last[0].id}" if last else None)


def asked_of(session: Session, agency_code: str) -> list[tuple[Contribution, Petition]]:
    """What the agency is asked to add to petitions that others lead, the next due first."""
    wanted = (
        select(Contribution, Petition)
        .join(Petition, Petition.id == Contribution.petition_id)
        .where(Contribution.agency_code == agency_code, Contribution.ended_at.is_(None))
        .options(joinedload(Petition.lead_agency))
        .order_by(Contribution.due, Contribution.id)
        .limit(_PARTS_SHOWN)
    )
    return [(part, petition) for part, petition in session.execute(wanted)]


def counts(session: Session, agency_code: str, staff_id: int, today: date) -> dict[Filter, int]:
    """How many petitions each filter shows."""
    tallies = [func.count().filter(_where(each, staff_id, today)) for each in Filter]
    row = session.execute(_held_by(select(*tallies).select_from(Petition), agency_code)).one()
    return dict(zip(Filter, row, strict=True))


def _held_by(wanted: Any, agency_code: str) -> Select[Any]:
    held: Select[Any] = wanted.outerjoin(Assignment, _RUNNING).where(Petition.lead_agency_code == agency_code)
    return held


def _where(shown: Filter, staff_id: int, today: date) -> ColumnElement[bool]:
    # Days spent waiting for the submitter do not count, so nothing falls overdue while it waits.
    overdue = or_(
        and_(Petition.status.in_((Status.ASSIGNED, Status.ACCEPTED)), today > _DUE),
        and_(Petition.status == Status.AWAITING_SUBMITTER, Petition.respond_by < Petition.waiting_since),
    )
    still_open = Petition.status.in_(sorted(OPEN))
    conditions: dict[Filter, ColumnElement[bool]] = {
        Filter.ALL: still_open,
        Filter.TO_ACKNOWLEDGE: Petition.status == Status.ASSIGNED,
        Filter.IN_PROGRESS: Petition.status == Status.ACCEPTED,
        Filter.TO_APPROVE: and_(Petition.status == Status.ACCEPTED, _WITH_APPROVER),
        Filter.WAITING: Petition.status == Status.AWAITING_SUBMITTER,
        Filter.OVERDUE: overdue,
        Filter.MINE: and_(still_open, Petition.officer_id == staff_id),
        Filter.ANSWERED: Petition.status.in_(_CLOSED),
    }
    return conditions[shown]


def _read_cursor(cursor: str | None, over: bool) -> tuple[date | datetime, int] | None:
    key, _, id_ = (cursor or "").partition("~")
    try:
        if not id_.isascii() or not id_.isdecimal() or len(id_) > 18:
            return None
        if not over:
            return date.fromisoformat(key), int(id_)
        instant = datetime.fromisoformat(key)
        return (instant.astimezone(UTC), int(id_)) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
