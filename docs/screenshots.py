"""Takes the README's screenshots: ``python -m docs.screenshots`` serves an instance of its own with demo data.

The demo's present is fixed, so that dates and petitions on the pictures stay the same as long as the pages do.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import func, select

from app.models import Event, Petition
from tests import servers
from tests.journeys.house import House, house, trained_model
from tests.journeys.walks import Codes, choose_matter, codes, heading, log_in, press, track, write
from workflows.calendar import local_date
from workflows.lifecycle import Status

IMAGES = Path(__file__).parent / "images"
# As wide as a phone and taller, so that a picture shows what one scrolls to.
PHONE = ViewportSize(width=390, height=1240)
DESKTOP = ViewportSize(width=1280, height=900)
TALL = ViewportSize(width=1280, height=1400)
PETITIONS = "400"
MOST_BYTES = 250_000
TEXT = (
    "Từ đầu tháng 10, cổng dịch vụ công báo lỗi mỗi khi hợp tác xã chúng tôi nộp hồ sơ đăng ký nhãn hiệu: tải tệp lên đến "
    "bước ba thì quay lại từ đầu. Chúng tôi đã thử ba máy khác nhau và gọi tổng đài hai lần.\n\n"
    "Đề nghị kiểm tra và cho biết có cách nộp nào khác trong lúc chờ sửa."
)


def main() -> None:
    """Serve, fill, and take every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pakn-screenshots-") as name:
        folder = Path(name)
        with house(folder, trained_model(folder)) as made, servers.chromium() as browser:
            made.app.test_cli_runner().invoke(
                args=["demo", "seed", "--petitions", PETITIONS], catch_exceptions=False
            )
            as_a_citizen(browser, made)
            as_staff(browser, made)


def as_a_citizen(browser: Browser, made: House) -> None:
    """Home, the form, the receipt and a petition's own page."""
    desktop = opened(browser, made, DESKTOP)
    desktop.goto("/")
    take(desktop, "home")

    phone = opened(browser, made, PHONE)
    choose_matter(phone, "Phản ánh", "Doanh nghiệp, hộ kinh doanh")
    phone.get_by_label("Nội dung", exact=True).fill(TEXT)
    take(phone, "form-text")
    write(phone, TEXT)
    heading(phone, "Về bạn")
    press(phone, "Lưu và tiếp tục")
    press(phone, "Gửi")
    codes(phone)
    take(phone, "receipt")

    told = eventful(made)
    track(phone, told.code, told.secret)
    take(phone, "own-page")


def as_staff(browser: Browser, made: House) -> None:
    """The desk, an agency's inbox, a case, and the figures of the month."""
    desk = opened(browser, made, DESKTOP)
    log_in(desk, made, "desk")
    take(desk, "desk")

    officer = opened(browser, made, DESKTOP)
    log_in(officer, made, "officer.bkhcn")
    take(officer, "inbox")
    on_time = (
        officer.locator(".inbox__row")
        .filter(has_text="Đang xử lý")
        .filter(has_not=officer.locator(".due--late"))
    )
    on_time.first.get_by_role("link").click()
    officer.set_viewport_size(TALL)
    take(officer, "case")

    supervisor = opened(browser, made, DESKTOP)
    log_in(supervisor, made, "supervisor")
    take(supervisor, "reports")


def eventful(made: House) -> Codes:
    """The demo petition under way, in time and not yet answered, with the most to tell."""
    with made.session() as session:
        petition = session.scalars(
            select(Petition)
            .join(Event, Event.petition_id == Petition.id)
            .where(
                Petition.status == Status.ACCEPTED,
                Petition.language == "vi",
                Petition.respond_by >= local_date(made.now),
                Petition.object_by.is_(None),
            )
            .group_by(Petition.id)
            .order_by(func.count().desc(), Petition.code)
        ).first()
        assert petition is not None
        return Codes(petition.code, made.vault.open_contact(petition.submitter.sealed).secret or "")


def opened(browser: Browser, made: House, viewport: ViewportSize) -> Page:
    """A page in a profile of its own."""
    return browser.new_context(
        base_url=made.url, viewport=viewport, locale="vi-VN", reduced_motion="reduce"
    ).new_page()


def take(page: Page, name: str) -> None:
    """Keep what the page shows, in place of the picture before only once it is complete."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    half = IMAGES / f".{name}.{os.getpid()}.png"
    page.screenshot(path=half, animations="disabled")
    size = half.stat().st_size
    if size > MOST_BYTES:
        half.unlink()
        raise SystemExit(f"{name}.png would have {size} bytes, more than {MOST_BYTES}")
    half.replace(IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
