"""Bringing a petition to its agency: software suggests, people decide, and nobody plays ping-pong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, Assignment, OutboxRow, Petition, RoutingLabel, Suggestion
from app.services import answering, responses, routing, timeline
from app.services.actors import Actor
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from tests.factories import an_actor, answer
from tests.instances import Clock
from workflows.lifecycle import Refused, Role, Status

DAY = timedelta(days=1)


def said(decision: str = "route", agency: str = "BKHCN", **values: Any) -> Classification:
    """What a classifier might say."""
    given: dict[str, Any] = {
        "kind": "feedback",
        "kinds": (Scored("feedback", 0.9), Scored("question", 0.1)),
        "topics": (Scored("digital_infrastructure", 0.8), Scored("ai", 0.1)),
        "agencies": (Scored(agency, 0.97123), Scored("BCA", 0.02), Scored("UBND-79", 0.00001)),
        "decision": decision,
        "flags": (),
        "reasons": ("sóng di động",),
        "model_version": "test.1",
        **values,
    }
    return Classification(**given)


def custody(session: Session, petition: Petition) -> list[tuple[str, bool, str | None]]:
    """Who held it, and how each period ended."""
    rows = session.scalars(
        select(Assignment).where(Assignment.petition_id == petition.id).order_by(Assignment.id)
    )
    return [(row.agency_code, row.ended_at is None, row.end_reason) for row in rows]


# --- what software says -----------------------------------------------------------------------------------


def test_a_sure_classifier_sends_it_to_the_agency(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.RECEIVED)
    event = routing.suggest(session, petition, said(), clock.now)
    session.commit()
    assert (petition.status, petition.lead_agency_code) == (Status.ASSIGNED, "BKHCN")
    assert (event.kind, event.actor, event.agency_code) == ("routed", "system", "BKHCN")
    held = session.scalars(select(Assignment)).one()
    assert (held.agency_code, held.assigned_by, held.binding) == ("BKHCN", "system", False)
    assert held.acknowledge_by == date(2026, 11, 9)
    assert [topic.topic_id for topic in petition.topics] == ["digital_infrastructure", "ai"]
    kept = session.scalars(select(Suggestion)).one()
    assert (kept.decision, kept.model_version, kept.agencies[0]) == (
        "route",
        "test.1",
        {"code": "BKHCN", "p": 0.9712},
    )
    assert session.scalars(select(RoutingLabel)).all() == [], "software's word is no label"


@pytest.mark.parametrize("decision", ["triage", "refer"])
def test_an_unsure_one_leaves_it_to_the_desk(
    session: Session, clock: Clock, petition_in: Any, decision: str
) -> None:
    petition = petition_in(Status.RECEIVED)
    event = routing.suggest(session, petition, said(decision, flags=("legal",)), clock.now)
    assert (petition.status, petition.lead_agency_code, event.kind) == (Status.TRIAGE, None, "triaged")
    assert custody(session, petition) == []
    assert event.data["decision"] == decision
    assert len(event.data["agencies"]) == 3


def test_without_a_model_the_desk_decides_alone(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.RECEIVED)
    event = routing.suggest(session, petition, None, clock.now)
    assert (petition.status, event.data) == (Status.TRIAGE, {"model": None})
    assert routing.latest_suggestion(session, petition) is None


@pytest.mark.parametrize("agency", ["UNKNOWN", "UBNDT"])
def test_an_agency_that_is_none_is_left_to_the_desk(
    session: Session, clock: Clock, petition_in: Any, agency: str
) -> None:
    petition = petition_in(Status.RECEIVED)
    routing.suggest(session, petition, said(agency=agency), clock.now)
    assert (petition.status, petition.lead_agency_code) == (Status.TRIAGE, None)


def test_an_agency_that_has_ended_is_left_to_the_desk(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    session.get_one(Agency, "BKHCN").valid_to = date(2026, 11, 1)
    petition = petition_in(Status.RECEIVED)
    routing.suggest(session, petition, said(), clock.now)
    assert (petition.status, petition.lead_agency_code) == (Status.TRIAGE, None)


def test_it_is_looked_at_once(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.TRIAGE)
    with pytest.raises(Refused, match="state"):
        routing.suggest(session, petition, said(), clock.now)


# --- what the desk says -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("agency", "source"), [("BKHCN", "confirmation"), ("BCA", "overrule")])
def test_the_desk_s_word_is_kept_as_a_label(
    session: Session, clock: Clock, petition_in: Any, agency: str, source: str
) -> None:
    petition = petition_in(Status.RECEIVED)
    routing.suggest(session, petition, said("triage"), clock.now)
    desk = an_actor(session, Role.DESK)
    event = routing.assign(session, petition, desk, agency, clock.now, note="Xin xem gấp")
    session.commit()
    label = session.scalars(select(RoutingLabel)).one()
    assert (label.agency_code, label.source, label.staff_id) == (agency, source, desk.staff_id)
    assert event.data["to"] == agency
    assert event.data["suggested"] == "BKHCN"
    assert custody(session, petition) == [(agency, True, None)]
    assert "Xin xem gấp" not in str(event.data)


def test_the_agency_s_own_days_begin_when_it_gets_it(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    petition = petition_in(Status.TRIAGE)
    promised = petition.acknowledge_by, petition.respond_by
    clock.now += 2 * DAY
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    held = routing.open_assignment(session, petition)
    assert held is not None
    assert held.acknowledge_by == date(2026, 11, 11)
    assert (petition.acknowledge_by, petition.respond_by) == promised


@pytest.mark.parametrize(
    ("agency", "code"), [("", "choose"), ("UNKNOWN", "choose"), ("UBNDT", "choose"), ("bkhcn", "choose")]
)
def test_an_agency_that_cannot_be_given_work(
    session: Session, clock: Clock, petition_in: Any, agency: str, code: str
) -> None:
    petition = petition_in(Status.TRIAGE)
    with pytest.raises(Invalid) as refused:
        routing.assign(session, petition, an_actor(session, Role.DESK), agency, clock.now)
    assert refused.value.errors == {"agency": code}
    assert petition.status is Status.TRIAGE


def test_an_agency_is_given_work_from_its_first_day_to_its_last(session: Session, clock: Clock) -> None:
    agency = session.get_one(Agency, "BKHCN")
    agency.valid_from = agency.valid_to = date(2026, 11, 2)
    assert routing.existing_agency(session, "BKHCN", clock.now) is agency
    last_instant = datetime(2026, 11, 2, 16, 59, 59, tzinfo=UTC)
    assert routing.existing_agency(session, "BKHCN", last_instant) is agency
    for instant in (clock.now - DAY, last_instant + timedelta(seconds=1)):
        with pytest.raises(Invalid) as refused:
            routing.existing_agency(session, "BKHCN", instant)
        assert refused.value.errors == {"agency": "ended"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DESK])
def test_only_the_desk_assigns(session: Session, clock: Clock, petition_in: Any, role: Role) -> None:
    petition = petition_in(Status.TRIAGE)
    actor = Actor(role) if role is Role.SYSTEM else an_actor(session, role)
    with pytest.raises(Refused, match="role"):
        routing.assign(session, petition, actor, "BKHCN", clock.now)


# --- handing on and back ----------------------------------------------------------------------------------


def test_a_transfer(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.ACCEPTED)
    promised = petition.route_by, petition.acknowledge_by, petition.respond_by
    clock.now += DAY
    officer = an_actor(session, Role.OFFICER)
    event = routing.transfer(
        session, petition, officer, "BCA", "not_our_competence", "Thuộc quý bộ", clock.now
    )
    session.commit()
    assert (petition.status, petition.lead_agency_code, petition.officer_id) == (Status.ASSIGNED, "BCA", None)
    assert (petition.route_by, petition.acknowledge_by, petition.respond_by) == promised
    assert event.data["from"] == "BKHCN"
    assert event.data["to"] == "BCA"
    assert event.data["reason"] == "not_our_competence"
    assert event.agency_code == "BKHCN", "it is the deed of the agency that held it"
    assert custody(session, petition) == [("BKHCN", False, "not_our_competence"), ("BCA", True, None)]
    sources = list(session.scalars(select(RoutingLabel.source).order_by(RoutingLabel.id)))
    assert sources == ["overrule", "transfer"], (
        "without a suggestion the desk's own choice counts as overrule"
    )


def test_custody_has_no_gap_and_no_overlap(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in()
    clock.now += DAY
    routing.transfer(
        session, petition, an_actor(session, Role.OFFICER), "BCA", "reorganised", None, clock.now
    )
    first, second = session.scalars(select(Assignment).order_by(Assignment.id))
    assert first.ended_at == second.started_at == clock.now
    assert second.acknowledge_by == date(2026, 11, 10)


def test_a_return(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in(Status.ACCEPTED)
    officer = an_actor(session, Role.OFFICER)
    event = routing.return_to_desk(session, petition, officer, "unclear", None, clock.now)
    session.commit()
    assert (petition.status, petition.lead_agency_code, petition.officer_id) == (Status.TRIAGE, None, None)
    assert event.data == {"from": "BKHCN", "reason": "unclear"}
    assert custody(session, petition) == [("BKHCN", False, "unclear")]
    keys = session.scalars(select(OutboxRow.key)).all()
    assert f"mail:{petition.id}:{event.seq}:desk" in keys


def test_to_itself_nothing_is_transferred(session: Session, clock: Clock, petition_in: Any) -> None:
    officer = an_actor(session, Role.OFFICER)
    with pytest.raises(Invalid) as refused:
        routing.transfer(session, petition_in(), officer, "BKHCN", "reorganised", None, clock.now)
    assert refused.value.errors == {"agency": "same_agency"}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AGENCY_ADMIN])
def test_only_the_holder_hands_on_or_back(
    session: Session, clock: Clock, petition_in: Any, role: Role
) -> None:
    petition, stranger = petition_in(), an_actor(session, role, "BCA")
    with pytest.raises(Refused, match="not_holder"):
        routing.transfer(session, petition, stranger, "UBND-79", "reorganised", None, clock.now)
    with pytest.raises(Refused, match="not_holder"):
        routing.return_to_desk(session, petition, stranger, "unclear", None, clock.now)
    assert custody(session, petition) == [("BKHCN", True, None)]


def test_whoever_held_it_before_has_no_say_any_more(session: Session, clock: Clock, petition_in: Any) -> None:
    petition, officer = petition_in(), an_actor(session, Role.OFFICER)
    routing.transfer(session, petition, officer, "BCA", "reorganised", None, clock.now)
    with pytest.raises(Refused, match="not_holder"):
        routing.return_to_desk(session, petition, officer, "unclear", None, clock.now)


def test_a_reason_is_asked_for(session: Session, clock: Clock, petition_in: Any) -> None:
    petition, officer = petition_in(), an_actor(session, Role.OFFICER)
    for reason in ("", "because"):
        with pytest.raises(Refused, match="reason"):
            routing.transfer(session, petition, officer, "BCA", reason, None, clock.now)
        with pytest.raises(Refused, match="reason"):
            routing.return_to_desk(session, petition, officer, reason, None, clock.now)


def test_after_two_handovers_the_desk_decides_bindingly(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    petition, desk = petition_in(), an_actor(session, Role.DESK)
    for sender, receiver in (("BKHCN", "BCA"), ("BCA", "UBND-79")):
        officer = an_actor(session, Role.OFFICER, sender)
        routing.transfer(session, petition, officer, receiver, "not_our_competence", None, clock.now)
    last = an_actor(session, Role.OFFICER, "UBND-79")
    with pytest.raises(Refused, match="desk_decides"):
        routing.transfer(session, petition, last, "BKHCN", "not_our_competence", None, clock.now)
    routing.return_to_desk(session, petition, last, "not_our_competence", None, clock.now)
    assert petition.handovers == 3
    event = routing.assign(session, petition, desk, "BKHCN", clock.now)
    assert event.data["binding"] is True
    first = an_actor(session, Role.OFFICER)
    with pytest.raises(Refused, match="binding"):
        routing.transfer(session, petition, first, "BCA", "not_our_competence", None, clock.now)
    with pytest.raises(Refused, match="binding"):
        routing.return_to_desk(session, petition, first, "unclear", None, clock.now)
    assert [open_ for _agency, open_, _reason in custody(session, petition)] == [False, False, False, True]
    assert petition.respond_by == date(2026, 11, 23), "the citizen's clock never restarted"
    session.commit()
    assert [fault for _code, fault in timeline.faults(session)] == [None]


def test_two_returns_bind_too(session: Session, clock: Clock, petition_in: Any) -> None:
    petition, desk, officer = petition_in(), an_actor(session, Role.DESK), an_actor(session, Role.OFFICER)
    for binding in (False, True):
        routing.return_to_desk(session, petition, officer, "unclear", None, clock.now)
        assert routing.assign(session, petition, desk, "BKHCN", clock.now).data["binding"] is binding


@pytest.mark.parametrize("step", ["draft", "submitted", "approved"])
def test_an_answer_under_way_stays_behind(
    session: Session, vault: Vault, clock: Clock, petition_in: Any, step: str
) -> None:
    """What one agency wrote and approved is not what the next one answers, nor rated as its own."""
    petition = petition_in(Status.ACCEPTED)
    officer, approver = an_actor(session, Role.OFFICER), an_actor(session, Role.APPROVER)
    answering.draft(session, petition, officer, "Trả lời của cơ quan thứ nhất, chưa gửi đi.", clock.now)
    if step in ("submitted", "approved"):
        answering.submit_draft(session, petition, officer, clock.now)
    if step == "approved":
        answering.approve(session, petition, approver, clock.now)
    routing.transfer(session, petition, officer, "BCA", "not_our_competence", None, clock.now)
    theirs, their_approver = an_actor(session, Role.OFFICER, "BCA"), an_actor(session, Role.APPROVER, "BCA")
    answering.acknowledge(
        session,
        petition,
        theirs,
        clock.now,
        officer_id=theirs.staff_id or 0,
        task="Xử lý",
        deadline=petition.respond_by,
        expected_result="Trả lời",
    )
    with pytest.raises(Refused, match="no_such_draft"):
        answering.submit_draft(session, petition, theirs, clock.now)
    with pytest.raises(Refused, match="no_such_draft"):
        answering.approve(session, petition, their_approver, clock.now)
    with pytest.raises(Refused, match="no_such_draft"):
        answering.publish(session, vault, petition, their_approver, clock.now)
    answer(session, vault, petition, clock.now, "BCA")
    (given,) = responses.published_responses(session, petition)
    assert given.agency_code == "BCA"
