"""Responsible bodies and the topics they answer for."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Code, Line, Model


class Agency(Model):
    """A responsible body of the directory; ``code`` never changes, names and parents may.

    A ``placeholder`` stands for a body still to be named ("the province concerned"); nothing is assigned to it.
    """

    __tablename__ = "agencies"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_vi: Mapped[Line]
    name_en: Mapped[Line]
    short: Mapped[list[str]]
    tier: Mapped[str] = mapped_column(String(16))
    branch: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    province_code: Mapped[str | None] = mapped_column(String(2), index=True)
    former_names: Mapped[list[str]]
    placeholder: Mapped[bool] = mapped_column(default=False)
    mailbox: Mapped[str | None] = mapped_column(String(255))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Topic(Model):
    """A field of the taxonomy, known to the classifier by the same ``id``."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int]
    name_vi: Mapped[Line]
    name_en: Mapped[Line]
