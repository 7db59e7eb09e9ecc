"""From the body of a request to what the verb takes. Only shape is checked here; the rules are the verb's."""

import json
from typing import Any

from flask import Request
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnsupportedMediaType

from app.errors import Invalid
from app.services.intake import Submission, checked
from app.services.personal_data import Contact

KEY_HEADER = "Idempotency-Key"
KEY_MAX = 200
CONTACT = ("name", "email", "phone", "organisation")
REQUIRED = ("kind", "submitter_kind", "text")
CONSENTS = ("may_contact", "may_share", "may_publish")
TYPES: dict[str, type] = {
    **dict.fromkeys(REQUIRED, str),
    "province_code": str,
    "language": str,
    "contact": dict,
    **dict.fromkeys(CONSENTS, bool),
}
LANGUAGES = ("vi", "en")
_SHOWN, _NAME_SHOWN = 20, 64


class BadBody(Exception):
    """A body that cannot be read at all; ``code`` is one of ``messages.ERRORS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadFields(Exception):
    """Values that cannot be taken: field, as it is named in the body, → code of ``messages.FIELDS``."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors.items()))
        self.errors = errors


def read(request: Request, session: Session) -> Submission:
    """The submission in a request.

    Raises ``UnsupportedMediaType``, :class:`BadBody`, and :class:`BadFields` with everything wrong at once.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType
    body = _object(request.get_data(cache=False))
    errors = _faults(body)
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _usable(key):
        errors[KEY_HEADER] = "malformed"
    submission = _submission({name: value for name, value in body.items() if name not in errors}, key)
    try:
        checked(session, submission)
    except Invalid as error:
        errors = {**named(error.errors), **errors}
    if errors:
        raise BadFields(errors)
    return submission


def named(errors: dict[str, str]) -> dict[str, str]:
    """The errors of the verb under the names that fields have in the body (``contact.email``) and header."""
    names = {**{name: f"contact.{name}" for name in CONTACT}, "idempotency_key": KEY_HEADER}
    return {names.get(field, field): code for field, code in errors.items()}


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise BadBody("bad_encoding") from None
    except (ValueError, RecursionError):
        raise BadBody("bad_json") from None
    if not isinstance(body, dict):
        raise BadBody("not_an_object")
    return body


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _faults(body: dict[str, Any]) -> dict[str, str]:
    """What has a wrong name or type: field → code. A null counts as not given."""
    errors = {name: "required" for name in REQUIRED if body.get(name) is None}
    errors |= _wrong(body, TYPES)
    contact = body.get("contact")
    if isinstance(contact, dict):
        inner = _wrong(contact, dict.fromkeys(CONTACT, str))
        errors |= {f"contact.{name}": code for name, code in inner.items()}
    if isinstance(body.get("language"), str) and body["language"] not in LANGUAGES:
        errors["language"] = "choose"
    return errors


def _wrong(values: dict[str, Any], types: dict[str, type]) -> dict[str, str]:
    unknown = [name[:_NAME_SHOWN] for name in values if name not in types]
    mistyped = [
        name
        for name, type_ in types.items()
        if values.get(name) is not None and not isinstance(values[name], type_)
    ]
    return {**dict.fromkeys(unknown[:_SHOWN], "unknown_field"), **dict.fromkeys(mistyped, "wrong_type")}


def _usable(key: str) -> bool:
    return 0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable() and not key.isspace()


def _submission(body: dict[str, Any], key: str | None) -> Submission:
    contact = {
        name: value
        for name, value in (body.get("contact") or {}).items()
        if name in CONTACT and isinstance(value, str)
    }
    return Submission(
        kind=body.get("kind") or "",
        submitter_kind=body.get("submitter_kind") or "",
        text=body.get("text") or "",
        province_code=body.get("province_code"),
        language=body.get("language") or "vi",
        channel="api",
        contact=Contact(**contact),
        **{name: bool(body.get(name)) for name in CONSENTS},
        # A key of a program must never meet the key of a web form.
        idempotency_key=f"api:{key}" if key else None,
    )
