"""Comparing petitions: which are about the same thing, found once when a petition comes in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Likeness, Petition, TextBand
from app.queries import similar
from classifiers.near_duplicates import bands, pairs_of

SAME_TEXT = 0.5
_KEPT = 5


def compare(session: Session, petition: Petition) -> None:
    """Find earlier petitions much like this one and keep which they are. Doing it again changes nothing.

    A petition whose text is mostly that of an earlier one stands for nothing new: it is found through the earlier
    one, so that ten thousand copies of a letter do not make every later search read ten thousand texts.
    """
    if _compared(session, petition):
        return
    pairs = pairs_of(petition.text)
    found = similar.alike(session, pairs, most=_KEPT, but=petition.id)
    for each in found:
        session.add(Likeness(petition_id=petition.id, earlier_id=each.id, likeness=each.likeness))
    if not found or found[0].likeness < SAME_TEXT:
        session.add_all(TextBand(key=key, petition_id=petition.id) for key in set(bands(pairs)))
    session.flush()


def _compared(session: Session, petition: Petition) -> bool:
    by_band = select(TextBand.key).where(TextBand.petition_id == petition.id).limit(1)
    by_likeness = select(Likeness.earlier_id).where(Likeness.petition_id == petition.id).limit(1)
    return session.scalar(by_band) is not None or session.scalar(by_likeness) is not None
