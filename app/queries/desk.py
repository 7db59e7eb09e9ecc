"""The queue of the coordination desk, and the agencies it can choose from."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.models import Agency, Event, Note, Petition, Suggestion
from app.queries import similar
from app.queries.similar import Similar
from workflows.lifecycle import Status

PAGE_SIZE = 20
SUGGESTED = 3
CLASSIFIER_PATIENCE = timedelta(minutes=10)
TIERS = ("central", "province", "commune")


@dataclass(frozen=True)
class Suggested:
    """An agency the classifier named, with its probability; ``agency`` is None for a code no longer known."""

    code: str
    probability: float
    agency: Agency | None

    @property
    def assignable(self) -> bool:
        """Whether work can be given to it (a placeholder stands for a body still to be named)."""
        return self.agency is not None and not self.agency.placeholder


@dataclass(frozen=True)
class SentBack:
    """Why an agency sent a petition back to the desk."""

    at: datetime
    agency_code: str | None
    reason: str | None
    note: str | None


@dataclass(frozen=True)
class Item:
    """A line of the queue."""

    petition: Petition
    place: Agency | None
    suggestion: Suggestion | None
    suggested: list[Suggested]
    sent_back: SentBack | None
    similar: Similar

    @property
    def asks(self) -> list[str]:
        """The separate requests that software found in the text."""
        return asks_of(self.petition, self.suggestion)


@dataclass(frozen=True)
class Page:
    """Some lines, and the cursor that the next page starts after (None on the last)."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True)
class Counts:
    """What waits at the desk: in all, past its date, sent back by an agency, and not read by the classifier."""

    waiting: int
    overdue: int
    sent_back: int
    unread: int


def page(session: Session, now: datetime, cursor: str | None = None) -> Page:
    """One page of the queue, the oldest promise first. A cursor that makes no sense gives the first page."""
    wanted = (
        select(Petition)
        .where(_at_the_desk(now))
        .order_by(Petition.route_by, Petition.id)
        .limit(PAGE_SIZE + 1)
    )
    after = _read_cursor(cursor)
    if after is not None:
        day, id_ = after
        wanted = wanted.where(or_(Petition.route_by > day, and_(Petition.route_by == day, Petition.id > id_)))
    found = session.scalars(wanted).all()
    shown = found[:PAGE_SIZE]
    suggestions = _latest_suggestions(session, [each.id for each in shown])
    agencies = named(
        session, [each["code"] for said in suggestions.values() for each in said.agencies[:SUGGESTED]]
    )
    places = _places(session, [each.province_code for each in shown if each.province_code])
    returns = _sent_back(session, [each.id for each in shown if each.handovers])
    alike = similar.to_each(session, [each.id for each in shown])
    items = []
    for petition in shown:
        said = suggestions.get(petition.id)
        place = places.get(petition.province_code or "")
        items.append(
            Item(
                petition,
                place,
                said,
                suggested(said, agencies),
                returns.get(petition.id),
                alike.get(petition.id, similar.NONE),
            )
        )
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return Page(items, f"{last.route_by.isoformat()}~{last.id}" if last else None)


def counts(session: Session, now: datetime, today: date) -> Counts:
    """How much waits at the desk."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(Petition.route_by < today),
            func.count().filter(Petition.handovers > 0),
            func.count().filter(Petition.status == Status.RECEIVED),
        )
        .select_from(Petition)
        .where(_at_the_desk(now))
    ).one()
    return Counts(*row)


def suggested(said: Suggestion | None, agencies: dict[str, Agency]) -> list[Suggested]:
    """The best agencies of a suggestion, with what is known of them."""
    if said is None:
        return []
    best = said.agencies[:SUGGESTED]
    return [Suggested(each["code"], float(each["p"]), agencies.get(each["code"])) for each in best]


def asks_of(petition: Petition, said: Suggestion | None) -> list[str]:
    """The separate requests of a petition, in its own words."""
    return [petition.text[start:end] for start, end in said.asks] if said is not None else []


def named(session: Session, codes: Sequence[str]) -> dict[str, Agency]:
    """The agencies of these codes."""
    if not codes:
        return {}
    return {each.code: each for each in session.scalars(select(Agency).where(Agency.code.in_(set(codes))))}


def assignable(session: Session, today: date, looked_for: str = "") -> dict[str, list[Agency]]:
    """The agencies that can be given work today, by tier; only those that ``looked_for`` fits, however it is typed."""
    rows = session.scalars(
        select(Agency)
        .where(
            ~Agency.placeholder,
            or_(Agency.valid_from.is_(None), Agency.valid_from <= today),
            or_(Agency.valid_to.is_(None), Agency.valid_to >= today),
        )
        .order_by(Agency.name_vi)
    ).all()
    words = folded(looked_for).split()
    by_tier: dict[str, list[Agency]] = {tier: [] for tier in TIERS}
    for agency in rows:
        names = folded(
            " ".join((agency.code, agency.name_vi, agency.name_en, *agency.short, *agency.former_names))
        )
        if all(word in names for word in words):
            by_tier.setdefault(agency.tier, []).append(agency)
    return {tier: found for tier, found in by_tier.items() if found}


def folded(text: str) -> str:
    """Text as it is compared in a search: lower case, without diacritics, đ as d."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _at_the_desk(now: datetime) -> ColumnElement[bool]:
    stuck = and_(Petition.status == Status.RECEIVED, Petition.submitted_at < now - CLASSIFIER_PATIENCE)
    return or_(Petition.status == Status.TRIAGE, stuck)


def _latest_suggestions(session: Session, ids: list[int]) -> dict[int, Suggestion]:
    newest = (
        select(func.max(Suggestion.id))
        .where(Suggestion.petition_id.in_(ids))
        .group_by(Suggestion.petition_id)
    )
    rows = session.scalars(select(Suggestion).where(Suggestion.id.in_(newest)))
    return {each.petition_id: each for each in rows}


def _places(session: Session, codes: list[str]) -> dict[str, Agency]:
    if not codes:
        return {}
    wanted = select(Agency).where(Agency.province_code.in_(set(codes)), Agency.branch == "government")
    return {each.province_code or "": each for each in session.scalars(wanted)}


def _sent_back(session: Session, ids: list[int]) -> dict[int, SentBack]:
    if not ids:
        return {}
    rows = session.execute(
        select(Event, Note.text)
        .outerjoin(Note, and_(Note.petition_id == Event.petition_id, Note.seq == Event.seq))
        .where(Event.petition_id.in_(ids), Event.kind == "returned")
        .order_by(Event.petition_id, Event.seq)
    )
    return {
        event.petition_id: SentBack(event.at, event.agency_code, event.data.get("reason"), text)
        for event, text in rows
    }


def _read_cursor(cursor: str | None) -> tuple[date, int] | None:
    day, _, id_ = (cursor or "").partition("~")
    try:
        if not id_.isascii() or not id_.isdecimal() or len(id_) > 18:
            return None
        return date.fromisoformat(day), int(id_)
    except ValueError:
        return None
