"""Signs that a clock may be served rather than people: how often an agency does what games a clock, beside the others.

What is counted stands in ``signals.toml``, how it is counted in ``workflows.conduct``. Here each agency's share is laid
beside the share of all other agencies. It is called worth a look only where the base is large enough, the lower end
of its interval lies well above the others, and the difference stands out among all that were compared. It never says
that anybody did wrong.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Any

from workflows.calendar import start_of_day
from workflows.chances import at_least, higher_by_chance, significant_up_to
from workflows.satisfaction import wilson

DESK = "DESK"
LONGEST = 366

Stratum = tuple[str, ...]


class BadPeriod(ValueError):
    """A period that no signs can be had for; ``code``: ``malformed``, ``backwards``, ``not_over`` or ``too_long``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Period:
    """Days in Vietnam from ``first`` to ``last``."""

    first: date
    last: date

    @classmethod
    def parse(cls, first: str, last: str, today: date) -> "Period":
        """Read two days, both over by ``today``; where one is left out, a period of the usual length.

        Raises :class:`BadPeriod`.
        """
        try:
            until = date.fromisoformat(last) if last else None
            since = date.fromisoformat(first) if first else None
        except ValueError:
            raise BadPeriod("malformed") from None
        if until is None:
            until = today - timedelta(days=1)
        if not date(1990, 1, 1) <= (since or until) <= date(9000, 1, 1):
            raise BadPeriod("malformed")
        if until >= today:
            raise BadPeriod("not_over")
        since = since or until - timedelta(days=DEFINITIONS.days - 1)
        if since > until:
            raise BadPeriod("backwards")
        if (until - since).days >= LONGEST:
            raise BadPeriod("too_long")
        return cls(since, until)

    @cached_property
    def start(self) -> datetime:
        """The instant at which it begins."""
        return start_of_day(self.first)

    @cached_property
    def end(self) -> datetime:
        """The instant at which it is over."""
        return start_of_day(self.last + timedelta(days=1))

    def holds(self, instant: datetime) -> bool:
        """Whether ``instant`` lies in it."""
        return self.start <= instant < self.end


@dataclass(frozen=True)
class Thresholds:
    """From when on something counts; each is explained in ``signals.toml``."""

    near_days: int
    approach_days: int
    last_part: float
    burst_answers: int
    burst_minutes: int
    ready_hours: int
    silent_days: int


@dataclass(frozen=True)
class Signal:
    """A sign and the words for it: what the base is made of, what is counted, why, and what may explain it.

    The lower end of an agency's interval must exceed ``factor`` times the share of the others, or of ``norm`` where there
    are no others.
    """

    name: str
    factor: float
    unit_vi: str
    unit_en: str
    label_vi: str
    label_en: str
    what_vi: str
    what_en: str
    why_vi: str
    why_en: str
    innocent_vi: str
    innocent_en: str
    norm: float | None = None


@dataclass(frozen=True)
class Definitions:
    """All signs in order, when they call for a look, and the version of the method."""

    version: str
    days: int
    minimum_base: int
    false_alarms: float
    thresholds: Thresholds
    signals: tuple[Signal, ...]

    def named(self, name: str) -> Signal | None:
        """The sign of that name."""
        return next((signal for signal in self.signals if signal.name == name), None)


def _read() -> Definitions:
    table = tomllib.loads(files("workflows").joinpath("signals.toml").read_text("utf-8"))
    return Definitions(
        version=table["version"],
        days=table["days"],
        minimum_base=table["minimum_base"],
        false_alarms=table["false_alarms"],
        thresholds=Thresholds(**table["thresholds"]),
        signals=tuple(_signal(row, table["thresholds"]) for row in table["signal"]),
    )


def _signal(row: dict[str, Any], thresholds: dict[str, Any]) -> Signal:
    """A sign with the thresholds in its words, so that these cannot say another number than what is counted."""
    numbers = {
        **thresholds,
        "last_percent": f"{thresholds['last_part']:.0%}",
        "norm_percent": f"{row.get('norm', 0):.0%}",
    }
    return Signal(**{**row, **{name: row[name].format(**numbers) for name in ("what_vi", "what_en")}})


DEFINITIONS = _read()


@dataclass(frozen=True)
class Sign:
    """One case of a sign's base: whether the sign was there (``hit``), and whose it is.

    ``stratum`` is what the case must be alike in to be compared: from the coarse to the fine, empty for all alike.
    """

    signal: str
    agency: str
    hit: bool
    petition: int
    at: datetime
    stratum: Stratum = ()


