"""Who acts."""

from dataclasses import dataclass

from app.models import Staff
from workflows.lifecycle import Role


@dataclass(frozen=True)
class Actor:
    """A role, and for staff the account and the agency it acts for."""

    role: Role
    staff_id: int | None = None
    agency_code: str | None = None

    @classmethod
    def of(cls, staff: Staff) -> "Actor":
        """The actor that a member of staff is."""
        return cls(staff.role, staff.id, staff.agency_code)

    @property
    def name(self) -> str:
        """How the actor stands in an event: never a person's name."""
        return f"staff:{self.staff_id}" if self.staff_id is not None else str(self.role)


SUBMITTER = Actor(Role.SUBMITTER)
SYSTEM = Actor(Role.SYSTEM)
