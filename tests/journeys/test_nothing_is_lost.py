"""Double presses, back buttons, two tabs, lost cookies: one petition each, and every word kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.models import Petition
from tests.factories import a_petition
from tests.journeys.browsing import DESKTOP, PHONE, Profiles, path_of
from tests.journeys.house import House, the_same_chance
from tests.journeys.walks import (
    TEXT,
    choose_matter,
    codes,
    go_to_check,
    heading,
    log_in,
    open_action,
    press,
    send,
    track,
    write,
)
from workflows.lifecycle import Status

both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])


def sent(house: House, text: str) -> int:
    """How many petitions have that text."""
    with house.session() as session:
        return session.scalar(select(func.count()).where(Petition.text == text)) or 0


@both_ways
def test_pressing_send_twice_sends_once(profiles: Profiles, shared_house: House, javascript: bool) -> None:
    text = f"{TEXT} Bấm hai lần, {javascript}."
    page = profiles(PHONE, javascript=javascript)
    go_to_check(page, text)
    page.get_by_role("button", name="Gửi", exact=True).dblclick()
    first = codes(page)

    page.reload()
    assert codes(page) == first
    page.go_back()
    if page.get_by_role("button", name="Gửi", exact=True).count():
        press(page, "Gửi")
    assert codes(page) == first
    assert sent(shared_house, text) == 1


@both_ways
def test_the_address_of_a_sent_draft_leads_to_its_receipt(profiles: Profiles, javascript: bool) -> None:
    page = profiles(PHONE, javascript=javascript)
    go_to_check(page, f"{TEXT} Đường truyền đứt, {javascript}.")
    draft = page.url
    press(page, "Gửi")
    first = codes(page)
    page.goto(draft)
    assert codes(page) == first

    page.context.clear_cookies()
    page.goto(draft)
    expect(page.locator(".codes__value")).to_have_count(0)
    page.locator("main form button[type=submit]").click()
    assert codes(page) == first


def test_two_tabs_do_not_mix(profiles: Profiles, shared_house: House) -> None:
    one = profiles(DESKTOP, javascript=False)
    other = one.context.new_page()
    texts = [f"{TEXT} Thẻ thứ nhất.", f"{TEXT} Thẻ thứ hai."]
    choose_matter(one, "Phản ánh")
    choose_matter(other, "Sáng kiến", "Nhà khoa học")
    for page, text in zip((one, other), texts, strict=True):
        write(page, text)
    for page in (other, one):
        press(page, "Lưu và tiếp tục")
    expect(one.locator("main")).to_contain_text(texts[0])
    expect(other.locator("main")).to_contain_text(texts[1])
    expect(other.locator("main")).to_contain_text("Nhà khoa học")
    for page in (one, other):
        press(page, "Gửi")
    assert codes(one) != codes(other)
    expect(one.locator(".receipt__text")).to_have_text(texts[0])
    expect(other.locator(".receipt__text")).to_have_text(texts[1])
    assert [sent(shared_house, text) for text in texts] == [1, 1]


def lose_cookies(page: Page) -> None:
    page.context.clear_cookies()


def spoil_token(page: Page) -> None:
    page.locator("main form input[name=csrf_token]").first.evaluate("field => { field.value = 'expired' }")


@pytest.mark.parametrize("spoil", [lose_cookies, spoil_token], ids=["cookie lost", "token expired"])
def test_one_more_press_goes_on(profiles: Profiles, spoil: Callable[[Page], None]) -> None:
    text = f"{TEXT} Mất phiên."
    page = profiles(PHONE, javascript=False)
    choose_matter(page)
    page.get_by_label("Nội dung", exact=True).fill(text)
    spoil(page)
    press(page, "Lưu và tiếp tục")
    heading(page, "Trang đã mở quá lâu, xin bấm gửi lại")
    expect(page.get_by_text(text)).to_be_visible()
    press(page, "Gửi lại")
    heading(page, "Về bạn")
    press(page, "Lưu và tiếp tục")
    spoil(page)
    press(page, "Gửi")
    heading(page, "Trang đã mở quá lâu, xin bấm gửi lại")
    press(page, "Gửi lại")
    codes(page)
    expect(page.locator(".receipt__text")).to_have_text(text)


def test_what_was_added_to_a_petition_survives_a_lost_cookie(profiles: Profiles) -> None:
    page = profiles(PHONE, javascript=False)
    receipt = send(page, f"{TEXT} Sẽ bổ sung.")
    page.goto(f"/petitions/{receipt.code}/information")
    page.get_by_label("Thông tin bổ sung").fill("Xin bổ sung số hồ sơ 123.")
    lose_cookies(page)
    page.locator("main form button[type=submit]").click()
    press(page, "Gửi lại")
    expect(page.locator("main")).to_contain_text("Nội dung bạn vừa viết chưa gửi được")
    expect(page.get_by_text("Xin bổ sung số hồ sơ 123.")).to_be_visible()
    track(page, receipt.code, receipt.secret)
    heading(page, receipt.code)


def test_an_answer_half_written_survives_the_end_of_the_session(
    profiles: Profiles, shared_house: House
) -> None:
    with shared_house.session() as session:
        code = a_petition(
            session, shared_house.vault, shared_house.now, the_same_chance(), status=Status.ACCEPTED
        ).code
    page = profiles(DESKTOP, javascript=False)
    log_in(page, shared_house, "officer.bkhcn")
    page.goto(f"/cases/{code}")
    open_action(page, "Soạn văn bản trả lời")
    body = "Vụ chuyên môn đã kiểm tra. " * 40
    page.get_by_role("textbox", name="Văn bản trả lời").fill(body)
    lose_cookies(page)
    press(page, "Lưu dự thảo")
    other = page.context.new_page()
    log_in(other, shared_house, "officer.bkhcn")
    for _press in range(3):
        if page.get_by_role("button", name="Gửi lại").count():
            expect(page.get_by_text(body.strip())).to_be_visible()
            press(page, "Gửi lại")
    assert path_of(page) == f"/cases/{code}"
    expect(page.get_by_role("status")).to_contain_text("Đã lưu dự thảo")
    open_action(page, "Soạn văn bản trả lời")
    expect(page.get_by_role("textbox", name="Văn bản trả lời")).to_have_value(body.strip())
