"""Challenger against champion: the same texts, seen by neither, with a paired interval for the difference.

Texts count by the weight of their label. A decision that confirmed what the champion itself had suggested flatters
it, for often another agency would have been as right; so it counts half, as it does in learning. (An overrule, the
other way round, is one that the champion got wrong. Without petitions decided blind neither bias can be measured.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from classifiers.cases import Case
from classifiers.intervals import Bootstrap, Indices
from classifiers.model import Classifier

# An agency with fewer texts than this among those compared is too small for a verdict of its own.
LARGER_AGENCY: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """Weighted shares of right first agencies before and after on `rows` texts, and their difference's interval."""

    agency: str | None
    rows: int
    before: float
    after: float
    difference: float
    low: float
    high: float


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
        """Whether to promote: the whole interval of the total lies above zero, and no larger agency is worse."""
        return self.total.low > 0 and not self.worse

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
    before, after = (
        np.asarray([_right(model, case) for case in cases], dtype=np.float64)
        for model in (champion, challenger)
    )
    bootstrap = Bootstrap([case.cluster for case in cases])
    leads = np.asarray([case.lead for case in cases], dtype=str)
    weights = np.asarray([case.weight for case in cases], dtype=np.float64)

    def line(agency: str | None) -> Line:
        chosen = np.ones(len(cases), dtype=np.bool_) if agency is None else leads == agency

        def gain(rows: Indices) -> float | None:
            of = rows[chosen[rows]]
            return float(np.average(after[of] - before[of], weights=weights[of])) if of.size else None

        figure = bootstrap.figure(gain)
        return Line(
            agency,
            int(chosen.sum()),
            round(float(np.average(before[chosen], weights=weights[chosen])), 4),
            round(float(np.average(after[chosen], weights=weights[chosen])), 4),
            figure["value"],
            figure["low"],
            figure["high"],
        )

    larger = sorted(agency for agency, rows in Counter(leads.tolist()).items() if rows >= LARGER_AGENCY)
    return Comparison(line(None), tuple(line(agency) for agency in larger))


def _right(model: Classifier, case: Case) -> bool:
    said = model.classify(case.text, submitter_kind=case.submitter_kind, province=case.province)
    return said.agencies[0].id in case.acceptable
