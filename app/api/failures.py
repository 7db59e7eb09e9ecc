"""From what goes wrong to JSON: ``{"error": {"status", "code", "message", "fields"?}}``."""

import logging

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.api import messages
from app.api.submission import BadBody, BadFields, named
from app.errors import Invalid, NotFound
from app.extensions import db
from workflows.calendar import CalendarNotCovered
from workflows.deadlines import NoPolicy

log = logging.getLogger(__name__)

_BY_STATUS = {
    413: "too_large",
    415: "wrong_content_type",
    429: "too_many_requests",
}


def answer(status: int, code: str, fields: dict[str, str] | None = None) -> ResponseReturnValue:
    """An error as JSON; ``fields`` maps a field to the code of what is wrong with it."""
    error: dict[str, object] = {
        "status": status,
        "code": code,
        "message": messages.said(messages.ERRORS[code]),
    }
    if fields is not None:
        error["fields"] = {
            field: {"code": fault, "message": messages.said(messages.FIELDS[fault])}
            for field, fault in fields.items()
        }
    return jsonify(error=error), status


def init_app(blueprint: Blueprint) -> None:
    """Answer every error below ``blueprint`` in the language of the caller."""

    @blueprint.errorhandler(Invalid)
    def invalid(error: Invalid) -> ResponseReturnValue:
        db.session.rollback()
        return answer(422, "invalid", named(error.errors))

    @blueprint.errorhandler(BadFields)
    def bad_fields(error: BadFields) -> ResponseReturnValue:
        db.session.rollback()
        return answer(422, "invalid", error.errors)

    @blueprint.errorhandler(BadBody)
    def bad_body(error: BadBody) -> ResponseReturnValue:
        return answer(400, error.code)

    @blueprint.errorhandler(NotFound)
    def not_found(_error: NotFound) -> ResponseReturnValue:
        return answer(404, "not_found")

    @blueprint.errorhandler(CalendarNotCovered)
    @blueprint.errorhandler(NoPolicy)
    def no_promise(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        log.error("no deadline can be promised: %s", error)
        return answer(503, "no_promise")

    @blueprint.errorhandler(OperationalError)
    def database_down(error: OperationalError) -> ResponseReturnValue:
        log.error("the database does not answer: %s", error.orig)
        return answer(503, "unavailable")

    @blueprint.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        return answer(status, _BY_STATUS.get(status, "failed"))

    @blueprint.errorhandler(Exception)
    def unforeseen(_error: Exception) -> ResponseReturnValue:
        log.exception("unforeseen failure")
        db.session.rollback()
        return answer(500, "failed")
