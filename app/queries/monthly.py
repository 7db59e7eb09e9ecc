"""The figures of one month out of the database: a handful of reads and one pass, whatever the number of petitions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency, Event, Petition, Survey
from app.queries.lives import lives
from workflows.monthly import Figures, Month, Tally, count, knowledge, last_finished

DESK, TOTAL = "DESK", "TOTAL"


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
    for petition, life in lives(session, month, as_of):
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


def _count_surveys(session: Session, month: Month, as_of: datetime, tallies: dict[str | None, Tally]) -> None:
    in_month = (Survey.sent_at >= month.start, Survey.sent_at < month.end)
    sent = session.execute(select(Survey.id, Survey.agency_code).where(*in_month)).all()
    wanted = (
        select(
            Event.data["survey"].as_string().label("survey"), Event.data["rating"].as_string().label("rating")
        )
        .where(
            Event.kind == "rated",
            Event.at >= month.start,
            Event.at < as_of,
            Event.petition_id.in_(select(Survey.petition_id).where(*in_month)),
        )
        .order_by(Event.petition_id, Event.seq)
    )
    last_rating = {int(row.survey): int(row.rating) for row in session.execute(wanted)}
    for survey in sent:
        tally = tallies[survey.agency_code]
        tally.counts["surveys_sent"] += 1
        if survey.id in last_rating:
            tally.ratings[last_rating[survey.id]] += 1


def finished_months(session: Session, now: datetime) -> list[Month]:
    """The months there can be figures for, the latest first: from that of the first petition to the last that is over."""
    first = session.scalar(select(Petition.submitted_at).order_by(Petition.submitted_at).limit(1))
    month, found = last_finished(now), []
    while first is not None and month.end > first:
        found.append(month)
        month = month.previous
    return found


def visible_lines(session: Session, report: MonthlyReport, agency_code: str | None) -> tuple[Line, ...]:
    """The lines beside the total that staff may see: those of an agency its own only, all others all."""
    if agency_code is None:
        return (*report.agencies, report.desk)
    own = tuple(line for line in report.agencies if line.code == agency_code)
    return own or _lines(session, {agency_code: Tally()})