@dataclass
class Tally:
    """How often a sign was there, of how many cases."""

    count: int = 0
    base: int = 0

    def add(self, count: int, base: int) -> None:
        """Count more cases."""
        self.count += count
        self.base += base


class Tallies:
    """What was counted for every sign and agency, apart for each stratum."""

    def __init__(self) -> None:
        self._cells: dict[str, dict[str, dict[Stratum, Tally]]] = {}

    def add(self, sign: Sign) -> None:
        """Count one case."""
        agencies = self._cells.setdefault(sign.signal, {})
        agencies.setdefault(sign.agency, {}).setdefault(sign.stratum, Tally()).add(int(sign.hit), 1)

    def of(self, signal: str) -> dict[str, dict[Stratum, Tally]]:
        """The tallies of one sign by agency and stratum."""
        return self._cells.get(signal, {})


@dataclass(frozen=True)
class Finding:
    """One agency's share in one sign, and that of the others, adjusted to the agency's cases where the sign says so.

    ``others`` is None where nobody else had a case. ``p`` is how likely so high a share would be by chance alone; None
    where there is too little to compare.
    """

    signal: str
    agency: str
    count: int
    base: int
    low: float
    high: float
    others: float | None
    p: float | None
    worth_a_look: bool = False

    @property
    def share(self) -> float:
        """The share of the base in which the sign was there."""
        return self.count / self.base

    @property
    def ratio(self) -> float | None:
        """How many times the share of the others it is."""
        return self.share / self.others if self.others else None


def judge(tallies: Tallies, definitions: Definitions = DEFINITIONS) -> list[Finding]:
    """Every agency with a case, sign by sign: those worth a look first, then the highest shares, small bases last."""
    found = [finding for signal in definitions.signals for finding in _compare(signal, tallies, definitions)]
    limit = significant_up_to([each.p for each in found if each.p is not None], definitions.false_alarms)
    judged = []
    for each in found:
        signal = definitions.named(each.signal)
        above = signal is not None and each.others is not None and each.low > signal.factor * each.others
        judged.append(
            Finding(**{**vars(each), "worth_a_look": above and each.p is not None and each.p <= limit})
        )
    order = {signal.name: number for number, signal in enumerate(definitions.signals)}
    return sorted(
        judged,
        key=lambda each: (
            order[each.signal],
            not each.worth_a_look,
            each.base < definitions.minimum_base,
            -each.share,
            -each.base,
            each.agency,
        ),
    )


def _compare(signal: Signal, tallies: Tallies, definitions: Definitions) -> Iterable[Finding]:
    cells = tallies.of(signal.name)
    totals = _coarsened(tally for strata in cells.values() for tally in strata.items())
    for agency, strata in cells.items():
        own = _coarsened(strata.items())
        count, base = own[()].count, own[()].base
        low, high = wilson(count, base)
        rest = Tally(totals[()].count - count, totals[()].base - base)
        enough, p = base >= definitions.minimum_base, None
        if signal.norm is not None:
            others: float | None = signal.norm
            p = at_least(count, base, signal.norm) if enough else None
        else:
            expected = _expected(strata, own, totals, definitions.minimum_base)
            others = expected / base if expected is not None else None
            if enough and others is not None and rest.base >= definitions.minimum_base:
                p = higher_by_chance(count, base, others * rest.base, rest.base)
        yield Finding(signal.name, agency, count, base, low, high, others, p)


def _coarsened(tallies: Iterable[tuple[Stratum, Tally]]) -> dict[Stratum, Tally]:
    """The tallies of each stratum and of every coarser one that holds it; that of all is ``()``."""
    found: dict[Stratum, Tally] = {}
    for stratum, tally in tallies:
        for length in range(len(stratum) + 1):
            found.setdefault(stratum[:length], Tally()).add(tally.count, tally.base)
    return found


def _expected(
    strata: dict[Stratum, Tally],
    own: dict[Stratum, Tally],
    totals: dict[Stratum, Tally],
    minimum: int,
) -> float | None:
    """How many hits the agency's cases would have had with the others (indirect standardisation).

    Where the others had too few cases of a stratum, the next coarser one speaks for it.
    """
    expected = 0.0
    for stratum, tally in strata.items():
        for length in range(len(stratum), -1, -1):
            wide = stratum[:length]
            base = totals[wide].base - own[wide].base
            if base >= minimum or (not length and base):
                expected += tally.base * (totals[wide].count - own[wide].count) / base
                break
        else:
            return None
    return expected
