"""A program that talks to the API, and the description that its answers are held against."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from tests import factories

BODY: dict[str, Any] = {"kind": "feedback", "submitter_kind": "citizen", "text": factories.TEXT}
Send = Callable[..., TestResponse]
Follows = Callable[[TestResponse, str, str], None]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Post a body, by default that of a citizen; values given replace or add to it."""

    def posted(headers: dict[str, str] | None = None, **values: Any) -> TestResponse:
        return client.post("/api/v1/petitions", json={**BODY, **values}, headers=headers)

    return posted


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


@pytest.fixture
def follows(document: dict[str, Any]) -> Follows:
    """Check a response against what the description says of it."""

    def check(response: TestResponse, method: str, path: str) -> None:
        said = document["paths"][path][method]["responses"][str(response.status_code)]
        schema = said["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(response.get_json())
        assert response.content_type == "application/json"

    return check
