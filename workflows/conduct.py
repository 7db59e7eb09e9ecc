"""What was done to one petition, read for signs of a served clock: each step becomes cases of ``workflows.signals``.

Steps are read in order, each with the due date that was in force before it. Days are days in Vietnam, and working days
are those of the calendar. A case is counted only when it can be told how it went, so that an agency is not compared by
what it had no time to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.calendar import WorkingCalendar, local_date
from workflows.lifecycle import Status
from workflows.signals import DEFINITIONS, DESK, Period, Sign, Thresholds


@dataclass(frozen=True, slots=True)
class Step:
    """One event. ``own`` says whether staff of the agency did it; ``moved_to`` is the new due date where it moved."""

    kind: str
    at: datetime
    agency: str | None
    own: bool
    status: str
    moved_to: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A petition and its steps up to the end of the period, in order.

    ``respond_by`` is the date first promised; ``topic`` is the primary one.
    """

    petition: int
    kind: str
    topic: str
    submitted_on: date
    route_by: date
    acknowledge_by: date
    respond_by: date
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Answer:
    """A published answer, to be laid beside the others of its agency; ``text`` is the fingerprint of its body."""

    agency: str
    at: datetime
    petition: int
    text: str | None


class WorkingDays:
    """Counts working days fast, for many questions: the same numbers as :meth:`WorkingCalendar.between`."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar, self._first = calendar, calendar.covers_from
        self._counted = [0]
        for offset in range(1, (calendar.covers_to - calendar.covers_from).days + 1):
            counts = calendar.counts(self._first + timedelta(days=offset))
            self._counted.append(self._counted[-1] + counts)

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to ``end``; negative if it lies before."""
        since, until = (start - self._first).days, (end - self._first).days
        if 0 <= since < len(self._counted) and 0 <= until < len(self._counted):
            return self._counted[until] - self._counted[since]
        return self._calendar.between(start, end)


@dataclass
class _Custody:
    """One agency's time with a petition that it accepted in time."""

    agency: str
    since: date
    accepted_in_period: bool = False
    left: bool = False
    silent: bool = False


class Reading:
    """Reads courses over one period; what only shows across petitions is kept in ``answers``."""

    def __init__(
        self, period: Period, calendar: WorkingCalendar, thresholds: Thresholds = DEFINITIONS.thresholds
    ) -> None:
        self.period, self.days, self.limits = period, WorkingDays(calendar), thresholds
        self.answers: list[Answer] = []

    def signs(self, course: Course) -> Iterable[Sign]:
        """The cases that one petition adds."""
        return _Walk(self, course).signs()


