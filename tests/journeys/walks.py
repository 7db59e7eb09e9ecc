"""The ways people go through the pages, by the words they see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.house import House

TEXT = (
    "Nhóm chúng tôi xin kinh phí đề tài nghiên cứu cấp bộ đã tám tháng chưa có kết quả thẩm định, hồ sơ nộp trên cổng "
    "dịch vụ công cứ báo đang xử lý. Đề nghị cho biết ai đang giữ hồ sơ và bao giờ có quyết định."
)
CODE = re.compile(r"PAKN-\d{8}-\d{6}-\w")


@dataclass(frozen=True)
class Codes:
    """The two codes on a receipt."""

    code: str
    secret: str


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow the first link of that name."""
    page.get_by_role("link", name=name, exact=True).first.click()


def heading(page: Page, words: str) -> None:
    """Expect the page with that heading."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def choose_matter(page: Page, kind: str = "Kiến nghị", who: str = "Người dân") -> None:
    """The first step."""
    page.goto("/petitions/new")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label(who, exact=True).check()
    press(page, "Lưu và tiếp tục")
    heading(page, "Nội dung bạn muốn gửi")


def write(page: Page, text: str = TEXT) -> None:
    """The second step."""
    page.get_by_label("Nội dung", exact=True).fill(text)
    press(page, "Lưu và tiếp tục")


def go_to_check(page: Page, text: str = TEXT) -> None:
    """The first three steps, saying nothing about oneself."""
    choose_matter(page)
    write(page, text)
    heading(page, "Về bạn")
    press(page, "Lưu và tiếp tục")
    heading(page, "Xem lại và gửi")


def codes(page: Page, title: str = "Đã nhận hồ sơ của bạn") -> Codes:
    """What the receipt on the page says."""
    heading(page, title)
    shown = page.locator(".codes__value").all_inner_texts()
    assert CODE.fullmatch(shown[0]), shown
    return Codes(shown[0], shown[1])


def send(page: Page, text: str = TEXT) -> Codes:
    """The whole way to the receipt."""
    go_to_check(page, text)
    press(page, "Gửi")
    return codes(page)


def track(page: Page, code: str, secret: str) -> None:
    """Type two codes into the page for tracking."""
    page.goto("/track")
    page.get_by_label("Mã hồ sơ").fill(code)
    page.get_by_label("Mã bí mật").fill(secret)
    press(page, "Mở hồ sơ")


def log_in(page: Page, house: House, username: str) -> None:
    """Come to work."""
    page.goto("/login")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(house.passwords[username])
    press(page, "Đăng nhập")
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def open_action(page: Page, title: str) -> None:
    """Unfold an action of the case page, if it is folded."""
    action = page.locator("details.act").filter(
        has=page.locator("summary", has_text=re.compile(f"^{title}$"))
    )
    if action.get_attribute("open") is None:
        action.locator("summary").click()
