"""People's last word on where each petition belongs, for the classifier to learn from."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Agency, Petition, RoutingLabel, Suggestion
from classifiers.decisions import Decision

# Whoever says that a text is secret gets it read by as few as possible, and by no software that keeps its words.
KEPT_FROM_LEARNING = "secret_claimed"


def decisions(session: Session) -> list[Decision]:
    """The latest label of every petition that has one, oldest first; petitions said to hold a secret left out."""
    latest = select(func.max(RoutingLabel.id)).group_by(RoutingLabel.petition_id)
    rows = session.execute(
        select(RoutingLabel, Petition)
        .join(Petition, Petition.id == RoutingLabel.petition_id)
        .join(Agency, Agency.code == RoutingLabel.agency_code)
        .where(RoutingLabel.id.in_(latest), ~Agency.placeholder)
        .order_by(RoutingLabel.created_at, RoutingLabel.id)
    )
    secret, suggested = set[int](), dict[int, str]()
    said = select(Suggestion.petition_id, Suggestion.flags, Suggestion.agencies).order_by(Suggestion.id)
    for petition_id, flags, agencies in session.execute(said):
        if KEPT_FROM_LEARNING in flags:
            secret.add(petition_id)
        if agencies:
            suggested[petition_id] = agencies[0]["code"]
    return [
        Decision(
            petition.code,
            petition.text,
            label.agency_code,
            label.source,
            label.created_at,
            str(petition.submitter_kind),
            petition.province_code,
            suggested.get(petition.id),
        )
        for label, petition in rows
        if petition.id not in secret
    ]
