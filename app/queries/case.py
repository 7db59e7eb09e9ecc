"""Everything that the page of one case shows, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import (
    Agency,
    Assignment,
    Contribution,
    Event,
    Note,
    Petition,
    PetitionTopic,
    Response,
    Staff,
    Suggestion,
    Topic,
)
from app.queries import similar
from app.queries.desk import Suggested, asks_of, named, suggested
from app.queries.similar import Similar


@dataclass(frozen=True)
class Entry:
    """One line of the timeline as staff see it. ``staff`` is who did it, if a person did."""

    kind: str
    at: datetime
    actor: str
    staff: Staff | None
    agency_code: str | None
    data: dict[str, Any]
    note: str | None
    note_public: bool


@dataclass(frozen=True)
class Case:
    """A petition with all that has been said and done about it; lists are oldest first."""

    petition: Petition
    topics: list[Topic]
    place: Agency | None
    suggestion: Suggestion | None
    suggested: list[Suggested]
    custody: list[Assignment]
    timeline: list[Entry]
    responses: list[Response]
    staff: dict[int, Staff]
    agencies: dict[str, Agency]
    similar: Similar
    members: list[Petition]

    @property
    def involved(self) -> list[Contribution]:
        """What other agencies are asked for at present."""
        return [each for each in self.petition.contributions if each.ended_at is None]

    @property
    def asks(self) -> list[str]:
        """The separate requests that software found in the text."""
        return asks_of(self.petition, self.suggestion)

    @property
    def holding(self) -> Assignment | None:
        """The custody period that runs now."""
        return next((each for each in self.custody if each.ended_at is None), None)

    @property
    def under_way(self) -> Response | None:
        """The answer being written."""
        return next((each for each in self.responses if each.state != "published"), None)

    @property
    def additions(self) -> list[Entry]:
        """What the submitter has written since."""
        return [each for each in self.timeline if each.actor == "submitter" and each.note]

    @property
    def objection_to_draft(self) -> str | None:
        """What the approver wants mended, while the draft is back with its author."""
        if self.under_way is None or self.under_way.state != "returned":
            return None
        return next((each.note for each in reversed(self.timeline) if each.kind == "draft_returned"), None)

    @property
    def corrected(self) -> dict[int, int]:
        """Which answers have been superseded, and by which."""
        return {each.corrects: each.number for each in self.published if each.corrects is not None}

    @property
    def published(self) -> list[Response]:
        """The answers given."""
        return [each for each in self.responses if each.state == "published"]


def load(session: Session, petition: Petition, agency_code: str | None = None) -> Case:
    """The case of a petition, as its holder ``agency_code`` may see it, or the desk (None)."""
    events = session.scalars(select(Event).where(Event.petition_id == petition.id).order_by(Event.seq)).all()
    notes = {each.seq: each for each in session.scalars(select(Note).where(Note.petition_id == petition.id))}
    custody = session.scalars(
        select(Assignment)
        .where(Assignment.petition_id == petition.id)
        .options(joinedload(Assignment.agency))
        .order_by(Assignment.started_at, Assignment.id)
    ).all()
    responses = session.scalars(
        select(Response).where(Response.petition_id == petition.id).order_by(Response.number)
    ).all()
    said = session.scalars(
        select(Suggestion)
        .where(Suggestion.petition_id == petition.id)
        .order_by(Suggestion.id.desc())
        .limit(1)
    ).first()
    staff = _people(session, events, custody, responses)
    agencies = named(session, _codes(events, said))
    return Case(
        petition=petition,
        topics=_topics(session, petition),
        place=_place(session, petition),
        suggestion=said,
        suggested=suggested(said, agencies),
        custody=list(custody),
        timeline=[_entry(event, notes.get(event.seq), staff) for event in events],
        responses=list(responses),
        staff=staff,
        agencies=agencies,
        members=list(
            session.scalars(
                select(Petition)
                .where(Petition.merged_into_id == petition.id)
                .order_by(Petition.respond_by, Petition.id)
            )
        ),
        similar=similar.to_each(session, [petition.id], agency_code).get(petition.id, similar.NONE),
    )


def since(session: Session, petition: Petition, seen_version: int) -> list[Event]:
    """What changed a petition after the page that showed ``seen_version``, oldest first.

    Every change of the version leaves one event; a reminder, or that somebody read the contact data, changes nothing.
    """
    newer = petition.version - max(seen_version, 0)
    if newer <= 0:
        return []
    changes = select(Event).where(
        Event.petition_id == petition.id, Event.kind.not_in(("contact_read", "reminded"))
    )
    return list(session.scalars(changes.order_by(Event.seq.desc()).limit(newer)))[::-1]


def officers(session: Session, agency_code: str) -> list[Staff]:
    """The staff of an agency who can be put in charge of a case."""
    wanted = select(Staff).where(Staff.agency_code == agency_code, Staff.active).order_by(Staff.name)
    return list(session.scalars(wanted))


def _people(
    session: Session, events: Iterable[Event], custody: Iterable[Assignment], responses: Iterable[Response]
) -> dict[int, Staff]:
    ids = {_staff_id(event.actor) for event in events}
    ids |= {each.officer_id for each in custody}
    ids |= {id_ for each in responses for id_ in (each.author_id, each.approver_id)}
    known = [id_ for id_ in ids if id_ is not None]
    return (
        {each.id: each for each in session.scalars(select(Staff).where(Staff.id.in_(known)))} if known else {}
    )


def _codes(events: Iterable[Event], said: Suggestion | None) -> list[str]:
    codes = [
        code
        for event in events
        for code in (event.agency_code, *(event.data.get(key) for key in ("from", "to", "cohandler")))
    ]
    codes += [each["code"] for each in said.agencies] if said else []
    return [code for code in codes if isinstance(code, str)]


def _entry(event: Event, note: Note | None, staff: dict[int, Staff]) -> Entry:
    return Entry(
        kind=event.kind,
        at=event.at,
        actor=event.actor,
        staff=staff.get(_staff_id(event.actor) or 0),
        agency_code=event.agency_code,
        data=event.data,
        note=note.text if note else None,
        note_public=bool(note and note.public),
    )


def _staff_id(actor: str) -> int | None:
    kind, _, id_ = actor.partition(":")
    return int(id_) if kind == "staff" and id_.isdecimal() else None


def _topics(session: Session, petition: Petition) -> list[Topic]:
    wanted = (
        select(Topic)
        .join(PetitionTopic, PetitionTopic.topic_id == Topic.id)
        .where(PetitionTopic.petition_id == petition.id)
        .order_by(PetitionTopic.position)
    )
    return list(session.scalars(wanted))


def _place(session: Session, petition: Petition) -> Agency | None:
    if petition.province_code is None:
        return None
    wanted = select(Agency).where(
        Agency.province_code == petition.province_code, Agency.branch == "government"
    )
    return session.scalars(wanted.limit(1)).first()
