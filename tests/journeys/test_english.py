"""A scientist who reads no Vietnamese sends a petition, is written to in English, and finds it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import DESKTOP, PHONE, Profiles
from tests.journeys.house import House
from tests.journeys.walks import codes, follow, heading, press

EMAIL = "scientist@example.org"
TEXT = (
    "Our laboratory waited eleven months for a permit to import a reagent that the guidelines say takes ten days. "
    "Please tell us which office decides, and whether the application can be followed online."
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_everything_is_there_in_english(profiles: Profiles, shared_house: House, javascript: bool) -> None:
    page = profiles(PHONE, javascript=javascript)
    page.goto("/track")
    follow(page, "English")
    heading(page, "Track a petition")
    page.goto("/petitions/new")
    page.get_by_label("Feedback", exact=True).check()
    page.get_by_label("Scientist", exact=True).check()
    press(page, "Save and continue")
    page.get_by_label("Text", exact=True).fill("Too short")
    press(page, "Save and continue")
    expect(page.get_by_role("alert")).to_contain_text("This is too short")
    page.get_by_label("Text", exact=True).fill(TEXT)
    press(page, "Save and continue")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Tell me when there is news of my petition").check()
    press(page, "Save and continue")
    heading(page, "Check and send")
    press(page, "Send")
    receipt = codes(page, "We have your petition")
    expect(page.locator(".receipt__text")).to_have_text(TEXT)

    mail = shared_house.mail(f"[{receipt.code}] We have received your petition", EMAIL)
    assert receipt.secret in mail

    other = profiles(DESKTOP, javascript=javascript)
    other.goto("/track")
    follow(other, "English")
    other.get_by_label("Petition code").fill(receipt.code)
    other.get_by_label("Secret code").fill(receipt.secret)
    press(other, "Open the petition")
    heading(other, receipt.code)
    expect(other.get_by_role("heading", name="Timeline")).to_be_visible()
    follow(other, "Tiếng Việt")
    expect(other.get_by_role("heading", name="Diễn biến")).to_be_visible()
