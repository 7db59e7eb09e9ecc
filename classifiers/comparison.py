"""Challenger against champion: the same texts, seen by neither, with a paired interval for the difference.

A decision that confirmed what the champion had suggested flatters it: the champion is right by definition, and a
challenger that names another agency seems wrong, though that agency may lead as well. How often it then does is known
from texts that were labelled without any suggestion (the corpus says who else may lead); the challenger is credited
with that share. Without enough such texts it is credited with nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.cases import Case
from classifiers.intervals import Bootstrap, Indices
from classifiers.model import Classifier

# An agency with fewer texts than this among those compared is too small for a verdict of its own.
LARGER_AGENCY: Final = 20
SURE: Final = 0.95
_FEWEST_TO_CREDIT: Final = 15


@dataclass(frozen=True, slots=True)
class Line:
    """Shares of right first agencies before and after on `rows` texts, and the interval of their difference.

    `sure` is how likely it is that the difference lies above zero.
    """

    agency: str | None
    rows: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    sure: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a challenger did beside the champion: in total, and for each larger agency."""

    total: Line
    agencies: tuple[Line, ...]

    @property
    def worse(self) -> tuple[str, ...]:
        """The larger agencies for which the challenger is worse: the whole 95 % interval lies below zero."""
        return tuple(str(line.agency) for line in self.agencies if line.high < 0)

    @property
    def better(self) -> bool:
        """Whether to promote: surely better in total (a one-sided test at 5 %), and worse for no larger agency."""
        return self.total.sure >= SURE and not self.worse

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {
            "total": asdict(self.total),
            "agencies": [asdict(line) for line in self.agencies],
            "worse": list(self.worse),
            "better": self.better,
        }


def compare(champion: Classifier, challenger: Classifier, cases: Sequence[Case]) -> Comparison:
    """Compare on labelled cases; ValueError where there are none. Intervals resample clusters."""
    if not cases:
        raise ValueError("nothing to compare on")
    firsts = [tuple(_first(model, case) for model in (champion, challenger)) for case in cases]
    right = [
        tuple(said in case.acceptable for said in pair) for pair, case in zip(firsts, cases, strict=True)
    ]
    before, after = np.asarray(right, dtype=np.float64).T
    confirmed = np.asarray([case.confirmed for case in cases], dtype=np.bool_)
    apart = np.asarray([first != second for first, second in firsts], dtype=np.bool_) & (before == 1)
    after[confirmed & apart] = _also_right(after[~confirmed & apart])
    bootstrap = Bootstrap([case.cluster for case in cases])
    leads = np.asarray([case.lead for case in cases], dtype=str)

    def line(agency: str | None) -> Line:
        chosen = np.ones(len(cases), dtype=np.bool_) if agency is None else leads == agency

        def gain(rows: Indices) -> float | None:
            of = rows[chosen[rows]]
            return float((after[of] - before[of]).mean()) if of.size else None

        figure = bootstrap.figure(gain)
        return Line(
            agency,
            int(chosen.sum()),
            round(float(before[chosen].mean()), 4),
            round(float(after[chosen].mean()), 4),
            figure["value"],
            figure["low"],
            figure["high"],
            round(bootstrap.share_above_zero(gain), 4),
        )

    larger = sorted(agency for agency, rows in Counter(leads.tolist()).items() if rows >= LARGER_AGENCY)
    return Comparison(line(None), tuple(line(agency) for agency in larger))


def _first(model: Classifier, case: Case) -> str:
    return (
        model.classify(case.text, submitter_kind=case.submitter_kind, province=case.province).agencies[0].id
    )


def _also_right(after: NDArray[np.float64]) -> float:
    """Return how often the challenger is right, too, where it differs from a champion that is right."""
    return float(after.mean()) if after.size >= _FEWEST_TO_CREDIT else 0.0
