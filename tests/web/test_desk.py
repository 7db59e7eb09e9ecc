"""The queue of the coordination desk."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.models import Assignment, Petition, RoutingLabel
from app.queries import desk
from app.services import routing, similarity
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from classifiers.asks import asks_in
from tests.factories import a_petition, a_staff, an_actor
from tests.instances import Clock
from tests.web.browsing import log_in, look, press, read
from workflows.lifecycle import Role, Status

Maker = Callable[..., Petition]


def said(**values: Any) -> Classification:
    """What a classifier might say that is not sure."""
    given: dict[str, Any] = {
        "kind": "feedback",
        "kinds": (Scored("feedback", 0.9),),
        "topics": (Scored("digital_infrastructure", 0.8),),
        "agencies": (Scored("BKHCN", 0.62), Scored("UBND-79", 0.21), Scored("UBNDT", 0.07)),
        "decision": "triage",
        "flags": (),
        "reasons": ("Sóng di động",),
        "model_version": "test-1",
    }
    return Classification(**{**given, **values})


@pytest.fixture
def waiting(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Maker:
    """Make a petition that waits at the desk with a suggestion, or without one."""

    def make(suggestion: Classification | None = None, days: int = 0, **values: Any) -> Petition:
        now = clock.now - timedelta(days=days)
        petition = a_petition(session, vault, now, chance, status=Status.RECEIVED, **values)
        routing.suggest(session, petition, suggestion or said(), now)
        session.commit()
        return petition

    return make


@pytest.fixture
def at_desk(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser in which the desk is logged in."""
    staff = a_staff(session, Role.DESK)
    session.commit()
    log_in(client, staff)
    return client


def test_an_empty_queue_says_so(at_desk: FlaskClient) -> None:
    page = look(at_desk.get("/desk"))
    assert "Không có hồ sơ nào chờ điều phối." in page.text


def test_a_line_shows_what_the_desk_needs_to_decide(at_desk: FlaskClient, waiting: Maker) -> None:
    petition = waiting(said(flags=("self_harm",)))
    text = " ".join(look(at_desk.get("/desk")).text.split())
    for part in (
        petition.code,
        "Sóng di động ở xã tôi rất yếu",
        "Phản ánh",
        "Người dân",
        "Hồ Chí Minh",
        "09:00 02/11/2026",
        "03/11/2026",
        "còn 1 ngày làm việc",
        "Chuyển đến Bộ Khoa học và Công nghệ",
        "có thể, 62%",
        "ít khả năng, 21%",
        "Người gửi có thể đang gặp nguy hiểm",
    ):
        assert part in text, part


def test_a_placeholder_is_named_but_cannot_be_pressed(at_desk: FlaskClient, waiting: Maker) -> None:
    waiting()
    html = at_desk.get("/desk").get_data(as_text=True)
    assert "chưa xác định địa phương" in html
    assert 'value="UBNDT"' not in html


def test_the_oldest_promise_stands_first_and_lateness_is_said_in_words(
    at_desk: FlaskClient, waiting: Maker
) -> None:
    young, old = waiting(), waiting(days=6)
    text = look(at_desk.get("/desk")).text
    assert text.index(old.code) < text.index(young.code)
    assert "quá hạn 3 ngày làm việc" in text


def test_the_unread_come_to_the_desk_after_ten_minutes(
    at_desk: FlaskClient, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.RECEIVED)
    session.commit()
    clock.now += timedelta(minutes=10)
    assert petition.code not in look(at_desk.get("/desk")).text
    clock.now += timedelta(seconds=1)
    text = look(at_desk.get("/desk")).text
    assert petition.code in text
    assert "Phần mềm chưa đọc được hồ sơ này" in text


def test_one_press_assigns_and_the_desk_goes_on(
    at_desk: FlaskClient, waiting: Maker, session: Session
) -> None:
    petition = waiting()
    sent = press(at_desk, "/desk", f"/cases/{petition.code}/assign", assign_agency="UBND-79")
    assert (sent.status_code, sent.location) == (303, "/desk")
    session.refresh(petition)
    assert (petition.status, petition.lead_agency_code) == (Status.ASSIGNED, "UBND-79")
    assert session.scalar(select(RoutingLabel.source)) == "overrule"
    text = look(at_desk.get("/desk")).text
    assert f"Đã chuyển hồ sơ {petition.code} đến Ủy ban nhân dân Thành phố Hồ Chí Minh." in text
    assert "Không có hồ sơ nào chờ điều phối." in text


def test_a_second_desk_that_assigns_the_same_is_told_what_happened(
    at_desk: FlaskClient, app: Flask, waiting: Maker, session: Session
) -> None:
    petition, other_desk, second = waiting(), a_staff(session, Role.DESK), app.test_client()
    session.commit()
    log_in(second, other_desk)
    seen = read(second.get("/desk"))
    form = next(form for form in seen.forms if form.action.endswith("/assign"))
    assert press(at_desk, "/desk", "/assign", assign_agency="BKHCN").status_code == 303
    late = second.post(form.action, data={**dict(form.fields), "assign_agency": "UBND-79"})
    assert late.status_code == 409
    text = " ".join(look(late).text.split())
    assert "Hồ sơ đã thay đổi trong lúc bạn xem" in text
    assert (
        "09:00 02/11/2026: Bộ phận điều phối chuyển đến cơ quan phụ trách (Bộ Khoa học và Công nghệ)" in text
    )
    session.refresh(petition)
    assert petition.lead_agency_code == "BKHCN"
    assert session.scalars(select(Assignment.agency_code)).all() == ["BKHCN"]


