"""Things that tests need, made through the real verbs: plain functions that return what they made."""

import random
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Petition, Staff
from app.models.append_only import give_way
from app.services import accounts, answering, closing, intake, merging, points, routing
from app.services.actors import SUBMITTER, Actor
from app.services.intake import Receipt, Submission
from app.services.personal_data import Contact, Vault
from tests.instances import Clock
from workflows.lifecycle import AGENCY_ROLES, Role, Status

START = Clock.now
PASSWORD = "một mật khẩu dài"
EMAIL = "nguoi.gui@example.org"
TEXT = "Sóng di động ở xã tôi rất yếu, bà con không gọi được khi mưa bão. Đề nghị xem xét."
ANSWER = "Cơ quan đã kiểm tra và sẽ lắp thêm **hai trạm** phát sóng trước ngày 30/6."
_numbers = count(1)


def a_staff(
    session: Session,
    role: str = Role.OFFICER,
    agency: str | None = None,
    *,
    now: datetime = START,
    **values: Any,
) -> Staff:
    """A new member of staff, whose password is ``PASSWORD``; agency roles are held in BKHCN unless told."""
    if agency is None and role in AGENCY_ROLES:
        agency = "BKHCN"
    number = next(_numbers)
    given = {"username": f"{role}{number}", "name": f"{role} {number} (mẫu)", "password": PASSWORD, **values}
    return accounts.add_staff(session, now, role=role, agency_code=agency, **given)


def some_staff(session: Session, role: str, agency: str | None = None) -> Staff:
    """A member of staff in that role and agency: one that is there already, or else a new one."""
    there = session.scalars(
        select(Staff).where(Staff.role == role, Staff.agency_code == agency, Staff.active).order_by(Staff.id)
    ).first()
    return there or a_staff(session, role, agency)


def an_actor(session: Session, role: str, agency: str | None = None) -> Actor:
    """Who acts in that role (and agency): the submitter, the desk, an officer of BKHCN …"""
    if role == Role.SUBMITTER:
        return SUBMITTER
    if agency is None and role in AGENCY_ROLES:
        agency = "BKHCN"
    return Actor.of(some_staff(session, role, agency))


def a_submission(**values: Any) -> Submission:
    """What a citizen sends who wants to hear of it; ``email`` is short for a contact with that address."""
    email = values.pop("email", EMAIL)
    given: dict[str, Any] = {
        "kind": "feedback",
        "submitter_kind": "citizen",
        "text": TEXT,
        "province_code": "79",
        "contact": Contact(name="Người gửi (mẫu)", email=email, phone="0912 345 678"),
        "may_contact": email is not None,
        "may_share": True,
    }
    return Submission(**{**given, **values})


def a_receipt(session: Session, vault: Vault, now: datetime, chance: random.Random, **values: Any) -> Receipt:
    """A petition just sent, with the secret that opens it."""
    return intake.submit(session, vault, a_submission(**values), now, chance)


def a_petition(
    session: Session,
    vault: Vault,
    now: datetime,
    chance: random.Random,
    *,
    status: Status = Status.ASSIGNED,
    agency: str = "BKHCN",
    **values: Any,
) -> Petition:
    """A petition led to ``status`` by the shortest way, all at ``now``; ``values`` are those of its submission."""
    petition = a_receipt(session, vault, now, chance, **values).petition
    for step in _WAYS[status]:
        step(_Walk(session, vault, petition, agency, now))
    session.flush()
    return petition


class _Walk:
    def __init__(
        self, session: Session, vault: Vault, petition: Petition, agency: str, now: datetime
    ) -> None:
        self.session, self.vault, self.petition, self.agency, self.now = session, vault, petition, agency, now
        self.officer = an_actor(session, Role.OFFICER, agency)
        self.approver = an_actor(session, Role.APPROVER, agency)
        self.desk = an_actor(session, Role.DESK)


def _triage(walk: _Walk) -> None:
    routing.suggest(walk.session, walk.petition, None, walk.now)


def _assign(walk: _Walk) -> None:
    routing.assign(walk.session, walk.petition, walk.desk, walk.agency, walk.now)


def _acknowledge(walk: _Walk) -> None:
    answering.acknowledge(
        walk.session,
        walk.petition,
        walk.officer,
        walk.now,
        officer_id=walk.officer.staff_id or 0,
        task="Kiểm tra và trả lời",
        deadline=walk.petition.respond_by,
        expected_result="Văn bản trả lời",
    )


def _ask(walk: _Walk) -> None:
    answering.ask_submitter(walk.session, walk.petition, walk.officer, "Xin cho biết tên thôn.", walk.now)


def _answer(walk: _Walk) -> None:
    answer(walk.session, walk.vault, walk.petition, walk.now, walk.agency)


def _close(walk: _Walk) -> None:
    closing.close(walk.session, walk.petition, SUBMITTER, walk.now)


def _decline(walk: _Walk) -> None:
    closing.decline(walk.session, walk.petition, walk.desk, "out_of_scope", "Xin gửi nơi khác.", walk.now)


def _refer(walk: _Walk) -> None:
    closing.refer(walk.session, walk.petition, walk.desk, "complaint", "Xin theo Luật Khiếu nại.", walk.now)


def _merge(walk: _Walk) -> None:
    chance = random.Random(walk.petition.id)
    lead = a_receipt(walk.session, walk.vault, walk.now, chance, text=f"{TEXT} Hồ sơ chính.").petition
    merging.merge(walk.session, walk.petition, walk.desk, lead, None, walk.now)


def _withdraw(walk: _Walk) -> None:
    closing.withdraw(walk.session, walk.petition, walk.now)


_ASSIGNED: tuple[Callable[[_Walk], None], ...] = (_triage, _assign)
_WAYS: dict[Status, tuple[Callable[[_Walk], None], ...]] = {
    Status.RECEIVED: (),
    Status.TRIAGE: (_triage,),
    Status.ASSIGNED: _ASSIGNED,
    Status.ACCEPTED: (*_ASSIGNED, _acknowledge),
    Status.AWAITING_SUBMITTER: (*_ASSIGNED, _acknowledge, _ask),
    Status.ANSWERED: (*_ASSIGNED, _acknowledge, _answer),
    Status.CLOSED: (*_ASSIGNED, _acknowledge, _answer, _close),
    Status.DECLINED: (_triage, _decline),
    Status.REFERRED: (_triage, _refer),
    Status.WITHDRAWN: (_withdraw,),
    Status.MERGED: (_triage, _merge),
}


def answer(
    session: Session,
    vault: Vault,
    petition: Petition,
    now: datetime,
    agency: str = "BKHCN",
    body: str = ANSWER,
) -> None:
    """Take an accepted petition from the draft to the published answer, with four eyes."""
    officer, approver = an_actor(session, Role.OFFICER, agency), an_actor(session, Role.APPROVER, agency)
    answering.draft(session, petition, officer, body, now)
    answering.submit_draft(session, petition, officer, now, points.all_met(session, petition))
    answering.approve(session, petition, approver, now)
    answering.publish(session, vault, petition, approver, now)


def drop_the_guards(session: Session) -> None:
    """Do what only an owner of the tables can: take away the triggers that refuse to change an event."""
    for statement in give_way("events", session.get_bind().dialect.name):
        session.execute(text(statement))
