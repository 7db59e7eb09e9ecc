"""Tracking, the submitter's own page, and what a submitter can do there."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition
from app.services import answering, routing
from app.services.personal_data import Vault
from tests import factories
from tests.instances import Clock
from tests.web.browsing import look, send_form, submit_form
from workflows.lifecycle import LIFECYCLE, Role, Status

Making = Callable[..., Petition]


@pytest.fixture
def made(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Making:
    """Make a petition in some status, so that requests see it."""

    def make(status: Status = Status.RECEIVED) -> Petition:
        petition = factories.a_petition(session, vault, clock.now, chance, status=status)
        session.commit()
        return petition

    return make


@pytest.fixture
def secret(vault: Vault) -> Callable[[Petition], str]:
    """The secret of a petition."""
    return lambda petition: vault.open_contact(petition.submitter.sealed).secret


Secret = Callable[[Petition], str]


def open_it(client: FlaskClient, petition: Petition, secret: Secret) -> str:
    """Open a petition with its code and secret; the address of its page."""
    sent = submit_form(client, "/track", code=petition.code, secret=secret(petition))
    assert sent.status_code == 303
    return sent.location


def test_code_and_secret_open_a_petition_however_they_are_typed(
    client: FlaskClient, made: Making, secret: Secret
) -> None:
    petition = made()
    code = petition.code.lower().replace("-", " ")
    sent = submit_form(client, "/track", code=f"  {code} ", secret=secret(petition).lower().replace("-", "–"))
    assert (sent.status_code, sent.location) == (303, f"/petitions/{petition.code}")
    page = look(client.get(sent.location))
    assert petition.code in page.text
    assert petition.text in page.text


def test_a_wrong_secret_and_an_unknown_code_look_alike(client: FlaskClient, made: Making) -> None:
    petition = made()
    tries = [
        (petition.code, "AAAA-BBBB-CCCC-DDDD"),
        ("PAKN-20260101-000000-1", "AAAA-BBBB-CCCC-DDDD"),
        ("không phải mã", ""),
        ("\x00" * 50 + "😀" * 5000, "�" * 5000),
        (petition.code, ""),
    ]
    said = set()
    for code, typed in tries:
        sent = submit_form(client, "/track", code=code, secret=typed)
        assert sent.status_code == 422
        page = look(sent)
        said.add(page.text.split("Nhập hai mã")[0])
        assert dict(page.form_with("code").fields)["code"] == code
    assert len(said) == 1


def test_guessing_is_slowed_down(client: FlaskClient) -> None:
    page = client.get("/track")
    statuses = [send_form(client, page, code="x", secret="y").status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    assert client.get("/track").status_code == 200


def test_a_petition_not_opened_looks_like_one_that_does_not_exist(client: FlaskClient, made: Making) -> None:
    petition = made(Status.ANSWERED)
    for below in ("", "/receipt", "/information", "/withdraw", "/objection", "/acceptance"):
        shown = client.get(f"/petitions/{petition.code}{below}")
        unknown = client.get(f"/petitions/PAKN-20260101-000000-1{below}")
        assert (shown.status_code, unknown.status_code) == (200, 200)
        page = look(shown)
        assert petition.text not in page.text
        assert page.text.replace(petition.code, "") == look(unknown).text.replace(
            "PAKN-20260101-000000-1", ""
        )


def test_what_is_sent_after_the_browser_forgot_the_petition_is_shown_again(
    client: FlaskClient, made: Making, secret: Secret, session: Session
) -> None:
    petition = made(Status.AWAITING_SUBMITTER)
    open_it(client, petition, secret)
    page = client.get(f"/petitions/{petition.code}/information")
    with client.session_transaction() as kept:
        kept.pop("opened")
    sent = send_form(client, page, text="Thôn Đoài, cạnh nhà văn hoá.")
    assert "Thôn Đoài, cạnh nhà văn hoá." in look(sent).text
    session.refresh(petition)
    assert petition.status is Status.AWAITING_SUBMITTER


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.MERGED])
def test_the_page_tells_every_status_in_plain_words(
    client: FlaskClient, made: Making, secret: Secret, status: Status
) -> None:
    petition = made(status)
    address = open_it(client, petition, secret)
    page = look(client.get(address))
    assert LIFECYCLE.states[status].public_vi in page.text
    assert "Đã gửi" in page.text
    for below in ("information", "withdraw", "objection", "acceptance"):
        look(client.get(f"{address}/{below}", follow_redirects=True))
    look(client.get(f"{address}/receipt"))


def test_who_holds_it_and_what_comes_next(
    client: FlaskClient, made: Making, secret: Secret, clock: Clock
) -> None:
    petition = made(Status.ASSIGNED)
    address = open_it(client, petition, secret)
    text = look(client.get(address)).text
    assert "Bộ Khoa học và Công nghệ" in text
    assert "từ 02/11/2026" in text
    assert "09/11/2026" in text
    assert "quá ngày hẹn" not in text
    clock.now += timedelta(days=8)
    assert "Đã quá ngày hẹn" in look(client.get(address)).text


def test_only_public_events_and_public_notes_are_shown(
    client: FlaskClient, made: Making, secret: Secret, session: Session, clock: Clock
) -> None:
    petition = made(Status.AWAITING_SUBMITTER)
    officer = factories.an_actor(session, Role.OFFICER)
    other = made(Status.ACCEPTED)
    routing.transfer(session, other, officer, "BCA", "not_our_competence", "Ghi chú nội bộ.", clock.now)
    third = made(Status.ACCEPTED)
    answering.draft(session, third, officer, "Dự thảo chưa được xem. " * 3, clock.now)
    answering.submit_draft(session, third, officer, clock.now)
    session.commit()
    assert "Xin cho biết tên thôn." in look(client.get(open_it(client, petition, secret))).text
    moved = look(client.get(open_it(client, other, secret))).text
    assert "Ghi chú nội bộ" not in moved
    assert "Bộ Công an" in moved
    drafted = look(client.get(open_it(client, third, secret))).text
    assert "Dự thảo chưa được xem" not in drafted
    assert "dự thảo" not in drafted.lower()


def test_the_answer_is_shown_with_its_little_markdown_and_no_more(
    client: FlaskClient, made: Making, secret: Secret, session: Session, vault: Vault, clock: Clock
) -> None:
    petition = made(Status.ACCEPTED)
    factories.answer(
        session,
        vault,
        petition,
        clock.now,
        body="Đã **sửa xong**. <script>alert(1)</script> [x](javascript:alert(1))",
    )
    session.commit()
    html = client.get(open_it(client, petition, secret)).get_data(as_text=True)
    assert "<strong>sửa xong</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "Phần mềm gợi ý" in html


def test_the_reply_to_a_question_is_kept_once_and_the_clock_goes_on(
    client: FlaskClient, made: Making, secret: Secret, session: Session, clock: Clock
) -> None:
    petition = made(Status.AWAITING_SUBMITTER)
    address = open_it(client, petition, secret)
    clock.now += timedelta(days=2)
    page = client.get(f"{address}/information")
    assert "Xin cho biết tên thôn." in look(page).text
    for _ in range(2):
        assert send_form(client, page, text="Thôn Đoài.").location == address
    session.expire_all()
    assert petition.status is Status.ACCEPTED
    # Two working days later than 23 November, since the 24th is a holiday.
    assert petition.respond_by.isoformat() == "2026-11-26"
    assert [note.text for note in session.scalars(select(Note).where(Note.text == "Thôn Đoài."))] == [
        "Thôn Đoài."
    ]
    assert "Thôn Đoài." in look(client.get(address)).text


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "chưa điền"), ("x" * 5001, "dài quá"), ("x" * 1_000_000, "dài quá"), ("hỏng \ufffd", "bị hỏng")],
)
def test_words_that_cannot_be_taken_come_back(
    client: FlaskClient, made: Making, secret: Secret, session: Session, text: str, said: str
) -> None:
    information, objection = made(Status.ACCEPTED), made(Status.ANSWERED)
    for petition, below, name in (
        (information, "information", "text"),
        (objection, "objection", "objection"),
    ):
        address = open_it(client, petition, secret)
        sent = submit_form(client, f"{address}/{below}", **{name: text})
        assert sent.status_code == 422
        page = look(sent)
        assert said in page.text
        assert dict(page.form_with(name).fields)[name] == text
        session.refresh(petition)
    assert (information.status, objection.status) == (Status.ACCEPTED, Status.ANSWERED)


def test_an_objection_reopens_and_pressed_twice_does_so_once(
    client: FlaskClient, made: Making, secret: Secret, session: Session
) -> None:
    petition = made(Status.ANSWERED)
    address = open_it(client, petition, secret)
    page = client.get(f"{address}/objection")
    for _ in range(2):
        assert send_form(client, page, objection="Chưa trả lời phần kinh phí.").location == address
    session.refresh(petition)
    assert petition.status is Status.ACCEPTED
    kinds = list(session.scalars(select(Event.kind).where(Event.petition_id == petition.id)))
    assert kinds.count("reopened") == 1


def test_an_objection_after_its_last_day_is_not_offered_and_not_lost(
    client: FlaskClient, made: Making, secret: Secret, clock: Clock
) -> None:
    petition = made(Status.ANSWERED)
    address = open_it(client, petition, secret)
    page = client.get(f"{address}/objection")
    clock.now += timedelta(days=31)
    assert f"{address}/objection" not in look(client.get(address)).links
    fresh = dict(look(client.get("/track")).form_with("code").fields)["csrf_token"]
    sent = send_form(client, page, objection="Chưa trả lời phần kinh phí.", csrf_token=fresh)
    assert sent.status_code == 409
    shown = look(sent)
    assert "hết thời hạn" in shown.text
    assert "Chưa trả lời phần kinh phí." in shown.text


@pytest.mark.parametrize(
    ("start", "below", "end"),
    [(Status.ACCEPTED, "withdraw", Status.WITHDRAWN), (Status.ANSWERED, "acceptance", Status.CLOSED)],
)
def test_withdrawing_and_accepting_ask_first_and_are_done_once(
    client: FlaskClient,
    made: Making,
    secret: Secret,
    session: Session,
    start: Status,
    below: str,
    end: Status,
) -> None:
    petition = made(start)
    address = open_it(client, petition, secret)
    page = client.get(f"{address}/{below}")
    look(page)
    session.refresh(petition)
    assert petition.status is start
    for _ in range(2):
        assert send_form(client, page).location == address
    session.refresh(petition)
    assert petition.status is end
    assert "Rút hồ sơ" not in look(client.get(address)).links


def test_a_browser_remembers_the_last_twenty(client: FlaskClient, made: Making, secret: Secret) -> None:
    first = made()
    open_it(client, first, secret)
    with client.session_transaction() as kept:
        kept["opened"] = [first.code, *(f"PAKN-{n}" for n in range(19))]
    second = made()
    open_it(client, second, secret)
    with client.session_transaction() as kept:
        assert len(kept["opened"]) == 20
    assert first.text not in look(client.get(f"/petitions/{first.code}")).text
    assert second.text in look(client.get(f"/petitions/{second.code}")).text


def test_the_address_is_put_right_where_the_code_was_typed_by_hand(
    client: FlaskClient, made: Making, secret: Secret
) -> None:
    petition = made()
    open_it(client, petition, secret)
    assert client.get(f"/petitions/{petition.code.lower()}").location == f"/petitions/{petition.code}"


def test_the_receipt_keeps_the_date_first_promised(
    client: FlaskClient, made: Making, secret: Secret, session: Session, clock: Clock
) -> None:
    petition = made(Status.ACCEPTED)
    answering.extend(
        session, petition, factories.an_actor(session, Role.APPROVER), 5, "complex", None, clock.now
    )
    session.commit()
    address = open_it(client, petition, secret)
    assert "01/12/2026" in look(client.get(address)).text
    receipt = look(client.get(f"{address}/receipt")).text
    assert "23/11/2026" in receipt
    assert "01/12/2026" not in receipt


@pytest.mark.parametrize(
    "path",
    ["/", "/about", "/accessibility", "/timeline", "/track", "/petitions/new", "/không-có", "/surveys/x"],
)
def test_pages_in_both_languages(app: Flask, path: str) -> None:
    client = app.test_client()
    for language in ("vi", "en"):
        client.get(f"/language/{language}")
        page = look(client.get(path))
        assert page.language == language
        assert "#main" in page.links
