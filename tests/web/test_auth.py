"""Logging in and out."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, a_staff
from tests.instances import Clock
from tests.web.browsing import log_in, look, press, submit_form
from workflows.lifecycle import Role


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.DESK, "/desk"),
        (Role.OFFICER, "/inbox"),
        (Role.APPROVER, "/inbox"),
        (Role.AGENCY_ADMIN, "/inbox"),
        (Role.SUPERVISOR, "/reports"),
        (Role.SYSTEM_ADMIN, "/admin"),
    ],
)
def test_each_role_begins_where_its_work_is(
    client: FlaskClient, session: Session, role: Role, start: str
) -> None:
    staff = a_staff(session, role)
    session.commit()
    assert log_in(client, staff).location == start


def test_the_log_in_is_noted_and_the_session_begins_afresh(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    with client.session_transaction() as before:
        before["left_over"] = "from somebody else"
        before["language"] = "en"
    submit_form(client, "/login", username=staff.username, password=PASSWORD)
    with client.session_transaction() as after:
        assert "left_over" not in after
        assert after["language"] == "en"
        assert after.permanent
    session.refresh(staff)
    assert staff.last_login_at == clock.now


def test_an_unknown_name_and_a_wrong_password_look_the_same(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    wrong = submit_form(client, "/login", username=staff.username, password="không phải")
    unknown = submit_form(client, "/login", username="khong.co.ai", password="không phải")
    assert wrong.status_code == unknown.status_code == 422
    assert look(wrong).text.replace(staff.username, "") == look(unknown).text.replace("khong.co.ai", "")
    assert client.get("/desk").status_code == 303


def test_the_password_is_not_given_back_but_the_name_is(client: FlaskClient, session: Session) -> None:
    session.commit()
    back = submit_form(client, "/login", username="nguyen.mau", password="bí mật lắm")
    html = back.get_data(as_text=True)
    assert "nguyen.mau" in html
    assert "bí mật lắm" not in html


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    back = submit_form(client, "/login", username="", password="")
    assert back.status_code == 422
    assert look(back).text.count("Bạn chưa điền mục này.") == 4


@pytest.mark.parametrize(
    "odd",
    ["\x00", "a" * 5000, "đ", "'; --", "\udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace")],
)
def test_odd_names_are_only_unknown(client: FlaskClient, odd: str) -> None:
    back = submit_form(client, "/login", username=odd, password="x" * 20)
    assert back.status_code == 422
    look(back)


def test_guessing_is_slowed_by_name(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    for _ in range(5):
        assert (
            submit_form(client, "/login", username=staff.username, password="sai mật khẩu").status_code == 422
        )
    assert submit_form(client, "/login", username=staff.username, password=PASSWORD).status_code == 429


def test_guessing_is_slowed_by_address(client: FlaskClient) -> None:
    seen = [
        submit_form(client, "/login", username=f"ten{n}", password="sai mật khẩu").status_code
        for n in range(11)
    ]
    assert seen == [422] * 10 + [429]


def test_an_office_behind_one_address_can_come_to_work(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    assert {log_in(client, staff).status_code for _ in range(12)} == {303}


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/cases/PAKN-20261102-000000-X", "/cases/PAKN-20261102-000000-X"),
        ("/desk?after=2026-11-01~5", "/desk?after=2026-11-01~5"),
        ("https://example.org/", "/desk"),
        ("//example.org/", "/desk"),
        ("/\\example.org", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/\t/example.org", "/desk"),
        ("", "/desk"),
    ],
)
def test_next_leads_only_within_the_site(
    client: FlaskClient, session: Session, wanted: str, reached: str
) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    sent = submit_form(client, "/login", username=staff.username, password=PASSWORD, next=wanted)
    assert sent.location == reached


def test_a_stranger_is_brought_back_to_the_page_wanted(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    away = client.get("/desk?after=2026-11-01~5")
    assert away.status_code == 303
    sent = submit_form(client, away.location, username=staff.username, password=PASSWORD)
    assert sent.location == "/desk?after=2026-11-01~5"


def test_what_a_stranger_sends_is_shown_again(client: FlaskClient, session: Session) -> None:
    page = look(client.get("/login"))
    token = dict(page.form_with("username").fields)["csrf_token"]
    sent = {"csrf_token": token, "draft_body": "Nửa ngày viết <b>công</b> phu", "version": "3"}
    back = client.post("/cases/PAKN-20261102-000000-X/draft", data=sent)
    assert back.status_code == 403
    form = look(back).form_with("draft_body")
    assert form.action == "/cases/PAKN-20261102-000000-X/draft"
    assert dict(form.fields)["draft_body"] == "Nửa ngày viết <b>công</b> phu"


def test_who_is_logged_in_goes_straight_on(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    assert client.get("/login").location == "/inbox"


def test_logging_out_ends_the_session(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    assert press(client, "/inbox", "/logout").location == "/login"
    assert client.get("/inbox").status_code == 303


def test_an_inactive_account_is_logged_out_and_cannot_return(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    assert client.get("/inbox").status_code == 200
    staff.active = False
    session.commit()
    assert client.get("/inbox").status_code == 303
    assert log_in(client, staff).status_code == 422


def test_the_cookie_of_the_session_lasts_twelve_hours(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.expires is not None
    assert client.application.permanent_session_lifetime == timedelta(hours=12)


def test_pages_renew_the_session_and_files_leave_it_alone(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    assert "Set-Cookie" in client.get("/inbox").headers
    with client.get("/static/img/mark.svg") as file:
        assert file.status_code == 200
        assert "Set-Cookie" not in file.headers
        assert "Cookie" not in file.headers.get("Vary", "")


def test_a_new_password_ends_the_sessions_that_run(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    session.commit()
    log_in(client, staff)
    assert client.get("/inbox").status_code == 200
    staff.password_hash = staff.password_hash[:-2] + "AA"
    session.commit()
    assert client.get("/inbox").status_code == 303
