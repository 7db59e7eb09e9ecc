"""Sending a petition through the API: what is taken, and what is refused and how."""

import json
import random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Petition, Submitter
from app.services.intake import TEXT_MAX
from app.services.personal_data import Vault
from tests import factories
from tests.api.conftest import BODY, Follows, Send
from tests.instances import Clock
from workflows.lifecycle import Status


def fields(response: TestResponse) -> dict[str, str]:
    assert response.status_code == 422, response.get_json()
    return {name: fault["code"] for name, fault in response.get_json()["error"]["fields"].items()}


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Petition)) or 0


def test_a_petition_is_taken_in(
    send: Send, client: FlaskClient, session: Session, vault: Vault, follows: Follows
) -> None:
    contact = {
        "name": "Người gửi (mẫu)",
        "email": "A@Example.org",
        "phone": "0912 345 678",
        "organisation": None,
    }
    response = send(contact=contact, province_code="79", language="en", may_contact=True, may_share=True)
    assert response.status_code == 201
    follows(response, "post", "/petitions")
    said = response.get_json()
    assert said["tracking_url"] == f"http://127.0.0.1:8000/petitions/{said['code']}"
    assert response.headers["Location"].endswith(f"/api/v1/petitions/{said['code']}")
    assert (said["acknowledge_by"], said["respond_by"]) == ("2026-11-09", "2026-11-23")
    petition = session.scalars(select(Petition).where(Petition.code == said["code"])).one()
    assert (petition.channel, petition.language, petition.province_code) == ("api", "en", "79")
    kept = session.get_one(Submitter, petition.id)
    assert (kept.may_contact, kept.may_share, kept.may_publish) == (True, True, False)
    assert vault.open_contact(kept.sealed).email == "A@example.org"
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_nulls_count_as_not_given(send: Send) -> None:
    nothing = dict.fromkeys(
        ("province_code", "language", "contact", "may_contact", "may_share", "may_publish"), None
    )
    assert send(**nothing).status_code == 201
    assert send(contact={}).status_code == 201


def test_the_same_key_and_text_give_the_same_answer(
    send: Send, session: Session, vault: Vault, clock: Clock
) -> None:
    key = {"Idempotency-Key": "2b6f0cc9-04d1-4e4e-8a6c-1f7f4f6f0001"}
    first = send(key)
    petition = session.scalars(select(Petition)).one()
    petition.respond_by = petition.respond_by.replace(year=2027)
    petition.status = Status.ACCEPTED
    session.commit()
    clock.now = clock.now.replace(hour=5)
    again = send(key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert how_many(session) == 1
    other = send(key, text=factories.TEXT + " Xin cảm ơn.")
    assert fields(other) == {"Idempotency-Key": "used_for_another"}
    assert how_many(session) == 1
    assert send({"Idempotency-Key": "another"}).get_json()["code"] != first.get_json()["code"]


def test_a_key_of_the_api_never_meets_one_of_the_web_form(
    send: Send, session: Session, vault: Vault, chance: random.Random, clock: Clock
) -> None:
    web = factories.a_receipt(session, vault, clock.now, chance, idempotency_key="k")
    session.commit()
    assert send({"Idempotency-Key": "k"}).get_json()["code"] != web.petition.code


@pytest.mark.parametrize("key", [" ", "x" * 201, "tiếng việt".encode().decode("latin-1"), ""])
def test_a_key_that_will_not_do(send: Send, key: str) -> None:
    assert fields(send({"Idempotency-Key": key})) == {"Idempotency-Key": "malformed"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"text": None}, {"text": "required"}),
        ({"text": " \n\t​"[:3]}, {"text": "required"}),
        ({"text": "ngắn"}, {"text": "too_short"}),
        ({"text": "a" * (TEXT_MAX + 1)}, {"text": "too_long"}),
        ({"text": "a" * 1_000_000}, {"text": "too_long"}),
        ({"text": "Sóng di động rất � yếu ở xã tôi"}, {"text": "broken"}),
        ({"text": 7}, {"text": "wrong_type"}),
        ({"text": [factories.TEXT]}, {"text": "wrong_type"}),
        ({"kind": "complaint"}, {"kind": "choose"}),
        ({"kind": ""}, {"kind": "choose"}),
        ({"kind": None, "submitter_kind": None}, {"kind": "required", "submitter_kind": "required"}),
        ({"submitter_kind": {"a": 1}}, {"submitter_kind": "wrong_type"}),
        ({"province_code": "00"}, {"province_code": "choose"}),
        ({"province_code": 79}, {"province_code": "wrong_type"}),
        ({"language": "fr"}, {"language": "choose"}),
        ({"language": True}, {"language": "wrong_type"}),
        ({"may_share": "true"}, {"may_share": "wrong_type"}),
        ({"may_share": 1}, {"may_share": "wrong_type"}),
        ({"contact": "a@example.org"}, {"contact": "wrong_type"}),
        ({"contact": {"email": "a@"}}, {"contact.email": "malformed"}),
        (
            {"contact": {"email": 1, "fax": "1"}},
            {"contact.email": "wrong_type", "contact.fax": "unknown_field"},
        ),
        ({"contact": {"phone": "gọi tôi"}}, {"contact.phone": "malformed"}),
        ({"contact": {"name": "a" * 121}}, {"contact.name": "too_long"}),
        ({"contact": {"secret": "x"}}, {"contact.secret": "unknown_field"}),
        ({"may_contact": True}, {"contact.email": "needed_for_contact"}),
        ({"status": "answered"}, {"status": "unknown_field"}),
        ({"idempotency_key": "k"}, {"idempotency_key": "unknown_field"}),
        ({"name": "x", "email": "y"}, {"name": "unknown_field", "email": "unknown_field"}),
        ({"channel": "web", "kind": "x"}, {"channel": "unknown_field", "kind": "choose"}),
    ],
)
def test_values_that_cannot_be_taken_are_all_named(
    send: Send, session: Session, follows: Follows, values: dict[str, Any], wrong: dict[str, str]
) -> None:
    response = send(**values)
    assert fields(response) == wrong
    follows(response, "post", "/petitions")
    assert how_many(session) == 0


