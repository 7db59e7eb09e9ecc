"""The pages of signs: for the supervisor alone, honest about small numbers, with examples, period and file."""

import csv
import io
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.services.personal_data import Vault
from tests.instances import Clock
from tests.services.lives import Lives, on
from tests.web.browsing import look
from workflows.lifecycle import STAFF_ROLES, Role
from workflows.signals import DEFINITIONS

Enter = Callable[..., FlaskClient]
PAGES = ("/reports/signals", "/reports/signals.csv", "/reports/signals/asked_late/BCA")
HABIT = DEFINITIONS.named("asked_late")


@pytest.fixture
def habit(session: Session, vault: Vault, chance: random.Random) -> list[str]:
    """Twenty-one petitions of BCA whose senders were asked on the day before the due date; codes in that order.

    Two other agencies ask early; a third has a single case.
    """
    lives, codes = Lives(session, vault, chance), []
    for number in range(21):
        petition = lives.held("BCA", on(9, 3), on(9, 4))
        lives.asked(petition, on(9, 23) + timedelta(minutes=number))
        codes.append(petition.code)
        lives.asked(lives.held("BKHCN" if number % 2 else "UBND-79", on(9, 3), on(9, 4)), on(9, 7))
    lives.asked(lives.held("BTC", on(9, 3), on(9, 4)), on(9, 23))
    session.commit()
    return codes


def words(response: TestResponse) -> str:
    """The text of a page on one line."""
    return " ".join(look(response).text.split())


@pytest.mark.usefixtures("habit")
@pytest.mark.parametrize("page", PAGES)
def test_only_the_supervisor_may_look(client: FlaskClient, enter: Enter, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/login?next=")
    for role in STAFF_ROLES:
        assert enter(role).get(page).status_code == (200 if role is Role.SUPERVISOR else 403), role


def test_the_reports_lead_there_for_the_supervisor(enter: Enter) -> None:
    assert "/reports/signals" in look(enter(Role.SUPERVISOR).get("/reports")).links
    assert "/reports/signals" not in look(enter(Role.DESK).get("/reports")).links


@pytest.mark.usefixtures("habit")
def test_the_page_names_the_habit_and_explains_it(enter: Enter) -> None:
    response = enter(Role.SUPERVISOR).get("/reports/signals")
    assert response.status_code == 200
    text, page = words(response), look(response)
    assert HABIT is not None
    for part in (
        "Hỏi người gửi khi sắp hết hạn: Bộ Công an, 21 trong 21",
        HABIT.what_vi,
        HABIT.why_vi,
        HABIT.innocent_vi,
        "Dấu hiệu không phải là kết luận",
        "mới có 1, chưa đủ để so sánh",
        "Đã xem 43 hồ sơ.",
    ):
        assert part in text, part
    assert "Có số liệu mẫu" not in text
    example = "/reports/signals/asked_late/BCA?from=2026-08-04&to=2026-11-01"
    assert example in page.links
    assert "/reports/signals.csv?from=2026-08-04&to=2026-11-01" in page.links
    late = text.index("Hỏi người gửi khi sắp hết hạn", text.index("Đã xem 43 hồ sơ."))
    assert text.index("Bộ Công an", late) < text.index("Bộ Khoa học và Công nghệ", late)


def test_examples_are_the_latest_twenty_and_lead_to_the_cases(enter: Enter, habit: list[str]) -> None:
    response = enter(Role.SUPERVISOR).get("/reports/signals/asked_late/BCA")
    assert response.status_code == 200
    cases = [link for link in look(response).links if link.startswith("/cases/")]
    assert cases == [f"/cases/{code}" for code in habit[:0:-1]]
    assert "Trang chỉ ghi 20 hồ sơ mới nhất." in words(response)
    none = enter(Role.SUPERVISOR).get("/reports/signals/asked_late/BKHCN")
    assert "Trong kỳ này không có hồ sơ nào có dấu hiệu này." in words(none)


@pytest.mark.parametrize("path", ["asked_late/NOBODY", "no_such_sign/BCA", "asked_late/BCA?from=x"])
def test_what_does_not_exist_is_not_found(enter: Enter, path: str) -> None:
    assert enter(Role.SUPERVISOR).get(f"/reports/signals/{path}").status_code == 404


@pytest.mark.usefixtures("habit")
def test_the_period_can_be_chosen(enter: Enter) -> None:
    browser = enter(Role.SUPERVISOR)
    early = browser.get("/reports/signals?from=2026-09-01&to=2026-09-09")
    assert "Không có cơ quan nào khác hẳn các cơ quan khác." in words(early)
    assert not [link for link in look(early).links if link.startswith("/reports/signals/asked_late/")]
    day = browser.get("/reports/signals?from=2026-09-23&to=2026-09-23")
    assert "/reports/signals/asked_late/BCA?from=2026-09-23&to=2026-09-23" in look(day).links


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-13-01", "Ngày viết chưa đúng mẫu"),
        ("from=%3Cscript%3E", "Ngày viết chưa đúng mẫu"),
        ("from=2026-10-02&to=2026-10-01", "Ngày đầu phải trước"),
        ("to=2026-11-02", "muộn nhất là hôm qua"),
        ("from=2024-01-01&to=2026-10-01", "nhiều nhất một năm"),
    ],
)
def test_a_period_that_will_not_do_is_explained(enter: Enter, query: str, said: str) -> None:
    browser = enter(Role.SUPERVISOR)
    response = browser.get(f"/reports/signals?{query}")
    assert response.status_code == 422
    assert said in words(response)
    assert "<script>" not in response.get_data(as_text=True).replace("<script src", "")
    assert browser.get(f"/reports/signals.csv?{query}").status_code == 404


