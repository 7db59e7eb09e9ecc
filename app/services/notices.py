"""Which events are told to whom by mail."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Event, Petition
from app.services import outbox

TO_SUBMITTER = frozenset(
    {
        "submitted",
        "assigned",
        "routed",
        "transferred",
        "acknowledged",
        "information_requested",
        "extended",
        "waiting_ended",
        "interim_replied",
        "escalated",
        "partner_named",
        "corrected",
        "merged",
        "unmerged",
        "published",
        "declined",
        "referred",
        "withdrawn",
        "closed",
    }
)
TO_AGENCY = frozenset(
    {
        "assigned",
        "routed",
        "transferred",
        "escalated",
        "information_provided",
        "information_added",
        "waiting_ended",
        "contributed",
        "reopened",
    }
)
TO_DESK = frozenset({"returned"})
TO_COHANDLER = frozenset({"contribution_asked", "contribution_released"})


def ask(session: Session, petition: Petition, event: Event, now: datetime) -> None:
    """Ask for the mails that follow from ``event``; who has no address gets none."""
    for audience, kinds in (
        ("submitter", TO_SUBMITTER),
        ("agency", TO_AGENCY),
        ("desk", TO_DESK),
        ("cohandler", TO_COHANDLER),
    ):
        if event.kind in kinds:
            key = f"mail:{petition.id}:{event.seq}:{audience}"
            payload = {"petition": petition.id, "seq": event.seq, "audience": audience}
            outbox.add(session, key, "mail", payload, now)
