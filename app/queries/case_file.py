"""A whole case as plain data, for export and for other programs. Personal data is left out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Event, Petition
from app.queries import ledger as ledgers
from workflows.calendar import local_date
from workflows.timeline import instant


def case_file(session: Session, petition: Petition, now: datetime) -> dict[str, Any]:
    """One petition with its custody, its timeline, and the ledger of its clock up to the date of the answer."""
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    custody = session.scalars(
        select(Assignment).where(Assignment.petition_id == petition.id).order_by(Assignment.id)
    ).all()
    days = ledgers.counted(session, petition, events, petition.respond_by, local_date(now))
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
