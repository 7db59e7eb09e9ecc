"""Who works in the demo: an officer and an approver in each agency, and how each agency is."""

import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency, Staff
from app.services import accounts
from app.services.actors import Actor
from workflows.lifecycle import Role


class Habit(StrEnum):
    """What an agency of the demo does for the clock's sake, so that the page of signs has something to show."""

    ASKS_ON_THE_LAST_DAY = "asks_on_the_last_day"
    ANSWERS_IN_BURSTS = "answers_in_bursts"


# Each habit is given to one of these by the seed: bodies that get enough petitions for it to show.
_BUSY = ("BCA", "BKHCN", "BTC")


@dataclass(frozen=True)
class Character:
    """How an agency works: ``pace`` above 1 is slower, ``care`` above 1 pleases more, ``neglect`` is left lying."""

    pace: float
    care: float
    neglect: float
    habit: Habit | None


class Offices:
    """Finds, or makes when first needed, the demo staff. Accounts made here cannot be logged in to."""

    def __init__(self, session: Session, seed: int, now: datetime) -> None:
        self._session, self._seed, self._now = session, seed, now
        self._people: dict[tuple[Role, str | None], Actor] = {}
        self._habits = dict(
            zip(random.Random(f"{seed}:habits").sample(_BUSY, len(Habit)), Habit, strict=True)
        )
        self._codes = set(session.scalars(select(Agency.code).where(~Agency.placeholder)))

    def exists(self, code: str) -> bool:
        """Whether work can be given to an agency of that code."""
        return code in self._codes

    @property
    def desk(self) -> Actor:
        """Someone at the coordination desk."""
        return self._person(Role.DESK, None)

    def officer(self, agency_code: str) -> Actor:
        """The officer of an agency."""
        return self._person(Role.OFFICER, agency_code)

    def approver(self, agency_code: str) -> Actor:
        """The approver of an agency."""
        return self._person(Role.APPROVER, agency_code)

    def character(self, agency_code: str) -> Character:
        """How this agency works, the same for the same seed."""
        rng = random.Random(f"{self._seed}:{agency_code}")
        return Character(
            pace=rng.uniform(0.55, 1.5),
            care=rng.uniform(0.82, 1.1),
            neglect=rng.uniform(0.002, 0.03),
            habit=self._habits.get(agency_code),
        )

    def _person(self, role: Role, agency_code: str | None) -> Actor:
        known = self._people.get((role, agency_code))
        if known is None:
            wanted = select(Staff).where(Staff.role == role, Staff.active).order_by(Staff.id)
            wanted = wanted.where(Staff.agency_code == agency_code) if agency_code else wanted
            staff = self._session.scalars(wanted.limit(1)).first() or self._make(role, agency_code)
            known = self._people[role, agency_code] = Actor.of(staff)
        return known

    def _make(self, role: Role, agency_code: str | None) -> Staff:
        title = {Role.DESK: "Cán bộ điều phối", Role.OFFICER: "Chuyên viên", Role.APPROVER: "Lãnh đạo"}[role]
        return accounts.add_staff(
            self._session,
            self._now,
            username=f"demo.{role}{'.' + agency_code.lower() if agency_code else ''}",
            name=f"{title} {agency_code or ''} (mẫu)".replace("  ", " "),
            role=role,
            password=None,
            agency_code=agency_code,
        )
