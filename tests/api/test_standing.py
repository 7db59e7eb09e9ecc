"""Asking how a petition stands: with its secret everything public, without it nothing."""

import random

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.services import answering
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from tests import factories
from tests.api.conftest import Follows
from tests.instances import Clock
from workflows.lifecycle import Status


@pytest.fixture
def answered(session: Session, vault: Vault, chance: random.Random, clock: Clock) -> tuple[str, str]:
    """Code and secret of a petition that was asked about, and answered."""
    petition = factories.a_petition(session, vault, clock.now, chance, status=Status.AWAITING_SUBMITTER)
    answering.provide_information(session, petition, SUBMITTER, "Ở thôn Một.", clock.now)
    factories.answer(session, vault, petition, clock.now)
    secret = vault.open_contact(petition.submitter.sealed).secret
    session.commit()
    return petition.code, secret


def test_whoever_has_the_secret_sees_how_it_stands(
    client: FlaskClient, answered: tuple[str, str], follows: Follows
) -> None:
    code, secret = answered
    response = client.get(f"/api/v1/petitions/{code}", headers={"X-Petition-Secret": secret})
    assert response.status_code == 200
    follows(response, "get", "/petitions/{code}")
    said = response.get_json()
    assert (said["status"], said["public_status"]) == ("answered", "Đã có văn bản trả lời")
    assert said["agency"]["code"] == "BKHCN"
    kinds = [event["kind"] for event in said["timeline"]]
    assert kinds[0] == "submitted"
    assert not {"drafted", "approved", "draft_submitted"} & set(kinds)
    assert [event["note"] for event in said["timeline"] if event["note"]] == [
        "Xin cho biết tên thôn.",
        "Ở thôn Một.",
    ]
    assert said["answers"][0]["text"] == factories.ANSWER
    seen = response.get_data(as_text=True)
    for hidden in (secret, factories.EMAIL, "mẫu", factories.TEXT, "staff:"):
        assert hidden not in seen
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_the_secret_may_come_as_bearer_and_the_code_as_people_type_it(
    client: FlaskClient, answered: tuple[str, str]
) -> None:
    code, secret = answered
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    response = client.get(f"/api/v1/petitions/{code.lower()}", headers=headers)
    assert response.status_code == 200
    assert response.get_json()["public_status"] == "Answered"


def test_unknown_codes_and_wrong_secrets_look_alike(
    client: FlaskClient, answered: tuple[str, str], follows: Follows
) -> None:
    code, secret = answered
    answers = [
        client.get(f"/api/v1/petitions/{tried}", headers={"X-Petition-Secret": with_secret})
        for tried, with_secret in (
            (code, "2222-2222-2222-2222"),
            ("PAKN-20261102-000000-0", secret),
            ("nonsense", secret),
            (code, "x" * 5000),
            (code, "bí mật".encode().decode("latin-1")),
        )
    ]
    assert {response.status_code for response in answers} == {404}
    assert len({response.data for response in answers}) == 1
    follows(answers[0], "get", "/petitions/{code}")


def test_without_a_secret_there_is_nothing_to_see(
    client: FlaskClient, answered: tuple[str, str], follows: Follows
) -> None:
    for headers in (
        {},
        {"X-Petition-Secret": ""},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer"},
    ):
        response = client.get(f"/api/v1/petitions/{answered[0]}", headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        follows(response, "get", "/petitions/{code}")
