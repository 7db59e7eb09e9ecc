"""Who sees what, and where personal data may stand."""

import logging
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Event, Model, Petition
from app.services import access, answering, closing, routing, satisfaction, timeline
from app.services.actors import SUBMITTER
from app.services.personal_data import Contact, Vault
from tests.factories import (
    EMAIL,
    a_receipt,
    a_staff,
    an_actor,
    answer,
    some_staff,
)
from tests.instances import Clock
from workflows.lifecycle import AGENCY_ROLES, Refused, Role, Status

AGENCY = sorted(AGENCY_ROLES)


# --- code and secret --------------------------------------------------------------------------------------


def test_code_and_secret_open_it_however_they_are_typed(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    receipt = a_receipt(session, vault, clock.now, chance)
    code, secret = receipt.petition.code, receipt.secret
    for typed_code, typed_secret in ((code, secret), (code.lower().replace("-", " "), secret.lower())):
        assert access.by_secret(session, typed_code, typed_secret) is receipt.petition


def test_a_wrong_code_and_a_wrong_secret_look_alike(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    first, second = (a_receipt(session, vault, clock.now, chance) for _ in range(2))
    errors = set()
    for code, secret in (
        (first.petition.code, second.secret),
        (first.petition.code, ""),
        (first.petition.code, first.petition.secret_hash),
        ("PAKN-20261102-000000-0", first.secret),
        ("", ""),
        ("\x00", "\x00"),
        ("\ud800", "\ud800"),
        ("x" * 100_000, "x" * 100_000),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ):
        with pytest.raises(NotFound) as refused:
            access.by_secret(session, code, secret)
        errors.add(str(refused.value))
    assert len(errors) == 1


# --- staff ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", AGENCY)
def test_an_agency_sees_what_it_holds_and_nobody_else_s(
    session: Session, petition_in: Any, role: Role
) -> None:
    code = petition_in().code
    assert access.for_staff(session, code, a_staff(session, role, "BKHCN")).code == code
    stranger = a_staff(session, role, "BCA")
    errors = set()
    for asked in (code, "PAKN-20261102-000000-0", ""):
        with pytest.raises(NotFound) as refused:
            access.for_staff(session, asked, stranger)
        errors.add(str(refused.value))
    assert len(errors) == 1, "what is not there and what is not for you look alike"


@pytest.mark.parametrize("role", [Role.DESK, Role.SUPERVISOR])
@pytest.mark.parametrize("status", [Status.RECEIVED, Status.ASSIGNED, Status.WITHDRAWN])
def test_desk_and_supervisor_see_all(session: Session, petition_in: Any, role: Role, status: Status) -> None:
    petition = petition_in(status)
    assert access.for_staff(session, petition.code, a_staff(session, role)) is petition


def test_the_administrator_of_the_system_sees_no_petition(session: Session, petition_in: Any) -> None:
    with pytest.raises(NotFound):
        access.for_staff(session, petition_in().code, a_staff(session, Role.SYSTEM_ADMIN))


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.TRIAGE])
def test_before_it_is_assigned_no_agency_sees_it(session: Session, petition_in: Any, status: Status) -> None:
    with pytest.raises(NotFound):
        access.for_staff(session, petition_in(status).code, a_staff(session, Role.OFFICER))


def test_whoever_held_it_still_sees_it_but_reads_no_contact(
    session: Session, vault: Vault, petition_in: Any, clock: Clock
) -> None:
    petition, officer = petition_in(), some_staff(session, Role.OFFICER, "BKHCN")
    routing.transfer(
        session, petition, an_actor(session, Role.OFFICER), "BCA", "reorganised", None, clock.now
    )
    assert access.for_staff(session, petition.code, officer) is petition
    with pytest.raises(Refused, match="not_holder"):
        access.read_contact(session, vault, petition, officer, clock.now)


# --- contact data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DESK, *AGENCY])
def test_reading_contact_data_leaves_an_event(
    session: Session, vault: Vault, petition_in: Any, clock: Clock, role: Role
) -> None:
    petition = petition_in()
    staff = a_staff(session, role)
    version = petition.version
    contact = access.read_contact(session, vault, petition, staff, clock.now)
    session.commit()
    assert (contact.email, contact.phone) == (EMAIL, "+84912345678")
    event = session.scalars(select(Event).where(Event.kind == "contact_read")).one()
    assert (event.actor, event.at, event.status) == (f"staff:{staff.id}", clock.now, "assigned")
    assert event.data == {}
    assert petition.version == version, "reading changes nothing that another page shows"
    assert [fault for _code, fault in timeline.faults(session)] == [None]


