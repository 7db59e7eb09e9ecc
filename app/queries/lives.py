"""The lives of petitions as they were known at an instant: three reads and one pass, however many there are.

Nothing is taken from columns that later activity overwrites: status, custody and due dates are read back from events and
assignments as they stood at the instant asked for.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.models import Assignment, Event, Petition
from workflows.calendar import local_date
from workflows.deadlines import is_overdue
from workflows.lifecycle import LIFECYCLE, Status
from workflows.monthly import Custody, Life, Milestone, Month

_Row = Row[*tuple[Any, ...]]
_AT_ONCE = 5000
_DROPPED = frozenset({Status.DECLINED, Status.REFERRED, Status.WITHDRAWN, Status.MERGED})
_RESUMED = ("information_provided", "waiting_ended")
# All other events repeat the status of the one before.
_TELLING = sorted({"submitted"} | {row.event for row in LIFECYCLE.transitions if row.to is not None})
_MOVED_FROM = Event.data["respond_by"]["from"].as_string()


def _relevant(month: Month) -> Select[int]:
    """Petitions that can add to a figure: not those over before the month that fell due before it, too."""
    return select(Petition.id).where(
        Petition.submitted_at < month.end,
        or_(
            Petition.ended_at.is_(None), Petition.ended_at >= month.start, Petition.respond_by >= month.first
        ),
    )


def lives(session: Session, month: Month, as_of: datetime) -> Iterator[tuple[_Row, Life]]:
    """The petitions that can add to a figure of ``month``, each with its life as known at ``as_of``."""
    relevant = _relevant(month)
    wanted = (
        select(
            Petition.id,
            Petition.submitted_at,
            Petition.acknowledge_by,
            Petition.respond_by,
            Petition.policy_version,
            Petition.calendar_version,
        )
        .where(Petition.id.in_(relevant))
        .order_by(Petition.id)
    )
    petitions = {row.id: row for row in session.execute(wanted)}
    custody = _custody(session, relevant, as_of)
    for petition_id, events in _events(session, relevant, as_of):
        petition = petitions[petition_id]
        life = read_life(petition, events, custody.get(petition_id, []), as_of)
        if life is not None:
            yield petition, life


def _custody(session: Session, relevant: Select[int], as_of: datetime) -> dict[int, list[Custody]]:
    wanted = (
        select(
            Assignment.petition_id,
            Assignment.agency_code,
            Assignment.assigned_by,
            Assignment.started_at,
            Assignment.ended_at,
            Assignment.end_reason,
        )
        .where(Assignment.petition_id.in_(relevant), Assignment.started_at < as_of)
        .order_by(Assignment.petition_id, Assignment.started_at, Assignment.id)
    )
    found: defaultdict[int, list[Custody]] = defaultdict(list)
    for row in session.execute(wanted):
        found[row.petition_id].append(Custody(*row[1:]))
    return found


def _events(session: Session, relevant: Select[int], as_of: datetime) -> Iterator[tuple[int, list[_Row]]]:
    """The telling events of each petition in order; of those after ``as_of`` only the ones that moved the due date."""
    wanted = (
        select(
            Event.petition_id,
            Event.kind,
            Event.at,
            Event.agency_code,
            Event.status,
            _MOVED_FROM.label("moved_from"),
        )
        .where(
            Event.petition_id.in_(relevant),
            or_(and_(Event.kind.in_(_TELLING), Event.at < as_of), _MOVED_FROM.is_not(None)),
        )
        .order_by(Event.petition_id, Event.seq)
        .execution_options(yield_per=_AT_ONCE)
    )
    for petition_id, rows in groupby(session.execute(wanted), key=itemgetter(0)):
        yield petition_id, list(rows)


def read_life(petition: _Row, events: list[_Row], custody: list[Custody], as_of: datetime) -> Life | None:
    """A petition as known at ``as_of``, from its telling events in order; None if it had not been sent by then.

    The events are read backwards, so that ``in_force`` is the due date that held after each of them.
    """
    status, acknowledged, answered, dropped, asked = None, None, None, None, None
    respond_by = answer_due = in_force = petition.respond_by
    for _, kind, at, agency, became, moved_from in reversed(events):
        if at < as_of:
            if status is None:
                status, respond_by, answer_due = became, in_force, in_force
            if kind == "acknowledged":
                acknowledged = Milestone(at, agency)
            elif kind == "published":
                answered, answer_due = Milestone(at, agency), in_force
            elif kind in ("information_requested", *_RESUMED):
                asked = asked or (kind, at)
            elif became in _DROPPED:
                dropped = at
        if moved_from is not None:
            in_force = date.fromisoformat(moved_from)
    if status is None:
        return None
    answered_at = as_of if answered is None else answered.at
    return Life(
        submitted_at=petition.submitted_at,
        acknowledge_by=petition.acknowledge_by,
        respond_by=respond_by,
        answer_due=answer_due,
        fell_due=_fell_due([event for event in events if event[2] < answered_at], answer_due),
        status=Status(status),
        custody=custody,
        acknowledged=acknowledged,
        answered=answered,
        dropped_on=local_date(dropped) if dropped is not None else None,
        waiting_since=local_date(asked[1]) if asked and asked[0] == "information_requested" else None,
    )


def _fell_due(events: list[_Row], at_last: date) -> date:
    """The day on which the answer fell due: once missed, no later move of the date makes it another.

    While the agency waits for the submitter the clock stands, so a date then moved was missed only if it had passed when
    the question was asked.
    """
    asked_on = None
    for _, kind, at, _, _, moved_from in events:
        if kind == "information_requested":
            asked_on = local_date(at)
        if moved_from is not None:
            due = date.fromisoformat(moved_from)
            stopped = asked_on if kind in _RESUMED and asked_on else local_date(at)
            if is_overdue(due, stopped, stopped):
                return due
    return at_last
