"""Reminders: who hears of a duty, before its date and after it. The typed reading of ``reminders.toml``."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from workflows.calendar import VIETNAM, CalendarNotCovered, WorkingCalendar, local_date


@dataclass(frozen=True)
class Reminder:
    """One row of the table: ``days`` working days from the due date, to whom, with which words."""

    name: str
    duty: str
    days: int
    to: str
    vi: str


@dataclass(frozen=True)
class Duty:
    """What is owed by ``due``, by an agency (None for the desk and the submitter), since it was given on ``since``."""

    name: str
    due: date
    agency: str | None
    since: date


@dataclass(frozen=True)
class Plan:
    """Which reminders are due now, and on which day to look again (None where nothing more will come)."""

    now: list[tuple[Reminder, Duty]]
    look_on: date | None


def plan(duties: Sequence[Duty], calendar: WorkingCalendar, today: date) -> Plan:
    """What to remind of on ``today``, given all that is owed.

    Whoever got a duty only today is not reminded of it today. Beyond the years that the calendar covers no day is guessed:
    those duties are looked at again the next day.
    """
    now: list[tuple[Reminder, Duty]] = []
    later: list[date] = []
    for duty in duties:
        reached: dict[str, Reminder] = {}
        for reminder in (each for each in REMINDERS.values() if each.duty == duty.name):
            day = _day(calendar, duty.due, reminder.days)
            if day is None or day > today:
                later.append(day or today + timedelta(days=1))
            elif duty.since >= today:
                later.append(today + timedelta(days=1))
            else:
                reached[reminder.to] = reminder
        now += [(reminder, duty) for reminder in reached.values()]
    return Plan(now, min(later, default=None))


def in_working_hours(now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether staff are at work. Raises ``CalendarNotCovered``."""
    return calendar.counts(local_date(now)) and OPENS <= now.astimezone(VIETNAM).time() < CLOSES


def _day(calendar: WorkingCalendar, due: date, days: int) -> date | None:
    """The day that lies so many working days after ``due``, or before it; None where the calendar does not say."""
    step = timedelta(days=1 if days > 0 else -1)
    day, left = due, abs(days)
    try:
        while left:
            day += step
            left -= calendar.counts(day)
    except CalendarNotCovered:
        return None
    return day


_TABLE = tomllib.loads(files("workflows").joinpath("reminders.toml").read_text("utf-8"))
OPENS: time = _TABLE["hours"]["from"]
CLOSES: time = _TABLE["hours"]["to"]
# In the order of the table, which for each duty is that of the days.
REMINDERS = {row["name"]: Reminder(**row) for row in _TABLE["reminder"]}
