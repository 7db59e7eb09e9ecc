"""Bringing a petition to its agency: what the classifier suggests and what people decide."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, Assignment, Event, Petition, PetitionTopic, RoutingLabel, Suggestion
from app.services import rules, transition
from app.services.actors import SYSTEM, Actor
from classifiers import Classification
from workflows.calendar import local_date
from workflows.custody import check_handover, decision_is_binding
from workflows.lifecycle import Action, Refused


def suggest(session: Session, petition: Petition, said: Classification | None, now: datetime) -> Event:
    """Keep what the classifier said and act on it: to the agency where it is sure, to the desk where it is not.

    ``said`` is None where no model could be used; then the desk decides alone. Legal matters always go to the desk,
    because only a person may turn somebody away.
    """
    if said is None:
        return transition.apply(session, petition, Action.TRIAGE, SYSTEM, now, data={"model": None})
    ranked = [{"code": each.id, "p": round(each.p, 4)} for each in said.agencies]
    session.add(
        Suggestion(
            petition_id=petition.id,
            created_at=now,
            model_version=said.model_version,
            decision=said.decision,
            kind=said.kind,
            topics=[{"id": each.id, "p": round(each.p, 4)} for each in said.topics],
            agencies=ranked,
            flags=list(said.flags),
            reasons=list(said.reasons),
            asks=[[ask.start, ask.end] for ask in said.asks],
            familiar=said.familiar,
        )
    )
    petition.topics = [PetitionTopic(position=n, topic_id=each.id) for n, each in enumerate(said.topics[:3])]
    data = {"model": said.model_version, "decision": said.decision, "agencies": ranked[:3]}
    best = ranked[0]["code"] if ranked else None
    if (
        said.decision == "route"
        and isinstance(best, str)
        and _problem(session.get(Agency, best), now) is None
    ):
        hand_over(session, petition, best, SYSTEM, now)
        return transition.apply(session, petition, Action.ROUTE, SYSTEM, now, data={**data, "to": best})
    return transition.apply(session, petition, Action.TRIAGE, SYSTEM, now, data=data)


def assign(
    session: Session,
    petition: Petition,
    actor: Actor,
    agency_code: str,
    now: datetime,
    note: str | None = None,
) -> Event:
    """The desk sends a petition to an agency, bindingly where it has been to and fro too often."""
    agency = existing_agency(session, agency_code, now)
    transition.check(petition, Action.ASSIGN, actor)
    suggested = latest_suggestion(session, petition)
    first = suggested.agencies[0]["code"] if suggested and suggested.agencies else None
    _label(session, petition, agency.code, "confirmation" if agency.code == first else "overrule", actor, now)
    binding = decision_is_binding(petition.handovers)
    hand_over(session, petition, agency.code, actor, now, binding=binding)
    data = {"to": agency.code, "binding": binding, "suggested": first}
    return transition.apply(session, petition, Action.ASSIGN, actor, now, data=data, note=note)


def transfer(
    session: Session,
    petition: Petition,
    actor: Actor,
    agency_code: str,
    reason: str,
    note: str | None,
    now: datetime,
) -> Event:
    """The holding agency passes a petition on to the right one. Neither clock of the citizen moves."""
    agency = existing_agency(session, agency_code, now)
    if agency.code == petition.lead_agency_code:
        raise Invalid(agency="same_agency")
    transition.check(petition, Action.TRANSFER, actor, reason)
    check_handover(Action.TRANSFER, petition.handovers, binding=_binding(session, petition))
    sender = petition.lead_agency_code
    _label(session, petition, agency.code, "transfer", actor, now)
    data = {"from": sender, "to": agency.code}
    event = transition.apply(
        session, petition, Action.TRANSFER, actor, now, reason=reason, data=data, note=note
    )
    petition.handovers += 1
    hand_over(session, petition, agency.code, actor, now, end_reason=reason)
    return event


def return_to_desk(
    session: Session, petition: Petition, actor: Actor, reason: str, note: str | None, now: datetime
) -> Event:
    """The holding agency sends a petition back to the desk."""
    transition.check(petition, Action.RETURN, actor, reason)
    check_handover(Action.RETURN, petition.handovers, binding=_binding(session, petition))
    data = {"from": petition.lead_agency_code}
    event = transition.apply(
        session, petition, Action.RETURN, actor, now, reason=reason, data=data, note=note
    )
    petition.handovers += 1
    end_custody(session, petition, reason, now)
    petition.lead_agency_code = None
    petition.officer_id = None
    return event


def escalate(
    session: Session, petition: Petition, actor: Actor, reason: str, tried: str, now: datetime
) -> Event:
    """Lay a petition before the superior agency (vượt thẩm quyền), saying what was tried. The citizen's clock runs on."""
    if not tried.strip():
        raise Invalid(tried="required")
    transition.check(petition, Action.ESCALATE, actor, reason)
    below = session.get(Agency, petition.lead_agency_code)
    superior = session.get(Agency, below.parent_code) if below and below.parent_code else None
    if superior is None or _problem(superior, now) is not None:
        raise Refused("no_superior")
    data = {"from": petition.lead_agency_code, "to": superior.code}
    event = transition.apply(
        session, petition, Action.ESCALATE, actor, now, reason=reason, data=data, note=tried
    )
    hand_over(session, petition, superior.code, actor, now, end_reason=reason)
    return event


