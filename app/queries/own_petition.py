"""Everything that the submitter's own page shows: only what is theirs to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Agency, Assignment, Event, Note, Petition, PetitionTopic, Response, Suggestion, Survey
from app.services import rules
from workflows.calendar import local_date
from workflows.deadlines import LedgerDay, ledger
from workflows.lifecycle import LIFECYCLE


@dataclass(frozen=True)
class OwnPetition:
    """A petition as its submitter sees it. Lists are oldest first; ``notes`` holds public notes by event number."""

    petition: Petition
    events: Sequence[Event]
    notes: dict[int, str]
    agencies: dict[str, Agency]
    custody: Assignment | None
    answers: Sequence[Response]
    survey: Survey | None
    suggested: bool

    @property
    def corrected(self) -> frozenset[int]:
        """The numbers of answers that a later one has superseded."""
        return frozenset(each.corrects for each in self.answers if each.corrects is not None)


def by_code(session: Session, code: str) -> Petition | None:
    """The petition of that code, with its topics."""
    wanted = select(Petition).where(Petition.code == code)
    return session.scalar(
        wanted.options(
            joinedload(Petition.lead_agency), joinedload(Petition.topics).joinedload(PetitionTopic.topic)
        )
    )


def whole(session: Session, petition: Petition) -> OwnPetition:
    """All that belongs to a petition and is public to its submitter."""
    events = session.scalars(
        select(Event)
        .where(Event.petition_id == petition.id, Event.kind.in_(sorted(LIFECYCLE.public_events)))
        .order_by(Event.seq)
    ).all()
    notes = session.execute(
        select(Note.seq, Note.text).where(Note.petition_id == petition.id, Note.public)
    ).all()
    codes = {
        code for event in events for code in (event.agency_code, event.data.get("to"), event.data.get("from"))
    }
    agencies = session.scalars(
        select(Agency).where(Agency.code.in_([code for code in codes if isinstance(code, str)]))
    )
    custody = session.scalars(
        select(Assignment).where(Assignment.petition_id == petition.id, Assignment.ended_at.is_(None))
    ).first()
    answers = session.scalars(
        select(Response)
        .where(Response.petition_id == petition.id, Response.state == "published")
        .order_by(Response.number)
    ).all()
    survey = session.scalars(
        select(Survey).where(Survey.petition_id == petition.id).order_by(Survey.id.desc()).limit(1)
    ).first()
    said = session.scalar(select(Suggestion.id).where(Suggestion.petition_id == petition.id).limit(1))
    return OwnPetition(
        petition=petition,
        events=events,
        notes={row.seq: row.text for row in notes},
        agencies={agency.code: agency for agency in agencies},
        custody=custody,
        answers=answers,
        survey=survey,
        suggested=said is not None,
    )


def last_words(session: Session, petition: Petition) -> str | None:
    """The text of the latest public note, by which a form that was sent twice is known."""
    return session.scalar(
        select(Note.text)
        .where(Note.petition_id == petition.id, Note.public)
        .order_by(Note.seq.desc())
        .limit(1)
    )


def promised_answer(session: Session, petition: Petition) -> date:
    """The date of the answer as it was promised at submission, before any extension or wait."""
    said = session.scalar(
        select(Event.data).where(Event.petition_id == petition.id, Event.kind == "submitted").limit(1)
    )
    return date.fromisoformat(said["respond_by"]) if said and "respond_by" in said else petition.respond_by


def counted_days(session: Session, petition: Petition, until: date) -> list[LedgerDay]:
    """How the days from submission to ``until`` were counted, by the calendar the promise was made with."""
    calendar = rules.calendar(session, petition.calendar_version)
    return ledger(local_date(petition.submitted_at), until, calendar)
