"""The figures of one month out of the database: three reads and one pass, whatever the number of petitions.

Nothing is taken from columns that later activity overwrites: status, custody, ratings and due dates are read back from
events and assignments as they stood at the instant asked for.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.models import Agency, Assignment, Event, Petition, Survey
from workflows.calendar import local_date
from workflows.lifecycle import LIFECYCLE, Status
from workflows.monthly import Custody, Figures, Life, Milestone, Month, Tally, count, knowledge

_Row = Row[*tuple[Any, ...]]

DESK, TOTAL = "DESK", "TOTAL"
_AT_ONCE = 5000
_DROPPED = frozenset({Status.DECLINED, Status.REFERRED, Status.WITHDRAWN, Status.MERGED})
# All other events repeat the status of the one before.
_TELLING = sorted({"submitted"} | {row.event for row in LIFECYCLE.transitions if row.to is not None})
_MOVED_FROM = Event.data["respond_by"]["from"].as_string()


class NoData(LookupError):
    """Nothing at all is known about a month."""


@dataclass(frozen=True)
class Line:
    """The figures of one agency, of the desk (code ``DESK``) or of all (code ``TOTAL``), and its names."""

    code: str
    name_vi: str
    name_en: str
    figures: Figures


@dataclass(frozen=True)
class MonthlyReport:
    """The figures of one month as known at ``as_of``: agencies in order of code, then the desk, and the total.

    ``considered`` is how many petitions were looked at; the versions are those of the rules they were promised under.
    """

    month: Month
    as_of: datetime
    agencies: tuple[Line, ...]
    desk: Line
    total: Line
    considered: int
    calendar_versions: tuple[str, ...]
    policy_versions: tuple[str, ...]


def report(session: Session, month: Month, now: datetime, as_of: datetime | None = None) -> MonthlyReport:
    """The figures of ``month``, known at ``as_of`` (by default the month's end).

    Raises ``BadMonth`` where the month is not over or ``as_of`` lies before its end or after ``now``, and
    :class:`NoData`.
    """
    as_of = knowledge(month, now, as_of)
    tallies: defaultdict[str | None, Tally] = defaultdict(Tally)
    considered, calendars, policies = 0, set(), set()
    for petition, life in _lives(session, month, as_of):
        before = considered
        for agency, name in count(life, month, as_of):
            tallies[agency].counts[name] += 1
            considered = before + 1
        if considered > before:
            calendars.add(petition.calendar_version)
            policies.add(petition.policy_version)
    _count_surveys(session, month, as_of, tallies)
    if not tallies:
        raise NoData(f"there are no petitions for {month}")
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    desk = tallies.pop(None, Tally())
    return MonthlyReport(
        month=month,
        as_of=as_of,
        agencies=_lines(session, {code: tally for code, tally in tallies.items() if code is not None}),
        desk=Line(DESK, "Bộ phận điều phối", "Coordination desk", desk.figures()),
        total=Line(TOTAL, "Toàn hệ thống", "All together", whole.figures()),
        considered=considered,
        calendar_versions=tuple(sorted(calendars)),
        policy_versions=tuple(sorted(policies)),
    )


def _lines(session: Session, tallies: dict[str, Tally]) -> tuple[Line, ...]:
    names = {row.code: row for row in session.execute(select(Agency.code, Agency.name_vi, Agency.name_en))}
    return tuple(
        Line(code, names[code].name_vi, names[code].name_en, tallies[code].figures())
        for code in sorted(tallies)
    )


def _relevant(month: Month) -> Select[int]:
    """Petitions that can add to a figure: not those over before the month that fell due before it, too."""
    return select(Petition.id).where(
        Petition.submitted_at < month.end,
        or_(
            Petition.ended_at.is_(None), Petition.ended_at >= month.start, Petition.respond_by >= month.first
        ),
    )


def _lives(session: Session, month: Month, as_of: datetime) -> Iterator[tuple[_Row, Life]]:
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
    for petition_id, rows in groupby(session.execute(wanted), key=lambda row: row.petition_id):
        yield petition_id, list(rows)


def read_life(petition: _Row, events: list[_Row], custody: list[Custody], as_of: datetime) -> Life | None:
    """A petition as known at ``as_of``, from its telling events in order; None if it had not been sent by then."""
    known = [event for event in events if event.at < as_of]
    if not known:
        return None
    answered_at = next(
        (n for n, event in enumerate(events) if event.kind == "published" and event.at < as_of), None
    )
    asked = [event for event in known if event.kind in ("information_requested", "information_provided")]
    waiting = bool(asked) and asked[-1].kind == "information_requested"
    dropped = next((event for event in known if event.status in _DROPPED), None)
    respond_by = _in_force([event for event in events if event.at >= as_of], petition.respond_by)
    return Life(
        submitted_at=petition.submitted_at,
        acknowledge_by=petition.acknowledge_by,
        respond_by=respond_by,
        answer_due=respond_by
        if answered_at is None
        else _in_force(events[answered_at + 1 :], petition.respond_by),
        status=Status(known[-1].status),
        custody=custody,
        acknowledged=_first("acknowledged", known),
        answered=_first("published", known),
        dropped_on=local_date(dropped.at) if dropped is not None else None,
        waiting_since=local_date(asked[-1].at) if waiting else None,
    )


def _in_force(later: list[_Row], at_last: date) -> date:
    """The due date before ``later`` events: the first that moved it says what it was, else it is as it is ``at_last``."""
    moved = next((event.moved_from for event in later if event.moved_from is not None), None)
    return date.fromisoformat(moved) if moved is not None else at_last


def _first(kind: str, known: list[_Row]) -> Milestone | None:
    return next((Milestone(event.at, event.agency_code) for event in known if event.kind == kind), None)


def _count_surveys(session: Session, month: Month, as_of: datetime, tallies: dict[str | None, Tally]) -> None:
    sent = session.execute(
        select(Survey.id, Survey.petition_id, Survey.agency_code).where(
            Survey.sent_at >= month.start, Survey.sent_at < month.end
        )
    ).all()
    wanted = (
        select(
            Event.data["survey"].as_string().label("survey"), Event.data["rating"].as_string().label("rating")
        )
        .where(
            Event.kind == "rated",
            Event.at >= month.start,
            Event.at < as_of,
            Event.petition_id.in_(
                select(Survey.petition_id).where(Survey.sent_at >= month.start, Survey.sent_at < month.end)
            ),
        )
        .order_by(Event.petition_id, Event.seq)
    )
    last_rating = {int(row.survey): int(row.rating) for row in session.execute(wanted)}
    for survey in sent:
        tally = tallies[survey.agency_code]
        tally.counts["surveys_sent"] += 1
        if survey.id in last_rating:
            tally.ratings[last_rating[survey.id]] += 1
