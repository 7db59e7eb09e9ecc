"""The one place where a status changes: locked, checked, counted and written down."""

import random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound, Stale
from app.models import Contribution, Event, OutboxRow, Petition
from app.services import cohandling, outbox, transition
from app.services.actors import SUBMITTER, SYSTEM, Actor
from app.services.personal_data import Vault
from tests.factories import a_receipt, an_actor
from tests.instances import Clock
from workflows.lifecycle import AGENCY_ROLES, LIFECYCLE, Action, Hands, Refused, Role, Status


@pytest.mark.parametrize("status", list(Status))
def test_every_action_in_every_state(
    session: Session, petition_in: Any, clock: Clock, status: Status
) -> None:
    """What the table allows changes state, version and timeline by one; what it refuses changes nothing."""
    petition = petition_in(status)
    session.commit()
    for role in Role:
        for action in Action:
            actor = SYSTEM if role is Role.SYSTEM else an_actor(session, role)
            reason = next(iter(LIFECYCLE.reasons_for(status, action, role)), None)
            if action not in LIFECYCLE.actions(status, role):
                with pytest.raises(Refused):
                    transition.apply(session, petition, action, actor, clock.now, reason=reason)
                assert not session.dirty
                continue
            if LIFECYCLE.row(status, action, role, reason).hands is Hands.COHANDLER:
                actor = a_cohandler(session, petition, role, clock)
            version, count = petition.version, _events(session, petition.id)
            with session.begin_nested() as tried:
                event = transition.apply(session, petition, action, actor, clock.now, reason=reason)
                assert petition.status is LIFECYCLE.decide(status, action, role, reason)[0]
                assert (event.status, event.actor) == (petition.status, actor.name)
                assert (petition.version, _events(session, petition.id)) == (version + 1, count + 1)
                tried.rollback()
            assert petition.status is status


def a_cohandler(session: Session, petition: Petition, role: Role, clock: Clock) -> Actor:
    """Somebody of an agency that was asked to take part."""
    if cohandling.running(petition, "BCA") is None:
        session.add(
            Contribution(
                petition_id=petition.id,
                agency_code="BCA",
                task="Cho ý kiến",
                due=petition.respond_by,
                asked_at=clock.now,
            )
        )
        session.flush()
        session.expire(petition, ["contributions"])
    return an_actor(session, role, "BCA")


def _events(session: Session, petition_id: int) -> int:
    return session.scalar(select(func.count()).where(Event.petition_id == petition_id)) or 0


@pytest.mark.parametrize("role", sorted(AGENCY_ROLES))
def test_another_agency_does_nothing(session: Session, petition_in: Any, clock: Clock, role: Role) -> None:
    stranger = an_actor(session, role, "BCA")
    for status in (Status.ASSIGNED, Status.ACCEPTED):
        petition = petition_in(status)
        for action in LIFECYCLE.actions(status, role):
            reason = next(iter(LIFECYCLE.reasons_for(status, action, role)), None)
            with pytest.raises(Refused, match="^not_(holder|involved)$"):
                transition.apply(session, petition, action, stranger, clock.now, reason=reason)


def test_an_agency_role_without_agency_holds_nothing(
    session: Session, petition_in: Any, clock: Clock
) -> None:
    with pytest.raises(Refused, match="^not_holder$"):
        transition.check(petition_in(Status.ASSIGNED), Action.ACKNOWLEDGE, Actor(Role.OFFICER, 1, None))


def test_a_page_shown_before_somebody_changed_it_is_stale(
    session: Session, petition_in: Any, clock: Clock
) -> None:
    petition = petition_in(Status.RECEIVED)
    seen = petition.version
    session.commit()
    assert transition.lock(session, petition.code, seen) is petition
    transition.apply(session, petition, Action.ADD_INFORMATION, SUBMITTER, clock.now, note="Thêm")
    session.commit()
    with pytest.raises(Stale):
        transition.lock(session, petition.code, seen)
    assert transition.lock(session, petition.code) is petition


def test_an_unknown_code(session: Session) -> None:
    with pytest.raises(NotFound):
        transition.lock(session, "PAKN-20261102-000000-0")


def test_what_was_asked_for_once_is_not_asked_for_again(session: Session, clock: Clock) -> None:
    assert outbox.add(session, "mail:1", "mail", {}, clock.now)
    assert not outbox.add(session, "mail:1", "mail", {}, clock.now)
    session.commit()
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1


def test_a_change_and_what_follows_it_are_one(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    """Undone together: neither a mail about nothing nor a change nobody hears of."""
    a_receipt(session, vault, clock.now, chance)
    session.rollback()
    for table in (Event, OutboxRow):
        assert session.scalar(select(func.count()).select_from(table)) == 0
