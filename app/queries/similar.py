"""Petitions about the same thing: for the desk, for who holds a case, and for who is still writing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import Likeness, Petition, Response, Submitter, TextBand
from classifiers.near_duplicates import Alike, Pairs, bands, most_alike, pairs_of

_CANDIDATES = 100
_SHOWN = 3
_LOOKED_AT = 200


@dataclass(frozen=True)
class Other:
    """Another petition about the same thing, and how much of its wording is the same (0 to 1)."""

    petition: Petition
    likeness: float


@dataclass(frozen=True)
class Similar:
    """What is like a petition: the most alike first, and how many there are in all."""

    others: tuple[Other, ...]
    count: int


@dataclass(frozen=True)
class Answered:
    """A published answer to a petition much like what is being written; both texts may be shown to anybody."""

    petition: Petition
    answer: Response


NONE = Similar((), 0)


def alike(session: Session, pairs: Pairs, *, most: int, but: int | None = None) -> list[Alike[int]]:
    """The petitions kept for comparison whose text is much like that of ``pairs``, the most alike first."""
    keys = bands(pairs)
    if not keys:
        return []
    agreeing = (
        select(TextBand.petition_id)
        .where(TextBand.key.in_(keys), TextBand.petition_id != (but or 0))
        .group_by(TextBand.petition_id)
        .order_by(func.count().desc(), TextBand.petition_id.desc())
        .limit(_CANDIDATES)
    )
    ids = list(session.scalars(agreeing))
    if not ids:
        return []
    texts = session.execute(select(Petition.id, Petition.text).where(Petition.id.in_(ids)))
    return most_alike(pairs, ((id_, pairs_of(text)) for id_, text in texts), most)


def to_each(session: Session, ids: Sequence[int], agency_code: str | None = None) -> dict[int, Similar]:
    """What is like each of these petitions, in three queries however many they are.

    With ``agency_code`` only petitions that this agency holds count, for its staff may not see those of others.
    """
    links = _links(session, ids)
    # Two that are both like an earlier one are like each other.
    links += _links(
        session, sorted({link.earlier_id for link in links if link.petition_id in ids} - set(ids))
    )
    found: dict[int, dict[int, float]] = {id_: {} for id_ in ids}
    later: dict[int, list[Likeness]] = {}
    for link in links:
        later.setdefault(link.earlier_id, []).append(link)
        for one, other in ((link.petition_id, link.earlier_id), (link.earlier_id, link.petition_id)):
            if one in found:
                found[one][other] = link.likeness
    for id_, others in found.items():
        for earlier in list(others):
            for link in later.get(earlier, ()):
                if link.petition_id != id_:
                    others.setdefault(link.petition_id, min(others[earlier], link.likeness))
    return _shown(session, found, agency_code)


def answered(session: Session, text: str, most: int = 2) -> list[Answered]:
    """Published answers to petitions much like ``text``, of senders who agreed to publication."""
    near = [each.id for each in alike(session, pairs_of(text), most=20)]
    if not near:
        return []
    # Copies of those are not kept for comparison themselves.
    near += sorted({link.petition_id for link in _links(session, near)} - set(near))
    wanted = (
        select(Petition, Response)
        .join(Response, Response.petition_id == Petition.id)
        .join(Submitter, Submitter.petition_id == Petition.id)
        .where(Petition.id.in_(near), Response.state == "published", Submitter.may_publish)
        .options(joinedload(Petition.lead_agency))
        .order_by(Response.published_at)
    )
    latest = {petition.id: Answered(petition, answer) for petition, answer in session.execute(wanted)}
    return [latest[id_] for id_ in near if id_ in latest][:most]


def _links(session: Session, ids: Sequence[int]) -> list[Likeness]:
    if not ids:
        return []
    either = or_(Likeness.petition_id.in_(ids), Likeness.earlier_id.in_(ids))
    return list(
        session.scalars(select(Likeness).where(either).order_by(Likeness.likeness.desc()).limit(_LOOKED_AT))
    )


def _shown(
    session: Session, found: dict[int, dict[int, float]], agency_code: str | None
) -> dict[int, Similar]:
    wanted = {other for others in found.values() for other in others}
    if not wanted:
        return {}
    rows = select(Petition).where(Petition.id.in_(wanted)).options(joinedload(Petition.lead_agency))
    if agency_code is not None:
        rows = rows.where(Petition.lead_agency_code == agency_code)
    petitions = {petition.id: petition for petition in session.scalars(rows)}
    shown = {}
    for id_, others in found.items():
        seen = [Other(petitions[other], share) for other, share in others.items() if other in petitions]
        best = sorted(seen, key=lambda each: (-each.likeness, -each.petition.id))
        if best:
            shown[id_] = Similar(tuple(best[:_SHOWN]), len(best))
    return shown
