"""Answering point by point: each request found in a petition is met by the answer, or the answer says why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Petition
from app.services import routing

WHY_MAX = 500


@dataclass(frozen=True)
class Point:
    """Whether the answer meets one request; where not, ``why`` for the submitter to read."""

    met: bool
    why: str = ""
    span: tuple[int, int] = (0, 0)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the answer."""
        return {"span": list(self.span), "met": self.met, "why": self.why}


def spans(session: Session, petition: Petition) -> list[tuple[int, int]]:
    """Where in its text the requests stand that software found in a petition."""
    said = routing.latest_suggestion(session, petition)
    return [(start, end) for start, end in said.asks] if said else []


def all_met(session: Session, petition: Petition) -> list[Point]:
    """What an answer says that meets every request."""
    return [Point(met=True) for _span in spans(session, petition)]


def checked(session: Session, petition: Petition, met: Sequence[Point]) -> list[Point]:
    """One point for each request, in order. Raises :class:`Invalid` (``met_1``, ``why_1`` …) for what is missing."""
    found = spans(session, petition)
    wrong = {f"met_{n}": "choose" for n in range(len(met) + 1, len(found) + 1)}
    for n, point in enumerate(met, 1):
        if not point.met and not point.why.strip():
            wrong[f"why_{n}"] = "required"
        if len(point.why) > WHY_MAX:
            wrong[f"why_{n}"] = "too_long"
    if wrong:
        raise Invalid(**wrong)
    return [
        Point(point.met, "" if point.met else point.why.strip(), span)
        for point, span in zip(met, found, strict=False)
    ]
