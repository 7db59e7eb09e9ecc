"""The sweep: what time alone brings about. It can run at any moment and as often as one likes; a missed run heals."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import Assignment, Draft, Petition
from app.services import closing, outbox, rules, transition
from app.services.actors import SYSTEM
from workflows.calendar import local_date, start_of_day
from workflows.lifecycle import Status

DRAFTS_KEPT = timedelta(days=7)
ACKNOWLEDGE_REMINDER, RESPOND_REMINDER = 1, 3  # working days before the date
BATCH = 500


def sweep(session: Session, now: datetime) -> int:
    """Close what nobody objected to, remind agencies on working days, clear old drafts. How many things were done.

    Commits after each batch, so that a sweep that is cut short has done what it did.
    """
    done = _close_answered(session, now)
    if rules.calendar(session).counts(local_date(now)):
        done += _remind(session, now)
    session.execute(delete(Draft).where(Draft.updated_at < now - DRAFTS_KEPT))
    session.commit()
    return done


def _close_answered(session: Session, now: datetime) -> int:
    done = 0
    while True:
        codes = session.scalars(
            select(Petition.code)
            .where(Petition.status == Status.ANSWERED, Petition.object_by < local_date(now))
            .order_by(Petition.object_by)
            .limit(BATCH)
        ).all()
        for code in codes:
            petition = transition.lock(session, code)
            if petition.status is Status.ANSWERED:
                closing.close(session, petition, SYSTEM, now)
                done += 1
        session.commit()
        if len(codes) < BATCH:
            return done


def _remind(session: Session, now: datetime) -> int:
    calendar, today = rules.calendar(session), local_date(now)
    acknowledge = (
        select(Petition.id, Assignment.acknowledge_by)
        .join(Assignment, Assignment.petition_id == Petition.id)
        .where(
            Petition.status == Status.ASSIGNED,
            Assignment.ended_at.is_(None),
            Assignment.acknowledge_by <= calendar.add(today, ACKNOWLEDGE_REMINDER),
            # Whoever got it only today need not be reminded of it today.
            Assignment.started_at < start_of_day(today),
        )
    )
    respond = select(Petition.id, Petition.respond_by).where(
        Petition.status == Status.ACCEPTED,
        Petition.respond_by <= calendar.add(today, RESPOND_REMINDER),
    )
    done = 0
    for duty, wanted in (("acknowledge", acknowledge), ("respond", respond)):
        for petition_id, due in session.execute(wanted).all():
            done += _ask_reminder(session, petition_id, duty, due, today, now)
    session.commit()
    return done


def _ask_reminder(
    session: Session, petition_id: int, duty: str, due: date, today: date, now: datetime
) -> bool:
    reminder = f"{duty}_{'overdue' if due < today else 'soon'}"
    payload = {
        "petition": petition_id,
        "reminder": reminder,
        "due": due.strftime("%d/%m/%Y"),
        "audience": "agency",
    }
    return outbox.add(session, f"reminder:{reminder}:{petition_id}:{due.isoformat()}", "mail", payload, now)
