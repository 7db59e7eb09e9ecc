"""What staff add to a petition: custody, notes, answers; and what the classifier said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.agency import Agency
from app.models.base import Identity, Model, Prose, Reference
from app.models.petition import Petition
from app.models.staff import Staff


class Assignment(Model):
    """A custody period: one lead agency holds the petition from ``started_at`` to ``ended_at``.

    At acknowledgement it gains the five musts: officer, task, responsibility (the agency), deadline, expected result.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_agency_started", "agency_code", "started_at"),
        Index(
            "uq_assignments_one_open_lead",
            "petition_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    assigned_by: Mapped[str] = mapped_column(String(16))
    binding: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(32))
    acknowledge_by: Mapped[date]
    acknowledged_at: Mapped[datetime | None]
    officer_id: Mapped[Reference | None] = mapped_column(ForeignKey("staff.id"))
    task: Mapped[str | None] = mapped_column(String(500))
    deadline: Mapped[date | None]
    expected_result: Mapped[str | None] = mapped_column(String(500))

    agency: Mapped[Agency] = relationship()
    officer: Mapped[Staff | None] = relationship()


class Contribution(Model):
    """What another agency is asked to add (*phối hợp*) while the lead agency holds the petition: its task and its date.

    It runs until the agency has contributed or the lead has released it.
    """

    __tablename__ = "contributions"
    __table_args__ = (Index("ix_contributions_agency", "agency_code", "ended_at"),)

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    task: Mapped[str] = mapped_column(String(500))
    due: Mapped[date]
    asked_at: Mapped[datetime]
    contributed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()


class Note(Model):
    """Free text that belongs to an event. The event holds only a salted hash, so the text can be erased."""

    __tablename__ = "notes"

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    seq: Mapped[int]
    text: Mapped[Prose]
    salt: Mapped[str] = mapped_column(String(32))
    public: Mapped[bool]


class Suggestion(Model):
    """What one version of the classifier said about a petition.

    ``asks`` are the separate requests, each as ``[start, end]`` in the petition's text. ``familiar`` is the share of
    the words that the model knew.
    """

    __tablename__ = "suggestions"

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    created_at: Mapped[datetime]
    model_version: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(16))
    topics: Mapped[list[dict[str, Any]]]
    agencies: Mapped[list[dict[str, Any]]]
    flags: Mapped[list[str]]
    reasons: Mapped[list[str]]
    asks: Mapped[list[list[int]]]
    familiar: Mapped[float] = mapped_column(Float)


class RoutingLabel(Model):
    """A person's word on where a petition belongs: a confirmation, an overrule or a transfer."""

    __tablename__ = "routing_labels"

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    source: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class Response(Model):
    """An answer on its way: ``draft``, ``submitted``, ``approved``, ``published``, or ``returned`` to its author.

    ``points`` says of each request in the petition whether the answer meets it: its ``span`` in the text, ``met``, and where
    not, ``why``. A published answer never changes: one that ``corrects`` it (by number) takes its place.
    """

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("petition_id", "number"),)

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    body: Mapped[Prose]
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    author_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[Reference | None] = mapped_column(ForeignKey("staff.id"))
    points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    corrects: Mapped[int | None]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class Survey(Model):
    """The invitation to rate one published answer, and the rating. The agency is fixed when it is sent."""

    __tablename__ = "surveys"

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), index=True)
    response_id: Mapped[Reference] = mapped_column(ForeignKey("responses.id"), unique=True)
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    policy_rating: Mapped[int | None]
    comment: Mapped[Prose | None]

    petition: Mapped[Petition] = relationship()


class Event(Model):
    """One line of the append-only timeline; see ``workflows.timeline`` for what is hashed."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("petition_id", "seq"), Index("ix_events_kind_at", "kind", "at"))

    id: Mapped[Identity]
    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(32))
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    status: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