def existing_agency(session: Session, code: str, now: datetime) -> Agency:
    """The agency of that code, if it exists today and can be given work. Raises :class:`Invalid`."""
    agency = session.get(Agency, code)
    problem = _problem(agency, now)
    if agency is None or problem is not None:
        raise Invalid(agency=problem or "choose")
    return agency


def _problem(agency: Agency | None, now: datetime) -> str | None:
    if agency is None or agency.placeholder:
        return "choose"
    today = local_date(now)
    if (agency.valid_from and today < agency.valid_from) or (agency.valid_to and today > agency.valid_to):
        return "ended"
    return None


def latest_suggestion(session: Session, petition: Petition) -> Suggestion | None:
    """What the classifier said last."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.petition_id == petition.id)
        .order_by(Suggestion.id.desc())
        .limit(1)
    ).first()


def open_assignment(session: Session, petition: Petition) -> Assignment | None:
    """The custody period that runs now."""
    return session.scalars(
        select(Assignment).where(Assignment.petition_id == petition.id, Assignment.ended_at.is_(None))
    ).first()


def end_custody(session: Session, petition: Petition, reason: str | None, now: datetime) -> None:
    """Close the custody period that runs, if any, and what others were asked to add to it."""
    running = open_assignment(session, petition)
    if running is not None:
        running.ended_at = now
        running.end_reason = reason
        session.flush()
    end_contributions(petition, now)


def end_contributions(petition: Petition, now: datetime) -> None:
    """Nobody is asked to take part any more: the answer is given, or whoever asked no longer holds the petition."""
    for each in petition.contributions:
        each.ended_at = each.ended_at or now


def hand_over(
    session: Session,
    petition: Petition,
    agency_code: str,
    actor: Actor,
    now: datetime,
    *,
    binding: bool = False,
    end_reason: str | None = None,
) -> None:
    """Begin the custody of an agency, and end the one before."""
    end_custody(session, petition, end_reason, now)
    policy = rules.policy_of(session, petition)
    due = rules.calendar(session).add(local_date(now), policy.acknowledge_days)
    session.add(
        Assignment(
            petition_id=petition.id,
            agency_code=agency_code,
            assigned_by=actor.name,
            binding=binding,
            started_at=now,
            acknowledge_by=due,
        )
    )
    petition.lead_agency_code = agency_code
    petition.officer_id = None


def _binding(session: Session, petition: Petition) -> bool:
    running = open_assignment(session, petition)
    return running is not None and running.binding


def _label(
    session: Session, petition: Petition, agency_code: str, source: str, actor: Actor, now: datetime
) -> None:
    if actor.staff_id is not None:
        session.add(
            RoutingLabel(
                petition_id=petition.id,
                agency_code=agency_code,
                source=source,
                staff_id=actor.staff_id,
                created_at=now,
            )
        )
