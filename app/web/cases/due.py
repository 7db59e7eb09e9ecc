"""How far away a due date is, in words and in working days."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from workflows.calendar import CalendarNotCovered, WorkingCalendar


@dataclass(frozen=True)
class Due:
    """A due date: ``words`` say how far it is, ``tone`` (late, soon, calm) how it is dressed."""

    day: date
    words: str
    tone: str


def due(calendar: WorkingCalendar, day: date, today: date) -> Due:
    """A due date seen from today. Outside the years of the calendar it stands without a count."""
    try:
        left = calendar.between(today, day)
    except CalendarNotCovered:
        return Due(day, "", "late" if day < today else "calm")
    if day < today:
        # Overdue begins the day after the due date, even where no working day has passed since.
        words = (
            ngettext("quá hạn %(num)s ngày làm việc", "quá hạn %(num)s ngày làm việc", -left)
            if left
            else _("vừa quá hạn")
        )
        return Due(day, words, "late")
    if day == today:
        return Due(day, _("đến hạn hôm nay"), "soon")
    return Due(
        day,
        ngettext("còn %(num)s ngày làm việc", "còn %(num)s ngày làm việc", left),
        "soon" if left <= 2 else "calm",
    )
