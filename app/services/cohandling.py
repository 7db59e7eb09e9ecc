"""Taking part (*phối hợp*): what the lead agency asks of others, each with its own date, and what they add."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Contribution, Event, Petition
from app.services import transition
from app.services.actors import Actor
from app.services.routing import existing_agency
from workflows.calendar import local_date
from workflows.lifecycle import Action, Refused


def involve(
    session: Session, petition: Petition, actor: Actor, agency_code: str, task: str, due: date, now: datetime
) -> Event:
    """The lead agency asks another for its part, by a date that lies within its own. The lead stays responsible."""
    agency = existing_agency(session, agency_code, now)
    errors = {}
    if agency.code == petition.lead_agency_code:
        errors["agency"] = "same_agency"
    elif running(petition, agency.code) is not None:
        errors["agency"] = "involved_already"
    if not task.strip():
        errors["task"] = "required"
    today = local_date(now)
    if not today <= due <= max(petition.respond_by, today):
        errors["due"] = "between_today_and_respond_by"
    if errors:
        raise Invalid(**errors)
    data = {"cohandler": agency.code, "due": due.isoformat()}
    event = transition.apply(session, petition, Action.INVOLVE, actor, now, data=data, note=task)
    session.add(
        Contribution(petition_id=petition.id, agency_code=agency.code, task=task, due=due, asked_at=now)
    )
    session.flush()
    session.expire(petition, ["contributions"])
    return event


def contribute(session: Session, petition: Petition, actor: Actor, text: str, now: datetime) -> Event:
    """A co-handler gives its part to the lead agency; the submitter does not see it."""
    if not text.strip():
        raise Invalid(text="required")
    data = {"cohandler": actor.agency_code, "lead": petition.lead_agency_code}
    event = transition.apply(session, petition, Action.CONTRIBUTE, actor, now, data=data, note=text)
    mine = _running(petition, actor.agency_code)
    mine.contributed_at = mine.ended_at = now
    return event


def release(session: Session, petition: Petition, actor: Actor, agency_code: str, now: datetime) -> Event:
    """The lead agency no longer needs the part that it asked for."""
    asked = _running(petition, agency_code)
    event = transition.apply(
        session, petition, Action.RELEASE, actor, now, data={"cohandler": asked.agency_code}
    )
    asked.ended_at = now
    return event


def comment(session: Session, petition: Petition, actor: Actor, text: str, now: datetime) -> Event:
    """Leave a note that the lead agency, its co-handlers and the desk read, and the submitter does not."""
    if not text.strip():
        raise Invalid(text="required")
    return transition.apply(session, petition, Action.COMMENT, actor, now, note=text)


def running(petition: Petition, agency_code: str | None) -> Contribution | None:
    """What that agency is asked for at present."""
    return next(
        (
            each
            for each in petition.contributions
            if each.agency_code == agency_code and each.ended_at is None
        ),
        None,
    )


def _running(petition: Petition, agency_code: str | None) -> Contribution:
    found = running(petition, agency_code)
    if found is None:
        raise Refused("not_involved")
    return found
