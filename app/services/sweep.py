"""The sweep: what time alone brings about. It can run at any moment and as often as one likes; a missed run heals.

Every change of a petition asks the sweep to look at it (``Petition.look_on``); the sweep does what has come due and notes
the day on which to look again. So it reads what acts, however many petitions are open.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from app.models import Assignment, Petition
from app.services import answering, closing, drafts, outbox, rules, timeline
from app.services.actors import SYSTEM
from workflows.calendar import WorkingCalendar, local_date
from workflows.deadlines import waiting_until
from workflows.lifecycle import Status
from workflows.reminders import Duty, Reminder, in_working_hours, plan

BATCH = 200
_DAY = timedelta(days=1)
# Staff hear of what they owe in working hours; what only time decides, or the submitter owes, is not bound to them.
_AT_WORK = (Status.RECEIVED, Status.TRIAGE, Status.ASSIGNED, Status.ACCEPTED)
_AT_ANY_HOUR = tuple(status for status in Status if status not in _AT_WORK)


def sweep(session: Session, now: datetime) -> int:
    """Clear old drafts, close what nobody objected to, end waits, remind those who owe something. How many were done.

    Commits after each batch: a sweep that is cut short has done what it did, and nobody waits long for its locks. Two at
    once share the work. Raises ``CalendarNotCovered`` where it cannot tell whether staff are at work today.
    """
    drafts.forget_old(session, now)
    session.commit()
    calendar = rules.calendar(session)
    done = _look(session, _AT_ANY_HOUR, calendar, now)
    if in_working_hours(now, calendar):
        done += _look(session, _AT_WORK, calendar, now)
    return done


def _look(session: Session, statuses: Sequence[Status], calendar: WorkingCalendar, now: datetime) -> int:
    done = 0
    while True:
        batch = _to_look_at(session, statuses, local_date(now))
        done += _look_at(session, batch, calendar, now)
        session.commit()
        if len(batch) < BATCH:
            return done


def _to_look_at(session: Session, statuses: Sequence[Status], today: date) -> Sequence[Petition]:
    wanted = (
        select(Petition)
        .where(Petition.look_on <= today, Petition.status.in_(statuses))
        .order_by(Petition.look_on, Petition.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .options(defer(Petition.text), selectinload(Petition.contributions))
        .execution_options(populate_existing=True)
    )
    return session.scalars(wanted).all()


def _look_at(session: Session, batch: Sequence[Petition], calendar: WorkingCalendar, now: datetime) -> int:
    today = local_date(now)
    done = sum(_moved_on(session, petition, now) for petition in batch)
    ids = [petition.id for petition in batch]
    custody = _custody(session, ids)
    members = _earliest_of_members(session, ids)
    reminders: list[tuple[Petition, Reminder, Duty]] = []
    for petition in batch:
        owed = _owed(petition, custody.get(petition.id), members.get(petition.id))
        coming = plan(owed, calendar, today)
        reminders += [(petition, reminder, duty) for reminder, duty in coming.now]
        days = [day for day in (coming.look_on, _moves_on(petition)) if day is not None]
        petition.look_on = min(days, default=None)
    return done + _remind(session, reminders, now)


def _moved_on(session: Session, petition: Petition, now: datetime) -> bool:
    """Close an answered petition that nobody objected to, and end a wait that nobody answered."""
    today = local_date(now)
    if petition.status is Status.ANSWERED and petition.object_by is not None and petition.object_by < today:
        closing.close(session, petition, SYSTEM, now)
        return True
    if petition.waiting_since is not None and waiting_until(petition.waiting_since) < today:
        answering.end_waiting(session, petition, now)
        return True
    return False


def _moves_on(petition: Petition) -> date | None:
    """The day after the last one to object, or to reply."""
    if petition.status is Status.ANSWERED and petition.object_by is not None:
        return petition.object_by + _DAY
    if petition.waiting_since is not None:
        return waiting_until(petition.waiting_since) + _DAY
    return None


def _owed(petition: Petition, custody: Assignment | None, earliest: date | None) -> list[Duty]:
    """What is owed on a petition at present."""
    agency, status = petition.lead_agency_code, petition.status
    if status in (Status.RECEIVED, Status.TRIAGE):
        return [Duty("route", petition.route_by, None, local_date(petition.submitted_at))]
    if status is Status.AWAITING_SUBMITTER and petition.waiting_since is not None:
        return [Duty("reply", waiting_until(petition.waiting_since), None, petition.waiting_since)]
    if custody is None or status not in (Status.ASSIGNED, Status.ACCEPTED):
        return []
    since = local_date(custody.started_at)
    # The answer goes to the members, too, whose dates may come before that of the lead.
    respond_by = min(petition.respond_by, earliest or petition.respond_by)
    duties = [Duty("respond", respond_by, agency, since)]
    if status is Status.ASSIGNED:
        duties.append(Duty("acknowledge", custody.acknowledge_by, agency, since))
    duties += [
        Duty("contribute", part.due, part.agency_code, local_date(part.asked_at))
        for part in petition.contributions
        if part.ended_at is None
    ]
    return duties


def _custody(session: Session, ids: Sequence[int]) -> dict[int, Assignment]:
    running = select(Assignment).where(Assignment.petition_id.in_(ids), Assignment.ended_at.is_(None))
    return {each.petition_id: each for each in session.scalars(running)}


def _earliest_of_members(session: Session, ids: Sequence[int]) -> dict[int, date]:
    wanted = (
        select(Petition.merged_into_id, func.min(Petition.respond_by))
        .where(Petition.merged_into_id.in_(ids), Petition.status == Status.MERGED)
        .group_by(Petition.merged_into_id)
    )
    return {lead: due for lead, due in session.execute(wanted) if lead is not None}


def _remind(session: Session, reminders: Sequence[tuple[Petition, Reminder, Duty]], now: datetime) -> int:
    """Ask for those mails that were not asked for before, and leave an event for each."""
    asked = {
        _key(petition, reminder, duty): (petition, {"reminder": reminder.name, **_about(duty)}, reminder.to)
        for petition, reminder, duty in reminders
    }
    new = outbox.add_all(
        session,
        "mail",
        {
            key: {"petition": petition.id, "audience": to, **data}
            for key, (petition, data, to) in asked.items()
        },
        now,
    )
    told = [(petition, data) for key, (petition, data, _to) in asked.items() if key in new]
    timeline.record_each(session, "reminded", told, SYSTEM, now)
    return len(told)


def _key(petition: Petition, reminder: Reminder, duty: Duty) -> str:
    return f"reminder:{reminder.name}:{petition.id}:{duty.agency}:{duty.due.isoformat()}"


def _about(duty: Duty) -> dict[str, Any]:
    return {"agency": duty.agency, "due": duty.due.isoformat()}
