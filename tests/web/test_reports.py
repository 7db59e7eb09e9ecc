"""The page of monthly figures: who sees whose, what it says without data, and the files."""

import hashlib
import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import ModelVersion
from app.services import routing, satisfaction
from app.services.exporting import export_satisfaction
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from tests import factories
from tests.instances import Clock
from tests.web.browsing import log_in, look, read
from workflows.calendar import VIETNAM
from workflows.lifecycle import Role, Status

SENT = datetime(2026, 10, 7, 9, tzinfo=VIETNAM)
FILES = (
    "satisfaction-2026-10.csv",
    "satisfaction-2026-10.xlsx",
    "satisfaction-2026-10.json",
    "manifest.json",
)
ALLOWED = (Role.SUPERVISOR, Role.DESK, Role.APPROVER, Role.AGENCY_ADMIN)

SAID = Classification(
    kind="feedback",
    kinds=(Scored("feedback", 0.9),),
    topics=(Scored("digital_infrastructure", 0.8),),
    agencies=(Scored("BKHCN", 0.62), Scored("BCA", 0.2)),
    decision="triage",
    flags=(),
    reasons=("sóng di động",),
    model_version="3-tested",
)

Enter = Callable[..., FlaskClient]


@pytest.fixture
def october(session: Session, vault: Vault, chance: random.Random) -> None:
    """Petitions of October: three with BKHCN, one of them answered and rated, one with BCA, one at the desk."""
    for agency, status in (
        ("BKHCN", Status.ACCEPTED),
        ("BKHCN", Status.ASSIGNED),
        ("BCA", Status.ASSIGNED),
        ("BCA", Status.TRIAGE),
    ):
        factories.a_petition(session, vault, SENT, chance, status=status, agency=agency)
    answered = factories.a_petition(session, vault, SENT, chance, status=Status.ANSWERED)
    survey = satisfaction.latest(session, answered)
    assert survey is not None
    satisfaction.rate(session, answered, survey, 5, None, None, SENT)
    session.commit()


@pytest.fixture
def enter(app: Flask, session: Session) -> Enter:
    """A browser in which somebody of that role (and agency) is logged in."""

    def go(role: Role, agency: str | None = None) -> FlaskClient:
        who = factories.a_staff(session, role, agency)
        session.commit()
        client = app.test_client()
        assert log_in(client, who).status_code == 303
        return client

    return go


def words(response: TestResponse) -> str:
    """The text of a page on one line."""
    return " ".join(look(response).text.split())


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DESK])
def test_supervisor_and_desk_see_all_of_the_last_month(enter: Enter, role: Role) -> None:
    response = enter(role).get("/reports")
    assert response.status_code == 200
    text = words(response)
    assert "Báo cáo tháng 10/2026" in text
    assert "Số liệu chốt lúc 00:00 01/11/2026" in text
    for name in ("Bộ Khoa học và Công nghệ", "Bộ Công an", "Bộ phận điều phối", "Toàn hệ thống"):
        assert name in text
    assert "tính cả hồ sơ chưa trả lời" in text
    assert "100,0%" in text
    assert "mới có 1, chưa đủ để so sánh" in text


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("role", [Role.APPROVER, Role.AGENCY_ADMIN])
def test_an_agency_sees_its_own_figures_and_the_total_and_no_others(enter: Enter, role: Role) -> None:
    response = enter(role, "BKHCN").get("/reports?month=2026-10")
    assert response.status_code == 200
    text = words(response)
    assert "Bộ Khoa học và Công nghệ" in text
    assert "Toàn hệ thống" in text
    assert "Bộ Công an" not in text
    assert "Bộ phận điều phối" not in text.replace("tính cho bộ phận điều phối", "")
    assert "satisfaction-2026-10" not in response.get_data(as_text=True)


@pytest.mark.usefixtures("october")
def test_an_agency_without_petitions_sees_noughts(enter: Enter) -> None:
    response = enter(Role.APPROVER, "UBND-79").get("/reports")
    assert response.status_code == 200
    assert "Ủy ban nhân dân Thành phố Hồ Chí Minh" in words(response)


@pytest.mark.usefixtures("october")
def test_a_stranger_logs_in_and_other_roles_stay_out(client: FlaskClient, enter: Enter) -> None:
    for path in ("/reports", "/reports?month=2026-10", f"/reports/2026-10/{FILES[0]}"):
        response = client.get(path)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/login?next=")
        for role in set(Role) - {*ALLOWED, Role.SUBMITTER, Role.SYSTEM}:
            assert enter(role).get(path).status_code == 403


