"""How the classifier does in service: by week, by agency, and which agencies it takes for which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

# A week's chances may miss the truth by this much, and its words be this much stranger than usual, before it is said.
MISJUDGED: Final = 0.10
STRANGER: Final = 0.05
FEWEST_FOR_ALARM: Final = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """One suggestion and what became of it. `decided` is None while nobody has decided."""

    week: date
    suggested: str
    p: float
    routed: bool
    familiar: float
    decided: str | None

    @property
    def right(self) -> bool:
        """Whether the first suggestion was where the petition was sent in the end."""
        return self.suggested == self.decided


@dataclass(frozen=True, slots=True)
class Week:
    """One week: how many suggestions, how many decided and right; what was promised (mean chance); how familiar."""

    week: date
    suggestions: int
    routed: int
    decided: int
    right: int
    promised: float
    familiar: float
    misjudged: bool
    stranger: bool

    @property
    def share_right(self) -> float | None:
        """The share of decided ones that were right; None where none is decided."""
        return self.right / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency: how often it was suggested first and rightly so, and how often it was right but not suggested."""

    agency: str
    suggested: int
    right: int
    missed: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """How often one agency was suggested where another was right."""

    suggested: str
    decided: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The classifier in service over some weeks."""

    weeks: tuple[Week, ...]
    agencies: tuple[AgencyLine, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def alarms(self) -> tuple[Week, ...]:
        """The weeks that call for a look: chances that did not hold, or words not met before."""
        return tuple(week for week in self.weeks if week.misjudged or week.stranger)


def report(outcomes: Iterable[Outcome]) -> Report:
    """Return the report on outcomes in any order."""
    rows = sorted(outcomes, key=lambda outcome: outcome.week)
    by_week: dict[date, list[Outcome]] = defaultdict(list)
    for row in rows:
        by_week[row.week].append(row)
    decided = [row for row in rows if row.decided is not None]
    return Report(
        weeks=tuple(_week(week, by_week[week], rows) for week in by_week),
        agencies=_agencies(decided),
        mistakes=tuple(
            Mistake(suggested, to, count)
            for (suggested, to), count in Counter(
                (row.suggested, str(row.decided)) for row in decided if not row.right
            ).most_common()
        ),
    )


def _week(week: date, rows: Sequence[Outcome], all_rows: Sequence[Outcome]) -> Week:
    decided = [row for row in rows if row.decided is not None]
    right = sum(row.right for row in decided)
    promised = _mean([row.p for row in decided])
    familiar = _mean([row.familiar for row in rows])
    before = [row.familiar for row in all_rows if row.week < week]
    enough = len(decided) >= FEWEST_FOR_ALARM
    return Week(
        week=week,
        suggestions=len(rows),
        routed=sum(row.routed for row in rows),
        decided=len(decided),
        right=right,
        promised=promised,
        familiar=familiar,
        misjudged=enough and abs(promised - right / len(decided)) > MISJUDGED,
        stranger=min(len(rows), len(before)) >= FEWEST_FOR_ALARM and _mean(before) - familiar > STRANGER,
    )


def _agencies(decided: Sequence[Outcome]) -> tuple[AgencyLine, ...]:
    suggested = Counter(row.suggested for row in decided)
    right = Counter(row.suggested for row in decided if row.right)
    missed = Counter(str(row.decided) for row in decided if not row.right)
    codes = sorted({*suggested, *missed}, key=lambda code: (-suggested[code] - missed[code], code))
    return tuple(AgencyLine(code, suggested[code], right[code], missed[code]) for code in codes)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
