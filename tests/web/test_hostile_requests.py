"""What only an attacker sends: it costs the service little, and tells and opens nothing."""

import random
import time
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.configuration import configure
from app.extensions import settings
from app.services import answering, routing
from app.services.intake import clean_text
from app.services.personal_data import Vault
from app.web.presentation import answer_markup
from tests.factories import PASSWORD, a_petition, a_staff, an_actor
from tests.instances import Clock
from tests.web.browsing import log_in, look, read, submit_form
from workflows.lifecycle import Role, Status

QUICK = 5  # seconds; what these tests are about would take minutes or hours


def test_endless_combining_marks_are_cut_at_once() -> None:
    began = time.monotonic()
    assert len(clean_text("a" + "\u0301\u0323" * 250_000)) <= 10
    assert time.monotonic() - began < QUICK
    assert clean_text("Tiê\u0301ng Viê\u0323t") == "Tiếng Việt"


@pytest.mark.parametrize(
    "body",
    ["[" * 50_000, "[a](" * 12_000, ">" * 50_000, "<a " * 16_000, "[" * 300 + "a" * 45_000, "`a" * 2_000_000],
    ids=lambda body: body[:4],
)
def test_an_answer_that_no_person_writes_is_shown_as_it_is(body: str) -> None:
    began = time.monotonic()
    html = answer_markup(body + "<script>\n**x**")
    assert time.monotonic() - began < QUICK
    assert html.startswith("<p>")
    assert "<script>" not in html
    assert html.endswith("<br>**x**</p>")


def test_a_form_of_endless_fields_is_too_large(client: FlaskClient) -> None:
    back = client.post(
        "/petitions/new", data="a=&" * 100_000, content_type="application/x-www-form-urlencoded"
    )
    assert back.status_code == 413
    assert len(back.data) < 20_000


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_not_offered_to_be_sent_again(client: FlaskClient, site: str) -> None:
    typed = {"username": "desk", "text": "Một bài viết mà người dùng không hề viết"}
    back = client.post("/login", data=typed, headers={"Sec-Fetch-Site": site})
    assert back.status_code == 400
    assert "Một bài viết" not in back.get_data(as_text=True)
    assert look(back).forms == []
    assert "Set-Cookie" not in back.headers, "it must not push out the session of whoever is logged in"
    own = client.post("/login", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert "Một bài viết" in own.get_data(as_text=True)


@pytest.mark.parametrize(
    "wanted", ["http://[", "//example.org", "https://example.org//example.org", "/\\example.org", "\x00"]
)
def test_the_switch_of_language_leads_only_within_the_site(client: FlaskClient, wanted: str) -> None:
    back = client.get("/language/en", query_string={"next": wanted})
    assert (back.status_code, back.location) == (302, "/")


def test_guessing_from_one_address_locks_nobody_out_elsewhere(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    for _ in range(6):
        guess = submit_form(client, "/login", username=staff.username, password="sai mật khẩu")
    assert guess.status_code == 429
    token = dict(read(client.get("/login")).form_with("username").fields)["csrf_token"]
    fields = {"csrf_token": token, "username": staff.username, "password": PASSWORD}
    assert client.post("/login", data=fields, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "192.0.2.2", "https"), (2, "192.0.2.1", "https")],
)
def test_only_proxies_of_ours_tell_where_a_request_came_from(
    app: Flask, proxies: int, address: str, scheme: str
) -> None:
    with app.app_context():
        known = settings()
    made = Flask("made")
    configure(made, replace(known, trusted_proxies=proxies), Clock())
    made.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.scheme}")
    headers = {
        "X-Forwarded-For": "192.0.2.66, 192.0.2.1, 192.0.2.2",
        "X-Forwarded-Proto": "https, https",
        "X-Forwarded-Host": "example.org",
    }
    assert made.test_client().get("/", headers=headers).text == f"{address} {scheme}"


def test_in_production_the_cookie_goes_over_tls_only_and_to_this_host_only(app: Flask) -> None:
    with app.app_context():
        known = settings()
    made = Flask("made")
    configure(made, replace(known, production=True), Clock())
    assert made.config["SESSION_COOKIE_SECURE"]
    assert made.config["SESSION_COOKIE_NAME"].startswith("__Host-")


@pytest.fixture
def drafted(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> str:
    """The address of a case that BTC passed to BKHCN, where a draft was sent back to its author."""
    petition = a_petition(session, vault, clock.now, chance, status=Status.ASSIGNED, agency="BTC")
    passing = an_actor(session, Role.OFFICER, "BTC")
    routing.transfer(session, petition, passing, "BKHCN", "not_our_competence", None, clock.now)
    officer, approver = an_actor(session, Role.OFFICER), an_actor(session, Role.APPROVER)
    answering.acknowledge(
        session,
        petition,
        officer,
        clock.now,
        officer_id=officer.staff_id or 0,
        task="Kiểm tra",
        deadline=petition.respond_by,
        expected_result="Văn bản",
    )
    answering.draft(session, petition, officer, "Dự thảo còn trong nội bộ cơ quan.", clock.now)
    answering.submit_draft(session, petition, officer, clock.now)
    answering.return_draft(session, petition, approver, "Bỏ câu nói về ngân sách.", clock.now)
    session.commit()
    return f"/cases/{petition.code}"


@pytest.mark.parametrize(
    ("role", "agency", "seen"),
    [(Role.OFFICER, "BKHCN", True), (Role.OFFICER, "BTC", False), (Role.DESK, None, False)],
)
def test_a_draft_is_seen_only_in_the_agency_that_writes_it(
    client: FlaskClient, session: Session, drafted: str, role: Role, agency: str | None, seen: bool
) -> None:
    staff = a_staff(session, role, agency)
    session.commit()
    log_in(client, staff)
    shown = client.get(drafted)
    assert shown.status_code == 200
    html = shown.get_data(as_text=True)
    assert ("Dự thảo còn trong nội bộ" in html) is seen
    assert ("Bỏ câu nói về ngân sách" in html) is seen


def test_odd_numbers_and_instants_are_refused_in_words(
    client: FlaskClient, session: Session, drafted: str
) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    token = dict(read(client.get(drafted)).form_with("draft_body").fields)["csrf_token"]
    for version in (f"-{10**30}", str(10**30), "-1"):
        back = client.post(f"{drafted}/draft", data={"csrf_token": token, "version": version})
        assert back.status_code == 409, version
    for after in ("0001-01-01T00:00:00+23:59~1", "9999-12-31T23:59:59-23:59~1", "x~1", "~", "2026-01-01~1"):
        shown = client.get("/inbox", query_string={"show": "answered", "after": after})
        assert shown.status_code == 200, after
    assert client.get("/cases/%00").status_code == 404
