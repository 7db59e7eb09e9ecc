"""The monthly figures: what is counted, for whom, and as known when.

A month is one of Vietnam's. Everything is counted as known at an instant (``as_of``, itself excluded, never before the
month's end), so that the figures of an old month can be had again whatever happened since. The words for each figure and
its definition stand in ``monthly.toml``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType

from workflows.calendar import VIETNAM, local_date, start_of_day
from workflows.deadlines import is_overdue
from workflows.lifecycle import LIFECYCLE, OPEN, Status
from workflows.satisfaction import Satisfaction, summarise

# How a custody period ends when the petition is over, rather than handed on or back.
_OVER = frozenset(row.action for row in LIFECYCLE.transitions if row.to and row.to not in OPEN)


class BadMonth(ValueError):
    """A month or an instant that no figures can be had for.

    ``code``: ``malformed``, ``not_over``, ``as_of_too_early`` (before the month's end) or
    ``as_of_in_future``; ``str`` of it is a sentence in English.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in Vietnam."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``YYYY-MM``. Raises :class:`BadMonth`."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if match is None or not 1990 <= int(match[1]) <= 9000:
            raise BadMonth("malformed", f"a month is written YYYY-MM, like 2026-09, not {text[:40]!r}")
        return cls(int(match[1]), int(match[2]))

    @cached_property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @cached_property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @cached_property
    def start(self) -> datetime:
        """The instant at which it begins."""
        return start_of_day(self.first)

    @cached_property
    def end(self) -> datetime:
        """The instant at which it is over: the first of the next month."""
        return self.next.start

    def holds(self, instant: datetime | None) -> bool:
        """Whether ``instant`` lies in it."""
        return instant is not None and self.start <= instant < self.end

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def last_finished(now: datetime) -> Month:
    """The latest month that is over."""
    today = local_date(now)
    return Month(today.year, today.month).previous


def knowledge(month: Month, now: datetime, as_of: datetime | None = None) -> datetime:
    """The instant as of which ``month`` is counted: ``as_of``, or the month's end. Raises :class:`BadMonth`."""
    if month.end > now:
        raise BadMonth("not_over", f"the month {month} is not over yet")
    if as_of is None:
        return month.end
    if as_of < month.end:
        raise BadMonth(
            "as_of_too_early",
            f"the figures of {month} cannot be known before its end, {month.end.astimezone(VIETNAM):%Y-%m-%dT%H:%M}+07:00",
        )
    if as_of > now:
        raise BadMonth("as_of_in_future", "the point in time asked for lies in the future")
    return as_of


@dataclass(frozen=True, slots=True)
class Custody:
    """A period in which one agency led; ``end_reason`` tells a return from an end that leaves the agency in charge."""

    agency: str
    by: str
    started: datetime
    ended: datetime | None
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something an agency did first at an instant (``agency`` is None for the desk)."""

    at: datetime
    agency: str | None


@dataclass(frozen=True, slots=True)
class Life:
    """One petition as known at the instant in question.

    ``respond_by`` is the date then in force; ``answer_due`` the one in force at the first answer, if there was one;
    ``fell_due`` the day on which that answer was due in the end, which no move after a missed date changes.
    ``dropped_on`` is the day on which it was withdrawn, declined, referred or merged; ``waiting_since`` the day since which
    the agency had waited for the submitter, if it still did when last heard of.
    """

    submitted_at: datetime
    acknowledge_by: date
    respond_by: date
    answer_due: date
    fell_due: date
    status: Status
    custody: Sequence[Custody]
    acknowledged: Milestone | None
    answered: Milestone | None
    dropped_on: date | None
    waiting_since: date | None


def holder(custody: Sequence[Custody], instant: datetime) -> str | None:
    """Who led just before ``instant``, given the periods in order; None for the desk.

    An agency stays in charge of what was answered and closed, or withdrawn, while it led.
    """
    last = None
    for period in custody:
        if period.started < instant:
            last = period
    if last is None or (last.ended is not None and last.ended < instant and last.end_reason not in _OVER):
        return None
    return last.agency


def count(life: Life, month: Month, as_of: datetime) -> Iterator[tuple[str | None, str]]:
    """What one petition adds: pairs of an agency (None for the desk) and the name of a figure that grows by one."""
    if month.holds(life.submitted_at):
        lead = holder(life.custody, as_of)
        yield lead, "received"
        if life.custody and life.custody[0].by == "system":
            yield lead, "routed_automatically"
    for done, name, due in (
        (life.acknowledged, "acknowledged", life.acknowledge_by),
        (life.answered, "answered", life.answer_due),
    ):
        if done is not None and month.holds(done.at):
            yield done.agency, name
            if not is_overdue(due, local_date(done.at), due):
                yield done.agency, f"{name}_on_time"
    yield from _due(life, month)
    if life.status in OPEN:
        lead = holder(life.custody, as_of)
        yield lead, "open"
        if is_overdue(life.respond_by, life.waiting_since, local_date(as_of)):
            yield lead, "overdue"


def _due(life: Life, month: Month) -> Iterator[tuple[str | None, str]]:
    """The duty to answer, which falls to whoever led when the due date was over, or had answered by then."""
    due = life.fell_due
    if not month.first <= due < month.next.first:
        return
    if life.answered is not None and not is_overdue(due, local_date(life.answered.at), due):
        yield life.answered.agency, "due"
        yield life.answered.agency, "due_met"
        return
    if life.dropped_on is not None and not is_overdue(due, life.dropped_on, due):
        return
    if life.answered is None and life.waiting_since is not None and life.waiting_since <= due:
        return
    yield holder(life.custody, start_of_day(due + timedelta(days=1))), "due"


COUNTS = (
    "received", "routed_automatically", "acknowledged", "acknowledged_on_time", "answered", "answered_on_time",
    "due", "due_met", "open", "overdue", "surveys_sent",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The figures of one agency, of the desk, or of all together."""

    counts: Mapping[str, int]
    satisfaction: Satisfaction

    @property
    def values(self) -> dict[str, int | float | None]:
        """Every figure by name, in the order of ``monthly.toml``; shares lie in 0..1, None where there is no base.

        Shares are rounded to four decimals here, once, so that every file and page says the same.
        """
        said = self.satisfaction
        due, met = self.counts["due"], self.counts["due_met"]
        found: dict[str, int | float | None] = {
            **self.counts,
            "due_met_share": met / due if due else None,
            "surveys_answered": said.answered,
            "response_rate": said.response_rate,
            "mean_rating": said.mean_rating,
            "satisfied": said.satisfied,
            "satisfied_share": said.share,
            "satisfied_low": said.low,
            "satisfied_high": said.high,
            "satisfied_worst": said.worst,
            "satisfied_best": said.best,
        }
        return {
            figure.name: round(value, 4) if isinstance(value := found[figure.name], float) else value
            for figure in DEFINITIONS.figures
        }


@dataclass
class Tally:
    """Figures under way: how often each name was counted, and how often each rating 1..5 was given."""

    counts: Counter[str] = field(default_factory=Counter)
    ratings: Counter[int] = field(default_factory=Counter)

    def figures(self) -> Figures:
        """The figures counted so far."""
        counts = MappingProxyType({name: self.counts[name] for name in COUNTS})
        return Figures(counts, summarise(counts["surveys_sent"], dict(self.ratings)))

    def add(self, other: "Tally") -> None:
        """Count what ``other`` has counted, too."""
        self.counts.update(other.counts)
        self.ratings.update(other.ratings)


@dataclass(frozen=True)
class Figure:
    """A figure's name and words. ``form`` is ``count``, ``share`` (0..1) or ``mean`` (1..5)."""

    name: str
    form: str
    label_vi: str
    label_en: str
    vi: str
    en: str


@dataclass(frozen=True)
class Definitions:
    """All figures in order, and the version of the method they are counted by."""

    version: str
    figures: tuple[Figure, ...]


def _read() -> Definitions:
    table = tomllib.loads(files("workflows").joinpath("monthly.toml").read_text("utf-8"))
    return Definitions(table["version"], tuple(Figure(**row) for row in table["figure"]))


DEFINITIONS = _read()
