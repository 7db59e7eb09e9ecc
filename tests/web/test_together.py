"""The case page as several work on it: co-handlers, merged petitions, points, corrections, the ledger."""

import random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Petition, Response, Suggestion
from app.services import cohandling, merging
from app.services.personal_data import Vault
from tests.factories import a_petition, a_staff, an_actor
from tests.instances import Clock
from tests.web.browsing import log_in, press
from tests.web.case_pages import BODY, Enter, Maker, offered, url, words
from workflows.lifecycle import Role, Status


def test_a_cohandler_is_asked_and_gives_its_part(
    client: FlaskClient, enter: Enter, case: Maker, session: Session
) -> None:
    petition = case(Status.ACCEPTED)
    lead = enter(Role.OFFICER)
    due = petition.respond_by.isoformat()
    fields = {"involve_agency": "BCA", "involve_task": "Cho ý kiến về an toàn mạng", "involve_due": due}
    back = press(lead, url(petition), "/involve", **fields)
    assert back.status_code == 303
    assert "Cho ý kiến về an toàn mạng" in words(lead.get(url(petition)))

    theirs = a_staff(session, Role.OFFICER, "BCA")
    session.commit()
    other = client.application.test_client()
    log_in(other, theirs)
    assert petition.code in words(other.get("/inbox"))
    assert offered(other, petition) == {"contribute", "comment"}
    page = words(other.get(url(petition)))
    assert "Người gửi (mẫu)" not in page
    text = {"contribute_text": "Không có vướng mắc về an toàn mạng."}
    assert press(other, url(petition), "/contribute", **text).status_code == 303
    assert "Không có vướng mắc về an toàn mạng." in words(lead.get(url(petition)))
    assert offered(other, petition) == set()


def test_what_was_typed_for_a_cohandler_stays(enter: Enter, case: Maker) -> None:
    petition, lead = case(Status.ACCEPTED), enter(Role.OFFICER)
    fields = {"involve_agency": "BKHCN", "involve_task": "Việc rất dài dòng", "involve_due": "2020-01-01"}
    back = press(lead, url(petition), "/involve", **fields)
    assert back.status_code == 422
    assert "Hồ sơ đang ở chính cơ quan này." in words(back)
    assert "Hạn hoàn thành phải từ hôm nay đến hạn trả lời người gửi." in words(back)
    assert "Việc rất dài dòng" in back.get_data(as_text=True)


def test_the_desk_merges_and_takes_out_again(enter: Enter, case: Maker, session: Session) -> None:
    lead, member = (
        case(Status.ACCEPTED),
        case(Status.TRIAGE, text="Trạm phát sóng xã Đông hỏng, xin sửa giúp."),
    )
    desk = enter(Role.DESK)
    wrong = press(desk, url(member), "/merge", merge_lead="PAKN-1", merge_note="")
    assert wrong.status_code == 422
    assert "PAKN-1" in wrong.get_data(as_text=True)
    typed = {"merge_lead": lead.code.lower(), "merge_note": "Cùng một trạm"}
    assert press(desk, url(member), "/merge", **typed).status_code == 303
    session.expire_all()
    assert member.merged_into_id == lead.id
    assert lead.code in words(desk.get(url(member)))
    assert member.code in words(desk.get(url(lead)))
    out = {"unmerge_note": "Trạm khác"}
    assert press(desk, url(member), "/unmerge", **out).status_code == 303
    session.expire_all()
    assert member.status is Status.TRIAGE


@pytest.fixture
def asked(case: Maker, session: Session) -> Petition:
    """A case at work whose text holds one request that software found."""
    petition = case(Status.ACCEPTED)
    session.add(
        Suggestion(
            petition_id=petition.id,
            created_at=petition.submitted_at,
            model_version="m",
            decision="triage",
            kind="recommendation",
            topics=[],
            agencies=[],
            flags=[],
            reasons=[],
            asks=[[0, 20]],
            familiar=1.0,
        )
    )
    session.commit()
    return petition


def test_an_answer_is_submitted_point_by_point(enter: Enter, asked: Petition, session: Session) -> None:
    officer = enter(Role.OFFICER)
    page = url(asked)
    assert press(officer, page, "/draft", draft_body=BODY).status_code == 303
    missing = press(officer, page, "/submit-draft", submit_draft_met_1="no")
    assert missing.status_code == 422
    assert "Bạn chưa điền mục này." in words(missing)
    given = {"submit_draft_met_1": "no", "submit_draft_why_1": "Chưa có quy định."}
    assert press(officer, page, "/submit-draft", **given).status_code == 303
    session.expire_all()
    assert session.scalars(select(Response.points)).one() == [
        {"span": [0, 20], "met": False, "why": "Chưa có quy định."}
    ]
    assert "Chưa có quy định." in words(enter(Role.APPROVER).get(page))


def test_a_correction_stands_beside_what_it_corrects(enter: Enter, case: Maker) -> None:
    petition = case(Status.ANSWERED)
    page, officer = url(petition), enter(Role.OFFICER)
    assert "Soạn văn bản đính chính" in words(officer.get(page))
    press(officer, page, "/draft", draft_body=f"{BODY} Ngày đúng là 31/7.")
    press(officer, page, "/submit-draft")
    approver = enter(Role.APPROVER)
    press(approver, page, "/approve")
    done = press(approver, page, "/correct", correct_why="Ghi nhầm ngày.")
    assert done.status_code == 303
    shown = words(approver.get(page))
    assert "Đã được thay bằng văn bản đính chính số 2." in shown
    assert "Ngày đúng là 31/7." in shown


def test_the_ledger_as_a_page_and_as_data(enter: Enter, case: Maker) -> None:
    petition = case(Status.ACCEPTED)
    officer = enter(Role.OFFICER)
    shown = words(officer.get(f"{url(petition)}/ledger"))
    assert "– hẹn trả lời" in shown
    assert "Cuối tuần, không tính" in shown
    data: dict[str, Any] = officer.get(f"{url(petition)}/ledger.json").get_json()
    due = next(day for day in data["days"] if day["day"] == data["respond_by"])
    assert due["number"] == data["granted"] == 15
    assert enter(Role.OFFICER, "BCA").get(f"{url(petition)}/ledger").status_code == 404


def test_members_and_parts_are_for_those_who_may_see(
    enter: Enter, case: Maker, session: Session, clock: Clock, vault: Vault
) -> None:
    lead = case(Status.ACCEPTED)
    member = a_petition(
        session, vault, clock.now, random.Random(7), status=Status.TRIAGE, text="Xã Đông mất sóng đã lâu."
    )
    merging.merge(session, member, an_actor(session, Role.DESK), lead, None, clock.now)
    officer = an_actor(session, Role.OFFICER)
    cohandling.involve(session, lead, officer, "BCA", "Cho ý kiến", lead.respond_by, clock.now)
    session.commit()
    assert enter(Role.OFFICER).get(url(member)).status_code == 200, "who answers it reads it"
    assert enter(Role.OFFICER, "BCA").get(url(member)).status_code == 200, "and who takes part in it"
    assert enter(Role.OFFICER, "BTC").get(url(member)).status_code == 404
    assert enter(Role.OFFICER, "BTC").get(url(lead)).status_code == 404
