"""Only both codes open a petition, and nobody learns which codes exist."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browsing import PHONE, Profiles
from tests.journeys.walks import follow, send, track

UNKNOWN = "PAKN-20261102-000000-0"


def as_shown(page: Page) -> str:
    """The page without what differs in every one: the token against forgery and what was typed."""
    html = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page.content())
    return re.sub(r'value="[^"]*"', "", html)


def test_a_wrong_secret_and_an_unknown_code_give_the_same_page(profiles: Profiles) -> None:
    receipt = send(profiles(PHONE))
    stranger = profiles(PHONE)
    seen, statuses = [], []
    stranger.on(
        "response",
        lambda response: statuses.append(response.status) if response.request.method == "POST" else None,
    )
    for code, secret in (
        (receipt.code, "AAAA-BBBB-CCCC-DDDD"),
        (UNKNOWN, receipt.secret),
        ("PAKN", ""),
    ):
        track(stranger, code, secret)
        expect(stranger.get_by_role("alert")).to_contain_text("Chưa mở được hồ sơ")
        expect(stranger.get_by_label("Mã hồ sơ")).to_have_value(code)
        seen.append(as_shown(stranger))
    assert seen[0] == seen[1] == seen[2]
    assert statuses == [422, 422, 422]


def test_a_page_nobody_has_opened_here_looks_like_one_that_is_not_there(profiles: Profiles) -> None:
    receipt = send(profiles(PHONE))
    stranger = profiles(PHONE)
    for below in ("", "/receipt", "/information", "/withdraw"):
        answers = [stranger.goto(f"/petitions/{code}{below}") for code in (receipt.code, UNKNOWN)]
        pages = []
        for code, answer in zip((receipt.code, UNKNOWN), answers, strict=True):
            assert answer is not None
            stranger.goto(f"/petitions/{code}{below}")
            pages.append(as_shown(stranger).replace(code, "CODE"))
            expect(stranger.locator("main")).not_to_contain_text("thẩm định")
        assert pages[0] == pages[1]
        assert len({answer.status for answer in answers if answer}) == 1


def test_the_secret_is_told_once_more_only_on_the_receipt(profiles: Profiles) -> None:
    page = profiles(PHONE, javascript=False)
    receipt = send(page)
    page.goto(f"/petitions/{receipt.code}")
    assert receipt.secret not in page.content()
    another = profiles(PHONE, javascript=False)
    track(another, f" {receipt.code.lower()} ", receipt.secret.lower().replace("-", ""))
    expect(another.get_by_role("heading", level=1)).to_have_text(receipt.code)
    follow(another, "Xem, in biên nhận")
    expect(another.locator(".codes__value").nth(1)).to_have_text(receipt.secret)
