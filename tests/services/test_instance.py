"""Making an instance ready, and doing it again."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.models import Agency, CalendarDay, CalendarVersion, DeadlinePolicy, Model, Staff, Topic
from app.services import accounts, instance, rules
from tests.instances import Clock, Instances
from workflows.calendar import SpecialDay, shipped_days
from workflows.kinds import Kind
from workflows.lifecycle import AGENCY_ROLES, Role


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    counted = {}
    for table in Model.metadata.sorted_tables:
        counted[table.name] = session.scalar(select(func.count()).select_from(table)) or 0
    return counted


def test_what_an_instance_begins_with(session: Session) -> None:
    found = {name: number for name, number in rows(session).items() if number}
    assert found == {
        "agencies": len(instance.shipped_agencies()),
        "topics": 28,
        "calendar_versions": 1,
        "calendar_days": len(shipped_days()),
        "deadline_policies": len(Kind),
    }
    assert found["agencies"] >= 150


def test_loading_again_changes_nothing(session: Session, clock: Clock) -> None:
    before = rows(session)
    instance.load_reference(session, clock.now)
    assert not session.dirty
    session.commit()
    assert rows(session) == before


def test_the_directory_holds_together(session: Session) -> None:
    agencies = {agency.code: agency for agency in session.scalars(select(Agency))}
    for agency in agencies.values():
        seen = {agency.code}
        parent = agency.parent_code
        while parent is not None:
            assert parent not in seen, f"{agency.code} stands above itself"
            seen.add(parent)
            parent = agencies[parent].parent_code
    assert Counter(agency.tier for agency in agencies.values())["province"] >= 34
    for code in instance.DEMO_AGENCIES:
        assert not agencies[code].placeholder


def test_the_calendar_in_force_is_the_shipped_one(session: Session) -> None:
    calendar = rules.calendar(session)
    assert (calendar.covers_from, calendar.covers_to) == (date(2025, 1, 1), date(2027, 12, 31))
    assert calendar.special == {special.day: special for special in shipped_days()}


def an_agency(**values: Any) -> dict[str, Any]:
    given = {
        "code": "MOI",
        "name_vi": "Cơ quan mới",
        "name_en": "New agency",
        "tier": "central",
        "branch": "government",
    }
    return {**given, **values}


def test_agencies_are_added_and_brought_up_to_date(session: Session) -> None:
    # The parent may stand below its child.
    given = [
        an_agency(code="CON", parent="MOI"),
        an_agency(short=["CQM"], former_names=["Cũ"], merged_from=["Xưa"]),
    ]
    assert instance.load_agencies(session, given) == 2
    made = session.get_one(Agency, "MOI")
    assert (made.short, made.former_names, made.parent_code) == (["CQM"], ["Cũ", "Xưa"], None)
    assert session.get_one(Agency, "CON").parent_code == "MOI"
    instance.load_agencies(session, [an_agency(name_vi="Tên khác", valid_to="2026-12-31")])
    assert (made.name_vi, made.valid_to) == ("Tên khác", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (an_agency(name_vi=""), "lacks name_vi"),
        ({}, "lacks code, name_vi, name_en, tier, branch"),
        (an_agency(tier="galactic"), "unknown tier 'galactic'"),
        (an_agency(parent="NONE"), "unknown parent 'NONE'"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(
    session: Session, row: dict[str, Any], complaint: str
) -> None:
    before = rows(session)
    with pytest.raises(Invalid) as refused:
        instance.load_agencies(session, [an_agency(), row])
    assert refused.value.errors == {"row_2": complaint}
    assert rows(session) == before


def test_an_edition_of_the_calendar_never_changes(session: Session, clock: Clock) -> None:
    days = [SpecialDay(date(2028, 1, 1), "off", "Tết Dương lịch", "official", "")]
    assert instance.load_calendar(session, "2028.1", days, clock.now)
    assert not instance.load_calendar(session, "2028.1", [], clock.now)
    edition = session.get_one(CalendarVersion, "2028.1")
    assert (edition.covers_from, edition.covers_to) == (date(2028, 1, 1), date(2028, 12, 31))
    assert rules.calendar(session).version == "2028.1", "the newest counts"
    assert rules.calendar(session, instance.SHIPPED_CALENDAR).version == instance.SHIPPED_CALENDAR
    assert (
        session.scalars(select(CalendarDay).where(CalendarDay.version == "2028.1")).one().name_vi
        == "Tết Dương lịch"
    )


@pytest.mark.parametrize(
    "days", [[], [date(2028, 1, 1), date(2030, 1, 1)], [date(2028, 1, 1), date(2028, 1, 1)]]
)
def test_a_calendar_with_holes(session: Session, clock: Clock, days: list[date]) -> None:
    special = [SpecialDay(day, "off", "Nghỉ", "official", "") for day in days]
    with pytest.raises(Invalid):
        instance.load_calendar(session, "new", special, clock.now)
    assert session.get(CalendarVersion, "new") is None


def test_policies_already_there_are_left_alone(session: Session) -> None:
    policy = session.scalars(select(DeadlinePolicy).where(DeadlinePolicy.kind == Kind.FEEDBACK)).one()
    policy.respond_days = 7
    instance.load_policies(session)
    session.commit()
    assert policy.respond_days == 7


def test_demo_accounts_are_made_once(session: Session, clock: Clock) -> None:
    made = instance.add_demo_staff(session, clock.now)
    assert len({password for _username, password, _role in made}) == len(made)
    staff = session.scalars(select(Staff)).all()
    assert {member.role for member in staff} >= set(Role) - {Role.SUBMITTER, Role.SYSTEM, Role.AGENCY_ADMIN}
    assert all((member.role in AGENCY_ROLES) == (member.agency_code is not None) for member in staff)
    assert all(member.name.endswith("(mẫu)") for member in staff), "nobody takes them for people"
    for username, password, _role in made:
        assert accounts.authenticate(session, username, password, clock.now) is not None
    assert instance.add_demo_staff(session, clock.now) == []


def test_init_makes_an_empty_database_ready_and_may_be_run_again(
    instances: Instances, engine_name: str, clock: Clock, tmp_path: Path
) -> None:
    model = tmp_path / "model.zip"
    model.touch()  # training is tested with the classifier
    with instances.empty(engine_name) as empty:
        settings = empty.app.extensions["pakn_settings"]
        empty.app.extensions["pakn_settings"] = replace(settings, instance=tmp_path, model_path=model)
        for _ in range(2):
            result = empty.app.test_cli_runner().invoke(args=["init"])
            assert result.exit_code == 0, result.output
        with Session(empty.engine) as session:
            assert session.scalar(select(func.count()).select_from(Topic)) == 28
            assert session.scalar(select(func.count()).select_from(Staff)) == 9
    logins = tmp_path / "demo-logins.txt"
    assert len(logins.read_text("utf-8").splitlines()) == 9
    assert logins.stat().st_mode & 0o077 == 0, "nobody else on the machine reads them"
