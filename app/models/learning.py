"""What is learned and found by comparing: the registry of models, and petitions about the same thing."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, Reference


class ModelVersion(Model):
    """One version of the classifier that was ever in service or asked to be.

    ``sha256`` is that of its file; a file with another sum is not used. ``card`` says what it was made of, with its
    figures; ``comparison`` how it did beside the one in service then. In service is who was promoted last.
    """

    __tablename__ = "model_versions"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    trained_at: Mapped[datetime]
    decisions: Mapped[int]
    card: Mapped[dict[str, Any]]
    comparison: Mapped[dict[str, Any] | None]
    promoted_at: Mapped[datetime | None] = mapped_column(index=True)


class TextBand(Model):
    """A key by which a petition's text is found among those much like it; see ``classifiers.near_duplicates``."""

    __tablename__ = "text_bands"
    __table_args__ = (Index("ix_text_bands_petition_id", "petition_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    petition_id: Mapped[Reference] = mapped_column(
        ForeignKey("petitions.id"), primary_key=True, autoincrement=False
    )


class Likeness(Model):
    """That a petition is much like an earlier one, and how much (0 to 1)."""

    __tablename__ = "likenesses"
    __table_args__ = (Index("ix_likenesses_earlier_id", "earlier_id"),)

    petition_id: Mapped[Reference] = mapped_column(
        ForeignKey("petitions.id"), primary_key=True, autoincrement=False
    )
    earlier_id: Mapped[Reference] = mapped_column(
        ForeignKey("petitions.id"), primary_key=True, autoincrement=False
    )
    likeness: Mapped[float] = mapped_column(Float)
