"""The way to a petition: four steps, nothing lost, one receipt."""

import re
import unicodedata
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Draft, Event, OutboxRow, Petition, Submitter
from app.services.personal_data import Vault
from tests.instances import Clock
from tests.web.browsing import look, send_form, submit_form
from workflows.kinds import LEGAL_KINDS

TEXT = "Cổng dịch vụ công báo lỗi khi tôi nộp hồ sơ đăng ký sáng chế.\r\n\r\nĐề nghị sửa sớm."
SEEN = "Cổng dịch vụ công báo lỗi khi tôi nộp hồ sơ đăng ký sáng chế.\n\nĐề nghị sửa sớm."


def begin(client: FlaskClient) -> str:
    """Answer the first step and give the address of the second."""
    sent = submit_form(client, "/petitions/new", kind="feedback", submitter_kind="citizen")
    assert sent.status_code == 303
    assert sent.location.endswith("/text")
    return sent.location


def at_check(client: FlaskClient, text: str = TEXT, **person: str | bool) -> str:
    """Answer all steps and give the address of the last page."""
    sent = submit_form(client, begin(client), text=text, province_code="79")
    assert sent.status_code == 303, look(sent).text
    sent = submit_form(client, sent.location, **{"name": "", **person})
    assert sent.status_code == 303, look(sent).text
    assert sent.location.endswith("/check")
    return sent.location


def sent_petition(client: FlaskClient, text: str = TEXT, **person: str | bool) -> TestResponse:
    """Send a petition and open its receipt."""
    sent = submit_form(client, at_check(client, text, **person))
    assert sent.status_code == 303
    assert sent.location.endswith("/receipt")
    return client.get(sent.location)


def petitions(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Petition)) or 0


def test_the_way_from_the_first_page_to_the_receipt(
    client: FlaskClient, session: Session, vault: Vault
) -> None:
    assert "/petitions/new" in look(client.get("/")).links
    look(client.get("/petitions/new"))
    check = at_check(client, name="Người gửi (mẫu)", email="nguoi.gui@example.org", may_contact=True)
    shown = look(client.get(check))
    assert SEEN.replace("\n", "") in shown.text.replace("\r", "").replace("\n", "")
    assert "Hồ Chí Minh" in shown.text
    assert {check.replace("/check", f"/{step}") for step in ("matter", "text", "you")} <= set(shown.links)

    receipt = sent_petition(client, name="Người gửi (mẫu)", email="nguoi.gui@example.org", may_contact=True)
    page = look(receipt)
    petition = session.scalars(select(Petition)).one()
    assert petition.text == SEEN
    assert petition.province_code == "79"
    assert petition.channel == "web"
    contact = vault.open_contact(petition.submitter.sealed)
    assert contact.email == "nguoi.gui@example.org"
    for told in (petition.code, contact.secret, petition.text_sha256, "09/11/2026", "23/11/2026"):
        assert told in page.text
    assert f"/petitions/{petition.code}" in page.links
    tasks = {row.task for row in session.scalars(select(OutboxRow))}
    assert tasks == {"classify", "mail"}


def test_the_receipt_says_how_the_days_were_counted(client: FlaskClient) -> None:
    text = look(sent_petition(client)).text
    assert "5 ngày làm việc" in text
    assert "15 ngày làm việc" in text
    assert "Không tính ngày gửi" in text


def test_agency_and_legal_kinds_are_never_asked(client: FlaskClient) -> None:
    page = look(client.get("/petitions/new"))
    offered = {each.get("value") for each in page.controls if each.get("name") == "kind"}
    assert len(offered) == 7
    assert not offered & {str(kind) for kind in LEGAL_KINDS}
    assert "agency" not in page.form_with("kind").names


def test_no_consent_is_ticked_beforehand_and_nothing_about_the_person_is_needed(
    client: FlaskClient, session: Session
) -> None:
    address = begin(client).replace("/text", "/you")
    page = look(client.get(address))
    assert not [each for each in page.controls if each.get("type") == "checkbox" and "checked" in each]
    sent_petition(client)
    submitter = session.scalars(select(Submitter)).one()
    assert (submitter.may_contact, submitter.may_share, submitter.may_publish) == (False, False, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Bạn chưa điền mục này."),
        ("   \n ", "Bạn chưa điền mục này."),
        ("Quá ngắn", "Nội dung còn ngắn quá"),
        ("Dài " * 5001, "Nội dung dài quá"),
        ("x" * 1_000_000, "Nội dung dài quá"),
        ("Chữ bị hỏng \ufffd\ufffd giữa một câu đủ dài", "Có ký tự bị hỏng"),
        ("\x00" * 500, "Bạn chưa điền mục này."),
    ],
)
def test_a_text_that_cannot_be_taken_comes_back_with_what_was_typed(
    client: FlaskClient, session: Session, text: str, said: str
) -> None:
    address = begin(client)
    sent = submit_form(client, address, text=text, province_code="01")
    assert sent.status_code == 422
    page = look(sent)
    assert said in page.text
    assert dict(page.form_with("text").fields)["text"] == text.strip().strip("\x00")
    assert dict(page.form_with("text").fields)["province_code"] == "01"
    assert "#text" in page.links
    assert petitions(session) == 0
    # What is wrong is kept too: the page opened anew shows it (of a flood, the beginning).
    again = dict(look(client.get(address)).form_with("text").fields)["text"]
    assert again == text.strip().strip("\x00")[:100_000]


