"""What is beyond an agency's authority goes to its superior, with what was tried, and gains no day."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency
from app.services import routing, timeline
from tests.factories import an_actor
from tests.instances import Clock
from workflows.lifecycle import Refused, Role, Status


def test_what_is_beyond_ones_authority_goes_to_the_superior(
    session: Session, clock: Clock, petition_in: Any
) -> None:
    petition = petition_in(agency="CSHTT")
    due, approver = petition.respond_by, an_actor(session, Role.APPROVER, "CSHTT")
    with pytest.raises(Invalid):
        routing.escalate(session, petition, approver, "beyond_authority", " ", clock.now)
    event = routing.escalate(session, petition, approver, "policy_gap", "Đã họp hai lần.", clock.now)
    assert (event.data["from"], event.data["to"]) == ("CSHTT", "BKHCN")
    assert (petition.status, petition.lead_agency_code) == (Status.ASSIGNED, "BKHCN")
    assert (petition.respond_by, petition.handovers) == (due, 0), "no ping-pong, and no day gained"
    held = routing.open_assignment(session, petition)
    assert held is not None
    assert held.agency_code == "BKHCN"
    session.flush()
    assert [fault for _code, fault in timeline.faults(session) if fault] == []


def test_who_has_no_superior_decides(session: Session, clock: Clock, petition_in: Any) -> None:
    petition = petition_in()
    session.get_one(Agency, "BKHCN").parent_code = None
    approver = an_actor(session, Role.APPROVER)
    with pytest.raises(Refused, match="no_superior"):
        routing.escalate(session, petition, approver, "policy_gap", "Đã họp hai lần.", clock.now)
