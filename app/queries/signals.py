"""The signs of a served clock out of the database: a handful of reads and one pass, whatever the number of events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.models import Agency, Event, Likeness, Petition, PetitionTopic, Staff
from app.services import rules
from workflows.calendar import local_date
from workflows.conduct import Course, Reading, Step
from workflows.dispatch import bursts, repeated
from workflows.lifecycle import Status
from workflows.signals import DEFINITIONS, DESK, Finding, Period, Sign, Signal, Tallies, judge

EXAMPLES = 20
_AT_ONCE = 5000
_MOVED_FROM = Event.data["respond_by"]["from"].as_string()
_MOVED_TO = Event.data["respond_by"]["to"].as_string()
# Nobody acts in these.
_IDLE = ("rated", "closed")


@dataclass(frozen=True)
class Name:
    """What an agency, or the desk, is called."""

    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class SignalReport:
    """All findings of a period, in the order of :func:`workflows.signals.judge`, and the names in them.

    ``considered`` is how many petitions were looked at, ``demo`` how many of them are made up.
    """

    period: Period
    findings: tuple[Finding, ...]
    names: dict[str, Name]
    considered: int
    demo: int

    def of(self, signal: Signal) -> list[Finding]:
        """The findings of one sign, those worth a look first."""
        return [finding for finding in self.findings if finding.signal == signal.name]

    @property
    def worth_a_look(self) -> list[Finding]:
        """The findings that call for a look."""
        return [finding for finding in self.findings if finding.worth_a_look]


@dataclass(frozen=True)
class Example:
    """A petition in which a sign was there, and when."""

    code: str
    status: Status
    submitted_at: datetime
    respond_by: date
    at: datetime


@dataclass
class _Look:
    """How many petitions were read, and how many of them were made up."""

    considered: int = 0
    demo: int = 0


def report(session: Session, period: Period) -> SignalReport:
    """What every agency did in the period, beside the others."""
    look, tallies = _Look(), Tallies()
    for sign in _signs(session, period, look):
        tallies.add(sign)
    findings = tuple(judge(tallies))
    return SignalReport(period, findings, names(session), look.considered, look.demo)


def examples(session: Session, period: Period, signal: Signal, agency: str) -> list[Example]:
    """The latest petitions in which the agency showed the sign, at most ``EXAMPLES``."""
    hits: dict[int, datetime] = {}
    for sign in _signs(session, period, _Look(), agency=agency, every_answer=True):
        if sign.hit and (sign.signal, sign.agency) == (signal.name, agency):
            hits[sign.petition] = max(sign.at, hits.get(sign.petition, sign.at))
    latest = sorted(hits, key=lambda petition: (hits[petition], petition), reverse=True)[:EXAMPLES]
    wanted = select(
        Petition.id, Petition.code, Petition.status, Petition.submitted_at, Petition.respond_by
    ).where(Petition.id.in_(latest))
    rows = {row.id: row for row in session.execute(wanted)}
    return [Example(*rows[petition][1:], hits[petition]) for petition in latest]


def names(session: Session) -> dict[str, Name]:
    """What agencies and the desk are called, by code."""
    rows = session.execute(select(Agency.code, Agency.name_vi, Agency.name_en))
    desk = Name(DESK, "Bộ phận điều phối", "Coordination desk")
    return {desk.code: desk} | {row.code: Name(*row) for row in rows}


def _signs(
    session: Session, period: Period, look: _Look, agency: str | None = None, every_answer: bool = False
) -> Iterator[Sign]:
    """The cases of all petitions, or of those that ``agency`` had to do with.

    With ``every_answer`` a burst gives a case for each of its answers, to show them, and not one to count.
    """
    relevant = _relevant(period, agency)
    reading = Reading(period, rules.calendar(session))
    for course in _courses(session, relevant, period, look):
        yield from reading.signs(course)
    for sign, sitting in bursts(reading.answers, DEFINITIONS.thresholds):
        shown = sitting if every_answer else sitting[:1]
        yield from (Sign("burst", sign.agency, sign.hit, each.petition, each.at) for each in shown)
    yield from repeated(reading.answers, _matters(session, period))


def _relevant(period: Period, agency: str | None) -> Select[int]:
    """Petitions that were not over before the period."""
    wanted = select(Petition.id).where(
        Petition.submitted_at < period.end,
        or_(Petition.ended_at.is_(None), Petition.ended_at >= period.start),
    )
    if agency is None or agency == DESK:
        return wanted
    return wanted.where(Petition.id.in_(select(Event.petition_id).where(Event.agency_code == agency)))


def _courses(session: Session, relevant: Select[int], period: Period, look: _Look) -> Iterator[Course]:
    """Both streams are in order of petition, so that no more than one petition is ever in memory."""
    desk = {
        f"staff:{number}" for number in session.scalars(select(Staff.id).where(Staff.agency_code.is_(None)))
    }
    with (
        session.execute(_petitions(relevant)) as petitions,
        session.execute(_events(relevant, period)) as events,
    ):
        for petition_id, rows in groupby(events, key=itemgetter(0)):
            petition = next(row for row in petitions if row.id == petition_id)
            course = _course(petition, rows, period, desk)
            if course.steps:
                look.considered += 1
                look.demo += petition.channel == "demo"
                yield course


def _petitions(relevant: Select[int]) -> Select[*tuple[Any, ...]]:
    primary = and_(PetitionTopic.petition_id == Petition.id, PetitionTopic.position == 0)
    return (
        select(
            Petition.id,
            Petition.channel,
            Petition.kind,
            PetitionTopic.topic_id,
            Petition.submitted_at,
            Petition.route_by,
            Petition.acknowledge_by,
            Petition.respond_by,
        )
        .outerjoin(PetitionTopic, primary)
        .where(Petition.id.in_(relevant))
        .order_by(Petition.id)
        .execution_options(yield_per=_AT_ONCE)
    )


def _events(relevant: Select[int], period: Period) -> Select[*tuple[Any, ...]]:
    """The events up to the end of the period; of later ones only those that moved the due date, to undo it."""
    return (
        select(
            Event.petition_id,
            Event.kind,
            Event.at,
            Event.agency_code,
            Event.actor,
            Event.status,
            _MOVED_FROM.label("moved_from"),
            _MOVED_TO.label("moved_to"),
            Event.data["body_sha256"].as_string().label("text"),
        )
        .where(
            Event.petition_id.in_(relevant),
            Event.kind.not_in(_IDLE),
            or_(Event.at < period.end, _MOVED_FROM.is_not(None)),
        )
        .order_by(Event.petition_id, Event.seq)
        .execution_options(yield_per=_AT_ONCE)
    )


def _course(
    petition: Row[*tuple[Any, ...]], rows: Iterable[Row[*tuple[Any, ...]]], period: Period, desk: set[str]
) -> Course:
    promised, steps = None, []
    for _, kind, at, agency, actor, status, moved_from, moved_to, text in rows:
        if moved_from is not None and promised is None:
            promised = date.fromisoformat(moved_from)
        if at < period.end:
            own = actor.startswith("staff:") and actor not in desk
            moved = date.fromisoformat(moved_to) if moved_to is not None else None
            steps.append(Step(kind, at, agency, own, status, moved, text))
    return Course(
        petition=petition.id,
        kind=str(petition.kind),
        topic=petition.topic_id or "",
        submitted_on=local_date(petition.submitted_at),
        route_by=petition.route_by,
        acknowledge_by=petition.acknowledge_by,
        respond_by=promised or petition.respond_by,
        steps=steps,
    )


def _matters(session: Session, period: Period) -> dict[int, int]:
    """The petitions answered in the period that are much like another: one number for all that are alike.

    Two that are both like an earlier one are like each other.
    """
    answered = select(Event.petition_id).where(
        Event.kind == "published", Event.at >= period.start, Event.at < period.end
    )
    pairs = (
        select(Likeness.petition_id, Likeness.earlier_id)
        .where(or_(Likeness.petition_id.in_(answered), Likeness.earlier_id.in_(answered)))
        .execution_options(yield_per=_AT_ONCE)
    )
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in session.execute(pairs):
        neighbours[one].append(other)
        neighbours[other].append(one)
    matter: dict[int, int] = {}
    for start in neighbours:
        waiting = [start] if start not in matter else []
        while waiting:
            each = waiting.pop()
            if each not in matter:
                matter[each] = start
                waiting += neighbours[each]
    return matter
