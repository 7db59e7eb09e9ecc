"""What outbox rows ask for: one function a task. A task may be done twice and must then do no harm."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import settings
from app.jobs.model import current_model
from app.models import Petition
from app.services import mailing, routing
from workflows.lifecycle import Status

AfterCommit = Callable[[], None]


def classify(session: Session, payload: dict[str, Any], now: datetime) -> AfterCommit | None:
    """Let the classifier look at a petition that nobody has looked at yet."""
    petition = session.scalar(select(Petition).where(Petition.id == payload["petition"]).with_for_update())
    if petition is None or petition.status is not Status.RECEIVED:
        return None
    model = current_model(settings().model_path)
    said = None
    if model is not None:
        said = model.classify(
            petition.text, submitter_kind=str(petition.submitter_kind), province=petition.province_code
        )
    routing.suggest(session, petition, said, now)
    return None


def mail(session: Session, payload: dict[str, Any], now: datetime) -> AfterCommit | None:
    """Write the mail that an event asks for; it is sent after the reading, so that no lock waits on a mail server."""
    vault = current_app.extensions["pakn_vault"]
    message = mailing.compose(session, vault, payload, settings().base_url, settings().mail_from, now)
    if message is None:
        return None
    return lambda: mailing.send(message, settings().mail_url, settings().instance.parent)


TASKS: dict[str, Callable[[Session, dict[str, Any], datetime], AfterCommit | None]] = {
    "classify": classify,
    "mail": mail,
}