@pytest.mark.usefixtures("october")
def test_the_files_are_those_of_the_command(
    enter: Enter, session: Session, clock: Clock, tmp_path: Path
) -> None:
    export_satisfaction(session, "2026-10", tmp_path, clock.now)
    for role in (Role.SUPERVISOR, Role.DESK):
        browser = enter(role)
        page = look(browser.get("/reports"))
        for name in FILES:
            assert f"/reports/2026-10/{name}" in page.links
            response = browser.get(f"/reports/2026-10/{name}")
            assert response.status_code == 200
            assert response.data == (tmp_path / name).read_bytes()
            assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
            assert response.headers["Cache-Control"] == "no-store"
    browser = enter(Role.SUPERVISOR)
    manifest = json.loads(browser.get("/reports/2026-10/manifest.json").data)
    sheet = browser.get(f"/reports/2026-10/{FILES[1]}")
    assert manifest["files"][2]["sha256"] == hashlib.sha256(sheet.data).hexdigest()


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("role", [Role.APPROVER, Role.AGENCY_ADMIN])
def test_an_agency_gets_no_files(enter: Enter, role: Role) -> None:
    browser = enter(role, "BKHCN")
    for name in FILES:
        assert browser.get(f"/reports/2026-10/{name}").status_code == 403


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-11", "Tháng này chưa kết thúc"),
        ("2026-08", "Tháng này không có hồ sơ nào"),
        ("2026-13", "Tháng viết chưa đúng mẫu"),
        ("<script>alert(1)</script>", "Tháng viết chưa đúng mẫu"),
        ("9" * 4000, "Tháng viết chưa đúng mẫu"),
    ],
)
def test_a_month_that_will_not_do_is_explained(enter: Enter, month: str, said: str) -> None:
    browser = enter(Role.SUPERVISOR)
    response = browser.get("/reports", query_string={"month": month})
    assert response.status_code == 422
    assert said in words(response)
    assert "<script>alert" not in response.get_data(as_text=True)


@pytest.mark.usefixtures("october")
def test_files_that_do_not_exist(enter: Enter) -> None:
    browser = enter(Role.SUPERVISOR)
    for name in ("satisfaction-2026-09.csv", "satisfaction-2026-10.pdf", "..%2f..%2fetc%2fpasswd", "csv"):
        assert browser.get(f"/reports/2026-10/{name}").status_code == 404
    response = browser.get("/reports/2026-11/satisfaction-2026-11.csv", follow_redirects=True)
    assert "Tháng này chưa kết thúc" in words(response)


def test_before_the_first_month_is_over_the_page_says_so(enter: Enter) -> None:
    response = enter(Role.SUPERVISOR).get("/reports")
    assert response.status_code == 200
    assert "Chưa có tháng nào kết thúc" in words(response)


@pytest.mark.usefixtures("october")
def test_it_speaks_english_too(enter: Enter) -> None:
    text = words(enter(Role.SUPERVISOR).get("/reports?lang=en"))
    assert "Ministry of Public Security" in text
    assert "100.0%" in text
    assert "Petitions submitted in the month" in text


@pytest.mark.usefixtures("october")
def test_reading_writes_nothing(enter: Enter, session: Session) -> None:
    browser = enter(Role.SUPERVISOR)
    for method in ("post", "put", "delete"):
        assert getattr(browser, method)("/reports").status_code in (400, 405)


def test_the_page_on_the_classifier_is_for_those_who_see_all(
    enter: Enter, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    for role in (Role.SUPERVISOR, Role.DESK):
        page = look(enter(role).get("/reports/routing"))
        assert "Chưa có mô hình nào được đưa vào dùng" in page.text
        assert "Chưa có hồ sơ nào được phần mềm gợi ý" in page.text
    assert enter(Role.APPROVER, "BKHCN").get("/reports/routing").status_code == 403
    assert "/reports/routing" not in read(enter(Role.APPROVER, "BKHCN").get("/reports")).links
    assert "/reports/routing" in look(enter(Role.DESK).get("/reports")).links


def test_the_page_on_the_classifier_shows_what_became_of_its_suggestions(
    enter: Enter, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    desk = factories.an_actor(session, Role.DESK)
    for agency in ("BKHCN", "BKHCN", "BCA"):
        petition = factories.a_petition(session, vault, clock.now, chance, status=Status.RECEIVED)
        routing.suggest(session, petition, SAID, clock.now)
        routing.assign(session, petition, desk, agency, clock.now)
    session.add(
        ModelVersion(
            version="3-tested",
            sha256="0" * 64,
            trained_at=clock.now,
            decisions=12,
            card={"rows": 7000, "figures": {"agency": {"top1": {"value": 0.8, "low": 0.77, "high": 0.83}}}},
            comparison={
                "total": {"rows": 900, "before": 0.7, "after": 0.75},
                "agencies": [],
                "worse": ["BYT"],
                "better": False,
            },
            promoted_at=clock.now,
        )
    )
    session.commit()
    text = " ".join(look(enter(Role.SUPERVISOR).get("/reports/routing")).text.split())
    for part in (
        "3-tested",
        "7.000 văn bản mẫu và 12 quyết định của cán bộ",
        "đúng ngay gợi ý đầu 80,0%",
        "66,7%",
        "1 lần gợi ý Bộ Khoa học và Công nghệ, đúng ra là Bộ Công an",
        "đúng 75,0% thay vì 70,0%",
        "kém đi với BYT",
    ):
        assert part in text, part
