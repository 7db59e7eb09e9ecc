"""Challenger against champion: the same texts, seen by neither, with a paired interval for the difference.

The desk names one agency, where another might have been as right. A suggestion that it confirmed is right by definition,
and a model that would have said something else seems wrong; a suggestion that it overruled is surely wrong, but so seems
every other agency than the one it chose. How often such an answer is right all the same is known from texts that were
labelled without any suggestion (the corpus says who else may lead); each model is credited with that share. Without
enough such texts it is credited with nothing.
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
_FEWEST_TO_CREDIT: Final = 5


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
    old, new = (_firsts(model, cases) for model in (champion, challenger))
    before, after = _Answers.of(old, new, cases), _Answers.of(new, old, cases)
    bootstrap = Bootstrap([case.cluster for case in cases])
    leads = np.asarray([case.lead for case in cases], dtype=str)

    def line(agency: str | None) -> Line:
        chosen = np.ones(len(cases), dtype=np.bool_) if agency is None else leads == agency

        def gain(rows: Indices) -> float | None:
            of = chosen[rows]
            return float((after.right(rows) - before.right(rows))[of].mean()) if of.any() else None

        figure, every = bootstrap.figure(gain), bootstrap.rows
        return Line(
            agency,
            int(chosen.sum()),
            round(float(before.right(every)[chosen].mean()), 4),
            round(float(after.right(every)[chosen].mean()), 4),
            figure["value"],
            figure["low"],
            figure["high"],
            round(bootstrap.share_above_zero(gain), 4),
        )

    larger = sorted(agency for agency, rows in Counter(leads.tolist()).items() if rows >= LARGER_AGENCY)
    return Comparison(line(None), tuple(line(agency) for agency in larger))


@dataclass(frozen=True, slots=True)
class _Answers:
    """How one model's answers fare beside another's: which are right, and which may be though the desk chose otherwise.

    An answer in doubt is worth as much as such answers are among the texts labelled blind: those where the other model
    is right (what the desk would have settled on), and those where it is not.
    """

    known: NDArray[np.float64]
    doubts: tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]

    @classmethod
    def of(cls, said: NDArray[np.str_], other: NDArray[np.str_], cases: Sequence[Case]) -> _Answers:
        right, other_right = (
            np.asarray([first in case.acceptable for first, case in zip(firsts, cases, strict=True)])
            for firsts in (said, other)
        )
        decided = np.asarray([case.decided for case in cases])
        rejected = np.asarray([case.rejected or "" for case in cases], dtype=str)
        elsewhere = (said != other) & (said != np.asarray([case.lead for case in cases], dtype=str))
        doubted = decided & elsewhere & ~right & (said != rejected)
        beside_right = (doubted & other_right, ~decided & (said != other) & other_right)
        beside_wrong = (doubted & ~other_right, ~decided & elsewhere & ~other_right)
        return cls(right.astype(np.float64), (beside_right, beside_wrong))

    def right(self, rows: Indices) -> NDArray[np.float64]:
        """Return how right the answers of these rows are, from 0 to 1; the rows themselves say what a doubt is worth."""
        right = self.known[rows]
        for doubted, blind in self.doubts:
            known = right[blind[rows]]
            if known.size >= _FEWEST_TO_CREDIT:
                right[doubted[rows]] = known.mean()
        return right


def _firsts(model: Classifier, cases: Sequence[Case]) -> NDArray[np.str_]:
    said = (
        model.classify(case.text, submitter_kind=case.submitter_kind, province=case.province)
        for case in cases
    )
    return np.asarray([each.agencies[0].id for each in said], dtype=str)
