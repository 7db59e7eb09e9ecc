"""What outbox rows ask for: one function a task. A task may be done twice and must then do no harm."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import settings
from app.jobs.model import current_model
from app.models import Petition
from app.services import mailing, registry, routing, similarity
from classifiers import Classification
from workflows.lifecycle import Status

log = logging.getLogger(__name__)

AfterCommit = Callable[[], None]


def classify(session: Session, payload: dict[str, Any], now: datetime) -> AfterCommit | None:
    """Let the classifier look at a petition that nobody has looked at yet."""
    petition = session.scalar(
        select(Petition)
        .where(Petition.id == payload["petition"])
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if petition is None or petition.status is not Status.RECEIVED:
        return None
    routing.suggest(session, petition, _said_of(session, petition), now)
    similarity.compare(session, petition)
    return None


def _said_of(session: Session, petition: Petition) -> Classification | None:
    model = current_model(settings().model_path)
    if model is None:
        return None
    if not registry.admits(session, model):
        log.error("model %s is not the one put in service; petitions go to the desk", model.version)
        return None
    try:
        return model.classify(
            petition.text, submitter_kind=str(petition.submitter_kind), province=petition.province_code
        )
    except Exception as error:
        # Software that stumbles over a text must not keep it from people. The text itself is not logged.
        log.error("the classifier failed on %s: %s; it goes to the desk", petition.code, type(error).__name__)
        return None


def mail(session: Session, payload: dict[str, Any], now: datetime) -> AfterCommit | None:
    """Write the mail that an event asks for; it is sent after the reading, so that no lock waits on a mail server."""
    vault, known = current_app.extensions["pakn_vault"], settings()
    message = mailing.compose(session, vault, payload, known.base_url, known.mail_from, now)
    if message is None:
        return None
    return lambda: mailing.send(message, known.mail_url, known.instance.parent)


TASKS: dict[str, Callable[[Session, dict[str, Any], datetime], AfterCommit | None]] = {
    "classify": classify,
    "mail": mail,
}
