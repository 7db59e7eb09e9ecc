"""A new kind or complexity may bring the answer forward and never puts it off."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.services import answering, categorising, routing, timeline
from app.services.actors import SUBMITTER
from tests.factories import an_actor
from tests.instances import Clock
from workflows.deadlines import STANDARD
from workflows.kinds import Kind
from workflows.lifecycle import Role, Status


def to(session: Session, clock: Clock, petition: Any, kind: str, **values: str) -> Any:
    given = {"complexity": STANDARD, "note": "Nội dung là kiến nghị", **values}
    return categorising.recategorise(
        session,
        petition,
        an_actor(session, Role.OFFICER),
        kind,
        given["complexity"],
        given["note"],
        clock.now,
    )


def test_a_kind_with_fewer_days_brings_the_answer_forward(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    petition, plain = (
        petition_in(kind="solution"),
        petition_in(kind="feedback", text="Một việc khác hẳn, gửi cùng lúc."),
    )
    assert plain.respond_by < petition.respond_by
    before = petition.respond_by
    event = to(session, clock, petition, "feedback")
    assert petition.respond_by == plain.respond_by
    assert petition.kind is Kind.FEEDBACK
    assert event.data["respond_by"] == {"from": before.isoformat(), "to": plain.respond_by.isoformat()}
    session.flush()
    assert [fault for _code, fault in timeline.faults(session) if fault] == []


def test_a_kind_with_more_days_gives_none(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(kind="feedback")
    before = petition.respond_by
    to(session, clock, petition, "solution")
    assert (petition.kind, petition.respond_by) == (Kind.SOLUTION, before)
    to(session, clock, petition, "feedback")
    assert petition.respond_by == before


def test_days_granted_and_days_waited_are_kept(session: Session, clock: Clock, petition_in: Any) -> None:
    """Whoever extended by five days and waited for two keeps both under the new kind."""
    long, short = (
        petition_in(Status.ACCEPTED, kind="solution"),
        petition_in(Status.ACCEPTED, text="Một việc khác hẳn nữa đây."),
    )
    officer, approver = an_actor(session, Role.OFFICER), an_actor(session, Role.APPROVER)
    start = clock.now
    for petition in (long, short):
        clock.now = start + timedelta(days=1)
        answering.extend(session, petition, approver, 5, "complex", None, clock.now)
        answering.ask_submitter(session, petition, officer, "Thôn nào?", clock.now)
        clock.now = start + timedelta(days=3)
        answering.provide_information(session, petition, SUBMITTER, "Thôn Đông", clock.now)
    to(session, clock, long, "feedback")
    assert long.respond_by == short.respond_by


def test_nobody_becomes_late_by_a_stroke_of_the_pen(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.ACCEPTED, kind="solution")
    clock.now += timedelta(days=25)
    to(session, clock, petition, "feedback")
    assert petition.respond_by.isoformat() == clock.now.date().isoformat()


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        ("feedback", {}, {"kind": "unchanged"}),
        ("complaint", {}, {"kind": "choose"}),
        ("song", {}, {"kind": "choose"}),
        ("question", {"note": " "}, {"note": "required"}),
        ("question", {"complexity": "hopeless"}, {"complexity": "no_policy"}),
    ],
)
def test_what_cannot_be_taken(
    session: Session, clock: Clock, petition_in: Any, kind: str, values: dict[str, str], wrong: dict[str, str]
) -> None:
    petition = petition_in()
    with pytest.raises(Invalid) as invalid:
        to(session, clock, petition, kind, **values)
    assert invalid.value.errors == wrong


def test_the_agency_after_a_transfer_has_the_days_of_the_new_kind(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    petition = petition_in(kind="solution")
    to(session, clock, petition, "question")
    due = petition.respond_by
    officer = an_actor(session, Role.OFFICER)
    routing.transfer(session, petition, officer, "BCA", "not_our_competence", None, clock.now)
    assert petition.respond_by == due