class _Walk:
    def __init__(self, reading: Reading, course: Course) -> None:
        self.reading, self.course = reading, course
        self.period, self.between, self.limits = reading.period, reading.days.between, reading.limits
        self.found: list[Sign] = []
        self.due = course.respond_by
        self.whole = self.between(course.submitted_on, course.respond_by)
        self.answered = False
        self.published: Step | None = None  # until it is known whether the submitter objects
        self.question: Step | None = None  # while the submitter is waited for
        self.reply: tuple[Step, str] | None = None  # until the agency that asked has answered
        self.questions: dict[str, list[Step]] = {}
        self.extended: set[str] = set()
        self.decided: dict[str, tuple[bool, datetime]] = {}
        self.triaged_on: date | None = None
        self.triages = 0
        self.custody: _Custody | None = None
        self.quiet_since: date | None = None

    def signs(self) -> list[Sign]:
        """Walk through the steps, then count what only shows at the end."""
        for step in self.course.steps:
            day, inside = local_date(step.at), self.period.holds(step.at)
            self._silence(step, day)
            self._desk(step, day)
            act = _ACTS.get(step.kind)
            if act is not None:
                act(self, step, day, inside)
            if self.question is not None and step.status != Status.AWAITING_SUBMITTER:
                self._pause_over(self.question, day, step.at)
            self.due = step.moved_to or self.due
        self._end()
        return self.found

    def _sign(
        self, name: str, agency: str | None, hit: bool, at: datetime, stratum: tuple[str, ...] = ()
    ) -> None:
        if agency is not None:
            self.found.append(Sign(name, agency, hit, self.course.petition, at, stratum))

    # --- answers --------------------------------------------------------------------------------------

    def _publish(self, step: Step, day: date, inside: bool) -> None:
        if inside and step.agency is not None:
            self.reading.answers.append(Answer(step.agency, step.at, self.course.petition, step.text))
            self.published = step
            if not self.answered:
                self._sign("extended", step.agency, step.agency in self.extended, step.at)
                self._timing(step, day)
            if self.reply is not None and self.reply[1] == step.agency:
                soon = step.at - self.reply[0].at <= timedelta(hours=self.limits.ready_hours)
                self._sign("ready_answer", step.agency, soon, step.at)
        self.answered, self.reply = True, None

    def _timing(self, step: Step, day: date) -> None:
        left = self.between(day, self.due)
        if day > self.due:
            return
        whole = self.between(self.course.submitted_on, self.due)
        self._sign("last_tenth", step.agency, left < self.limits.last_part * whole, step.at)
        if left <= self.limits.approach_days:
            self._sign("bunched", step.agency, left <= self.limits.near_days, step.at)

    def _reopen(self, step: Step, day: date, inside: bool) -> None:
        if self.published is not None:
            self._sign("reopened", self.published.agency, True, step.at)
            self.published = None

    # --- questions ------------------------------------------------------------------------------------

    def _ask(self, step: Step, day: date, inside: bool) -> None:
        self.question, self.reply = step, None
        if step.agency is not None:
            self.questions.setdefault(step.agency, []).append(step)
        if inside:
            near = day <= self.due and self.between(day, self.due) <= self.limits.near_days
            self._sign("asked_late", step.agency, near, step.at)

    def _replied(self, step: Step, day: date, inside: bool) -> None:
        if self.question is not None and self.question.agency is not None:
            self.reply = (step, self.question.agency)

    def _pause_over(self, question: Step, day: date, at: datetime) -> None:
        self.question = None
        if self.period.first <= day <= self.period.last:
            waited = self.between(local_date(question.at), day)
            self._sign("long_pause", question.agency, waited > self.whole, at)

    # --- handing on, declining, extending -------------------------------------------------------------

    def _hand_on(self, step: Step, day: date, inside: bool) -> None:
        if inside and step.own:
            near = self.between(day, self.due) <= self.limits.near_days
            self._sign("handed_on_late", step.agency, near, step.at)

    def _decline(self, step: Step, day: date, inside: bool) -> None:
        if inside and step.own and step.agency is not None:
            self.decided[step.agency] = (True, step.at)

    def _extend(self, step: Step, day: date, inside: bool) -> None:
        if step.agency is not None:
            self.extended.add(step.agency)
        if inside:
            self._sign("extended_last_day", step.agency, self.between(day, self.due) <= 0, step.at)

    # --- acceptance and silence -----------------------------------------------------------------------

    def _acknowledge(self, step: Step, day: date, inside: bool) -> None:
        if step.agency is None:
            return
        if inside:
            self.decided.setdefault(step.agency, (False, step.at))
        self._leave_custody()
        if day <= self.course.acknowledge_by:
            self.custody = _Custody(step.agency, day)

    def _silence(self, step: Step, day: date) -> None:
        """Before a step: how long nothing was done; after it, from when on to count."""
        custody = self.custody
        acted = custody is not None and step.own and step.agency == custody.agency
        if self.quiet_since is not None and (acted or step.status != Status.ACCEPTED):
            self._quiet_until(day)
            self.quiet_since = None
            if custody is not None and step.status != Status.ACCEPTED:
                custody.left = True
        if step.status == Status.ACCEPTED and self.quiet_since is None:
            self.quiet_since = day

    def _quiet_until(self, day: date) -> None:
        if self.custody is None or self.quiet_since is None or day < self.period.first:
            return
        self.custody.accepted_in_period = True
        if self.between(self.quiet_since, min(day, self.period.last)) <= self.limits.silent_days:
            return
        eve = self.period.first - timedelta(days=1)
        # A silence that was long already before the period belongs to the period before.
        if self.quiet_since > eve or self.between(self.quiet_since, eve) <= self.limits.silent_days:
            self.custody.silent = True

    def _leave_custody(self) -> None:
        custody, self.custody = self.custody, None
        if custody is None or not custody.accepted_in_period:
            return
        had_time = self.between(custody.since, self.period.last) > self.limits.silent_days
        if custody.left or had_time:
            self._sign("silent", custody.agency, custody.silent, self.course.steps[-1].at)

    # --- the desk -------------------------------------------------------------------------------------

    def _desk(self, step: Step, day: date) -> None:
        if step.status == Status.TRIAGE:
            if self.triages == 0:
                self.triaged_on = day
            self.triages += 1
        elif self.triaged_on is not None:
            self._triage_over(day, step.at)

    def _triage_over(self, day: date, at: datetime) -> None:
        came, due, self.triaged_on = self.triaged_on, self.course.route_by, None
        # On the last day of the period it cannot be told yet who is still there the day after.
        if came is not None and came <= due and self.period.first <= due < self.period.last:
            self._sign("desk_late", DESK, day > due, at)

    def _end(self) -> None:
        last = self.course.steps[-1].at
        self._quiet_until(self.period.last)
        self._leave_custody()
        if self.triaged_on is not None:
            self._triage_over(self.period.last, last)
        if self.question is not None:
            self._pause_over(self.question, self.period.last, last)
        if self.published is not None:
            self._sign("reopened", self.published.agency, False, self.published.at)
        for agency, asked in self.questions.items():
            if any(self.period.holds(step.at) for step in asked):
                self._sign("asked_again", agency, len(asked) > 1, asked[-1].at)
        for agency, (declined, at) in self.decided.items():
            self._sign("declined", agency, declined, at, (self.course.kind, self.course.topic))


_ACTS = {
    "published": _Walk._publish,
    "reopened": _Walk._reopen,
    "information_requested": _Walk._ask,
    "information_provided": _Walk._replied,
    "transferred": _Walk._hand_on,
    "returned": _Walk._hand_on,
    "recategorised": _Walk._hand_on,
    "declined": _Walk._decline,
    "extended": _Walk._extend,
    "acknowledged": _Walk._acknowledge,
}