def test_what_came_back_says_why(
    at_desk: FlaskClient, waiting: Maker, session: Session, clock: Clock
) -> None:
    petition = waiting()
    officer, of_desk = an_actor(session, Role.OFFICER), an_actor(session, Role.DESK)
    for expected_binding in (False, True):
        routing.assign(session, petition, of_desk, "BKHCN", clock.now)
        routing.return_to_desk(session, petition, officer, "unclear", "Chưa rõ <thôn> nào", clock.now)
        session.commit()
        html = at_desk.get("/desk").get_data(as_text=True)
        assert "Nội dung chưa rõ để xác định thẩm quyền" in html
        assert "Chưa rõ &lt;thôn&gt; nào" in html
        assert ("Quyết định lần này là cuối cùng" in html) == expected_binding
    press(at_desk, "/desk", "/assign", assign_agency="BKHCN")
    assert session.scalars(select(Assignment.binding).where(Assignment.ended_at.is_(None))).all() == [True]


def test_pages_follow_each_other_without_gap_or_repeat(at_desk: FlaskClient, waiting: Maker) -> None:
    codes = {waiting(days=n % 4).code for n in range(2 * desk.PAGE_SIZE + 3)}
    seen: list[str] = []
    url: str | None = "/desk"
    while url:
        page = look(at_desk.get(url))
        seen += [
            link.removeprefix("/cases/")
            for link in page.links
            if link.startswith("/cases/") and "#" not in link
        ]
        url = next((link for link in page.links if "after=" in link), None)
    assert len(seen) == len(codes)
    assert set(seen) == codes


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "2026-11-02",
        "2026-11-02~",
        "2026-11-02~x",
        "~1",
        "2026-13-01~1",
        "2026-11-02~²",
        "2026-11-02~" + "9" * 30,
    ],
)
def test_a_cursor_that_makes_no_sense_gives_the_first_page(
    at_desk: FlaskClient, waiting: Maker, cursor: str
) -> None:
    petition = waiting()
    assert petition.code in look(at_desk.get("/desk", query_string={"after": cursor})).text


def test_the_number_of_queries_does_not_grow(
    at_desk: FlaskClient, waiting: Maker, count_queries: Callable[[str], int]
) -> None:
    waiting()
    few = count_queries("/desk")
    for _ in range(12):
        waiting()
    assert count_queries("/desk") == few


@pytest.fixture
def count_queries(at_desk: FlaskClient, session: Session) -> Callable[[str], int]:
    """How many statements a page takes."""

    def count(url: str) -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        assert at_desk.get(url).status_code == 200
        event.remove(connection, "before_cursor_execute", note)
        return len([each for each in statements if each.startswith("SELECT")])

    return count


def test_the_supervisor_sees_the_queue_and_decides_nothing(
    client: FlaskClient, session: Session, waiting: Maker
) -> None:
    petition, staff = waiting(), a_staff(session, Role.SUPERVISOR)
    session.commit()
    log_in(client, staff)
    page = look(client.get("/desk"))
    assert petition.code in page.text
    assert not [form for form in page.forms if form.action.endswith("/assign")]
    back = press(client, "/desk", "/logout")
    assert back.status_code == 303


def test_the_select_can_be_narrowed_without_javascript(at_desk: FlaskClient, waiting: Maker) -> None:
    petition = waiting()
    page = at_desk.get(f"/cases/{petition.code}?agency=bo+khoa+hoc").get_data(as_text=True)
    assert '<option value="BKHCN">' in page
    assert '<option value="BCA">' not in page
    assert "còn 1 cơ quan khớp" in page
    none = at_desk.get(f"/cases/{petition.code}?agency=zzz").get_data(as_text=True)
    assert "Không có cơ quan nào khớp" in none


def test_former_names_are_found(session: Session, clock: Clock) -> None:
    found = desk.assignable(session, clock.now.date(), "Thông tin và Truyền thông")
    assert [each.code for agencies in found.values() for each in agencies] == ["BKHCN"]
    everyone = [each for agencies in desk.assignable(session, clock.now.date()).values() for each in agencies]
    assert len(everyone) > 100
    assert not [each for each in everyone if each.placeholder]


def test_a_line_shows_the_asks_and_what_is_similar(
    at_desk: FlaskClient, waiting: Maker, session: Session
) -> None:
    text = "Trạm phát sóng hỏng từ đầu tháng. Đề nghị (1) sửa trạm trước mùa mưa; (2) cho biết ngày xong."
    first = waiting(said(asks=asks_in(text)), days=1, text=text)
    copy = waiting(said(asks=asks_in(text)), text=f"{text} Xin cảm ơn.")
    for petition in (first, copy):
        similarity.compare(session, petition)
    session.commit()
    page = look(at_desk.get("/desk"))
    shown = " ".join(page.text.split())
    assert "Người gửi nêu 2 yêu cầu:" in shown
    assert "sửa trạm trước mùa mưa" in shown
    assert "Hồ sơ tương tự" in shown
    assert f"/cases/{first.code}" in page.links
    case = look(at_desk.get(f"/cases/{copy.code}"))
    assert "Cần trả lời từng điểm" in case.text
    assert f"/cases/{first.code}" in case.links


def test_an_agency_sees_no_similar_petition_of_another(
    client: FlaskClient, waiting: Maker, session: Session, clock: Clock
) -> None:
    petitions = [waiting() for _ in range(2)]
    desk = an_actor(session, Role.DESK)
    for petition, agency in zip(petitions, ("BKHCN", "BCA"), strict=True):
        similarity.compare(session, petition)
        routing.assign(session, petition, desk, agency, clock.now)
    officer = a_staff(session, Role.OFFICER, "BKHCN")
    session.commit()
    log_in(client, officer)
    page = look(client.get(f"/cases/{petitions[0].code}"))
    assert petitions[1].code not in page.text
