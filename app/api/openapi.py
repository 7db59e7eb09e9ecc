"""The description of the API (OpenAPI 3.1), built from the same lists that the code checks against."""

from typing import Any

from flask import Response

from app.api.directory import cacheable
from app.api.messages import ERRORS, FIELDS
from app.api.schemas import RECEIPT, STANDING, SUBMISSION, nullable, record
from app.extensions import settings

VERSION = "1.0"


def show() -> Response:
    """The document, for the address this service is reached at."""
    return cacheable(document(settings().base_url))


def document(base_url: str) -> dict[str, Any]:
    """The whole description; ``base_url`` is without a slash at the end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PAKN API",
            "version": VERSION,
            "description": "Send petitions about science, technology, innovation and digital transformation to the state, "
            "and follow them. Gửi và theo dõi phản ánh, kiến nghị, sáng kiến, giải pháp về khoa học, công nghệ, đổi mới "
            "sáng tạo và chuyển đổi số. Words come in the language of `Accept-Language`: `vi` (default) or `en`.",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": {
            "/petitions": {"post": _submit()},
            "/petitions/{code}": {"get": _show()},
            "/agencies": {"get": _list("agencies", "The agencies at work today.", "Agency")},
            "/topics": {"get": _list("topics", "The topics that petitions are sorted by.", "Topic")},
        },
        "components": {
            "securitySchemes": {
                "petitionSecret": {"type": "apiKey", "in": "header", "name": "X-Petition-Secret"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The petition's secret."},
            },
            "parameters": {
                "AcceptLanguage": {
                    "name": "Accept-Language",
                    "in": "header",
                    "schema": {"type": "string", "default": "vi"},
                    "description": "`vi` or `en`, for the words in the answer.",
                }
            },
            "schemas": _schemas(),
        },
    }


def _submit() -> dict[str, Any]:
    return {
        "operationId": "submitPetition",
        "summary": "Send a petition",
        "description": "With an `Idempotency-Key` (use a fresh UUID for each petition) a request may be repeated safely: "
        "the same key and text give the same answer and make no second petition. The agency is found by the service.",
        "security": [],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                "description": "Printable ASCII.",
            },
            {"$ref": "#/components/parameters/AcceptLanguage"},
        ],
        "requestBody": {"required": True, "content": _json("Submission")},
        "responses": {
            "201": {
                "description": "Taken in. Keep `secret`: it is shown only here and to repeats under the same key.",
                "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
                "content": _json("Receipt"),
            },
            **_errors(
                {
                    "400": "No JSON object, or not UTF-8.",
                    "413": "The body is too large.",
                    "415": "The body is not `application/json`.",
                    "422": "Some values cannot be taken; `fields` says which and why.",
                    "429": "Too many requests; `Retry-After` says how long to wait.",
                    "503": "Nothing can be taken in for now; repeat later under the same key.",
                }
            ),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "showPetition",
        "summary": "Ask how a petition stands",
        "security": [{"petitionSecret": []}, {"bearer": []}],
        "parameters": [
            {
                "name": "code",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "examples": ["PAKN-20261102-123456-7"]},
            },
            {"$ref": "#/components/parameters/AcceptLanguage"},
        ],
        "responses": {
            "200": {"description": "The petition as its submitter sees it.", "content": _json("Petition")},
            **_errors(
                {
                    "401": "No secret was sent.",
                    "404": "No petition has this code and this secret; which of them is wrong is not told.",
                    "429": "Too many requests; `Retry-After` says how long to wait.",
                    "503": "The service is busy.",
                }
            ),
        },
    }


def _list(name: str, summary: str, schema: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        "operationId": f"list{name.capitalize()}",
        "summary": summary,
        "security": [],
        "responses": {
            "200": {
                "description": "May be kept for an hour; ask again with `If-None-Match`.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": record({name: items})}},
            },
            "304": {"description": "Unchanged."},
            **_errors({"503": "The service is busy."}),
        },
    }


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _errors(meanings: dict[str, str]) -> dict[str, Any]:
    return {status: {"description": said, "content": _json("Error")} for status, said in meanings.items()}


def _schemas() -> dict[str, Any]:
    text = {"type": "string"}
    fault = record({"code": {"type": "string", "enum": sorted(FIELDS)}, "message": text})
    error = record(
        {
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(ERRORS)},
            "message": text,
            "fields": {"type": "object", "additionalProperties": fault},
        },
        optional=("fields",),
    )
    return {
        "Submission": SUBMISSION,
        "Receipt": RECEIPT,
        "Petition": STANDING,
        "Agency": record(
            {
                "code": text,
                "name_vi": text,
                "name_en": text,
                "short": {"type": "array", "items": text},
                "tier": {"type": "string", "enum": ["central", "province", "commune"]},
                "branch": text,
                "parent_code": nullable(text),
                "province_code": nullable(text),
            }
        ),
        "Topic": record({"id": text, "name_vi": text, "name_en": text}),
        "Error": record({"error": error}),
    }