@pytest.mark.parametrize(
    "broken", [b"M%E1t s%F3ng di %F0%99ng nhi%EAu ng%E0y", b"M\xe1t s\xf3ng di \xf0\x99ng nhi\xeau ng\xe0y"]
)
def test_broken_utf8_is_said_not_stored(client: FlaskClient, broken: bytes) -> None:
    address = begin(client)
    token = dict(look(client.get(address)).form_with("text").fields)["csrf_token"]
    sent = client.post(
        address,
        data=b"csrf_token=" + token.encode() + b"&text=" + broken,
        content_type="application/x-www-form-urlencoded",
    )
    assert sent.status_code == 422
    page = look(sent)
    assert "Có ký tự bị hỏng" in page.text
    assert dict(page.form_with("text").fields)["text"].startswith("M\ufffdt s\ufffdng")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> <b>đậm</b> & </textarea><img src=x> một câu",
        '=HYPERLINK("http://example.org";"bấm") +1 -1 @SUM(A1) \'; DROP TABLE petitions;--',
        "{{ 7 * 7 }} %(name)s %s {0} \\u0000 một câu cho đủ dài",
    ],
)
def test_markup_and_formulas_are_only_text(client: FlaskClient, session: Session, text: str) -> None:
    receipt = sent_petition(client, text)
    page = look(receipt)
    assert text in page.text
    assert "<script>alert" not in receipt.get_data(as_text=True)
    assert session.scalars(select(Petition)).one().text == text


def test_decomposed_letters_and_nul_are_put_right(client: FlaskClient, session: Session) -> None:
    sent_petition(client, unicodedata.normalize("NFD", TEXT) + "\x00")
    assert session.scalars(select(Petition)).one().text == SEEN


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"email": "không phải địa chỉ"}, "email", "chưa đúng mẫu"),
        ({"phone": "12"}, "phone", "chưa đúng mẫu"),
        ({"phone": "gọi cho tôi"}, "phone", "chưa đúng mẫu"),
        ({"name": "x" * 500}, "name", "dài quá"),
        ({"name": "Tên \ufffd hỏng"}, "name", "bị hỏng"),
        ({"may_contact": True}, "email", "điền e-mail hoặc số điện thoại"),
    ],
)
def test_contact_data_that_cannot_be_taken_is_said_at_its_field(
    client: FlaskClient, typed: dict[str, str | bool], field: str, said: str
) -> None:
    address = begin(client).replace("/text", "/you")
    sent = submit_form(client, address, **typed)
    assert sent.status_code == 422
    page = look(sent)
    assert said in page.text
    assert f"#{field}" in page.links
    control = next(each for each in page.controls if each.get("name") == field)
    assert control["aria-invalid"] == "true"
    assert f"{field}-error" in (control["aria-describedby"] or "")
    for name, value in typed.items():
        assert dict(page.form_with(name).fields)[name] == ("y" if value is True else value)


@pytest.mark.parametrize(
    "fields", [{}, {"kind": "complaint", "submitter_kind": "king"}, {"kind": "feedback"}]
)
def test_a_first_step_that_is_wrong_keeps_what_was_chosen(
    client: FlaskClient, fields: dict[str, str]
) -> None:
    page = look(client.get("/petitions/new"))
    token = dict(page.form_with("kind").fields)["csrf_token"]
    sent = client.post("/petitions/new", data={"csrf_token": token, **fields})
    assert sent.status_code == 422
    again = look(sent)
    assert "#submitter_kind-0" in again.links
    form = again.form_with("kind", "submitter_kind")
    assert re.fullmatch(r"/petitions/new/[\w-]+/matter", form.action)
    assert ("kind", "feedback") in form.fields or fields.get("kind") != "feedback"
    assert send_form(client, sent, kind="question", submitter_kind="firm").status_code == 303


def test_a_province_that_does_not_exist_is_refused(client: FlaskClient) -> None:
    assert submit_form(client, begin(client), text=TEXT, province_code="99").status_code == 422


def test_two_presses_lead_to_one_petition_and_the_same_receipt(client: FlaskClient, session: Session) -> None:
    page = client.get(at_check(client))
    first, second = send_form(client, page), send_form(client, page)
    assert first.location == second.location
    assert client.get(first.location).get_data() == client.get(second.location).get_data()
    assert petitions(session) == 1
    assert session.scalar(select(func.count()).select_from(Event)) == 1


