"""Sending a petition and asking how it stands."""

from datetime import date, datetime
from random import SystemRandom
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from app.api import failures, messages, submission
from app.extensions import db, limiter, now, settings
from app.models import Agency
from app.queries import own_petition
from app.queries.own_petition import OwnPetition
from app.services import access, intake
from app.services.intake import Receipt
from workflows.lifecycle import LIFECYCLE, Status
from workflows.timeline import instant

# A burst and a sustained rate for one address. An office or a village may share one; a machine must not flood.
SUBMIT_LIMIT = "20 per minute; 300 per hour"
READ_LIMIT = "120 per minute; 2000 per hour"


def _submit_limit() -> str:
    return str(current_app.config.get("API_SUBMIT_LIMIT", SUBMIT_LIMIT))


def _read_limit() -> str:
    return str(current_app.config.get("API_READ_LIMIT", READ_LIMIT))


def init_app(blueprint: Blueprint) -> None:
    """Add the views."""
    blueprint.post("/petitions")(limiter.limit(_submit_limit)(submit))
    blueprint.get("/petitions/<code>")(limiter.limit(_read_limit)(show))


def submit() -> ResponseReturnValue:
    """Take in a petition; the same key and text again get the same answer."""
    session = db.session()
    asked = submission.read(request, session)
    receipt = intake.submit(session, current_app.extensions["pakn_vault"], asked, now(), SystemRandom())
    body = _receipt(receipt)
    db.session.commit()
    return jsonify(body), 201, {"Location": f"{request.base_url}/{body['code']}"}


def show(code: str) -> ResponseReturnValue:
    """How a petition stands, for whoever holds its secret."""
    secret = request.headers.get("X-Petition-Secret")
    if secret is None and request.authorization is not None and request.authorization.type == "bearer":
        secret = request.authorization.token
    if not secret:
        refusal = current_app.make_response(failures.answer(401, "secret_needed"))
        refusal.headers["WWW-Authenticate"] = 'Bearer realm="petition"'
        return refusal
    petition = access.by_secret(db.session(), code, secret)
    return jsonify(_standing(own_petition.whole(db.session(), petition)))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    """What was promised when it was sent, so that asking again gives the same, however far it has come since."""
    petition = receipt.petition
    return {
        "code": petition.code,
        "secret": receipt.secret,
        "tracking_url": f"{settings().base_url}/petitions/{petition.code}",
        "status": Status.RECEIVED,
        "submitted_at": instant(petition.submitted_at),
        "acknowledge_by": petition.acknowledge_by.isoformat(),
        "respond_by": own_petition.promised_answer(db.session(), petition).isoformat(),
        "text_sha256": petition.text_sha256,
    }


def _standing(own: OwnPetition) -> dict[str, Any]:
    petition = own.petition
    state = LIFECYCLE.states[petition.status]
    return {
        "code": petition.code,
        "kind": petition.kind,
        "status": petition.status,
        "public_status": messages.said((state.public_vi, state.public_en)),
        "agency": _agency(petition.lead_agency),
        "submitted_at": instant(petition.submitted_at),
        "acknowledge_by": petition.acknowledge_by.isoformat(),
        "respond_by": petition.respond_by.isoformat(),
        "object_by": _day(petition.object_by),
        "acknowledged_at": _instant(petition.acknowledged_at),
        "answered_at": _instant(petition.answered_at),
        "ended_at": _instant(petition.ended_at),
        "text_sha256": petition.text_sha256,
        "timeline": [
            {
                "kind": event.kind,
                "at": instant(event.at),
                "agency": _agency(own.agencies.get(event.agency_code or "")),
                "note": own.notes.get(event.seq),
            }
            for event in own.events
        ],
        "answers": [
            {
                "number": answer.number,
                "published_at": _instant(answer.published_at),
                "agency_code": answer.agency_code,
                "text": answer.body,
            }
            for answer in own.answers
        ],
    }


def _agency(agency: Agency | None) -> dict[str, str] | None:
    if agency is None:
        return None
    return {"code": agency.code, "name": messages.said((agency.name_vi, agency.name_en))}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _instant(value: datetime | None) -> str | None:
    return instant(value) if value else None
