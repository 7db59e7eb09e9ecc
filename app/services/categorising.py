"""Saying anew what a petition is: it may bring the date of the answer forward, and never puts it off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Petition
from app.queries.ledger import extended_by, pauses
from app.services import rules, transition
from app.services.actors import Actor
from workflows.calendar import local_date
from workflows.deadlines import NoPolicy, recount, shortened
from workflows.kinds import LEGAL_KINDS, Kind
from workflows.lifecycle import Action


def recategorise(
    session: Session, petition: Petition, actor: Actor, kind: str, complexity: str, note: str, now: datetime
) -> Event:
    """Give a petition another kind or complexity, saying why.

    The date is counted again from the day of submission, by the policy then in force for the new kind, with the days
    granted and waited so far; it stands only if it is earlier. Matters of the legal channel are referred instead.
    """
    wrong = {}
    if kind not in tuple(Kind) or Kind(kind) in LEGAL_KINDS:
        wrong["kind"] = "choose"
    elif (kind, complexity) == (petition.kind, petition.complexity):
        wrong["kind"] = "unchanged"
    if not note.strip():
        wrong["note"] = "required"
    if wrong:
        raise Invalid(**wrong)
    submitted_on, today = local_date(petition.submitted_at), local_date(now)
    try:
        policy = rules.policy(session, Kind(kind), submitted_on, complexity=complexity)
    except NoPolicy:
        raise Invalid(complexity="no_policy") from None
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    calendar = rules.calendar(session, petition.calendar_version)
    recounted = recount(
        submitted_on, policy.respond_days + extended_by(events), calendar, pauses(events, today)
    )
    before, after = petition.respond_by, shortened(petition.respond_by, recounted, today)
    data = {
        "kind": {"from": petition.kind, "to": kind},
        "complexity": {"from": petition.complexity, "to": complexity},
        "respond_by": {"from": before.isoformat(), "to": after.isoformat()},
        "policy": policy.version,
    }
    event = transition.apply(session, petition, Action.RECATEGORISE, actor, now, data=data, note=note)
    petition.kind, petition.complexity, petition.policy_version = Kind(kind), complexity, policy.version
    petition.respond_by = after
    return event
