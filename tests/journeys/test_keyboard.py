"""The whole form with the keyboard alone, with and without JavaScript; focus is always seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import DESKTOP, Profiles
from tests.journeys.walks import TEXT, codes, heading

FAR = 60


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and expect the focus to be seen on the way."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            ring = target.evaluate("element => getComputedStyle(element).outlineStyle")
            assert ring != "none", f"the focus cannot be seen on {target}"
            return
    pytest.fail(f"Tab does not lead to {target}")


def press_enter_on(page: Page, name: str, role: str = "button") -> None:
    """Go to a button or link and press Enter."""
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]  # a role's name
    page.keyboard.press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_petition_is_sent_with_the_keyboard_alone(profiles: Profiles, javascript: bool) -> None:
    page = profiles(DESKTOP, javascript=javascript)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(page.url.split("#")[0] + "#main")
    tab_to(page, page.locator("main a").first)
    page.keyboard.press("Enter")
    heading(page, "Bạn gửi gì, với tư cách nào?")

    tab_to(page, page.get_by_label("Phản ánh", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Kiến nghị", exact=True)).to_be_checked()
    tab_to(page, page.get_by_label("Người dân", exact=True))
    page.keyboard.press("Space")
    press_enter_on(page, "Lưu và tiếp tục")

    heading(page, "Nội dung bạn muốn gửi")
    press_enter_on(page, "Lưu và tiếp tục")
    expect(page.get_by_role("alert")).to_contain_text("Bạn chưa điền mục này")
    if javascript:
        expect(page.get_by_role("alert")).to_be_focused()
    press_enter_on(page, "Nội dung", role="link")
    expect(page.get_by_label("Nội dung", exact=True)).to_be_focused()
    page.keyboard.insert_text(TEXT)
    tab_to(page, page.get_by_label("Việc này ở tỉnh, thành phố nào?"))
    page.keyboard.type("Hà N")
    press_enter_on(page, "Lưu và tiếp tục")

    heading(page, "Về bạn")
    tab_to(page, page.get_by_label("Chuyển thông tin liên hệ của tôi cho cơ quan xử lý"))
    page.keyboard.press("Space")
    press_enter_on(page, "Lưu và tiếp tục")
    heading(page, "Xem lại và gửi")
    expect(page.get_by_text("Hà Nội")).to_be_visible()
    press_enter_on(page, "Gửi")
    codes(page)
