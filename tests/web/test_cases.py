"""The page of one case, and all that is done there."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Event, Note, Response
from app.services import answering, routing, timeline
from app.web.cases.marking import marked
from classifiers import Classification, Scored
from tests.factories import a_staff, an_actor
from tests.instances import Clock
from tests.web.browsing import look, press, read
from tests.web.case_pages import BODY, WAYS, Enter, Maker, offered, url, words
from workflows.lifecycle import LIFECYCLE, Role, Status

# --- who sees what -----------------------------------------------------------------------------------


def test_an_agency_does_not_see_the_case_of_another(enter: Enter, case: Maker) -> None:
    petition = case(agency="BCA")
    stranger = enter(Role.OFFICER)
    unknown = stranger.get("/cases/PAKN-20261102-000000-X")
    hidden = stranger.get(url(petition))
    assert hidden.status_code == unknown.status_code == 404
    assert words(hidden) == words(unknown)


def test_an_agency_cannot_act_on_the_case_of_another(enter: Enter, case: Maker, session: Session) -> None:
    petition, own = case(agency="BCA"), case()
    client = enter(Role.APPROVER)
    token = dict(read(client.get(url(own))).form_with("version").fields)["csrf_token"]
    for action in ("assign", "transfer", "return", "acknowledge", "ask", "extend", "draft", "preview", "submit-draft",
                   "return-draft", "approve", "publish", "decline", "refer", "contact"):  # fmt: skip
        sent = client.post(
            f"{url(petition)}/{action}", data={"csrf_token": token, "version": petition.version}
        )
        assert sent.status_code == 404, action
    session.refresh(petition)
    assert petition.status is Status.ASSIGNED


def test_who_held_it_may_look_but_not_act(enter: Enter, case: Maker, session: Session, clock: Clock) -> None:
    petition = case()
    routing.transfer(
        session, petition, an_actor(session, Role.OFFICER), "BCA", "not_our_competence", None, clock.now
    )
    session.commit()
    former = enter(Role.OFFICER)
    assert offered(former, petition) == set()
    assert "chỉ xem được" in words(former.get(url(petition)))


@pytest.mark.parametrize("role", [Role.DESK, Role.SUPERVISOR, Role.OFFICER, Role.APPROVER, Role.AGENCY_ADMIN])
def test_the_page_offers_nothing_that_the_table_forbids(enter: Enter, case: Maker, role: Role) -> None:
    client = enter(role)
    for status in Status:
        petition = case(status)
        if petition.lead_agency_code is None and role not in (Role.DESK, Role.SUPERVISOR):
            assert client.get(url(petition)).status_code == 404
            continue
        found = {WAYS.get(each, each) for each in offered(client, petition) - {"contact", "preview"}}
        assert found <= {str(action) for action in LIFECYCLE.actions(status, role)}, status


HOLDING = frozenset({"transfer", "return", "recategorise", "comment", "contact"})


@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        (Role.DESK, Status.TRIAGE, {"assign", "recategorise", "comment", "merge", "contact"}),
        (Role.DESK, Status.MERGED, {"unmerge", "contact"}),
        (Role.SUPERVISOR, Status.TRIAGE, set()),
        (Role.OFFICER, Status.ASSIGNED, {"acknowledge", "interim", *HOLDING}),
        (Role.OFFICER, Status.ACCEPTED, {"ask", "draft", "involve", "interim", *HOLDING}),
        (
            Role.APPROVER,
            Status.ACCEPTED,
            {"ask", "extend", "escalate", "draft", "involve", "interim", *HOLDING},
        ),
        (Role.AGENCY_ADMIN, Status.ASSIGNED, {"acknowledge", *HOLDING} - {"recategorise"}),
        (Role.OFFICER, Status.AWAITING_SUBMITTER, {"comment", "contact"}),
        (Role.APPROVER, Status.ANSWERED, {"draft", "comment", "contact"}),
    ],
)
def test_the_page_offers_what_can_be_done(
    enter: Enter, case: Maker, role: Role, status: Status, expected: set[str]
) -> None:
    assert offered(enter(role), case(status)) == expected


def test_finding_a_case_however_its_code_is_typed(enter: Enter, case: Maker) -> None:
    petition, client = case(), enter(Role.OFFICER)
    typed = petition.code.lower().replace("-", " ")
    assert client.get("/cases", query_string={"code": f" {typed} "}).location == url(petition)
    unknown = client.get("/cases?code=PAKN-1")
    assert unknown.status_code == 404
    assert "PAKN-1" in words(unknown)
    assert client.get("/cases").status_code == 200


def test_the_address_of_an_action_leads_back_to_the_case(enter: Enter, case: Maker) -> None:
    petition, client = case(), enter(Role.OFFICER)
    assert client.get(f"{url(petition)}/acknowledge").location == url(petition)


# --- the text ----------------------------------------------------------------------------------------


def test_the_text_is_escaped_and_its_lines_and_reasons_are_shown(
    enter: Enter, case: Maker, session: Session, clock: Clock
) -> None:
    text = "Dòng một <script>alert(1)</script> & Sóng di động\n\nDòng hai: sóng  di động yếu."
    petition = case(Status.RECEIVED, text=text)
    scored = (Scored("BKHCN", 0.6),)
    said = Classification("feedback", (), (), scored, "triage", (), ("Sóng di động", "<script>"), "m-1")
    routing.suggest(session, petition, said, clock.now)
    session.commit()
    html = enter(Role.DESK).get(url(petition)).get_data(as_text=True)
    assert "<script>alert" not in html
    assert (
        "<mark>&lt;script&gt;</mark>alert(1)&lt;/script&gt; &amp; <mark>Sóng di động</mark>\n\nDòng hai"
        in html
    )
    assert "<mark>sóng  di động</mark>" in html


@pytest.mark.parametrize(
    ("phrases", "pieces"),
    [
        ((), [("a b a", False)]),
        (("b",), [("a ", False), ("b", True), (" a", False)]),
        (("a b", "b a"), [("a b a", True)]),
        (("A",), [("a", True), (" b ", False), ("a", True)]),
        (("", " ", "zzz", "("), [("a b a", False)]),
    ],
)
def test_marking_keeps_the_text(phrases: tuple[str, ...], pieces: list[tuple[str, bool]]) -> None:
    assert marked("a b a", phrases) == pieces


# --- doing -------------------------------------------------------------------------------------------


def test_from_acknowledgement_to_the_published_answer(enter: Enter, case: Maker, session: Session) -> None:
    petition = case()
    writer = a_staff(session, Role.OFFICER)
    officer, approver, page = enter(Role.OFFICER, staff=writer), enter(Role.APPROVER), url(petition)
    must = {"acknowledge_task": "Kiểm tra trạm phát sóng", "acknowledge_expected_result": "Văn bản trả lời"}
    sent = press(officer, page, "/acknowledge", **must)
    assert (sent.status_code, sent.location) == (303, page)
    holding = session.scalars(select(Assignment)).one()
    assert (holding.officer_id, holding.task) == (writer.id, must["acknowledge_task"])
    assert holding.deadline == petition.respond_by
    assert "Rõ kết quảVăn bản trả lời" in words(officer.get(page))
    assert press(officer, page, "/draft", draft_body=BODY).status_code == 303
    assert "<strong>hai trạm</strong>" in officer.get(page).get_data(as_text=True)
    assert press(officer, page, "/submit-draft").status_code == 303
    assert "draft" not in offered(officer, petition)
    assert press(approver, page, "/return-draft", return_draft_note="Nêu rõ ngày lắp.").status_code == 303
    assert "Nêu rõ ngày lắp." in words(officer.get(page))
    assert press(officer, page, "/draft", draft_body=BODY + " Ngày 20/12.").status_code == 303
    assert press(officer, page, "/submit-draft").status_code == 303
    assert press(approver, page, "/approve").status_code == 303
    assert press(approver, page, "/publish").status_code == 303
    session.refresh(petition)
    assert petition.status is Status.ANSWERED
    assert session.scalars(select(Response.state)).all() == ["published"]
    assert [fault for _code, fault in timeline.faults(session, petition.code)] == [None]
    assert "Đã gửi văn bản trả lời" in words(approver.get(page))


def test_nobody_approves_the_own_draft(enter: Enter, case: Maker, session: Session, clock: Clock) -> None:
    petition, both = case(Status.ACCEPTED), a_staff(session, Role.APPROVER)
    client, page = enter(Role.APPROVER, staff=both), url(petition)
    press(client, page, "/draft", draft_body=BODY)
    press(client, page, "/submit-draft")
    shown = client.get(page)
    assert "approve" not in offered(client, petition)
    assert "Người soạn không tự duyệt dự thảo của mình." in words(shown)
    fields = dict(read(shown).form_with("return_draft_note").fields)
    refused = client.post(
        f"{page}/approve", data={"csrf_token": fields["csrf_token"], "version": fields["version"]}
    )
    assert refused.status_code == 409
    assert "Người soạn không tự duyệt" in words(refused)


def test_asking_the_submitter_stops_the_clock(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(Status.ACCEPTED), enter(Role.OFFICER)
    assert press(client, url(petition), "/ask", ask_submitter_question="Thôn nào?").status_code == 303
    session.refresh(petition)
    assert petition.status is Status.AWAITING_SUBMITTER
    assert "Thôn nào?" in words(client.get(url(petition)))


def test_what_the_submitter_adds_stands_below_the_text(
    enter: Enter, case: Maker, session: Session, clock: Clock
) -> None:
    petition = case(Status.AWAITING_SUBMITTER)
    submitter = an_actor(session, Role.SUBMITTER)
    answering.provide_information(session, petition, submitter, "Thôn <Hạ>.", clock.now)
    session.commit()
    html = enter(Role.OFFICER).get(url(petition)).get_data(as_text=True)
    assert html.index("Thôn &lt;Hạ&gt;.") < html.index("Việc có thể làm")


def test_extending_once(enter: Enter, case: Maker, session: Session) -> None:
    petition, client = case(Status.ACCEPTED), enter(Role.APPROVER)
    before = petition.respond_by
    sent = press(
        client, url(petition), "/extend", extend_days="5", extend_reason="complex", extend_note="Cần đo lại."
    )
    assert sent.status_code == 303
    session.refresh(petition)
    assert petition.respond_by > before
    text = words(client.get(url(petition)))
    assert "Hồ sơ này đã được gia hạn một lần." in text
    assert f"Hạn trả lời dời từ {before:%d/%m/%Y} sang {petition.respond_by:%d/%m/%Y}" in text


def test_passing_on_and_sending_back_until_the_desk_binds(
    enter: Enter, case: Maker, session: Session
) -> None:
    petition = case()
    page, desk = url(petition), enter(Role.DESK)
    first, second = enter(Role.OFFICER), enter(Role.OFFICER, "BCA")
    sent = press(
        first,
        page,
        "/transfer",
        transfer_agency="BCA",
        transfer_reason="not_our_competence",
        transfer_note="Của BCA",
    )
    assert sent.status_code == 303
    assert press(second, page, "/return", return_reason="unclear", return_note="Chưa rõ").status_code == 303
    assert "Quyết định lần này là cuối cùng" in words(desk.get(page))
    assert press(desk, page, "/assign", assign_agency="BKHCN", assign_note="Xin xử lý.").location == "/desk"
    text = words(first.get(page))
    assert "Bộ phận điều phối đã quyết định cuối cùng" in text
    assert {"transfer", "return"}.isdisjoint(offered(first, petition))
    last = session.scalars(select(Event).where(Event.kind == "assigned").order_by(Event.id.desc())).first()
    assert last is not None
    assert last.data["binding"]


@pytest.mark.parametrize(
    ("role", "status", "action", "reason", "ends"),
    [
        (Role.DESK, Status.TRIAGE, "refer", "complaint", Status.REFERRED),
        (Role.DESK, Status.TRIAGE, "decline", "anonymous_denunciation", Status.DECLINED),
        (Role.APPROVER, Status.ACCEPTED, "refer", "crime_report", Status.REFERRED),
        (Role.APPROVER, Status.ASSIGNED, "decline", "already_answered", Status.DECLINED),
    ],
)
def test_turning_away_with_a_prepared_text_that_staff_adapt(
    enter: Enter,
    case: Maker,
    session: Session,
    role: Role,
    status: Status,
    action: str,
    reason: str,
    ends: Status,
) -> None:
    petition, client = case(status), enter(role)
    shown = client.get(f"{url(petition)}?{action}={reason}")
    fields = dict(look(shown).form_with(f"{action}_guidance").fields)
    assert len(fields[f"{action}_guidance"]) > 100
    fields[f"{action}_guidance"] += " Số điện thoại tư vấn: 1022."
    assert client.post(f"{url(petition)}/{action}", data=fields).status_code == 303
    session.refresh(petition)
    assert (petition.status, petition.close_reason) == (ends, reason)
    assert session.scalars(select(Note.text).order_by(Note.id.desc())).first() == fields[f"{action}_guidance"]


def test_every_reason_for_turning_away_has_its_text(app: Flask, case: Maker) -> None:
    from app.web.cases.guidance import guidance_for

    petition = case(Status.TRIAGE)
    with app.test_request_context():
        for row in LIFECYCLE.transitions:
            if row.action in ("refer", "decline"):
                assert all(len(guidance_for(reason, petition)) > 100 for reason in row.reasons)


def test_a_reason_that_is_not_in_the_list_shows_no_form(enter: Enter, case: Maker) -> None:
    petition, client = case(Status.TRIAGE), enter(Role.DESK)
    assert "refer" not in {
        form.action.rpartition("/")[2] for form in look(client.get(f"{url(petition)}?refer=nonsense")).forms
    }


# --- what goes wrong ---------------------------------------------------------------------------------
