"""Work that must follow a change, and the counting rules in force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Identity, Line, Model, Prose
from workflows.kinds import Kind


class OutboxRow(Model):
    """Something that must happen because of a change, written in the change's own transaction.

    ``key`` makes it unique; ``lease_until`` keeps a second worker away while the first is at it; ``payload`` holds ids,
    never personal data.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "done_at", "available_at"),)

    id: Mapped[Identity]
    key: Mapped[str] = mapped_column(String(128), unique=True)
    task: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


class CalendarVersion(Model):
    """One edition of the working calendar; the latest active one counts for new promises."""

    __tablename__ = "calendar_versions"

    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    covers_from: Mapped[date]
    covers_to: Mapped[date]
    created_at: Mapped[datetime]


class CalendarDay(Model):
    """A day of one calendar version that differs from the plain week."""

    __tablename__ = "calendar_days"

    version: Mapped[str] = mapped_column(ForeignKey("calendar_versions.version"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    effect: Mapped[str] = mapped_column(String(4))
    name_vi: Mapped[Line]
    certainty: Mapped[str] = mapped_column(String(16))
    source: Mapped[Line]


class DeadlinePolicy(Model):
    """How many days one kind of petition is given, as data with its legal basis."""

    __tablename__ = "deadline_policies"
    __table_args__ = (UniqueConstraint("version", "kind", "complexity"),)

    id: Mapped[Identity]
    version: Mapped[str] = mapped_column(String(32))
    kind: Mapped[Kind]
    complexity: Mapped[str] = mapped_column(String(16))
    route_days: Mapped[int]
    acknowledge_days: Mapped[int]
    respond_days: Mapped[int]
    extension_days: Mapped[int]
    objection_days: Mapped[int]
    legal_basis: Mapped[Prose]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
