"""A petition, its sender's sealed contact data, its topics, and the draft it grew from."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.agency import Agency, Topic
from app.models.base import Code, Identity, Model, Prose, Reference
from workflows.deadlines import STANDARD
from workflows.kinds import Kind, SubmitterKind
from workflows.lifecycle import Status

if TYPE_CHECKING:
    from app.models.casework import Contribution


class Petition(Model):
    """One submission and all that happens to it.

    ``status`` is written by one function only, ``app.services.transition.apply``. ``version`` grows with every change,
    so that a page shown earlier can tell that it is stale. Due dates are dates in Vietnam. ``look_on`` is the day on which
    the sweep next has something to do here: today after every change. A merged petition names its lead case.
    """

    __tablename__ = "petitions"
    __table_args__ = (
        Index("ix_petitions_inbox", "lead_agency_code", "status", "respond_by", "id"),
        Index("ix_petitions_status_submitted", "status", "submitted_at", "id"),
        Index(
            "ix_petitions_look_on",
            "look_on",
            "id",
            sqlite_where=text("look_on IS NOT NULL"),
            postgresql_where=text("look_on IS NOT NULL"),
        ),
    )

    id: Mapped[Identity]
    code: Mapped[Code] = mapped_column(unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    kind: Mapped[Kind]
    complexity: Mapped[str] = mapped_column(String(16), default=STANDARD)
    submitter_kind: Mapped[SubmitterKind]
    province_code: Mapped[str | None] = mapped_column(String(2))
    text: Mapped[Prose]
    text_sha256: Mapped[str] = mapped_column(String(64))

    status: Mapped[Status]
    version: Mapped[int] = mapped_column(default=1)
    lead_agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    officer_id: Mapped[Reference | None] = mapped_column(ForeignKey("staff.id"))
    handovers: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    close_reason: Mapped[str | None] = mapped_column(String(32))
    merged_into_id: Mapped[Reference | None] = mapped_column(ForeignKey("petitions.id"), index=True)
    look_on: Mapped[date | None]

    submitted_at: Mapped[datetime]
    route_by: Mapped[date]
    acknowledge_by: Mapped[date]
    respond_by: Mapped[date] = mapped_column(index=True)
    object_by: Mapped[date | None]
    policy_version: Mapped[str] = mapped_column(String(32))
    calendar_version: Mapped[str] = mapped_column(String(32))
    acknowledged_at: Mapped[datetime | None]
    waiting_since: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    lead_agency: Mapped[Agency | None] = relationship()
    merged_into: Mapped["Petition | None"] = relationship(remote_side="Petition.id")
    contributions: Mapped[list["Contribution"]] = relationship(order_by="Contribution.id", viewonly=True)
    submitter: Mapped["Submitter"] = relationship(back_populates="petition", cascade="all")
    topics: Mapped[list["PetitionTopic"]] = relationship(
        back_populates="petition", order_by="PetitionTopic.position", cascade="all, delete-orphan"
    )


class Submitter(Model):
    """The sender's contact data, sealed: name, e-mail, phone, organisation and the secret for mails.

    The plain values exist only in memory, through ``app.services.personal_data``. Consents stand in the open.
    """

    __tablename__ = "submitters"

    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    may_contact: Mapped[bool]
    may_share: Mapped[bool]
    may_publish: Mapped[bool]

    petition: Mapped[Petition] = relationship(back_populates="submitter")


class PetitionTopic(Model):
    """A topic of a petition; position 0 is the primary one."""

    __tablename__ = "petition_topics"

    petition_id: Mapped[Reference] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"), index=True)

    petition: Mapped[Petition] = relationship(back_populates="topics")
    topic: Mapped[Topic] = relationship()


class Draft(Model):
    """What someone has typed so far, sealed whole; found by the hash of the token in its address.

    Once sent it points to the petition, so that a second press of the button shows the same receipt.
    """

    __tablename__ = "drafts"

    id: Mapped[Identity]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    petition_id: Mapped[Reference | None] = mapped_column(ForeignKey("petitions.id"))
    updated_at: Mapped[datetime] = mapped_column(index=True)
