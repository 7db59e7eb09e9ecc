"""Writing and sending mail: plain text, in the submitter's language, with an identity that never changes.

A mail about the same event always has the same Message-ID, so that a mail server that gets it twice can tell.
"""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from email import policy
from email.header import Header
from email.headerregistry import HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.models import Agency, Event, Note, Petition, Response, Staff
from app.services import cohandling, merging, routing, satisfaction
from app.services.personal_data import Contact, Vault
from workflows.calendar import VIETNAM
from workflows.lifecycle import LIFECYCLE, OPEN, Role, Status
from workflows.reminders import REMINDERS

_templates = Environment(
    loader=PackageLoader("app", "templates/mail"),
    autoescape=False,  # noqa: S701 - plain text, never HTML
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["day"] = lambda value: value.strftime("%d/%m/%Y")
_templates.filters["moment"] = lambda value: value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")

# Without this a long identity would be folded into encoded words, which no program reads back.
_headers = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    _headers.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # a mix-in by design


class _WholeSubjects(policy.EmailPolicy):
    """Folds a subject so that no space is lost: the library drops some between encoded words."""

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes."""
        if name.lower() != "subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


_POLICY = _WholeSubjects(linesep="\r\n", header_factory=_headers)

SMTP_PATIENCE = 20
_NAME_MAX = 60
_PART_OF_NAME = re.compile(r"\(?[^\W\d_]+(?:['’-][^\W\d_]+)*\.?\)?")

# Which states show that a duty is still owed.
_OWED = {
    "route": (Status.RECEIVED, Status.TRIAGE),
    "acknowledge": (Status.ASSIGNED,),
    "respond": (Status.ASSIGNED, Status.ACCEPTED),
    "contribute": (Status.ACCEPTED,),
    "reply": (Status.AWAITING_SUBMITTER,),
}


def compose(
    session: Session, vault: Vault, payload: dict[str, Any], base_url: str, sender: str, now: datetime
) -> EmailMessage | None:
    """The mail that an outbox row asks for, or None where nobody is to be written to, or events have overtaken it.

    ``payload`` holds ``petition``, ``audience`` (submitter, agency, desk) and either ``seq`` (the event to tell of), or
    ``reminder`` (what is due), ``due`` (ISO date) and ``agency``.
    """
    petition = session.get(Petition, payload["petition"])
    if petition is None:
        return None
    audience = payload["audience"]
    about = (
        _about_event(session, petition, payload) if "seq" in payload else _about_reminder(session, payload)
    )
    if _overtaken(session, petition, audience, about):
        return None
    about |= {
        "petition": petition,
        "base_url": base_url,
        "acknowledge_by": _acknowledge_by(session, petition),
    }
    if audience == "submitter":
        contact = vault.open_contact(petition.submitter.sealed)
        recipients = _usable([contact.email]) if petition.submitter.may_contact else []
        template = f"submitter.{petition.language}.txt"
        about |= _for_submitter(vault, petition, contact, base_url, about)
    else:
        whose = petition.lead_agency if audience == "agency" else about["agency"]
        recipients = _staff_addresses(session, petition, audience, whose)
        template = "staff.vi.txt"
    if not recipients:
        return None
    subject, body = _templates.get_template(template).render(about).strip().split("\n", 1)
    message = EmailMessage(_POLICY)
    message["From"], message["To"] = sender, ", ".join(recipients)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now)
    host = _host(base_url)
    message["Message-ID"] = f"<{petition.code}.{about['part']}.{audience}@{host}>"
    message["References"] = message["In-Reply-To"] = f"<{petition.code}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n", cte="base64")
    return message


def _about_event(session: Session, petition: Petition, payload: dict[str, Any]) -> dict[str, Any]:
    seq = payload["seq"]
    event = session.scalars(select(Event).where(Event.petition_id == petition.id, Event.seq == seq)).one()
    note = session.scalars(
        select(Note).where(Note.petition_id == petition.id, Note.seq == seq, Note.public)
    ).first()
    answer = None
    if event.kind in ("published", "corrected"):
        answer = session.scalars(
            select(Response).where(
                Response.petition_id == petition.id, Response.number == event.data["response"]
            )
        ).one()
    data = event.data
    whose = (
        data.get("cohandler") if payload["audience"] == "cohandler" else data.get("to") or data.get("lead")
    )
    code = whose or event.agency_code
    return {
        "part": str(seq),
        "kind": event.kind,
        # Of then, not of now: a mail may be late, and the petition elsewhere meanwhile.
        "agency": session.get(Agency, code) if code else None,
        "text": note.text if note else "",
        "answer": answer,
        "object_by": _day(event.data.get("object_by")),
        "expected_on": _day(event.data.get("expected_on")),
        "contribution_due": _day(event.data.get("due")),
        "reason": LIFECYCLE.reasons.get(event.data.get("reason", "")),
        "due": None,
    }


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _about_reminder(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    agency = session.get_one(Agency, payload["agency"]) if payload["agency"] else None
    whose = agency.code.lower() if agency else payload["audience"]
    return {
        "part": f"{payload['reminder']}.{whose}.{payload['due']}",
        "kind": payload["reminder"],
        "reminder": REMINDERS[payload["reminder"]],
        "agency": agency,
        "due": date.fromisoformat(payload["due"]),
        "text": "",
        "answer": None,
    }


def _overtaken(session: Session, petition: Petition, audience: str, about: dict[str, Any]) -> bool:
    """Whether there is nothing left to do for the one who would be told. Mails may be hours late."""
    if "reminder" in about:
        return _kept(session, petition, about)
    if audience == "submitter":
        return about["kind"] == "information_requested" and petition.status is not Status.AWAITING_SUBMITTER
    if audience == "desk":
        return petition.status is not Status.TRIAGE
    if audience == "cohandler":
        asked = about["agency"] is not None and cohandling.running(petition, about["agency"].code) is not None
        return about["kind"] == "contribution_asked" and not asked
    if about["agency"] is None or petition.lead_agency_code != about["agency"].code:
        return True
    return petition.status not in OPEN


def _kept(session: Session, petition: Petition, about: dict[str, Any]) -> bool:
    """Whether the duty of a reminder has been done meanwhile, or is another's, or due on another day."""
    duty, agency = about["reminder"].duty, about["agency"]
    if petition.status not in _OWED[duty]:
        return True
    if duty == "contribute":
        part = cohandling.running(petition, agency.code)
        return part is None or part.due != about["due"]
    if duty == "acknowledge":
        return agency is not petition.lead_agency or bool(_acknowledge_by(session, petition) != about["due"])
    if duty == "respond":
        # A member's date may come before that of the lead.
        due = min([petition.respond_by, *(each.respond_by for each in merging.members(session, petition))])
        return agency is not petition.lead_agency or bool(due != about["due"])
    return False


def _acknowledge_by(session: Session, petition: Petition) -> date:
    custody = routing.open_assignment(session, petition)
    return custody.acknowledge_by if custody else petition.acknowledge_by


def _for_submitter(
    vault: Vault, petition: Petition, contact: Contact, base_url: str, about: dict[str, Any]
) -> dict[str, Any]:
    survey_url = None
    if about["answer"] is not None and contact.secret:
        survey_url = f"{base_url}/surveys/{satisfaction.token_for(vault, petition, about['answer'].id)}"
    return {"name": _greetable(contact.name), "secret": contact.secret, "survey_url": survey_url}


def _greetable(name: str | None) -> str | None:
    """A name fit for a greeting; anything else might carry a stranger's advertisement to a third person's inbox."""
    if not name or len(name) > _NAME_MAX:
        return None
    return name if all(_PART_OF_NAME.fullmatch(part) for part in name.split(" ")) else None


def _staff_addresses(session: Session, petition: Petition, audience: str, agency: Agency | None) -> list[str]:
    if audience in ("desk", "supervisor"):
        return _addresses(session, Staff.role == (Role.DESK if audience == "desk" else Role.SUPERVISOR))
    if audience == "superior":
        return _superiors(session, agency)
    if audience == "approver" and agency is not None:
        return _addresses(session, Staff.agency_code == agency.code, Staff.role == Role.APPROVER)
    if agency is None:
        return []
    members = Staff.agency_code == agency.code
    return (
        _usable([agency.mailbox])
        or _addresses(session, members, Staff.id == petition.officer_id)
        or _addresses(session, members, Staff.role != Role.APPROVER)
        or _addresses(session, members)
    )


def _superiors(session: Session, agency: Agency | None) -> list[str]:
    """Those above an agency; where nobody there can be written to, the supervisor."""
    above = session.get(Agency, agency.parent_code) if agency and agency.parent_code else None
    found = _usable([above.mailbox]) or _addresses(session, Staff.agency_code == above.code) if above else []
    return found or _addresses(session, Staff.role == Role.SUPERVISOR)


def _addresses(session: Session, *conditions: ColumnElement[bool]) -> list[str]:
    wanted = select(Staff.email).where(Staff.active, *conditions).order_by(Staff.id)
    return _usable(session.scalars(wanted).all())


def _usable(addresses: Any) -> list[str]:
    """Those that are addresses at all, the host in ASCII: one bad entry must not keep the others from their mail."""
    usable = []
    for address in addresses:
        try:
            found = validate_email(address or "", check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        usable.append(f"{found.local_part}@{found.ascii_domain}")
    return list(dict.fromkeys(usable))


def _host(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    return f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")


def send(message: EmailMessage, mail_url: str, root: Path) -> None:
    """Hand a mail over: to a mail server, or as a file named by its Message-ID. Errors of either escape."""
    url = urlsplit(mail_url)
    if url.scheme == "file":
        _write(message, root / Path(url.netloc + url.path))
        return
    with connected(mail_url) as server:
        server.send_message(message)


@contextmanager
def connected(mail_url: str, patience: float = SMTP_PATIENCE) -> Iterator[smtplib.SMTP]:
    """A mail server that is ready to take a message: greeted, encrypted unless it is on this machine, logged in.

    Raises ``OSError`` and ``smtplib.SMTPException``; a password is never sent in the open to another machine.
    """
    url = urlsplit(mail_url)
    host, context = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=patience, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=patience)
    with server:
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and not _is_this_machine(host):
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif url.username:
                raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS: the password is not sent")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _write(message: EmailMessage, folder: Path) -> None:
    """Whole or not at all, and for no other account to read: it holds what opens a petition."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").rpartition("@")[0]
    handle, half = tempfile.mkstemp(prefix=".", suffix=".half", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, folder / f"{name}.eml")
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