def test_the_sender_may_keep_it_from_agencies_but_not_from_the_desk(
    session: Session, vault: Vault, petition_in: Any, clock: Clock
) -> None:
    petition = petition_in(may_share=False)
    with pytest.raises(Refused, match="not_shared"):
        access.read_contact(session, vault, petition, a_staff(session, Role.OFFICER), clock.now)
    assert session.scalars(select(Event).where(Event.kind == "contact_read")).all() == []
    assert (
        access.read_contact(session, vault, petition, a_staff(session, Role.DESK), clock.now).email == EMAIL
    )


@pytest.mark.parametrize(
    ("role", "agency"),
    [(Role.SUPERVISOR, None), (Role.SYSTEM_ADMIN, None), *((role, "BCA") for role in AGENCY)],
)
def test_nobody_else_reads_it(
    session: Session, vault: Vault, petition_in: Any, clock: Clock, role: Role, agency: str | None
) -> None:
    petition = petition_in()
    with pytest.raises(Refused, match="not_holder"):
        access.read_contact(session, vault, petition, a_staff(session, role, agency), clock.now)


def test_erased_contact_data_read_as_empty(
    session: Session, vault: Vault, petition_in: Any, clock: Clock
) -> None:
    petition = petition_in()
    petition.submitter.sealed = None
    assert access.read_contact(session, vault, petition, a_staff(session, Role.DESK), clock.now) == Contact()


# --- where personal data stand ----------------------------------------------------------------------------


def test_personal_data_stand_in_no_row_and_no_line_of_the_log(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, caplog: pytest.LogCaptureFixture
) -> None:
    """A petition lives its whole life; then every cell of every table is searched for what would tell who sent it."""
    given = Contact("Bùi Thị Xuân Quỳnh Anh (mẫu)", EMAIL, "0987 654 321", "Hợp tác xã Ánh Dương (mẫu)")
    with caplog.at_level(logging.DEBUG):
        receipt = a_receipt(
            session, vault, clock.now, chance, contact=given, idempotency_key="key-of-this-form"
        )
        petition = receipt.petition
        _live(session, vault, petition, clock)
        session.commit()
    telling = [
        given.name,
        EMAIL,
        "987654321",
        "987 654 321",
        given.organisation,
        receipt.secret,
        "key-of-this-form",
    ]
    survey = satisfaction.latest(session, petition)
    assert survey is not None
    telling.append(satisfaction.token_for(vault, petition, survey.response_id))
    cells = "\n".join(
        repr(cell)
        for table in Model.metadata.sorted_tables
        for row in session.execute(select(table))
        for cell in row
    )
    assert petition.code in cells, "the search sees the rows"
    # SQLAlchemy logs parameters only when told to; what the application itself says is what counts.
    said = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("sqlalchemy"))
    for words in telling:
        assert words is not None
        assert words not in cells
        assert words not in said


def _live(session: Session, vault: Vault, petition: Petition, clock: Clock) -> None:
    routing.suggest(session, petition, None, clock.now)
    routing.assign(session, petition, an_actor(session, Role.DESK), "BCA", clock.now, note="Chuyển giúp")
    routing.return_to_desk(
        session, petition, an_actor(session, Role.OFFICER, "BCA"), "unclear", None, clock.now
    )
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    officer = an_actor(session, Role.OFFICER)
    answering.acknowledge(
        session,
        petition,
        officer,
        clock.now,
        officer_id=officer.staff_id or 0,
        task="Kiểm tra",
        deadline=petition.respond_by,
        expected_result="Trả lời",
    )
    access.read_contact(session, vault, petition, some_staff(session, Role.OFFICER, "BKHCN"), clock.now)
    answering.ask_submitter(session, petition, officer, "Thôn nào?", clock.now)
    clock.now += timedelta(days=1)
    answering.provide_information(session, petition, SUBMITTER, "Thôn Đông", clock.now)
    answer(session, vault, petition, clock.now)
    closing.reopen(session, petition, "Chưa rõ", clock.now)
    answer(session, vault, petition, clock.now)
    survey = satisfaction.latest(session, petition)
    assert survey is not None
    satisfaction.rate(session, petition, survey, 4, 3, "Được", clock.now)
    closing.close(session, petition, SUBMITTER, clock.now)
