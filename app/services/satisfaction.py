"""Asking submitters how satisfied they are, and keeping what they say."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid, NotFound
from app.models import Petition, Response, Survey
from app.services import transition
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from workflows.lifecycle import Action

COMMENT_MAX = 4000


def invite(session: Session, vault: Vault, petition: Petition, response: Response, now: datetime) -> Survey:
    """Ask about one published answer. The agency is fixed now, whatever happens to the petition later."""
    token = token_for(vault, petition, response.id)
    survey = Survey(
        petition_id=petition.id,
        response_id=response.id,
        agency_code=response.agency_code,
        token_hash=_hash(token),
        sent_at=now,
    )
    session.add(survey)
    session.flush()
    return survey


def token_for(vault: Vault, petition: Petition, response_id: int) -> str:
    """The token in the survey's address: derived from the petition's secret, so that it need not be stored."""
    secret = vault.open_contact(petition.submitter.sealed).secret
    return hmac.new(
        secret.encode(), f"survey:{petition.code}:{response_id}".encode(), hashlib.sha256
    ).hexdigest()[:40]


def by_token(session: Session, token: str) -> Survey:
    """The survey that a token opens. Raises :class:`NotFound`."""
    survey = session.scalar(select(Survey).where(Survey.token_hash == _hash(token)))
    if survey is None:
        raise NotFound("survey")
    return survey


def latest(session: Session, petition: Petition) -> Survey | None:
    """The survey about the newest answer."""
    return session.scalars(
        select(Survey).where(Survey.petition_id == petition.id).order_by(Survey.id.desc()).limit(1)
    ).first()


def rate(
    session: Session,
    petition: Petition,
    survey: Survey,
    rating: int,
    policy_rating: int | None,
    comment: str | None,
    now: datetime,
) -> Survey:
    """Keep a rating from 1 to 5; given again it replaces the earlier one, and the timeline shows both.

    ``petition`` must be locked and be the survey's own. Raises :class:`Invalid` and ``Refused``.
    """
    if not 1 <= rating <= 5 or (policy_rating is not None and not 1 <= policy_rating <= 5):
        raise Invalid(rating="choose")
    if comment and len(comment) > COMMENT_MAX:
        raise Invalid(comment="too_long")
    data = {
        "survey": survey.id,
        "rating": rating,
        "policy_rating": policy_rating,
        "agency": survey.agency_code,
    }
    transition.apply(session, petition, Action.RATE, SUBMITTER, now, data=data)
    survey.rating, survey.policy_rating, survey.comment = rating, policy_rating, comment or None
    survey.answered_at = now
    return survey


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
