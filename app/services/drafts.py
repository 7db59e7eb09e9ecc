"""Drafts: what somebody has typed so far, kept sealed on the server so that a bad line loses nothing.

Whoever holds the token in a draft's address may go on with it; the database knows only the token's hash.
"""

import hashlib
import random
import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import Invalid, NotFound
from app.models import Draft, Petition
from app.services import intake
from app.services.personal_data import Contact, Vault

LIFE = timedelta(days=7)
RECEIPT_AGAIN = timedelta(hours=24)
KEPT_TEXT = 100_000
KEPT_LINE = 1_000


@dataclass(frozen=True)
class Content:
    """What the steps ask for, as typed: nothing here has been checked yet."""

    kind: str = ""
    submitter_kind: str = ""
    text: str = ""
    province_code: str = ""
    name: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    may_contact: bool = False
    may_share: bool = False
    may_publish: bool = False


def begin(session: Session, vault: Vault, typed: dict[str, Any], now: datetime) -> str:
    """Keep a new draft and give the token of its address."""
    token = secrets.token_urlsafe(24)
    content = _merged(Content(), typed)
    session.add(Draft(token_hash=_hash(token), sealed=vault.seal(asdict(content)), updated_at=now))
    session.flush()
    return token


def find(session: Session, token: str, now: datetime, *, lock: bool = False) -> Draft:
    """The draft of that token, with its row locked if it is to be changed.

    Raises :class:`NotFound` where there is none, and alike where it was last touched more than seven days ago.
    """
    wanted = select(Draft).where(Draft.token_hash == _hash(token))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    draft = session.scalar(wanted)
    if draft is None or now - draft.updated_at > LIFE:
        raise NotFound("draft")
    return draft


def content_of(vault: Vault, draft: Draft) -> Content:
    """What a draft holds; nothing once it has been sent."""
    return _merged(Content(), vault.open(draft.sealed))


def save(vault: Vault, draft: Draft, typed: dict[str, Any], now: datetime) -> Content:
    """Keep what was typed in one step, be it right or wrong; the other steps stay as they are."""
    content = _merged(content_of(vault, draft), typed)
    draft.sealed, draft.updated_at = vault.seal(asdict(content)), now
    return content


def problems(session: Session, content: Content) -> dict[str, str]:
    """What stands in the way of sending this: field → code, by the rules that sending itself applies."""
    try:
        intake.checked(session, _submission(content, language="vi", key=None))
    except Invalid as error:
        return error.errors
    return {}


def petition_sent(session: Session, draft: Draft) -> Petition | None:
    """The petition that a draft has become."""
    return session.get(Petition, draft.petition_id) if draft.petition_id is not None else None


def may_show_receipt(draft: Draft, now: datetime) -> bool:
    """Whether the address of a sent draft still leads to the receipt.

    For a day, so that somebody whose line broke while sending gets it; not longer, since the address stays in the
    history of a browser that others may use.
    """
    return draft.petition_id is not None and now - draft.updated_at <= RECEIPT_AGAIN


def send(
    session: Session,
    vault: Vault,
    draft: Draft,
    token: str,
    language: str,
    now: datetime,
    chance: random.Random,
) -> Petition:
    """Turn a locked draft into a petition and erase what it held. Sent again, it gives the same petition.

    Raises :class:`Invalid`, and :class:`NotFound` where it was sent more than a day ago.
    """
    earlier = petition_sent(session, draft)
    if earlier is not None:
        if not may_show_receipt(draft, now):
            raise NotFound("draft")
        return earlier
    submission = _submission(content_of(vault, draft), language=language, key=token)
    petition = intake.submit(session, vault, submission, now, chance).petition
    draft.petition_id, draft.sealed, draft.updated_at = petition.id, vault.seal({}), now
    return petition


def forget_old(session: Session, now: datetime) -> None:
    """Delete the drafts that count as gone."""
    session.execute(delete(Draft).where(Draft.updated_at < now - LIFE))


def _merged(content: Content, typed: dict[str, Any]) -> Content:
    known = {field.name: field.type for field in fields(Content)}
    kept: dict[str, Any] = {}
    for name, value in typed.items():
        if known.get(name) is bool:
            kept[name] = bool(value)
        elif name in known:
            kept[name] = str(value or "")[: KEPT_TEXT if name == "text" else KEPT_LINE]
    return replace(content, **kept)


def _submission(content: Content, *, language: str, key: str | None) -> intake.Submission:
    return intake.Submission(
        kind=content.kind,
        submitter_kind=content.submitter_kind,
        text=content.text,
        province_code=content.province_code or None,
        language=language,
        contact=Contact(content.name, content.email, content.phone, content.organisation),
        may_contact=content.may_contact,
        may_share=content.may_share,
        may_publish=content.may_publish,
        idempotency_key=key,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
