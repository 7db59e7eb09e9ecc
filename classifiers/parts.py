"""What a model consists of, as plain values and arrays: made by training, stored, used by prediction."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.features import Vocabulary
from classifiers.heads import AgencyCalibration, AgencyPool, Calibration, LinearHead


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where probabilities become decisions. `route` None: no confidence was proven enough, so never route."""

    route: float | None
    legal: float
    topic: float
    flags: tuple[float, ...]

    def suspects_legal(self, legal: float) -> bool:
        """Whether a petition is half as likely a legal one as it takes to refer it: a person's to judge."""
        return self.legal / 2 <= legal < self.legal


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that prediction needs, as plain values and arrays."""

    vocabulary: Vocabulary
    kind: LinearHead
    topics: LinearHead
    agency: LinearHead
    flags: LinearHead
    pool: AgencyPool
    topic_calibration: Calibration
    agency_calibration: AgencyCalibration
    thresholds: Thresholds
