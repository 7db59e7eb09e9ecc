"""What is promised, and what moves it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import deadlines
from workflows.calendar import CalendarNotCovered, WorkingCalendar, shipped_days
from workflows.deadlines import NoPolicy, Policy, policy_for, promise, shipped_policies
from workflows.kinds import Kind
from workflows.lifecycle import Refused

CALENDAR = WorkingCalendar("test", date(2025, 1, 1), date(2027, 12, 31), shipped_days())
POLICIES = shipped_policies()
LONG = {Kind.INITIATIVE, Kind.SOLUTION, Kind.COMMISSION}
FEEDBACK = policy_for(POLICIES, Kind.FEEDBACK, date(2026, 11, 2))


def a_policy(version: str, valid_from: date, valid_to: date | None = None, **values: object) -> Policy:
    given: dict[str, object] = {
        "kind": Kind.FEEDBACK,
        "complexity": "standard",
        "route_days": 1,
        "acknowledge_days": 5,
        "respond_days": 15,
        "extension_days": 10,
        "objection_days": 30,
        "legal_basis": "",
        **values,
    }
    return Policy(version=version, valid_from=valid_from, valid_to=valid_to, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", Kind)
def test_the_promise_for_each_kind(kind: Kind) -> None:
    """Sent on Monday 2 November 2026; 24 November is Vietnam Culture Day."""
    given = promise(policy_for(POLICIES, kind, date(2026, 11, 2)), CALENDAR, date(2026, 11, 2))
    assert given.route_by == date(2026, 11, 3)
    assert given.acknowledge_by == date(2026, 11, 9)
    assert given.respond_by == (date(2026, 12, 1) if kind in LONG else date(2026, 11, 23))
    assert (given.policy_version, given.calendar_version) == ("2026.1", "test")


@pytest.mark.parametrize("kind", Kind)
def test_the_law_s_figures(kind: Kind) -> None:
    policy = policy_for(POLICIES, kind, date(2026, 1, 1))
    assert (policy.route_days, policy.acknowledge_days) == (1, 5)
    assert policy.respond_days == (20 if kind in LONG else 15)
    assert (policy.extension_days, policy.objection_days) == (10, 30)
    assert policy.legal_basis


def test_a_petition_sent_on_a_weekend_or_holiday_is_counted_from_there() -> None:
    for sent in (date(2026, 2, 14), date(2026, 2, 17), date(2026, 2, 22)):
        assert promise(FEEDBACK, CALENDAR, sent).route_by == date(2026, 2, 23)


def test_no_promise_beyond_the_calendar() -> None:
    with pytest.raises(CalendarNotCovered):
        promise(FEEDBACK, CALENDAR, date(2027, 12, 27))


def test_no_policy_before_the_first() -> None:
    with pytest.raises(NoPolicy, match="feedback on 2024-12-31"):
        policy_for(POLICIES, Kind.FEEDBACK, date(2024, 12, 31))
    with pytest.raises(NoPolicy):
        policy_for(POLICIES, Kind.FEEDBACK, date(2026, 1, 1), complexity="complex")
    with pytest.raises(NoPolicy):
        policy_for([], Kind.FEEDBACK, date(2026, 1, 1))


def test_the_policy_in_force_on_the_day() -> None:
    old = a_policy("1", date(2025, 1, 1), date(2026, 6, 30))
    new = a_policy("2", date(2026, 7, 1))
    assert policy_for([new, old], Kind.FEEDBACK, date(2026, 6, 30)) is old
    assert policy_for([old, new], Kind.FEEDBACK, date(2026, 7, 1)) is new


def test_of_two_that_overlap_the_later_to_start_counts_then_the_later_version() -> None:
    first, second = a_policy("1", date(2025, 1, 1)), a_policy("2", date(2026, 7, 1))
    third = a_policy("3", date(2026, 7, 1))
    assert policy_for([second, first], Kind.FEEDBACK, date(2026, 8, 1)) is second
    assert policy_for([third, second, first], Kind.FEEDBACK, date(2026, 8, 1)) is third


DUE = date(2026, 11, 23)


def extended(days: int, times_before: int = 0, today: date = DUE) -> date:
    return deadlines.extended(DUE, days, FEEDBACK, CALENDAR, times_before=times_before, today=today)


def test_an_extension_is_counted_in_working_days_from_the_due_date() -> None:
    assert extended(1) == date(2026, 11, 25), "24 November is off"
    assert extended(10) == date(2026, 12, 8)
    assert extended(1, today=date(2026, 11, 3)) == date(2026, 11, 25), "asked early, it gives no more"


@pytest.mark.parametrize(
    ("days", "times_before", "today", "code"),
    [
        (5, 1, DUE, "extended_before"),
        (5, 2, DUE, "extended_before"),
        (11, 0, DUE, "extension_too_long"),
        (0, 0, DUE, "extension_too_long"),
        (-3, 0, DUE, "extension_too_long"),
        (5, 0, DUE + timedelta(days=1), "already_overdue"),
    ],
)
def test_an_extension_refused(days: int, times_before: int, today: date, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}$"):
        extended(days, times_before, today)


@pytest.mark.parametrize(
    ("asked", "replied", "due"),
    [
        ("2026-11-10", "2026-11-10", "2026-11-23"),  # the same day costs nothing
        ("2026-11-10", "2026-11-12", "2026-11-26"),  # two days, over Culture Day
        ("2026-11-13", "2026-11-15", "2026-11-23"),  # a weekend is no working day
        ("2026-11-12", "2026-11-10", "2026-11-23"),  # a clock that went back gives nothing
        ("2026-11-23", "2026-12-07", "2026-12-07"),  # as long as the wait, from the due date on
    ],
)
def test_waiting_for_the_submitter_moves_the_answer(asked: str, replied: str, due: str) -> None:
    given = deadlines.resumed(DUE, date.fromisoformat(asked), date.fromisoformat(replied), CALENDAR)
    assert given == date.fromisoformat(due)


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 30), st.integers(0, 30))
def test_days_left_before_the_wait_are_left_after_it(sent: date, worked: int, waited: int) -> None:
    """Whoever had n working days left when asking has n left when the reply comes."""
    due = promise(FEEDBACK, CALENDAR, sent).respond_by
    asked = sent + timedelta(days=worked)
    replied = asked + timedelta(days=waited)
    after = deadlines.resumed(due, asked, replied, CALENDAR)
    if asked > due:
        assert after == due, "to ask once it is late moves nothing"
    elif CALENDAR.counts(due):
        assert CALENDAR.between(replied, after) == CALENDAR.between(asked, due)


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 40), st.integers(0, 30), st.integers(0, 25)
)
def test_counting_again_says_what_the_ledger_says(
    sent: date, asked_after: int, waited: int, days: int
) -> None:
    asked = sent + timedelta(days=asked_after)
    pauses = [(asked, asked + timedelta(days=waited))]
    due = deadlines.recount(sent, days, CALENDAR, pauses)
    shown = deadlines.ledger(sent, due, CALENDAR, pauses)
    assert (shown[-1].number if shown else 0) == days
    assert not shown or shown[-1].effect in ("counted", "make_up")


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(-40, 40), st.integers(-40, 40))
def test_a_new_kind_shortens_and_makes_nobody_late(due: date, recounted_in: int, today_in: int) -> None:
    recounted, today = due + timedelta(days=recounted_in), due + timedelta(days=today_in)
    after = deadlines.shortened(due, recounted, today)
    assert after <= due
    assert after == due or after >= today
    assert after == min(due, recounted) or after == min(due, today)


def test_a_reply_is_waited_for_thirty_days() -> None:
    assert deadlines.waiting_until(date(2026, 11, 2)) == date(2026, 12, 2)


def test_objections_are_heard_for_thirty_calendar_days() -> None:
    assert deadlines.objection_until(date(2026, 11, 23), FEEDBACK) == date(2026, 12, 23)
    assert deadlines.objection_until(date(2027, 12, 20), FEEDBACK) == date(2028, 1, 19), "needs no calendar"


def test_overdue_begins_the_day_after() -> None:
    day = timedelta(days=1)
    assert not deadlines.is_overdue(DUE, None, DUE - day)
    assert not deadlines.is_overdue(DUE, None, DUE)
    assert deadlines.is_overdue(DUE, None, DUE + day)
    assert not deadlines.is_overdue(DUE, DUE, DUE + 100 * day), "done in time stays in time"
    assert deadlines.is_overdue(DUE, DUE + day, DUE + day)
    assert not deadlines.is_overdue(None, None, DUE), "without a due date nothing is late"


# --- the ledger -------------------------------------------------------------------------------------------


def test_the_ledger_shows_every_day_and_why_it_counted() -> None:
    shown = deadlines.ledger(date(2026, 11, 19), date(2026, 11, 26), CALENDAR)
    assert [(day.day.day, day.effect, day.number) for day in shown] == [
        (20, "counted", 1),
        (21, "weekend", 1),
        (22, "weekend", 1),
        (23, "counted", 2),
        (24, "holiday", 2),
        (25, "counted", 3),
        (26, "counted", 4),
    ]
    assert shown[4].name_vi == "Ngày Văn hóa Việt Nam"
    (made_up,) = deadlines.ledger(date(2026, 8, 21), date(2026, 8, 22), CALENDAR)
    assert (made_up.effect, made_up.number) == ("make_up", 1)
    assert deadlines.ledger(DUE, DUE, CALENDAR) == []


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 20), st.integers(0, 30))
def test_the_ledger_proves_the_date(sent: date, worked: int, waited: int) -> None:
    """However long the sender was waited for, the ledger up to the moved date counts the days that were promised."""
    due = promise(FEEDBACK, CALENDAR, sent).respond_by
    asked = min(sent + timedelta(days=worked), due)
    replied = asked + timedelta(days=waited)
    after = deadlines.resumed(due, asked, replied, CALENDAR)
    shown = deadlines.ledger(sent, after, CALENDAR, [(asked, replied)])
    assert [day.day for day in shown] == [sent + timedelta(days=n) for n in range(1, (after - sent).days + 1)]
    assert shown[-1].number == FEEDBACK.respond_days
    paused = {day.day for day in shown if day.effect == "paused"}
    assert all(asked < day <= replied for day in paused)
