"""Accounts of staff."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Staff
from app.services import accounts
from app.services.actors import SUBMITTER, SYSTEM, Actor
from tests.factories import PASSWORD, a_staff
from tests.instances import Clock
from workflows.lifecycle import AGENCY_ROLES, STAFF_ROLES, Role


def add(session: Session, clock: Clock, **values: Any) -> Staff:
    given = {"username": "desk", "name": "Điều phối (mẫu)", "role": "desk", "password": PASSWORD, **values}
    return accounts.add_staff(session, clock.now, **given)


def refused(session: Session, clock: Clock, **values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        add(session, clock, **values)
    return error.value.errors


def test_an_account_is_made_and_opened_with_its_password(session: Session, clock: Clock) -> None:
    made = add(session, clock)
    session.commit()
    assert made.password_hash.startswith("$argon2id$")
    assert PASSWORD not in made.password_hash
    assert made.last_login_at is None
    assert accounts.authenticate(session, "desk", PASSWORD, clock.now) is made
    assert made.last_login_at == clock.now
    assert accounts.authenticate(session, " DESK ", PASSWORD, clock.now) is made


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("desk", "not the password"),
        ("desk", PASSWORD + " "),
        ("desk", ""),
        ("desk", "\x00"),
        ("desk", "\ud800"),
        ("desk", "x" * 100_000),
        ("nobody", PASSWORD),
        ("", ""),
        ("desk\x00", PASSWORD),
        ("\ud800", PASSWORD),
        ("điều.phối", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_nobody_else_gets_in(session: Session, clock: Clock, username: str, password: str) -> None:
    made = add(session, clock)
    assert accounts.authenticate(session, username, password, clock.now) is None
    assert made.last_login_at is None


@pytest.mark.parametrize("password", ["", "none", PASSWORD])
def test_an_account_without_a_password_opens_to_nobody(session: Session, clock: Clock, password: str) -> None:
    add(session, clock, password=None)
    assert accounts.authenticate(session, "desk", password, clock.now) is None


def test_an_account_that_was_closed_does_not_open(session: Session, clock: Clock) -> None:
    made = add(session, clock)
    made.active = False
    assert accounts.authenticate(session, "desk", PASSWORD, clock.now) is None
    assert not made.is_active


def test_a_password_kept_weakly_is_kept_better_after_the_next_log_in(session: Session, clock: Clock) -> None:
    made = add(session, clock)
    made.password_hash = weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=16).hash(
        PASSWORD
    )
    assert accounts.authenticate(session, "desk", "wrong password", clock.now) is None
    assert made.password_hash == weak
    assert accounts.authenticate(session, "desk", PASSWORD, clock.now) is made
    assert made.password_hash != weak
    assert accounts.authenticate(session, "desk", PASSWORD, clock.now) is made


def test_a_damaged_hash_opens_to_nobody(session: Session, clock: Clock) -> None:
    made = add(session, clock)
    made.password_hash = "!"
    assert accounts.authenticate(session, "desk", "!", clock.now) is None


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_agency_roles_need_an_agency_and_only_they(session: Session, clock: Clock, role: Role) -> None:
    if role in AGENCY_ROLES:
        assert add(session, clock, role=role, agency_code="BKHCN").agency_code == "BKHCN"
        assert refused(session, clock, username="x", role=role) == {"agency": "agency_roles_need_one"}
    else:
        assert add(session, clock, role=role).agency_code is None
        assert refused(session, clock, username="x", role=role, agency_code="BKHCN") == {
            "agency": "agency_roles_need_one"
        }


@pytest.mark.parametrize("username", ["", " desk", "Desk", "điều.phối", "d" * 65, "de\x00sk", "de\nsk"])
def test_a_name_that_cannot_be_typed_again(session: Session, clock: Clock, username: str) -> None:
    assert refused(session, clock, username=username) == {"username": "malformed"}


def test_a_name_is_given_once(session: Session, clock: Clock) -> None:
    add(session, clock)
    assert refused(session, clock) == {"username": "taken"}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"role": "submitter"}, {"role": "choose"}),
        ({"role": "system"}, {"role": "choose"}),
        ({"role": ""}, {"role": "choose"}),
        ({"role": "officer", "agency_code": "UNKNOWN"}, {"agency": "choose"}),
        ({"password": "ngắn quá"}, {"password": "too_short"}),
        (
            {"username": "X", "role": "boss", "password": ""},
            {"username": "malformed", "role": "choose", "password": "too_short"},
        ),
    ],
)
def test_values_that_cannot_be_taken(
    session: Session, clock: Clock, values: dict[str, Any], errors: dict[str, str]
) -> None:
    assert refused(session, clock, **values) == errors


def test_how_an_actor_stands_in_an_event(session: Session) -> None:
    staff = a_staff(session, Role.OFFICER)
    assert Actor.of(staff).name == f"staff:{staff.id}"
    assert (SUBMITTER.name, SYSTEM.name) == ("submitter", "system")
