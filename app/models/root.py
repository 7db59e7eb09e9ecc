"""The published root of a day."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class TimelineRoot(Model):
    """What was published of all chains as they stood at the end of a day in Vietnam; it never changes.

    ``parts`` are the subtrees of the day's tree, each as [first code, hash], so that one chain can be proven without
    looking at all. ``public_key`` stands here for the day when another key has taken its place.
    """

    __tablename__ = "timeline_roots"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    root: Mapped[str] = mapped_column(String(64))
    chains: Mapped[int]
    parts: Mapped[list[list[str]]]
    signature: Mapped[str] = mapped_column(String(88))
    key_id: Mapped[str] = mapped_column(String(16))
    public_key: Mapped[str] = mapped_column(String(44))
    published_at: Mapped[datetime]
