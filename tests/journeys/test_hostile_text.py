"""Whatever somebody types is text: shown as typed, never run, never cut without a word."""

from __future__ import annotations

import re
import unicodedata

import pytest
from playwright.sync_api import Page, expect

from app.services import answering
from app.services.actors import Actor
from tests.factories import a_petition, some_staff
from tests.journeys.browsing import DESKTOP, PHONE, Profiles, sideways
from tests.journeys.house import House, the_same_chance
from tests.journeys.walks import choose_matter, codes, log_in, press, send, track, write
from workflows.lifecycle import Role, Status

HOSTILE = {
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)><b>đậm</b> {{ 7*7 }} {% raw %} &lt;b&gt;",
    "formula": '=HYPERLINK("http://example.org";"bấm")\n+1+1\n-2\n@SUM(A1:A9)\n\' OR 1=1; DROP TABLE petitions; --',
    "one long word": "http://example.org/" + "dài" * 400,
    "marks and directions": "Đảo chiều: \u202egnouht\u202c, không rộng: a\u200bb, chồng dấu: a"
    + "\u0301" * 5,
}


def no_dialogs(page: Page) -> Page:
    """The page, which fails the test if a script opens a dialog."""
    page.context.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    return page


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_as_it_was_typed(profiles: Profiles, shared_house: House, typed: str) -> None:
    page = no_dialogs(profiles(PHONE))
    receipt = send(page, typed)
    shown = unicodedata.normalize("NFC", typed)
    for path, place in (
        (f"/petitions/{receipt.code}/receipt", ".receipt__text"),
        (f"/petitions/{receipt.code}", ".own-text"),
    ):
        page.goto(path)
        assert page.locator(place).text_content() == shown
        assert sideways(page) == 0

    desk = no_dialogs(profiles(DESKTOP))
    log_in(desk, shared_house, "desk")
    for _ in range(30):
        if desk.locator(".queue__item").filter(has_text=receipt.code).count():
            break
        desk.wait_for_timeout(300)
        desk.reload()
    assert sideways(desk) == 0
    desk.goto(f"/cases/{receipt.code}")
    assert desk.locator(".case-text").text_content() == shown
    assert sideways(desk) == 0


def test_decomposed_letters_and_nul_become_plain_ones(profiles: Profiles) -> None:
    page = profiles(PHONE, javascript=False)
    plain = "Đường truyền ở xã tôi chập chờn suốt mùa mưa, xin xem xét."
    choose_matter(page)
    write(page, unicodedata.normalize("NFD", plain).replace("xã", "x\x00ã") + "\x00\x07")
    press(page, "Lưu và tiếp tục")
    press(page, "Gửi")
    codes(page)
    assert page.locator(".receipt__text").text_content() == plain


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_megabyte_comes_back_with_a_clear_word(profiles: Profiles, javascript: bool) -> None:
    page = profiles(PHONE, javascript=javascript)
    choose_matter(page)
    typed = "Rất dài. " * 120_000
    write(page, typed)
    expect(page.get_by_role("alert")).to_contain_text("Nội dung dài quá mức cho phép")
    assert page.get_by_label("Nội dung", exact=True).input_value().strip() == typed.strip()
    write(page)
    expect(page).to_have_url(re.compile("/you$"))


def test_hostile_names_and_codes_are_refused_kindly(profiles: Profiles) -> None:
    page = no_dialogs(profiles(PHONE))
    track(page, "<script>alert(1)</script>", "'; DROP TABLE petitions; --" * 200)
    expect(page.get_by_role("alert")).to_contain_text("Chưa mở được hồ sơ")
    for path in (
        "/petitions/%3Cscript%3Ealert(1)%3C/script%3E",
        "/petitions/%00",
        "/petitions/new/%2e%2e",
        "/surveys/x",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_answer_may_not_carry_script(profiles: Profiles, shared_house: House) -> None:
    body = (
        "Kính gửi bạn, [bấm đây](javascript:alert(1)) hoặc [trang này](https://example.org).\n\n"
        '<script>alert(1)</script> <a href="#" onclick="alert(1)">x</a> <img src=x onerror=alert(1)>\n\n**Trân trọng**'
    )
    with shared_house.session() as session:
        now = shared_house.now
        petition = a_petition(session, shared_house.vault, now, the_same_chance(), status=Status.ACCEPTED)
        officer = Actor.of(some_staff(session, Role.OFFICER, "BKHCN"))
        approver = Actor.of(some_staff(session, Role.APPROVER, "BKHCN"))
        answering.draft(session, petition, officer, body, now)
        answering.submit_draft(session, petition, officer, now)
        answering.approve(session, petition, approver, now)
        answering.publish(session, shared_house.vault, petition, approver, now)
        code = petition.code
        secret = shared_house.vault.open_contact(petition.submitter.sealed).secret or ""
    page = no_dialogs(profiles(PHONE))
    track(page, code, secret)
    answer = page.locator(".answer__body")
    expect(answer.locator("strong")).to_have_text("Trân trọng")
    links = answer.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "https://example.org" in links
    assert set(links) <= {None, "#", "https://example.org"}
    assert answer.locator("script, img, [onclick], [onerror]").count() == 0
    expect(answer).to_contain_text("<script>alert(1)</script>")
