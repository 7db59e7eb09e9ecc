"""A database that does not answer: a clear page, nothing typed is lost, no traceback."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.settings import Settings
from tests.instances import PII_KEY, Clock
from tests.servers import free_port
from tests.web.browsing import look, read, submit_form

TEXT = "Sóng ở thôn tôi mất hẳn từ đầu tháng, học sinh không học được."


@pytest.fixture
def stranded(tmp_path: Path) -> FlaskClient:
    """A browser on a service whose PostgreSQL is not there."""
    environment = {
        "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{free_port()}/pakn",
        "SECRET_KEY": "a secret for tests that is long enough",
        "PII_KEYS": PII_KEY,
        "PAKN_BACKGROUND": "off",
    }
    return create_app(Settings.from_environment(environment, tmp_path), clock=Clock()).test_client()


def test_what_was_typed_is_offered_again(stranded: FlaskClient) -> None:
    answer = submit_form(stranded, "/petitions/new", kind="feedback", submitter_kind="citizen")
    assert answer.status_code == 503
    page = read(answer)
    assert "Hệ thống đang bận" in page.text
    assert "Traceback" not in answer.text
    form = page.form_with("kind", "submitter_kind")
    assert dict(form.fields)["kind"] == "feedback"
    assert dict(form.fields)["csrf_token"]


def test_reading_pages_says_so(stranded: FlaskClient) -> None:
    answer = stranded.get("/surveys/unknown")
    assert answer.status_code == 503
    assert "Hệ thống đang bận" in read(answer).text


def test_the_form_of_another_site_is_not_offered_again(stranded: FlaskClient) -> None:
    page = look(stranded.get("/petitions/new"))
    token = dict(page.form_with("kind").fields)["csrf_token"]
    answer = stranded.post(
        "/petitions/new",
        data={"kind": "feedback", "submitter_kind": "citizen", "csrf_token": token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 503
    assert not any("kind" in form.names for form in read(answer).forms)


def test_the_api_answers_in_json(stranded: FlaskClient) -> None:
    body = {"kind": "feedback", "submitter_kind": "citizen", "text": TEXT}
    answer = stranded.post("/api/v1/petitions", json=body)
    assert answer.status_code == 503
    assert answer.is_json


def test_health_and_readiness_differ(stranded: FlaskClient) -> None:
    assert stranded.get("/healthz").status_code == 200
    assert stranded.get("/readyz").status_code == 503