def test_many_strange_names_are_not_all_thrown_back(send: Send) -> None:
    response = send(
        **{f"{'x' * 500}{number}": 1 for number in range(500)}, **{f"f{n}": 1 for n in range(500)}
    )
    assert response.status_code == 422
    assert len(response.data) < 10_000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"kind=feedback", "bad_json"),
        (b'{"kind": "feedback"', "bad_json"),
        (b'{"text": NaN}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "bad_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        ('{"text": "Sóng"}'.encode("cp1258", "replace"), "bad_encoding"),
        (b'{"text": "\xff\xfe"}', "bad_encoding"),
        ('{"text": "x"}'.encode("utf-16"), "bad_encoding"),
    ],
)
def test_bodies_that_cannot_be_read(client: FlaskClient, follows: Follows, body: bytes, code: str) -> None:
    response = client.post("/api/v1/petitions", data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, code)
    follows(response, "post", "/petitions")


def test_odd_text_is_stored_as_it_should_be(client: FlaskClient, session: Session) -> None:
    decomposed = "So\u0301ng di đo\u0323\u0302ng\x00 yếu\r\n<b>=1+1</b> \\ud800 '; DROP TABLE petitions; --"
    body = json.dumps({**BODY, "text": decomposed}).replace("\\\\ud800", "\\ud800")
    response = client.post(
        "/api/v1/petitions", data="\ufeff" + body, content_type="application/json; charset=UTF-8"
    )
    assert response.status_code == 201, response.get_json()
    assert (
        session.scalars(select(Petition.text)).one()
        == "Sóng di động yếu\n<b>=1+1</b>  '; DROP TABLE petitions; --"
    )


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=utf-16"],
)
def test_only_json_is_taken(client: FlaskClient, follows: Follows, content_type: str) -> None:
    response = client.post("/api/v1/petitions", data=json.dumps(BODY), content_type=content_type)
    assert response.status_code == 415
    follows(response, "post", "/petitions")


def test_a_body_that_is_too_large(client: FlaskClient, app: Flask, follows: Follows) -> None:
    huge = json.dumps({**BODY, "text": "a" * (app.config["MAX_CONTENT_LENGTH"] + 1)})
    response = client.post("/api/v1/petitions", data=huge, content_type="application/json")
    assert (response.status_code, response.get_json()["error"]["code"]) == (413, "too_large")
    follows(response, "post", "/petitions")


def test_messages_come_in_the_language_asked_for(send: Send) -> None:
    for asked, language, word in (
        (None, "vi", "Thiếu"),
        ("en-GB,en;q=0.9,vi;q=0.5", "en", "required"),
        ("vi,en;q=0.1", "vi", "Thiếu"),
        ("fr", "vi", "Thiếu"),
        (";;;q=x", "vi", "Thiếu"),
    ):
        response = send({"Accept-Language": asked} if asked else {}, text=None)
        assert word in response.get_json()["error"]["fields"]["text"]["message"]
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]


def test_a_flood_is_slowed_down(app: Flask, send: Send, follows: Follows) -> None:
    app.config["API_SUBMIT_LIMIT"] = "2 per minute"
    assert [send().status_code for _ in range(3)] == [201, 201, 429]
    response = send({"Accept-Language": "en"})
    follows(response, "post", "/petitions")
    assert int(response.headers["Retry-After"]) > 0
    assert response.get_json()["error"]["code"] == "too_many_requests"
