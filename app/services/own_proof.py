"""What proves a submitter's timeline to anybody, without this software: see ``docs/verifying.md``."""

from bisect import bisect_right
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Petition, TimelineRoot
from app.queries import published_roots
from app.services import roots, timeline
from app.services.signing import Signer, pem
from workflows import merkle
from workflows.calendar import local_date
from workflows.timeline import day_root, proof

FORMAT = "pakn timeline 1"
# How many roots are tried, newest first: one into whose day events came too late proves nothing about its part.
TRIES = 7


def own_proof(session: Session, petition: Petition, signer: Signer) -> dict[str, Any]:
    """Every event of a petition as it was hashed, and the way from its chain to the latest root that covers it.

    ``root`` is None until the day on which it was sent has been sealed. No text, note or personal data is in it.
    """
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    root = _way_to_a_root(session, petition.code, events[0]) if events else None
    return {
        "format": FORMAT,
        "code": petition.code,
        "text_sha256": petition.text_sha256,
        "events": [
            {
                "entry": asdict(timeline.entry_of(petition.code, event)),
                "previous_hash": event.previous_hash,
                "hash": event.hash,
            }
            for event in events
        ],
        "root": root,
        "public_key": pem(root["public_key"] if root else signer.public_key),
    }


def _way_to_a_root(session: Session, code: str, first: Event) -> dict[str, Any] | None:
    days = published_roots.days(session, since=local_date(first.at), count=TRIES)
    for day in days:
        row = session.get_one(TimelineRoot, day)
        found = _way(session, row, code)
        if found is not None:
            head, steps = found
            return {**published_roots.as_json(row), "head": head, "proof": steps}
    return None


def _way(session: Session, row: TimelineRoot, code: str) -> tuple[str, list[merkle.Step]] | None:
    """The head of a chain at the end of the day, and what leads from it to the root; None where it does not."""
    number = bisect_right([first for first, _top in row.parts], code) - 1
    if number < 0:
        return None
    first, top = row.parts[number]
    until = row.parts[number + 1][0] if number + 1 < len(row.parts) else None
    part = list(timeline.heads(session, roots.end_of(row.day), first, until))
    if code not in dict(part) or day_root(part) != top:
        return None
    tops = [bytes.fromhex(each) for _first, each in row.parts]
    return dict(part)[code], proof(part, code) + merkle.path(tops, number)
