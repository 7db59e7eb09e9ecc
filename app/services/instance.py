"""Making an instance ready: directory, topics, calendar, policies, and demo accounts in development."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, CalendarDay, CalendarVersion, DeadlinePolicy, Staff, Topic
from app.services import accounts
from classifiers.taxonomy import directory, load_taxonomy
from workflows.calendar import SpecialDay, shipped_days
from workflows.deadlines import shipped_policies
from workflows.lifecycle import Role

SHIPPED_CALENDAR = "2025-2027.1"
DEMO_AGENCIES = ("BKHCN", "BCA", "UBND-79")
TIERS = frozenset({"central", "province", "commune"})


def shipped_agencies() -> list[dict[str, Any]]:
    """The directory that comes with the software."""
    return [dict(row) for row in directory()]


def load_agencies(session: Session, rows: Iterable[dict[str, Any]]) -> int:
    """Add agencies, or bring their names, parents and dates up to date. How many rows were read.

    A parent may stand anywhere in the file. Raises :class:`Invalid` naming the first row at fault, and loads none.
    """
    rows = list(rows)
    known = set(session.scalars(select(Agency.code))) | {row.get("code") for row in rows}
    for number, row in enumerate(rows, start=1):
        missing = [key for key in ("code", "name_vi", "name_en", "tier", "branch") if not row.get(key)]
        if missing:
            raise Invalid(**{f"row_{number}": f"lacks {', '.join(missing)}"})
        if row["tier"] not in TIERS:
            raise Invalid(**{f"row_{number}": f"unknown tier {row['tier']!r}"})
        if row.get("parent") and row["parent"] not in known:
            raise Invalid(**{f"row_{number}": f"unknown parent {row['parent']!r}"})
    for row in rows:
        agency = session.get(Agency, row["code"]) or Agency(code=row["code"])
        agency.name_vi, agency.name_en = row["name_vi"], row["name_en"]
        agency.short = list(row.get("short", ()))
        agency.tier, agency.branch = row["tier"], row["branch"]
        agency.province_code = row.get("province_code")
        agency.former_names = [*row.get("former_names", ()), *row.get("merged_from", ())]
        agency.placeholder = bool(row.get("placeholder", False))
        agency.mailbox = row.get("mailbox", agency.mailbox)
        agency.valid_from = _day(row.get("valid_from"))
        agency.valid_to = _day(row.get("valid_to"))
        session.add(agency)
    session.flush()
    for row in rows:
        agency = session.get_one(Agency, row["code"])
        agency.parent_code = row.get("parent")
    session.flush()
    return len(rows)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def load_topics(session: Session) -> None:
    """Make the topics of the taxonomy known to the database."""
    for position, topic in enumerate(load_taxonomy()):
        row = session.get(Topic, topic.id) or Topic(id=topic.id)
        row.position, row.name_vi, row.name_en = position, topic.name_vi, topic.name_en
        session.add(row)
    session.flush()


def load_calendar(session: Session, version: str, days: Iterable[SpecialDay], now: datetime) -> bool:
    """Add an edition of the working calendar; it covers the whole of every year it mentions.

    False if that version is there already: an edition never changes. Raises :class:`Invalid`.
    """
    if session.get(CalendarVersion, version) is not None:
        return False
    rows = list(days)
    if not rows:
        raise Invalid(calendar="empty")
    years = sorted({row.day.year for row in rows})
    if years != list(range(years[0], years[-1] + 1)):
        raise Invalid(calendar="a year is missing in between")
    if len({row.day for row in rows}) != len(rows):
        raise Invalid(calendar="a day stands twice")
    session.add(
        CalendarVersion(
            version=version,
            covers_from=date(years[0], 1, 1),
            covers_to=date(years[-1], 12, 31),
            created_at=now,
        )
    )
    session.flush()
    session.add_all(
        CalendarDay(
            version=version,
            day=row.day,
            effect=row.effect,
            name_vi=row.name_vi,
            certainty=row.certainty,
            source=row.source,
        )
        for row in rows
    )
    session.flush()
    return True


def load_policies(session: Session) -> None:
    """Add the shipped deadline policies that are not there yet."""
    there = {(row.version, row.kind, row.complexity) for row in session.scalars(select(DeadlinePolicy)).all()}
    for policy in shipped_policies():
        if (policy.version, policy.kind, policy.complexity) not in there:
            session.add(DeadlinePolicy(**vars(policy)))
    session.flush()


def load_reference(session: Session, now: datetime) -> None:
    """Load everything an instance cannot work without. Doing it again changes nothing."""
    load_agencies(session, shipped_agencies())
    load_topics(session)
    load_calendar(session, SHIPPED_CALENDAR, shipped_days(), now)
    load_policies(session)


def add_demo_staff(session: Session, now: datetime) -> list[tuple[str, str, str]]:
    """One account for each role, if there is no staff at all yet: (username, password, what it is for)."""
    if session.scalar(select(Staff.id).limit(1)) is not None:
        return []
    wanted: list[tuple[str, Role, str | None, str]] = [
        ("desk", Role.DESK, None, "Cán bộ điều phối (mẫu)"),
        ("supervisor", Role.SUPERVISOR, None, "Giám sát (mẫu)"),
        ("admin", Role.SYSTEM_ADMIN, None, "Quản trị hệ thống (mẫu)"),
    ]
    for code in DEMO_AGENCIES:
        wanted += [
            (f"officer.{code.lower()}", Role.OFFICER, code, f"Chuyên viên {code} (mẫu)"),
            (f"approver.{code.lower()}", Role.APPROVER, code, f"Lãnh đạo {code} (mẫu)"),
        ]
    made = []
    for username, role, agency_code, name in wanted:
        password = secrets.token_urlsafe(9)
        accounts.add_staff(
            session,
            now,
            username=username,
            name=name,
            role=role,
            password=password,
            agency_code=agency_code,
            email=f"{username}@staff.example",
        )
        made.append((username, password, f"{role}{' of ' + agency_code if agency_code else ''}"))
    return made
