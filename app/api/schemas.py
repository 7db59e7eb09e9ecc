"""The shapes of what is sent and answered, as JSON Schema."""

from collections.abc import Sequence
from typing import Any

from app.api.submission import CONSENTS, CONTACT, LANGUAGES
from app.services.intake import EMAIL_MAX, NAME_MAX, PHONE_MAX, TEXT_MAX, TEXT_MIN
from workflows.kinds import OFFERED_KINDS, Kind, SubmitterKind
from workflows.lifecycle import LIFECYCLE, Status

Schema = dict[str, Any]

DAY: Schema = {"type": "string", "format": "date", "description": "A date in Vietnam."}
INSTANT: Schema = {"type": "string", "format": "date-time", "description": "An instant in UTC."}
TEXT: Schema = {"type": "string"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
CODE: Schema = {"type": "string", "pattern": "^PAKN-[0-9]{8}-[0-9]{6}-[0-9A-Z]$"}


def record(properties: dict[str, Schema], optional: Sequence[str] = ()) -> Schema:
    """An object with just these properties, all of them there but the ``optional``."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def nullable(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def choice(values: Sequence[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [str(value) for value in values]}


_MAX = {"name": NAME_MAX, "organisation": NAME_MAX, "email": EMAIL_MAX, "phone": PHONE_MAX}
_AGENCY = nullable(record({"code": TEXT, "name": TEXT}))
_CONSENTS = {
    "may_contact": "Send me news of my petition (needs an e-mail address or a phone number).",
    "may_share": "The responsible agency may see my contact data.",
    "may_publish": "Petition and answer may be published without my name.",
}

SUBMISSION: Schema = record(
    {
        "kind": choice(OFFERED_KINDS),
        "submitter_kind": choice(tuple(SubmitterKind)),
        "text": {"type": "string", "minLength": TEXT_MIN, "maxLength": TEXT_MAX},
        "province_code": nullable(
            {"type": "string", "description": "Two digits, as in /agencies.", "examples": ["79"]}
        ),
        "language": nullable(
            {**choice(LANGUAGES), "default": "vi", "description": "Of mails to the submitter."}
        ),
        "contact": nullable(
            record({name: nullable({"type": "string", "maxLength": _MAX[name]}) for name in CONTACT}, CONTACT)
        ),
        **{
            name: {"type": ["boolean", "null"], "default": False, "description": _CONSENTS[name]}
            for name in CONSENTS
        },
    },
    optional=("province_code", "language", "contact", *CONSENTS),
)
RECEIPT: Schema = record(
    {
        "code": CODE,
        "secret": {"type": "string", "description": "Opens the petition. Whoever has it can read all of it."},
        "tracking_url": {"type": "string", "format": "uri"},
        "status": choice((Status.RECEIVED,)),
        "submitted_at": INSTANT,
        "acknowledge_by": DAY,
        "respond_by": DAY,
        "text_sha256": {
            **SHA256,
            "description": "Of the text as it was stored: UTF-8, NFC, lines ended by LF.",
        },
    }
)

STANDING: Schema = record(
    {
        "code": CODE,
        "kind": choice(tuple(Kind)),
        "status": choice(tuple(Status)),
        "public_status": {"type": "string", "description": "The status in plain words."},
        "agency": _AGENCY,
        "submitted_at": INSTANT,
        "acknowledge_by": DAY,
        "respond_by": DAY,
        "object_by": nullable(DAY),
        "acknowledged_at": nullable(INSTANT),
        "answered_at": nullable(INSTANT),
        "ended_at": nullable(INSTANT),
        "text_sha256": SHA256,
        "timeline": {
            "type": "array",
            "items": record(
                {
                    "kind": choice(sorted(LIFECYCLE.public_events)),
                    "at": INSTANT,
                    "agency": _AGENCY,
                    "note": nullable(
                        {"type": "string", "description": "What was said to or by the submitter."}
                    ),
                }
            ),
        },
        "answers": {
            "type": "array",
            "items": record(
                {
                    "number": {"type": "integer", "minimum": 1},
                    "published_at": nullable(INSTANT),
                    "agency_code": TEXT,
                    "text": {"type": "string", "description": "May hold a little Markdown."},
                }
            ),
        },
    }
)
