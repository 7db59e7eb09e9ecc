"""What people decided, as something to learn from: confirmations, overrules and transfers with their weight."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from classifiers.cases import Case

# Who presses the first button says less than who looks for another; a transfer comes from who read the case.
WEIGHTS: Final = {"confirmation": 0.5, "overrule": 1.0, "transfer": 1.0}
KEPT_OUT_SHARE: Final = 0.2
_FEWEST_TO_KEEP_OUT: Final = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """The last word of a person on where one petition belongs. `petition` is its code, `suggested` what the model said."""

    petition: str
    text: str
    agency: str
    source: str
    at: datetime
    submitter_kind: str | None = None
    province: str | None = None
    suggested: str | None = None

    def case(self) -> Case:
        """Return the decision as a labelled case. Raises KeyError for an unknown source."""
        return Case(
            self.text,
            self.agency,
            frozenset((self.agency,)),
            cluster=self.petition,
            hand=self.petition,
            province=self.province,
            submitter_kind=self.submitter_kind,
            weight=WEIGHTS[self.source],
            decided=True,
            rejected=None if self.suggested == self.agency else self.suggested,
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Decisions to learn from, and the latest ones, kept out to measure on."""

    older: tuple[Decision, ...]
    latest: tuple[Decision, ...]


def split_by_time(decisions: Sequence[Decision]) -> Split:
    """Keep the latest fifth out, and nothing where that were fewer than ten: they then count as learned."""
    ordered = sorted(decisions, key=lambda decision: (decision.at, decision.petition))
    kept_out = int(len(ordered) * KEPT_OUT_SHARE)
    if kept_out < _FEWEST_TO_KEEP_OUT:
        return Split(tuple(ordered), ())
    return Split(tuple(ordered[:-kept_out]), tuple(ordered[-kept_out:]))


def digest_of(decisions: Sequence[Decision]) -> str:
    """Return a SHA-256 of decisions in their order."""
    digest = hashlib.sha256()
    for decision in decisions:
        for part in (
            decision.petition,
            decision.text,
            decision.agency,
            decision.source,
            decision.at.isoformat(),
        ):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()
