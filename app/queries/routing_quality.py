"""What became of the classifier's suggestions, for those who watch over it."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Petition, RoutingLabel, Suggestion
from classifiers.monitoring import Outcome
from workflows.calendar import local_date

WEEKS = 12


def outcomes(session: Session, now: datetime) -> list[Outcome]:
    """The first suggestion for every petition of the last twelve weeks, with the last word on where it belongs.

    A petition that software routed, and that its agency accepted, needed no word: it was right.
    """
    first = select(func.min(Suggestion.id)).group_by(Suggestion.petition_id)
    last = (
        select(RoutingLabel.petition_id, func.max(RoutingLabel.id).label("id"))
        .group_by(RoutingLabel.petition_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Suggestion.created_at,
            Suggestion.agencies,
            Suggestion.decision,
            Suggestion.familiar,
            Petition.lead_agency_code,
            Petition.acknowledged_at,
            RoutingLabel.agency_code,
        )
        .join(Petition, Petition.id == Suggestion.petition_id)
        .outerjoin(last, last.c.petition_id == Petition.id)
        .outerjoin(RoutingLabel, RoutingLabel.id == last.c.id)
        .where(Suggestion.id.in_(first), Suggestion.created_at >= now - timedelta(weeks=WEEKS))
        .execution_options(yield_per=1000)
    )
    found = []
    for created_at, agencies, decision, familiar, lead, acknowledged_at, labelled in rows:
        if not agencies:
            continue
        routed = decision == "route"
        accepted = lead if routed and acknowledged_at is not None else None
        found.append(
            Outcome(
                week=_monday(local_date(created_at)),
                suggested=str(agencies[0]["code"]),
                p=float(agencies[0]["p"]),
                routed=routed,
                familiar=familiar,
                decided=labelled or accepted,
            )
        )
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
