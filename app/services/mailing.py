"""Writing and sending mail: plain text, in the submitter's language, with an identity that never changes.

A mail about the same event always has the same Message-ID, so that a mail server that gets it twice can tell.
"""

import os
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition, Response, Staff
from app.services import satisfaction
from app.services.personal_data import Vault
from workflows.calendar import VIETNAM
from workflows.lifecycle import LIFECYCLE, Role

_templates = Environment(
    loader=PackageLoader("app", "templates/mail"),
    autoescape=False,  # noqa: S701 - plain text, never HTML
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["day"] = lambda value: value.strftime("%d/%m/%Y")
_templates.filters["moment"] = lambda value: value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")

SMTP_PATIENCE = 20


def compose(
    session: Session, vault: Vault, payload: dict[str, Any], base_url: str, sender: str, now: datetime
) -> EmailMessage | None:
    """The mail that an outbox row asks for, or None where nobody is to be written to.

    ``payload`` holds ``petition``, ``audience`` (submitter, agency, desk) and either ``seq`` (the event to tell of) or
    ``reminder`` (what is due).
    """
    petition = session.get_one(Petition, payload["petition"])
    audience = payload["audience"]
    about: dict[str, Any] = {"petition": petition, "base_url": base_url, "public": _public_status(petition)}
    if "seq" in payload:
        about |= _about_event(session, petition, payload["seq"])
    else:
        about |= {"kind": payload["reminder"], "due": payload["due"], "text": None, "reason": None}
    if audience == "submitter":
        contact = vault.open_contact(petition.submitter.sealed)
        if not petition.submitter.may_contact or not contact.email:
            return None
        recipients, language = [contact.email], petition.language
        about |= {
            "contact": contact,
            "survey_url": _survey_url(session, vault, petition, base_url, about["kind"]),
        }
    else:
        recipients, language = _staff_addresses(session, petition, audience), "vi"
    if not recipients:
        return None
    template = "submitter" if audience == "submitter" else "staff"
    words = _templates.get_template(f"{template}.{language}.txt").render(about)
    subject, body = words.strip().split("\n", 1)
    host = urlsplit(base_url).hostname or "localhost"
    part = payload.get("seq") or f"{payload['reminder']}.{payload['due']}"
    return _message(sender, recipients, subject, body, petition.code, f"{part}.{audience}", host, now)


def _message(
    sender: str,
    recipients: list[str],
    subject: str,
    body: str,
    code: str,
    part: str,
    host: str,
    now: datetime,
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(recipients)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{code}.{part}@{host}>"
    message["References"] = message["In-Reply-To"] = f"<{code}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n", cte="base64")
    return message


def _about_event(session: Session, petition: Petition, seq: int) -> dict[str, Any]:
    event = session.scalars(select(Event).where(Event.petition_id == petition.id, Event.seq == seq)).one()
    note = session.scalars(
        select(Note).where(Note.petition_id == petition.id, Note.seq == seq, Note.public)
    ).first()
    answer = None
    if event.kind == "published":
        answer = session.scalars(
            select(Response).where(
                Response.petition_id == petition.id, Response.number == event.data["response"]
            )
        ).one()
    reason = LIFECYCLE.reasons.get(event.data.get("reason", ""))
    return {
        "kind": event.kind,
        "event": event,
        "text": note and note.text,
        "answer": answer,
        "reason": reason,
    }


def _survey_url(session: Session, vault: Vault, petition: Petition, base_url: str, kind: str) -> str | None:
    survey = satisfaction.latest(session, petition) if kind == "published" else None
    return (
        f"{base_url}/surveys/{satisfaction.token_for(vault, petition, survey.response_id)}"
        if survey
        else None
    )


def _public_status(petition: Petition) -> str:
    state = LIFECYCLE.states[petition.status]
    return state.public_en if petition.language == "en" else state.public_vi


def _staff_addresses(session: Session, petition: Petition, audience: str) -> list[str]:
    wanted = select(Staff.email).where(Staff.active, Staff.email.is_not(None)).order_by(Staff.id)
    if audience == "desk":
        wanted = wanted.where(Staff.role == Role.DESK)
    else:
        if petition.lead_agency and petition.lead_agency.mailbox:
            return [petition.lead_agency.mailbox]
        wanted = wanted.where(
            Staff.agency_code == petition.lead_agency_code,
            Staff.id == petition.officer_id if petition.officer_id else Staff.role != Role.APPROVER,
        )
    return [address for address in session.scalars(wanted) if address]


def send(message: EmailMessage, mail_url: str, root: Path) -> None:
    """Hand a mail over: to a mail server, or as a file named by its Message-ID. Errors of either escape."""
    url = urlsplit(mail_url)
    if url.scheme == "file":
        _write(message, root / Path(url.netloc + url.path))
        return
    host, port = url.hostname or "localhost", url.port
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SMTP_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=SMTP_PATIENCE)
    with server:
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _write(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").split("@")[0]
    half = folder / f".{name}.{os.getpid()}"
    half.write_bytes(message.as_bytes())
    half.replace(folder / f"{name}.eml")
