"""Bootstrap intervals over clusters: rows of one author, or of one province and ministry, err together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
_SEED = 57

Indices = NDArray[np.int64]


class Bootstrap:
    """Resamples of whole clusters, drawn once so that every figure is seen on the same ones."""

    def __init__(self, clusters: Sequence[str]) -> None:
        """Take the cluster of each row."""
        names, numbers = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
        members = [np.flatnonzero(numbers == number) for number in range(len(names))]
        random = np.random.default_rng(_SEED)
        self.rows: Indices = np.arange(len(clusters))
        self._resamples: list[Indices] = [
            np.concatenate([members[pick] for pick in random.integers(0, len(members), len(members))])
            for _ in range(RESAMPLES)
            if members
        ]

    def share_above_zero(self, statistic: Callable[[Indices], float | None]) -> float:
        """Return the share of resamples on which a statistic lies above zero, of those where it is defined."""
        draws = [draw for rows in self._resamples if (draw := statistic(rows)) is not None]
        return sum(draw > 0 for draw in draws) / len(draws) if draws else 0.0

    def figure(self, statistic: Callable[[Indices], float | None]) -> dict[str, Any]:
        """Return `{"value", "low", "high"}` of a statistic of row indices; nulls where it is undefined.

        `low` and `high` bound the middle 95 % of the resamples on which it is defined.
        """
        value = statistic(self.rows) if self.rows.size else None
        if value is None:
            return {"value": None, "low": None, "high": None}
        draws = [draw for rows in self._resamples if (draw := statistic(rows)) is not None]
        low, high = np.quantile(draws, [0.025, 0.975]) if draws else (value, value)
        return {"value": round(float(value), 4), "low": round(float(low), 4), "high": round(float(high), 4)}
