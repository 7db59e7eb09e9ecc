"""The main job as people do it: from a phone without JavaScript to the month's figures."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.browsing import DESKTOP, PHONE, Profiles, path_of
from tests.journeys.house import House
from tests.journeys.walks import (
    TEXT,
    Codes,
    choose_matter,
    codes,
    follow,
    heading,
    log_in,
    open_action,
    press,
    track,
    write,
)

EMAIL = "nguoi.gui@example.org"
MINISTRY = "Bộ Khoa học và Công nghệ"
ANSWER = (
    "Hội đồng thẩm định họp ngày **12/11**; vụ chuyên môn đang giữ hồ sơ và sẽ báo kết quả trước ngày 20/11."
)


def test_a_petition_goes_from_a_phone_to_the_figures_of_the_month(
    own_house: House, profiles_of: Callable[[House], Profiles]
) -> None:
    people = profiles_of(own_house)
    phone = people(PHONE, javascript=False)
    receipt = send_with_mistakes_on_the_way(phone)
    assert receipt.secret in own_house.mail("Đã nhận hồ sơ", EMAIL)

    desk = people(DESKTOP)
    log_in(desk, own_house, "desk")
    assign_to_the_suggested(desk, receipt.code)

    officer = people(DESKTOP)
    log_in(officer, own_house, "officer.bkhcn")
    acknowledge_and_ask(officer, receipt.code)

    another_phone = people(PHONE, javascript=False)
    reply(another_phone, receipt)

    draft_answer(officer, receipt.code, "Hội đồng thẩm định họp ngày 12/11, xin chờ thêm ít ngày.")
    approver = people(DESKTOP)
    log_in(approver, own_house, "approver.bkhcn")
    return_once(approver, receipt.code)
    expect_note(officer, receipt.code)
    draft_answer(officer, receipt.code, ANSWER)
    approve_and_publish(approver, receipt.code)

    read_and_rate(another_phone, own_house, receipt)

    own_house.move_clock_to(own_house.now + timedelta(days=30))
    supervisor = people(DESKTOP)
    log_in(supervisor, own_house, "supervisor")
    see_in_the_figures(supervisor)


def send_with_mistakes_on_the_way(page: Page) -> Codes:
    page.goto("/")
    follow(page, "Gửi mới")
    press(page, "Lưu và tiếp tục")
    expect(page.get_by_role("alert")).to_contain_text("Bạn muốn gửi gì?")
    choose_matter(page, "Phản ánh")

    write(page, "Quá chậm")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nội dung còn ngắn quá")
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value("Quá chậm")
    expect(page).to_have_title(re.compile("^Lỗi: "))
    alert.get_by_role("link", name="Nội dung").click()
    expect(page.get_by_label("Nội dung", exact=True)).to_be_focused()
    page.get_by_label("Việc này ở tỉnh, thành phố nào?").select_option(label="Hà Nội")
    write(page)

    page.get_by_label("Họ và tên").fill("Người gửi (mẫu)")
    page.get_by_label("Báo tin cho tôi khi hồ sơ có tiến triển").check()
    press(page, "Lưu và tiếp tục")
    expect(page.get_by_role("alert")).to_contain_text("xin điền e-mail hoặc số điện thoại")
    expect(page.get_by_label("Họ và tên")).to_have_value("Người gửi (mẫu)")
    page.get_by_label("E-mail").fill(EMAIL)
    press(page, "Lưu và tiếp tục")

    heading(page, "Xem lại và gửi")
    expect(page.get_by_text("Hà Nội")).to_be_visible()
    page.get_by_role("link", name="Sửa loại").click()
    expect(page.get_by_label("Phản ánh", exact=True)).to_be_checked()
    page.get_by_label("Kiến nghị", exact=True).check()
    press(page, "Lưu và tiếp tục")
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value(TEXT)
    follow(page, "Quay lại bước trước")
    expect(page.get_by_label("Kiến nghị", exact=True)).to_be_checked()
    for _step in range(3):
        press(page, "Lưu và tiếp tục")
    heading(page, "Xem lại và gửi")
    expect(page.get_by_text("Kiến nghị", exact=True)).to_be_visible()
    press(page, "Gửi")
    return codes(page)


def assign_to_the_suggested(page: Page, code: str) -> None:
    expect(page).to_have_url(re.compile("/desk$"))
    waiting = page.locator(".queue__item").filter(has_text=code)
    suggested = waiting.get_by_role("button", name=f"Chuyển đến {MINISTRY}")
    for _ in range(30):
        if suggested.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    suggested.click()
    expect(page.get_by_role("status")).to_contain_text(f"Đã chuyển hồ sơ {code} đến {MINISTRY}.")
    expect(page.locator(".queue__item").filter(has_text=code)).to_have_count(0)


def acknowledge_and_ask(page: Page, code: str) -> None:
    expect(page).to_have_url(re.compile("/inbox$"))
    page.locator(".inbox__row").filter(has_text=code).get_by_role("link").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    acknowledging = page.locator("#act-acknowledge")
    acknowledging.get_by_label("Việc phải làm").fill("Kiểm tra tiến độ thẩm định")
    acknowledging.get_by_role("button", name="Thụ lý").click()
    expect(page.get_by_role("alert")).to_contain_text("Kết quả phải có")
    expect(acknowledging.get_by_label("Việc phải làm")).to_have_value("Kiểm tra tiến độ thẩm định")
    acknowledging.get_by_label("Kết quả phải có").fill("Văn bản trả lời")
    acknowledging.get_by_role("button", name="Thụ lý").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thụ lý")

    open_action(page, "Hỏi thêm người gửi")
    page.get_by_label("Điều cần hỏi người gửi").fill("Xin cho biết mã số đề tài.")
    press(page, "Gửi câu hỏi")
    expect(page.get_by_role("status")).to_contain_text("Thời hạn tạm dừng")


def reply(page: Page, receipt: Codes) -> None:
    track(page, "  " + receipt.code.lower().replace("-", " "), receipt.secret.lower().replace("-", " ") + " ")
    heading(page, receipt.code)
    expect(page.get_by_text("Xin cho biết mã số đề tài.")).to_be_visible()
    follow(page, "Trả lời câu hỏi của cơ quan")
    page.get_by_label("Thông tin bổ sung").fill("Mã số ĐTĐL.CN-12/26")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("Đã chuyển thông tin của bạn")


def draft_answer(page: Page, code: str, body: str) -> None:
    page.goto(f"/cases/{code}")
    open_action(page, "Soạn văn bản trả lời")
    page.get_by_role("textbox", name="Văn bản trả lời").fill(body)
    press(page, "Xem trước")
    expect(page.locator("#preview")).to_be_visible()
    expect(page.get_by_role("textbox", name="Văn bản trả lời")).to_have_value(body)
    press(page, "Lưu dự thảo")
    expect(page.get_by_role("status")).to_contain_text("Đã lưu dự thảo")
    open_action(page, "Trình lãnh đạo duyệt")
    # Each request that software found is met, or it is said why not.
    for point in page.get_by_label(re.compile("^Yêu cầu [0-9]+:")).all():
        point.select_option(label="Đã trả lời trong văn bản")
    press(page, "Trình duyệt")
    expect(page.get_by_role("status")).to_contain_text("Đã trình lãnh đạo duyệt")


def return_once(page: Page, code: str) -> None:
    page.locator(".inbox__row").filter(has_text=code).get_by_role("link").click()
    open_action(page, "Trả lại dự thảo")
    page.get_by_label("Cần sửa những gì").fill("Nêu rõ ai đang giữ hồ sơ và ngày có kết quả.")
    page.locator("#act-return_draft").get_by_role("button", name="Trả lại").click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại dự thảo")


def expect_note(page: Page, code: str) -> None:
    page.goto(f"/cases/{code}")
    expect(page.locator("#act-draft")).to_contain_text("Nêu rõ ai đang giữ hồ sơ và ngày có kết quả.")


def approve_and_publish(page: Page, code: str) -> None:
    page.goto(f"/cases/{code}")
    open_action(page, "Duyệt dự thảo")
    press(page, "Duyệt")
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt")
    press(page, "Gửi văn bản trả lời")
    expect(page.get_by_role("status")).to_contain_text("Đã gửi văn bản trả lời")
    expect(page.locator("main")).to_contain_text("Soạn văn bản đính chính")


def read_and_rate(page: Page, house: House, receipt: Codes) -> None:
    page.goto(f"/petitions/{receipt.code}")
    expect(page.get_by_role("heading", name="Văn bản trả lời")).to_be_visible()
    expect(page.locator(".answer__body strong")).to_have_text("12/11")
    expect(page.get_by_text("Nêu rõ ai đang giữ hồ sơ")).to_have_count(0)

    mail = house.mail("Đã có văn bản trả lời", EMAIL)
    (link,) = re.findall(r"Hài lòng: (\S+)", mail)
    page.goto(link)
    heading(page, "Bạn có hài lòng không?")
    expect(page.get_by_role("group", name="cách xử lý").get_by_label("Hài lòng", exact=True)).to_be_checked()
    page.get_by_label("Điều bạn muốn nói thêm").fill("Trả lời rõ ràng.")
    press(page, "Gửi đánh giá")
    heading(page, "Cảm ơn bạn")
    expect(page.locator("main")).to_contain_text("Hài lòng")


def see_in_the_figures(page: Page) -> None:
    assert path_of(page) == "/reports"
    heading(page, "Báo cáo tháng 11/2026")
    line = page.get_by_role("row").filter(has_text=MINISTRY)
    expect(line.get_by_role("cell")).to_contain_text(["1", "1", "1", "100,0%", "0", "100,0%", "4,00"])
    with page.expect_download() as download:
        follow(page, "CSV")
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    (ministry,) = [row for row in rows if row["code"] == "BKHCN"]
    assert (ministry["received"], ministry["surveys_answered"]) == ("1", "1")
