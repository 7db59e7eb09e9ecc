"""A whole case as plain data, for export and for other programs. Personal data is left out."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Event, Petition
from app.services import rules
from workflows.calendar import local_date
from workflows.deadlines import ledger
from workflows.timeline import instant


def case_file(session: Session, petition: Petition, now: datetime) -> dict[str, Any]:
    """One petition with its custody, its timeline, and the ledger of its clock up to the date of the answer."""
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    custody = session.scalars(
        select(Assignment).where(Assignment.petition_id == petition.id).order_by(Assignment.id)
    ).all()
    promised = rules.calendar(session, petition.calendar_version)
    # What moved the answer beyond the edition of the promise was counted by a newer one.
    calendar = promised if petition.respond_by <= promised.covers_to else rules.calendar(session)
    days = ledger(
        local_date(petition.submitted_at), petition.respond_by, calendar, pauses(events, local_date(now))
    )
    return {
        "code": petition.code,
        "kind": petition.kind,
        "submitter_kind": petition.submitter_kind,
        "province": petition.province_code,
        "channel": petition.channel,
        "language": petition.language,
        "status": petition.status,
        "agency": petition.lead_agency_code,
        "topics": [topic.topic_id for topic in petition.topics],
        "text": petition.text,
        "text_sha256": petition.text_sha256,
        "submitted_at": instant(petition.submitted_at),
        "route_by": petition.route_by.isoformat(),
        "acknowledge_by": petition.acknowledge_by.isoformat(),
        "respond_by": petition.respond_by.isoformat(),
        "policy": petition.policy_version,
        "calendar": petition.calendar_version,
        "custody": [
            {
                "agency": period.agency_code,
                "from": instant(period.started_at),
                "to": instant(period.ended_at) if period.ended_at else None,
                "acknowledge_by": period.acknowledge_by.isoformat(),
                "binding": period.binding,
            }
            for period in custody
        ],
        "timeline": [
            {
                "seq": event.seq,
                "kind": event.kind,
                "at": instant(event.at),
                "actor": event.actor,
                "agency": event.agency_code,
                "status": event.status,
                "data": event.data,
                "previous_hash": event.previous_hash,
                "hash": event.hash,
            }
            for event in events
        ],
        "ledger": [{**asdict(day), "day": day.day.isoformat()} for day in days],
    }


def pauses(events: Sequence[Event], today: date) -> list[tuple[date, date]]:
    """When the clock stood still: while the submitter was asked, and between an answer and an objection to it."""
    spans, since = [], None
    for event in events:
        if event.kind in ("information_requested", "published"):
            since = local_date(event.at)
        elif event.kind in ("information_provided", "waiting_ended", "reopened") and since is not None:
            spans.append((since, local_date(event.at)))
            since = None
    if since is not None and events[-1].status == "awaiting_submitter":
        spans.append((since, today))
    return spans
