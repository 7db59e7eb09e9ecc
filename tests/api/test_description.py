"""The lists, and the description of the API: it is true and sound."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency
from tests.api.conftest import BODY, Follows


@pytest.mark.parametrize(("path", "name", "least"), [("agencies", "agencies", 150), ("topics", "topics", 28)])
def test_lists_may_be_cached(client: FlaskClient, follows: Follows, path: str, name: str, least: int) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200
    follows(response, "get", f"/{path}")
    assert len(response.get_json()[name]) >= least
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in response.headers
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_placeholders_are_not_listed(client: FlaskClient, session: Session) -> None:
    hidden = set(session.scalars(select(Agency.code).where(Agency.placeholder)))
    listed = {agency["code"] for agency in client.get("/api/v1/agencies").get_json()["agencies"]}
    assert "BKHCN" in listed
    assert hidden
    assert not hidden & listed


def test_the_description_names_every_address_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    described = {
        (path.replace("{", "<").replace("}", ">"), method.upper())
        for path, methods in document["paths"].items()
        for method in methods
    }
    served = {
        (rule.rule.removeprefix("/api/v1"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served
    assert document["servers"] == [{"url": "http://127.0.0.1:8000/api/v1"}]


def test_the_description_is_sound(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found: Any = document
        for step in reference.split("/"):
            found = found[step]
        assert found
    submission = Draft202012Validator(document["components"]["schemas"]["Submission"])
    assert submission.is_valid(BODY)
    assert not submission.is_valid({**BODY, "kind": "complaint"})
    assert not submission.is_valid({**BODY, "surprise": 1})


def test_what_is_not_there_is_json_too(client: FlaskClient) -> None:
    for path, status in (("/api/v1/nothing", 404), ("/api/v1/agencies/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert response.get_json()["error"]["status"] == status
    assert client.delete("/api/v1/petitions").status_code == 405
