"""Taking part: asked for with a date, given to the lead, and nothing of the lead's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Event, Note, OutboxRow
from app.queries import inbox
from app.services import access, answering, cohandling, routing, timeline
from app.services.personal_data import Vault
from tests.factories import an_actor, answer, some_staff
from tests.services.cases import Case
from workflows.calendar import local_date
from workflows.lifecycle import Refused, Role, Status


@pytest.fixture
def case(case_in: Callable[..., Case]) -> Case:
    return case_in()


def ask(case: Case, agency: str = "BCA", **values: Any) -> Event:
    given = {"task": "Cho ý kiến về an ninh mạng", "due": case.petition.respond_by, **values}
    return cohandling.involve(
        case.session, case.petition, case.officer, agency, given["task"], given["due"], case.clock.now
    )


def test_what_is_asked_for_is_given_to_the_lead(session: Session, case: Case) -> None:
    theirs = an_actor(session, Role.OFFICER, "BCA")
    assert not access.may_see(session, case.petition, some_staff(session, Role.OFFICER, "BCA"))
    asked = ask(case)
    assert asked.data["cohandler"] == "BCA"
    assert access.may_see(session, case.petition, some_staff(session, Role.OFFICER, "BCA"))
    assert case.petition.lead_agency_code == "BKHCN", "who leads stays responsible"
    given = cohandling.contribute(session, case.petition, theirs, "Không có vướng mắc.", case.clock.now)
    note = session.scalars(select(Note).where(Note.seq == given.seq)).one()
    assert (note.text, note.public) == ("Không có vướng mắc.", False)
    with pytest.raises(Refused, match="not_involved"):
        cohandling.contribute(session, case.petition, theirs, "Thêm nữa.", case.clock.now)
    told = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.startswith("mail:"))))
    assert f"mail:{case.petition.id}:{asked.seq}:cohandler" in told
    assert f"mail:{case.petition.id}:{given.seq}:agency" in told
    assert f"mail:{case.petition.id}:{given.seq}:submitter" not in told
    session.flush()
    assert [fault for _code, fault in timeline.faults(session) if fault] == []


def test_a_date_of_its_own_within_that_of_the_answer(case: Case) -> None:
    today = local_date(case.clock.now)
    for due in (today - timedelta(days=1), case.petition.respond_by + timedelta(days=1)):
        with pytest.raises(Invalid) as wrong:
            ask(case, due=due)
        assert wrong.value.errors == {"due": "between_today_and_respond_by"}


@pytest.mark.parametrize(
    ("agency", "said"), [("BKHCN", "same_agency"), ("BCA", "involved_already")], ids=["the lead", "twice"]
)
def test_who_cannot_be_asked(case: Case, agency: str, said: str) -> None:
    ask(case)
    with pytest.raises(Invalid) as wrong:
        ask(case, agency)
    assert wrong.value.errors == {"agency": said}


def test_a_cohandler_does_nothing_of_the_leads_own(session: Session, case: Case) -> None:
    ask(case)
    theirs = an_actor(session, Role.APPROVER, "BCA")
    for verb in (
        lambda: answering.draft(
            session, case.petition, theirs, "Cơ quan tôi trả lời thay. " * 3, case.clock.now
        ),
        lambda: routing.transfer(session, case.petition, theirs, "BTC", "reorganised", None, case.clock.now),
        lambda: cohandling.release(session, case.petition, theirs, "BCA", case.clock.now),
    ):
        with pytest.raises(Refused, match="not_holder"):
            verb()


def test_a_part_no_longer_needed_is_released(session: Session, case: Case) -> None:
    ask(case)
    cohandling.release(session, case.petition, case.officer, "BCA", case.clock.now)
    assert cohandling.running(case.petition, "BCA") is None
    with pytest.raises(Refused, match="not_involved"):
        cohandling.release(session, case.petition, case.officer, "BCA", case.clock.now)


def test_custody_that_ends_ends_what_it_asked_for(session: Session, case: Case) -> None:
    ask(case)
    routing.return_to_desk(session, case.petition, case.officer, "unclear", None, case.clock.now)
    assert cohandling.running(case.petition, "BCA") is None


def test_the_answer_ends_what_was_asked_for(session: Session, vault: Vault, case: Case) -> None:
    ask(case)
    answer(session, vault, case.petition, case.clock.now)
    assert cohandling.running(case.petition, "BCA") is None
    assert inbox.asked_of(session, "BCA") == []


def test_lead_cohandler_and_desk_read_each_others_notes(session: Session, case: Case) -> None:
    ask(case)
    for actor in (case.officer, an_actor(session, Role.OFFICER, "BCA"), an_actor(session, Role.DESK)):
        event = cohandling.comment(
            session, case.petition, actor, "Đã trao đổi qua điện thoại.", case.clock.now
        )
        assert session.scalars(select(Note).where(Note.seq == event.seq)).one().public is False
    with pytest.raises(Refused, match="not_involved"):
        cohandling.comment(
            session, case.petition, an_actor(session, Role.OFFICER, "BTC"), "?", case.clock.now
        )
    with pytest.raises(Invalid):
        cohandling.comment(session, case.petition, case.officer, " \n", case.clock.now)
    assert case.petition.status is Status.ACCEPTED
