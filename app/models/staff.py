"""People who work with petitions."""

import hashlib
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.agency import Agency
from app.models.base import Identity, Line, Model
from workflows.lifecycle import Role


class Staff(UserMixin, Model):  # type: ignore[misc]  # Flask-Login ships no types
    """A member of staff: one role, and the agency it is held in (none for desk, supervisor, system admin)."""

    __tablename__ = "staff"

    id: Mapped[Identity]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Line]
    email: Mapped[str | None] = mapped_column(String(255))
    password_hash: Mapped[Line]
    role: Mapped[Role]
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]

    agency: Mapped[Agency | None] = relationship(lazy="joined")

    def get_id(self) -> str:
        """What a session keeps of the account: its number and a mark of the password, so that a new password ends it."""
        return f"{self.id}.{hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]}"

    @property
    def is_active(self) -> bool:
        """Whether the account may log in (asked by Flask-Login)."""
        return self.active
