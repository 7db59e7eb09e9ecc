"""Who may see a petition, and the record of staff who read personal data."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Assignment, Contribution, Petition, Staff
from app.services import timeline
from app.services.actors import Actor
from app.services.personal_data import Contact, Vault
from workflows.codes import hash_secret, read_code, secret_matches
from workflows.lifecycle import Refused, Role

_NOBODY = hash_secret("")
SEES_ALL = frozenset({Role.DESK, Role.SUPERVISOR})


def by_secret(session: Session, typed_code: str, typed_secret: str) -> Petition:
    """The petition that code and secret open.

    Raises :class:`NotFound` alike for an unknown code and a wrong secret, so that nobody learns which codes exist.
    """
    code = read_code(typed_code)
    petition = session.scalar(select(Petition).where(Petition.code == code)) if code else None
    if not secret_matches(typed_secret, petition.secret_hash if petition else _NOBODY) or petition is None:
        raise NotFound("petition")
    return petition


def for_staff(session: Session, code: str, staff: Staff) -> Petition:
    """The petition of that code, if this member of staff may see it: desk and supervisor all, agencies what they hold
    or held, and what they were asked to take part in. Raises :class:`NotFound` alike for both reasons.
    """
    # What is no code at all may hold characters that the database does not even take as a question.
    known = read_code(code) == code
    petition = session.scalar(select(Petition).where(Petition.code == code)) if known else None
    if petition is None or not may_see(session, petition, staff):
        raise NotFound("petition")
    return petition


def may_see(session: Session, petition: Petition, staff: Staff) -> bool:
    """Whether a member of staff may see a petition."""
    if staff.role in SEES_ALL:
        return True
    if staff.agency_code is None:
        return False
    held_or_asked = any(
        session.scalar(
            select(part.id)
            .where(part.petition_id == petition.id, part.agency_code == staff.agency_code)
            .limit(1)
        )
        is not None
        for part in (Assignment, Contribution)
    )
    # Who answers a lead case answers its members.
    lead = petition.merged_into
    return held_or_asked or (lead is not None and may_see(session, lead, staff))


def read_contact(session: Session, vault: Vault, petition: Petition, staff: Staff, now: datetime) -> Contact:
    """Open the sender's contact data for the desk or the holding agency, and leave an event that says who did.

    Raises ``Refused`` for anybody else, and where the sender did not agree to pass it on to an agency.
    """
    if staff.role is not Role.DESK:
        if staff.agency_code is None or staff.agency_code != petition.lead_agency_code:
            raise Refused("not_holder")
        if not petition.submitter.may_share:
            raise Refused("not_shared")
    contact = vault.open_contact(petition.submitter.sealed)
    timeline.record(session, petition, "contact_read", Actor.of(staff), now)
    return contact
