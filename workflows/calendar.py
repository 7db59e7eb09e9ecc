"""The working calendar: which days count.

Monday to Friday count, less the days marked ``off`` (holidays and swapped days), plus the Saturdays and
Sundays marked ``work`` (make-up days). A day outside the years covered raises, since a guess would become a
promise.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Effect = Literal["off", "work"]


class CalendarNotCovered(Exception):
    """A day was asked for that the calendar does not cover."""

    def __init__(self, day: date) -> None:
        super().__init__(f"the working calendar does not cover {day.isoformat()}")
        self.day = day


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from the plain week; ``certainty`` is ``official`` or ``expected``."""

    day: date
    effect: Effect
    name_vi: str
    certainty: str
    source: str


class WorkingCalendar:
    """Working-day arithmetic over one version of the calendar, from ``covers_from`` to ``covers_to``."""

    def __init__(self, version: str, covers_from: date, covers_to: date, days: Iterable[SpecialDay]) -> None:
        self.version = version
        self.covers_from = covers_from
        self.covers_to = covers_to
        self.special = {special.day: special for special in days}

    def counts(self, day: date) -> bool:
        """Whether ``day`` is a working day. Raises :class:`CalendarNotCovered`."""
        if not self.covers_from <= day <= self.covers_to:
            raise CalendarNotCovered(day)
        special = self.special.get(day)
        if special is not None:
            return special.effect == "work"
        return day.weekday() < 5

    def add(self, start: date, working_days: int) -> date:
        """The ``working_days``-th working day after ``start``; ``start`` itself is never counted.

        For 0 the answer is ``start``. Raises :class:`CalendarNotCovered`.
        """
        day, left = start, working_days
        while left > 0:
            day += timedelta(days=1)
            left -= self.counts(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative if it lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.counts(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def local_date(instant: datetime) -> date:
    """The date in Vietnam at ``instant``, which must carry a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return instant.astimezone(VIETNAM).date()


def start_of_day(day: date) -> datetime:
    """The instant, in UTC, at which ``day`` begins in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM).astimezone(UTC)


def shipped_days() -> list[SpecialDay]:
    """The special days that come with the software (2025 to 2027), in order."""
    lines = files("workflows").joinpath("calendar_vn.csv").read_text("utf-8").splitlines()
    return [read_special_day(row) for row in csv.DictReader(lines)]


def read_special_day(row: dict[str, str]) -> SpecialDay:
    """One row of a calendar file. Raises ``ValueError`` that names what is wrong with it."""
    missing = [key for key in ("day", "effect", "name_vi") if not row.get(key)]
    if missing:
        raise ValueError(f"a calendar row lacks {', '.join(missing)}: {row}")
    day = date.fromisoformat(row["day"])
    effect = row["effect"]
    if effect == "off":
        return SpecialDay(
            day, "off", row["name_vi"], row.get("certainty") or "official", row.get("source") or ""
        )
    if effect == "work":
        if day.weekday() < 5:
            raise ValueError(f"{day} is a weekday and cannot be a make-up day")
        return SpecialDay(
            day, "work", row["name_vi"], row.get("certainty") or "official", row.get("source") or ""
        )
    raise ValueError(f"{day}: effect must be 'off' or 'work', not {effect!r}")