def test_the_back_button_after_sending_leads_to_the_receipt(client: FlaskClient, session: Session) -> None:
    check = at_check(client)
    receipt = submit_form(client, check).location
    for step in ("matter", "text", "you", "check"):
        back = client.get(check.replace("/check", f"/{step}"))
        assert (back.status_code, back.location) == (303, receipt)
    assert petitions(session) == 1


def test_a_line_that_broke_while_sending_still_gives_the_receipt(
    app: Flask, client: FlaskClient, clock: Clock, session: Session
) -> None:
    check = at_check(client)
    receipt = submit_form(client, check).location
    elsewhere = app.test_client()  # as if the answer, and with it the cookie, had never arrived
    page = look(elsewhere.get(check))
    assert "đã gửi" in page.text
    again = submit_form(elsewhere, check)
    assert again.location == receipt
    assert elsewhere.get(receipt).status_code == 200
    clock.now += timedelta(days=1, minutes=1)
    later = app.test_client()
    assert not [form for form in look(later.get(check)).forms if form.method == "post"]
    assert petitions(session) == 1


def test_a_draft_is_sealed_and_is_erased_once_sent(
    client: FlaskClient, session: Session, vault: Vault
) -> None:
    check = at_check(client, email="nguoi.gui@example.org")
    draft = session.scalars(select(Draft)).one()
    assert "sáng chế".encode() not in draft.sealed
    assert b"example.org" not in draft.sealed
    assert check.split("/")[-2] not in draft.token_hash
    submit_form(client, check)
    session.expire_all()
    assert vault.open(session.scalars(select(Draft)).one().sealed) == {}


def test_a_draft_can_be_taken_up_in_another_browser_for_seven_days(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    address = begin(client)
    submit_form(client, address, text=TEXT)
    clock.now += timedelta(days=7)
    other = app.test_client()
    assert other.get(address.removesuffix("/text"), follow_redirects=True).status_code == 200
    assert dict(look(other.get(address)).form_with("text").fields)["text"].replace("\r", "") == SEEN
    clock.now += timedelta(minutes=1)
    for step in ("matter", "text", "you", "check"):
        gone = other.get(address.replace("/text", f"/{step}"))
        assert gone.status_code == 404
        assert "7 ngày" in look(gone).text


def test_what_is_typed_into_a_draft_that_is_gone_is_kept_in_a_new_one(
    client: FlaskClient, clock: Clock
) -> None:
    page = client.get(begin(client))
    clock.now += timedelta(days=8)
    client.get("/")
    fresh = look(client.get("/petitions/new")).form_with("kind")
    sent = send_form(client, page, text=TEXT, csrf_token=dict(fresh.fields)["csrf_token"])
    assert sent.status_code == 303
    kept = client.get(sent.location.replace("/matter", "/text"))
    assert dict(look(kept).form_with("text").fields)["text"].replace("\r", "") == SEEN


def test_a_draft_with_gaps_is_not_sent_and_says_where_they_are(client: FlaskClient, session: Session) -> None:
    check = begin(client).replace("/text", "/check")
    for shown in (client.get(check), submit_form(client, check)):
        page = look(shown)
        assert "Còn chỗ cần sửa" in page.text
        assert check.replace("/check", "/text") in page.links
    assert petitions(session) == 0


def test_two_tabs_do_not_overwrite_each_other(client: FlaskClient) -> None:
    text_address = begin(client)
    text_tab = client.get(text_address)
    you_address = text_address.replace("/text", "/you")
    submit_form(client, you_address, name="Người gửi (mẫu)")
    send_form(client, text_tab, text=TEXT)
    assert dict(look(client.get(you_address)).form_with("name").fields)["name"] == "Người gửi (mẫu)"


def test_a_form_that_has_expired_shows_what_was_typed_and_one_press_sends_it(client: FlaskClient) -> None:
    page = client.get(begin(client))
    with client.session_transaction() as kept:
        kept.pop("csrf_token", None)
    expired = send_form(client, page, text=TEXT)
    assert expired.status_code == 400
    shown = look(expired)
    assert "Đề nghị sửa sớm." in shown.text
    assert send_form(client, expired).status_code == 303


def test_a_step_without_a_token_writes_nothing(client: FlaskClient, session: Session) -> None:
    sent = client.post("/petitions/new", data={"kind": "feedback", "submitter_kind": "citizen"})
    assert sent.status_code == 400
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_reading_writes_nothing(client: FlaskClient, session: Session) -> None:
    address = begin(client)
    before = session.scalars(select(Draft)).one().sealed
    for step in ("matter", "text", "you", "check"):
        look(client.get(address.replace("/text", f"/{step}")))
    session.expire_all()
    assert session.scalars(select(Draft)).one().sealed == before


def test_a_language_chosen_is_kept_with_the_petition(client: FlaskClient, session: Session) -> None:
    switched = client.get("/language/en?next=/petitions/new")
    assert switched.location.endswith("/petitions/new")
    assert look(client.get("/petitions/new")).language == "en"
    sent_petition(client)
    assert session.scalars(select(Petition)).one().language == "en"
