"""The sweep: what time alone brings about. It can run at any moment and as often as one likes; a missed run heals."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.models import Assignment, OutboxRow, Petition
from app.services import closing, drafts, outbox, rules, transition
from app.services.actors import SYSTEM
from workflows.calendar import WorkingCalendar, local_date, start_of_day
from workflows.lifecycle import Status

ACKNOWLEDGE_REMINDER, RESPOND_REMINDER = 1, 3  # working days before the date
BATCH = 100

Due = Row[int, str | None, date]


def sweep(session: Session, now: datetime) -> int:
    """Clear old drafts, close what nobody objected to, remind agencies on working days. How many things were done.

    Commits after each batch: a sweep that is cut short has done what it did, and nobody waits long for its locks.
    """
    drafts.forget_old(session, now)
    session.commit()
    return _close_answered(session, now) + _remind(session, now)


def _close_answered(session: Session, now: datetime) -> int:
    done, today = 0, local_date(now)
    while True:
        codes = session.scalars(
            select(Petition.code)
            .where(Petition.status == Status.ANSWERED, Petition.object_by < today)
            .order_by(Petition.object_by, Petition.id)
            .limit(BATCH)
        ).all()
        for code in codes:
            petition = transition.lock(session, code)
            # Another sweep may have closed it meanwhile, or its agency answered an objection.
            if petition.status is Status.ANSWERED and petition.object_by and petition.object_by < today:
                closing.close(session, petition, SYSTEM, now)
                done += 1
        session.commit()
        if len(codes) < BATCH:
            return done


def _remind(session: Session, now: datetime) -> int:
    calendar, today = rules.calendar(session), local_date(now)
    if not calendar.counts(today):
        return 0
    done = 0
    for duty, wanted in (
        ("acknowledge", _to_acknowledge(calendar, today)),
        ("respond", _to_respond(calendar, today)),
    ):
        for batch in _batches(session.execute(wanted).all()):
            done += _ask(session, [_reminder(duty, row, today) for row in batch], now)
            session.commit()
    return done


def _to_acknowledge(calendar: WorkingCalendar, today: date) -> Select[int, str | None, date]:
    return (
        select(Petition.id, Petition.lead_agency_code, Assignment.acknowledge_by)
        .join(Assignment, Assignment.petition_id == Petition.id)
        .where(
            Petition.status == Status.ASSIGNED,
            Assignment.ended_at.is_(None),
            Assignment.acknowledge_by <= calendar.add(today, ACKNOWLEDGE_REMINDER),
            # Whoever got it only today need not be reminded of it today.
            Assignment.started_at < start_of_day(today),
        )
        .order_by(Petition.id)
    )


def _to_respond(calendar: WorkingCalendar, today: date) -> Select[int, str | None, date]:
    return (
        select(Petition.id, Petition.lead_agency_code, Petition.respond_by)
        .where(
            Petition.status == Status.ACCEPTED,
            Petition.respond_by <= calendar.add(today, RESPOND_REMINDER),
        )
        .order_by(Petition.id)
    )


def _batches(rows: Sequence[Due]) -> Iterator[Sequence[Due]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _reminder(duty: str, row: Due, today: date) -> tuple[str, dict[str, Any]]:
    """The key and the payload of a reminder: one for each duty of each agency, before its date and after it."""
    petition_id, agency, due = row
    name = f"{duty}_{'overdue' if due < today else 'soon'}"
    key = f"reminder:{name}:{petition_id}:{agency}:{due.isoformat()}"
    payload = {
        "petition": petition_id,
        "reminder": name,
        "agency": agency,
        "due": due.isoformat(),
        "audience": "agency",
    }
    return key, payload


def _ask(session: Session, reminders: list[tuple[str, dict[str, Any]]], now: datetime) -> int:
    # Most were asked for by an earlier sweep: one question spares as many writes.
    keys = [key for key, _payload in reminders]
    asked = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(keys))))
    return sum(
        outbox.add(session, key, "mail", payload, now) for key, payload in reminders if key not in asked
    )