def test_an_empty_period_says_so(enter: Enter) -> None:
    response = enter(Role.SUPERVISOR).get("/reports/signals")
    assert response.status_code == 200
    assert "Trong kỳ này chưa có việc nào để so sánh." in words(response)


@pytest.mark.usefixtures("habit")
def test_the_file_says_what_the_page_says(enter: Enter) -> None:
    response = enter(Role.SUPERVISOR).get("/reports/signals.csv")
    name = "signals-2026-08-04-2026-11-01.csv"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    (row,) = [row for row in rows if (row["signal"], row["code"]) == ("asked_late", "BCA")]
    assert (row["count"], row["base"], row["share"], row["worth_a_look"]) == ("21", "21", "1.0000", "yes")
    # Of the 22 questions of all others, that of BTC came late.
    assert row["others"] == f"{1 / 22:.4f}"
    assert (row["first_day"], row["last_day"]) == ("2026-08-04", "2026-11-01")
    assert row["name_vi"] == "Bộ Công an"


@pytest.mark.usefixtures("habit")
def test_it_speaks_english_too(enter: Enter) -> None:
    browser = enter(Role.SUPERVISOR)
    text = words(browser.get("/reports/signals?lang=en"))
    assert "Asking the submitter close to the due date: Ministry of Public Security, 21 of 21" in text
    assert "A sign is not a finding" in text
    assert "It may also be" in words(browser.get("/reports/signals/asked_late/BCA?lang=en"))


@pytest.mark.usefixtures("habit")
def test_made_up_petitions_are_called_so(
    enter: Enter, session: Session, vault: Vault, chance: random.Random, clock: Clock
) -> None:
    lives = Lives(session, vault, chance)
    lives.triaged(lives.sent(clock.now - timedelta(days=5), channel="demo"), clock.now - timedelta(days=5))
    session.commit()
    text = words(enter(Role.SUPERVISOR).get("/reports/signals"))
    assert "Có số liệu mẫu" in text
    assert "1 trong 44 hồ sơ của kỳ này là hồ sơ mẫu" in text
