"""Deadlines: what is promised at submission, and what may move it.

The citizen's clock starts at submission and never restarts. Only one reasoned extension and the time spent
waiting for the submitter move the date of the answer; a new kind can only bring it forward. Lateness is never
stored: :func:`is_overdue` derives it, and ``app/queries/lateness.py`` says the same in SQL.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from workflows.calendar import WorkingCalendar
from workflows.kinds import Kind
from workflows.lifecycle import Refused

STANDARD = "standard"

# Calendar days to wait for the submitter's reply before the agency goes on without it.
WAITING_DAYS = 30


@dataclass(frozen=True)
class Policy:
    """Days given to one kind of petition. ``objection_days`` are calendar days, all others working days."""

    version: str
    kind: Kind
    complexity: str
    route_days: int
    acknowledge_days: int
    respond_days: int
    extension_days: int
    objection_days: int
    legal_basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Promise:
    """The dates given to a submitter, and the rule and calendar they were counted by."""

    route_by: date
    acknowledge_by: date
    respond_by: date
    policy_version: str
    calendar_version: str


class NoPolicy(Exception):
    """No policy governs this kind on this day."""


def shipped_policies() -> list[Policy]:
    """The policies that come with the software: one for each kind of ``policies.toml``."""
    table = tomllib.loads(files("workflows").joinpath("policies.toml").read_text("utf-8"))
    return [
        Policy(version=table["version"], kind=Kind(kind), **{k: v for k, v in row.items() if k != "kinds"})
        for row in table["policy"]
        for kind in row["kinds"]
    ]


def policy_for(policies: list[Policy], kind: Kind, submitted_on: date, complexity: str = STANDARD) -> Policy:
    """The policy in force on ``submitted_on``; the latest to start where two overlap. Raises :class:`NoPolicy`."""
    fitting = [
        policy
        for policy in policies
        if policy.kind is kind
        and policy.complexity == complexity
        and policy.valid_from <= submitted_on
        and (policy.valid_to is None or submitted_on <= policy.valid_to)
    ]
    if not fitting:
        raise NoPolicy(f"no deadline policy for {kind} on {submitted_on}")
    return max(fitting, key=lambda policy: (policy.valid_from, policy.version))


def promise(policy: Policy, calendar: WorkingCalendar, submitted_on: date) -> Promise:
    """The dates owed to a petition sent on ``submitted_on``."""
    return Promise(
        route_by=calendar.add(submitted_on, policy.route_days),
        acknowledge_by=calendar.add(submitted_on, policy.acknowledge_days),
        respond_by=calendar.add(submitted_on, policy.respond_days),
        policy_version=policy.version,
        calendar_version=calendar.version,
    )


def extended(
    respond_by: date, days: int, policy: Policy, calendar: WorkingCalendar, *, times_before: int, today: date
) -> date:
    """The new date of the answer after the one extension allowed.

    Raises :class:`Refused`: ``extended_before``, ``extension_too_long`` (or not positive), or ``already_overdue``
    (what is late cannot be made punctual after the fact).
    """
    if times_before:
        raise Refused("extended_before")
    if not 1 <= days <= policy.extension_days:
        raise Refused("extension_too_long")
    if today > respond_by:
        raise Refused("already_overdue")
    return calendar.add(respond_by, days)


def resumed(respond_by: date, asked_on: date, replied_on: date, calendar: WorkingCalendar) -> date:
    """The date of the answer after waiting for the submitter: as many working days later as the wait took.

    A wait that began after the date had passed moves nothing: what is late stays as late as it is.
    """
    if asked_on > respond_by:
        return respond_by
    return calendar.add(respond_by, max(0, calendar.between(asked_on, replied_on)))


def waiting_until(asked_on: date) -> date:
    """The last day on which the submitter's reply is waited for; then the agency goes on with what it has."""
    return asked_on + timedelta(days=WAITING_DAYS)


def shortened(respond_by: date, recounted: date, today: date) -> date:
    """The date of the answer after a new kind or complexity: earlier where that gives fewer days, never later.

    Nor earlier than today, unless it was: nobody becomes late by the stroke of a pen.
    """
    return min(respond_by, max(recounted, today))


def objection_until(answered_on: date, policy: Policy) -> date:
    """The last day on which the submitter may object to an answer."""
    return answered_on + timedelta(days=policy.objection_days)


def is_overdue(due_on: date | None, done_on: date | None, today: date) -> bool:
    """Whether a duty due on ``due_on`` was, or is being, done late. It begins the day after the due date."""
    if due_on is None:
        return False
    return (done_on or today) > due_on


@dataclass(frozen=True)
class LedgerDay:
    """One day of the ledger.

    ``effect`` is ``counted``, ``paused``, ``weekend``, ``holiday`` or ``make_up`` (counted, though a Saturday or Sunday);
    ``number`` is how many days have counted up to and including it.
    """

    day: date
    effect: str
    number: int
    name_vi: str | None = None


def recount(
    start: date, days: int, calendar: WorkingCalendar, pauses: Sequence[tuple[date, date]] = ()
) -> date:
    """The day that counts as number ``days`` after ``start`` in the :func:`ledger` with those pauses.

    Raises ``CalendarNotCovered``.
    """
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.counts(day) and not _paused(day, pauses)
    return day


def _paused(day: date, pauses: Sequence[tuple[date, date]]) -> bool:
    return any(asked < day <= replied for asked, replied in pauses)


def ledger(
    start: date, until: date, calendar: WorkingCalendar, pauses: Sequence[tuple[date, date]] = ()
) -> list[LedgerDay]:
    """How the days after ``start`` up to ``until`` were counted, one by one.

    A pause (asked on, replied on) stops the count on the days after the question up to the day of the reply: the
    same days by which :func:`resumed` moves the date. Raises ``CalendarNotCovered``.
    """
    days, number = [], 0
    for offset in range(1, (until - start).days + 1):
        day = start + timedelta(days=offset)
        special = calendar.special.get(day)
        if not calendar.counts(day):
            effect = "holiday" if special else "weekend"
        elif _paused(day, pauses):
            effect = "paused"
        else:
            effect = "make_up" if special else "counted"
            number += 1
        days.append(LedgerDay(day, effect, number, special.name_vi if special else None))
    return days
