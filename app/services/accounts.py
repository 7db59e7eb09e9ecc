"""Accounts of staff: making them and checking their passwords (argon2id)."""

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, Staff
from workflows.lifecycle import AGENCY_ROLES, STAFF_ROLES, Role

PASSWORD_MIN = 10
_hasher = PasswordHasher()
_NO_PASSWORD = "none"  # no hash, so no password ever fits it


def add_staff(
    session: Session,
    now: datetime,
    *,
    username: str,
    name: str,
    role: str,
    password: str | None,
    agency_code: str | None = None,
    email: str | None = None,
) -> Staff:
    """Make an account; without a password nobody can log in to it. Raises :class:`Invalid` naming every value at fault."""
    errors = {}
    if not _well_formed(username):
        errors["username"] = "malformed"
    elif session.scalar(select(Staff.id).where(Staff.username == username)) is not None:
        errors["username"] = "taken"
    if role not in STAFF_ROLES:
        errors["role"] = "choose"
    elif (Role(role) in AGENCY_ROLES) != (agency_code is not None):
        errors["agency"] = "agency_roles_need_one"
    elif agency_code is not None and session.get(Agency, agency_code) is None:
        errors["agency"] = "choose"
    if password is not None and len(password) < PASSWORD_MIN:
        errors["password"] = "too_short"
    if errors:
        raise Invalid(**errors)
    staff = Staff(
        username=username,
        name=name,
        role=Role(role),
        agency_code=agency_code,
        email=email,
        password_hash=_NO_PASSWORD if password is None else _hasher.hash(password),
        active=True,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    return staff


def authenticate(session: Session, username: str, password: str, now: datetime) -> Staff | None:
    """The account whose password this is, or None; an unknown name takes as long as a wrong password."""
    username = username.strip().lower()
    known = select(Staff).where(Staff.username == username)
    staff: Staff | None = session.scalar(known) if _well_formed(username) else None
    try:
        _hasher.verify(staff.password_hash if staff else _dummy(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return None
    if staff is None or not staff.active:
        return None
    if _hasher.check_needs_rehash(staff.password_hash):
        staff.password_hash = _hasher.hash(password)
    staff.last_login_at = now
    return staff


def _well_formed(username: str) -> bool:
    return (
        0 < len(username) <= 64
        and username.isascii()
        and username.isprintable()
        and username == username.strip().lower()
    )


@cache
def _dummy() -> str:
    """A hash to check against where there is no account, so that it takes as long."""
    return _hasher.hash("no account has this password")
