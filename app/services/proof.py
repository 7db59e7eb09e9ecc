"""Whether what a petition holds is still what its timeline says of it: the hashes alone would prove only the timeline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Note, Petition, Response, Survey
from workflows.timeline import Fault, fingerprint, note_fingerprint

_GAVE = frozenset({"routed", "assigned", "transferred", "escalated"})
_ANSWERED = frozenset({"published", "corrected"})


@dataclass
class Holdings:
    """What the tables hold of one petition, apart from its events."""

    id: int
    code: str
    text: str
    text_sha256: str
    status: str
    lead_agency_code: str | None
    respond_by: date
    notes: dict[int, str] = field(default_factory=dict)  # number of the event → fingerprint
    answers: dict[int, str] = field(default_factory=dict)  # number of a published answer → fingerprint
    ratings: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)  # survey → both ratings


def holdings(session: Session, codes: Sequence[str]) -> list[Holdings]:
    """What the tables hold of the petitions of these codes, in order of code."""
    rows = session.execute(
        select(
            Petition.id,
            Petition.code,
            Petition.text,
            Petition.text_sha256,
            Petition.status,
            Petition.lead_agency_code,
            Petition.respond_by,
        )
        .where(Petition.code.in_(codes))
        .order_by(Petition.code)
    )
    found = {row.id: Holdings(**row._mapping) for row in rows}
    for note in session.execute(
        select(Note.petition_id, Note.seq, Note.salt, Note.text).where(Note.petition_id.in_(found))
    ):
        found[note.petition_id].notes[note.seq] = note_fingerprint(note.salt, note.text)
    for answer in session.execute(
        select(Response.petition_id, Response.number, Response.body).where(
            Response.petition_id.in_(found), Response.state == "published"
        )
    ):
        found[answer.petition_id].answers[answer.number] = fingerprint(answer.body)
    for survey in session.execute(
        select(Survey.petition_id, Survey.id, Survey.rating, Survey.policy_rating).where(
            Survey.petition_id.in_(found)
        )
    ):
        found[survey.petition_id].ratings[survey.id] = (survey.rating, survey.policy_rating)
    return list(found.values())


def mismatch(held: Holdings, events: Sequence[Event]) -> Fault | None:
    """The first thing that is not as the events (all of them, in order) say. Notes may be gone: they can be erased."""
    return next(_mismatches(held, events), None)


def _mismatches(held: Holdings, events: Sequence[Event]) -> Iterator[Fault]:
    last = events[-1].seq
    if not held.text_sha256 == fingerprint(held.text) == events[0].data.get("text_sha256"):
        yield Fault(1, "the petition's text is not the one received")
    if held.status != events[-1].status:
        yield Fault(last, "the petition's status is not the one it led to")
    yield from _notes(held, events)
    yield from _answers(held, events)
    yield from _ratings(held, events)
    yield from _custody_and_date(held, events)


def _notes(held: Holdings, events: Sequence[Event]) -> Iterator[Fault]:
    told = {event.seq: event.data.get("note_sha256") for event in events}
    for seq, found in sorted(held.notes.items()):
        if told.get(seq) != found:
            yield Fault(seq, "its note is not the one written")


def _answers(held: Holdings, events: Sequence[Event]) -> Iterator[Fault]:
    told = {event.data.get("response"): event for event in events if event.kind in _ANSWERED}
    for number, event in told.items():
        if held.answers.get(number or 0) != event.data.get("body_sha256"):
            yield Fault(event.seq, "its answer is not the one published")
    if held.answers.keys() - told.keys():
        yield Fault(events[-1].seq, "an answer was published that no event tells of")


def _ratings(held: Holdings, events: Sequence[Event]) -> Iterator[Fault]:
    told = {event.data.get("survey"): event for event in events if event.kind == "rated"}
    for survey, event in told.items():
        given = (event.data.get("rating"), event.data.get("policy_rating"))
        if held.ratings.get(survey or 0) != given:
            yield Fault(event.seq, "its rating is not the one given")
    if any(ratings != (None, None) for survey, ratings in held.ratings.items() if survey not in told):
        yield Fault(events[-1].seq, "there is a rating that no event tells of")


def _custody_and_date(held: Holdings, events: Sequence[Event]) -> Iterator[Fault]:
    holder, held_since, due, due_since = None, 1, None, 1
    for event in events:
        # The answer to a lead case gives its members to the agency that answered.
        if event.kind in _GAVE or (event.kind == "published" and "to" in event.data):
            holder, held_since = event.data.get("to"), event.seq
        elif event.kind in ("returned", "merged"):
            holder, held_since = None, event.seq
        moved = event.data.get("respond_by")
        if moved is not None:
            due, due_since = (moved.get("to") if isinstance(moved, dict) else moved), event.seq
    if held.lead_agency_code != holder:
        yield Fault(held_since, "the petition is not with the agency it was given to")
    if held.respond_by.isoformat() != due:
        yield Fault(due_since, "the date of the answer is not the one promised")
