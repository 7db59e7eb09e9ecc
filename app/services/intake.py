"""Taking in a petition."""

import random
import re
from dataclasses import dataclass, replace
from datetime import datetime

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, Petition, Submitter
from app.services import notices, outbox, rules, timeline
from app.services.actors import SUBMITTER, Actor
from app.services.personal_data import Contact, Vault
from classifiers.text import composed
from workflows import codes
from workflows.calendar import local_date
from workflows.kinds import OFFERED_KINDS, Kind, SubmitterKind
from workflows.lifecycle import Status
from workflows.timeline import fingerprint

TEXT_MIN, TEXT_MAX = 20, 20_000
NAME_MAX, EMAIL_MAX, PHONE_MAX = 120, 254, 32
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Submission:
    """What a person sends: as typed, not yet checked."""

    kind: str
    submitter_kind: str
    text: str
    province_code: str | None = None
    language: str = "vi"
    channel: str = "web"
    contact: Contact = Contact()
    may_contact: bool = False
    may_share: bool = False
    may_publish: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The petition made, the secret that opens it, and whether this call made it (or an earlier one)."""

    petition: Petition
    secret: str
    new: bool


def submit(
    session: Session,
    vault: Vault,
    submission: Submission,
    now: datetime,
    chance: random.Random,
    actor: Actor = SUBMITTER,
) -> Receipt:
    """Take in a petition: promise its dates, open its timeline, ask for its classification and its receipt mail.

    Sent again under the same ``idempotency_key`` it gives back the first receipt. ``chance`` makes code and secret.
    Raises :class:`Invalid` for values it cannot take, and ``CalendarNotCovered`` or ``NoPolicy`` where no date can
    be promised.
    """
    submission = checked(session, submission)
    earlier = _earlier(session, vault, submission)
    if earlier:
        return earlier
    secret = codes.new_secret(chance)
    petition = _petition(session, submission, now, chance, secret)
    petition.submitter = Submitter(
        sealed=vault.seal_contact(replace(submission.contact, secret=secret)),
        may_contact=submission.may_contact,
        may_share=submission.may_share,
        may_publish=submission.may_publish,
    )
    try:
        with session.begin_nested():
            session.add(petition)
    except IntegrityError:
        raced = _earlier(session, vault, submission)
        if raced is None:
            raise
        return raced
    event = timeline.record(session, petition, "submitted", actor, now, data=_promised(petition))
    notices.ask(session, petition, event, now)
    outbox.add(session, f"classify:{petition.id}", "classify", {"petition": petition.id}, now)
    return Receipt(petition, secret, new=True)


def _petition(
    session: Session, submission: Submission, now: datetime, chance: random.Random, secret: str
) -> Petition:
    kind = Kind(submission.kind)
    promise = rules.promise_for(session, kind, now)
    return Petition(
        code=_free_code(session, now, chance),
        secret_hash=codes.hash_secret(secret),
        idempotency_key=_key(submission),
        channel=submission.channel,
        language=submission.language,
        kind=kind,
        submitter_kind=SubmitterKind(submission.submitter_kind),
        province_code=submission.province_code,
        text=submission.text,
        text_sha256=fingerprint(submission.text),
        status=Status.RECEIVED,
        submitted_at=now,
        route_by=promise.route_by,
        acknowledge_by=promise.acknowledge_by,
        respond_by=promise.respond_by,
        look_on=local_date(now),
        policy_version=promise.policy_version,
        calendar_version=promise.calendar_version,
    )


def _promised(petition: Petition) -> dict[str, str]:
    return {
        "kind": petition.kind,
        "channel": petition.channel,
        "text_sha256": petition.text_sha256,
        "route_by": petition.route_by.isoformat(),
        "acknowledge_by": petition.acknowledge_by.isoformat(),
        "respond_by": petition.respond_by.isoformat(),
        "policy": petition.policy_version,
        "calendar": petition.calendar_version,
    }


def _free_code(session: Session, now: datetime, chance: random.Random) -> str:
    while True:
        code = codes.new_code(local_date(now), chance)
        if session.scalar(select(Petition.id).where(Petition.code == code)) is None:
            return code


def _earlier(session: Session, vault: Vault, submission: Submission) -> Receipt | None:
    key = _key(submission)
    if key is None:
        return None
    petition = session.scalar(select(Petition).where(Petition.idempotency_key == key))
    if petition is None:
        return None
    contact = vault.open_contact(petition.submitter.sealed)
    same = (petition.text_sha256, petition.kind, replace(contact, secret="")) == (
        fingerprint(submission.text),
        submission.kind,
        submission.contact,
    )
    # The receipt holds the secret: who only guesses a key and knows a text that many send must not get it.
    if not same or not contact.secret:
        raise Invalid(idempotency_key="used_for_another")
    return Receipt(petition, contact.secret, new=False)


def _key(submission: Submission) -> str | None:
    return fingerprint(submission.idempotency_key) if submission.idempotency_key else None


def checked(session: Session, submission: Submission) -> Submission:
    """The submission with its values in normal form. Raises :class:`Invalid` naming every field at fault."""
    errors: dict[str, str] = {}
    if submission.kind not in OFFERED_KINDS:
        errors["kind"] = "choose"
    if submission.submitter_kind not in tuple(SubmitterKind):
        errors["submitter_kind"] = "choose"
    if submission.language not in LANGUAGES:
        errors["language"] = "choose"
    text = clean_text(submission.text)
    if "�" in text:
        errors["text"] = "broken"
    elif not text:
        errors["text"] = "required"
    elif len(text) < TEXT_MIN:
        errors["text"] = "too_short"
    elif len(text) > TEXT_MAX:
        errors["text"] = "too_long"
    province = submission.province_code or None
    if province is not None and not known_province(session, province):
        errors["province_code"] = "choose"
    contact = _checked_contact(submission, errors)
    if errors:
        raise Invalid(**errors)
    return replace(submission, text=text, province_code=province, contact=contact)


def _checked_contact(submission: Submission, errors: dict[str, str]) -> Contact:
    contact = Contact(
        name=clean_line(submission.contact.name),
        email=clean_line(submission.contact.email),
        phone=clean_line(submission.contact.phone),
        organisation=clean_line(submission.contact.organisation),
    )
    for field in ("name", "organisation"):
        value = getattr(contact, field)
        if value and (len(value) > NAME_MAX or "�" in value):
            errors[field] = "too_long" if len(value) > NAME_MAX else "broken"
    if contact.email:
        try:
            found = validate_email(
                contact.email[: EMAIL_MAX + 1], check_deliverability=False, test_environment=True
            )
            contact = replace(contact, email=found.normalized)
        except EmailNotValidError:
            errors["email"] = "malformed"
    if contact.phone:
        try:
            number = phonenumbers.parse(contact.phone[: PHONE_MAX + 1], "VN")
            if not phonenumbers.is_possible_number(number):
                errors["phone"] = "malformed"
            contact = replace(
                contact, phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            )
        except phonenumbers.NumberParseException:
            errors["phone"] = "malformed"
    if submission.may_contact and not (contact.email or contact.phone):
        errors.setdefault("email", "needed_for_contact")
    return contact


def known_province(session: Session, code: str) -> bool:
    """Whether a province of that code exists in the directory."""
    if not re.fullmatch(r"[0-9]{2}", code):
        return False
    return session.scalar(select(Agency.code).where(Agency.province_code == code).limit(1)) is not None


def clean_text(typed: str | None) -> str:
    """Text as typed, in NFC, with line ends as line feeds and without characters that cannot be seen or stored."""
    text = composed((typed or "").replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff﻿]", "", text).strip()


def clean_line(typed: str | None) -> str | None:
    """One line of text in normal form, or None if nothing is left."""
    return " ".join(clean_text(typed).split()) or None
