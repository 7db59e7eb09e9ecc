"""What can go wrong on the page of a case, and who may read contact data there."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Response, Submitter
from app.services import timeline
from tests.factories import EMAIL
from tests.instances import Clock
from tests.web.browsing import look, press, read
from tests.web.case_pages import BODY, Enter, Maker, offered, url, words
from workflows.lifecycle import Role, Status


def test_errors_come_back_with_everything_typed(
    enter: Enter, case: Maker, session: Session, clock: Clock
) -> None:
    petition, client = case(), enter(Role.OFFICER)
    back = press(
        client,
        url(petition),
        "/acknowledge",
        acknowledge_task="Đo lại <sóng>",
        acknowledge_expected_result=" ",
        acknowledge_deadline=(clock.now - timedelta(days=3)).date().isoformat(),
    )
    assert back.status_code == 422
    page = look(back)
    assert dict(page.form_with("acknowledge_task").fields)["acknowledge_task"] == "Đo lại <sóng>"
    assert "#acknowledge_expected_result" in page.links
    session.refresh(petition)
    assert petition.status is Status.ASSIGNED


def test_a_rule_that_refuses_speaks_at_its_field(enter: Enter, case: Maker, clock: Clock) -> None:
    petition, client = case(), enter(Role.OFFICER)
    must = {"acknowledge_task": "Việc", "acknowledge_expected_result": "Kết quả"}
    for wrong in ("2026-11-01", "2027-11-01"):
        back = press(client, url(petition), "/acknowledge", **must, acknowledge_deadline=wrong)
        assert back.status_code == 422
        assert "#acknowledge_deadline" in look(back).links
        assert "Hạn hoàn thành phải từ hôm nay đến hạn trả lời người gửi." in words(back)


@pytest.mark.parametrize(
    ("status", "role", "action", "fields"),
    [
        (Status.ASSIGNED, Role.OFFICER, "acknowledge", {"acknowledge_deadline": "31/02/2026"}),
        (Status.ASSIGNED, Role.OFFICER, "acknowledge", {"acknowledge_officer": "999999"}),
        (Status.ASSIGNED, Role.OFFICER, "acknowledge", {"acknowledge_officer": "x' OR 1=1"}),
        (Status.ASSIGNED, Role.OFFICER, "transfer", {"transfer_agency": "UBNDT"}),
        (
            Status.ASSIGNED,
            Role.OFFICER,
            "transfer",
            {"transfer_agency": "BKHCN", "transfer_reason": "reorganised"},
        ),
        (
            Status.ASSIGNED,
            Role.OFFICER,
            "transfer",
            {"transfer_agency": "BCA", "transfer_reason": "nonsense"},
        ),
        (Status.ASSIGNED, Role.OFFICER, "return", {"return_reason": ""}),
        (Status.ASSIGNED, Role.OFFICER, "return", {"return_reason": "unclear", "return_note": "x" * 2001}),
        (Status.ACCEPTED, Role.OFFICER, "ask", {"ask_submitter_question": " \x00 "}),
        (Status.ACCEPTED, Role.OFFICER, "draft", {"draft_body": "ngắn"}),
        (Status.ACCEPTED, Role.OFFICER, "draft", {"draft_body": "x" * 50_001}),
        (Status.ACCEPTED, Role.APPROVER, "extend", {"extend_days": "11", "extend_reason": "complex"}),
        (Status.ACCEPTED, Role.APPROVER, "extend", {"extend_days": "-1", "extend_reason": "complex"}),
        (Status.TRIAGE, Role.DESK, "assign", {"assign_agency": ""}),
        (Status.TRIAGE, Role.DESK, "assign", {"assign_agency": "UBNDT"}),
    ],
)
def test_bad_values_come_back_and_change_nothing(
    enter: Enter,
    case: Maker,
    session: Session,
    status: Status,
    role: Role,
    action: str,
    fields: dict[str, str],
) -> None:
    petition, client = case(status), enter(role)
    version = petition.version
    back = press(client, url(petition), f"/{action}", **fields)
    assert back.status_code == 422
    assert "Có chỗ cần sửa" in words(back)
    assert "Not a valid" not in words(back)
    session.refresh(petition)
    assert (petition.status, petition.version) == (status, version)


def test_an_unsound_version_is_refused(enter: Enter, case: Maker) -> None:
    petition, client = case(), enter(Role.OFFICER)
    fields = dict(read(client.get(url(petition))).form_with("acknowledge_task").fields)
    for version in ("", "x", "1.5"):
        assert client.post(f"{url(petition)}/return", data={**fields, "version": version}).status_code == 400


def test_a_role_that_may_never_do_it_gets_403(enter: Enter, case: Maker, session: Session) -> None:
    petition, desk = case(Status.TRIAGE), enter(Role.DESK)
    other = case(Status.ACCEPTED)
    fields = dict(read(desk.get(url(petition))).form_with("assign_note").fields)
    sent = desk.post(f"{url(other)}/publish", data={**fields, "version": str(other.version)})
    assert sent.status_code == 403
    assert "Vai trò của bạn không được làm việc này." in words(sent)
    looker = enter(Role.SUPERVISOR)
    token = next(
        dict(form.fields)["csrf_token"] for form in read(looker.get("/desk")).forms if form.method == "post"
    )
    sent = looker.post(
        f"{url(petition)}/assign", data={"csrf_token": token, "version": "1", "assign_agency": "BCA"}
    )
    assert sent.status_code in (403, 409)
    session.refresh(petition)
    assert petition.status is Status.TRIAGE


def test_a_stale_page_says_what_happened_and_keeps_what_was_typed(
    enter: Enter, case: Maker, session: Session
) -> None:
    petition, one, two = case(Status.ACCEPTED), enter(Role.OFFICER), enter(Role.OFFICER)
    seen = dict(read(one.get(url(petition))).form_with("draft_body").fields)
    assert press(two, url(petition), "/draft", draft_body=BODY).status_code == 303
    late = one.post(f"{url(petition)}/draft", data={**seen, "draft_body": "Bản của tôi, " + BODY})
    assert late.status_code == 409
    assert "09:00 02/11/2026: Soạn dự thảo trả lời" in words(late)
    again = dict(read(late).form_with("draft_body").fields)
    assert again["draft_body"] == "Bản của tôi, " + BODY
    assert session.scalars(select(Response.body)).all() == [BODY]
    assert one.post(f"{url(petition)}/draft", data=again).status_code == 303


def test_what_was_typed_survives_where_the_action_is_gone(enter: Enter, case: Maker) -> None:
    petition, one, two = case(Status.ACCEPTED), enter(Role.OFFICER), enter(Role.OFFICER)
    seen = dict(read(one.get(url(petition))).form_with("draft_body").fields)
    press(two, url(petition), "/return", return_reason="unclear")
    late = one.post(f"{url(petition)}/draft", data={**seen, "draft_body": "Công sức nửa ngày"})
    assert late.status_code == 409
    text = words(late)
    assert "Công sức nửa ngày" in text
    assert "Trả lại bộ phận điều phối" in text


def test_reading_contact_data_does_not_make_a_page_stale(enter: Enter, case: Maker) -> None:
    petition, one, two = case(Status.ACCEPTED), enter(Role.OFFICER), enter(Role.OFFICER)
    seen = dict(read(one.get(url(petition))).form_with("draft_body").fields)
    assert press(two, url(petition), "/contact").status_code == 200
    assert one.post(f"{url(petition)}/draft", data={**seen, "draft_body": BODY}).status_code == 303


def test_a_preview_saves_nothing_and_keeps_the_text(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(Status.ACCEPTED), enter(Role.OFFICER)
    fields = dict(read(client.get(url(petition))).form_with("draft_body").fields)
    typed = BODY + "\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    shown = client.post(f"{url(petition)}/preview", data={**fields, "draft_body": typed})
    html = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "<strong>hai trạm</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert dict(look(shown).form_with("draft_body").fields)["draft_body"] == typed
    assert session.scalars(select(Response)).all() == []


# --- personal data -----------------------------------------------------------------------------------


def test_contact_data_is_shown_once_and_leaves_an_event(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(), enter(Role.OFFICER)
    assert EMAIL not in client.get(url(petition)).get_data(as_text=True)
    opened = press(client, url(petition), "/contact")
    assert opened.status_code == 200
    assert EMAIL in words(opened)
    assert opened.headers["Cache-Control"] == "no-store"
    again = client.get(url(petition)).get_data(as_text=True)
    assert EMAIL not in again
    assert "Xem thông tin liên hệ của người gửi" in again
    assert session.scalars(select(Event.kind).order_by(Event.id.desc())).first() == "contact_read"
    assert [fault for _code, fault in timeline.faults(session, petition.code)] == [None]


def test_contact_data_that_the_submitter_keeps_from_agencies_stays_closed(
    enter: Enter, case: Maker, session: Session
) -> None:
    petition, client = case(may_share=False), enter(Role.OFFICER)
    assert "contact" not in offered(client, petition)
    token = dict(read(client.get(url(petition))).form_with("acknowledge_task").fields)["csrf_token"]
    refused = client.post(f"{url(petition)}/contact", data={"csrf_token": token})
    assert refused.status_code == 403
    assert EMAIL not in words(refused)
    assert "không đồng ý chuyển thông tin liên hệ" in words(refused)
    assert press(enter(Role.DESK), url(petition), "/contact").status_code == 200


def test_contact_data_sealed_with_a_lost_key_is_reported(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(), enter(Role.OFFICER)
    session.get_one(Submitter, petition.id).sealed = b"gAAAAA-not-ours"
    session.commit()
    sent = press(client, url(petition), "/contact")
    assert sent.status_code == 503
    assert "Không mở được dữ liệu này" in words(sent)


def test_erased_contact_data_is_said_to_be_missing(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(), enter(Role.OFFICER)
    session.get_one(Submitter, petition.id).sealed = None
    session.commit()
    assert "không để lại thông tin liên hệ" in words(press(client, url(petition), "/contact"))
