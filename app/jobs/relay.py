"""The relay: takes rows from the outbox and sees that each is done, here or by an RQ worker.

A row is claimed by writing a lease. Whoever holds the lease does the work and marks the row done in the
transaction of the work itself. A worker that dies lets its lease run out, and the row is taken again; that is
why a task may run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs.tasks import TASKS
from app.models import OutboxRow

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 50
RETRY_AFTER = (10, 60, 300, 1800, 7200)


def claim(session: Session, now: datetime, limit: int = BATCH) -> list[int]:
    """Lease up to ``limit`` rows that are due and that nobody works on; their ids, oldest first."""
    due = (
        select(OutboxRow)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.available_at <= now,
            or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now),
        )
        .order_by(OutboxRow.available_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due).all()
    for row in rows:
        row.lease_until = now + LEASE
        row.attempts += 1
    session.commit()
    return [row.id for row in rows]


def perform(row_id: int, clock: Callable[[], datetime]) -> bool:
    """Do the work of one leased row and mark it done; a failure is noted and tried again later, ever more rarely."""
    session = db.session()
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None or row.done_at is not None:
        session.rollback()
        return True
    try:
        after = TASKS[row.task](session, row.payload, clock())
        if after is not None:
            session.rollback()
            after()
            row = session.get_one(OutboxRow, row_id, with_for_update=True)
        row.done_at, row.lease_until, row.error = clock(), None, None
        session.commit()
    except Exception as error:
        session.rollback()
        _note_failure(session, row_id, error, clock())
        return False
    return True


def _note_failure(session: Session, row_id: int, error: Exception, now: datetime) -> None:
    row = session.get_one(OutboxRow, row_id, with_for_update=True)
    wait = RETRY_AFTER[min(row.attempts, len(RETRY_AFTER)) - 1]
    row.available_at, row.lease_until = now + timedelta(seconds=wait), None
    # The kind of failure only: its text might quote an address.
    row.error = type(error).__name__
    session.commit()
    log.warning("outbox row %s (%s) failed: %s; again in %s s", row_id, row.task, type(error).__name__, wait)


def run_once(app: Flask, clock: Callable[[], datetime]) -> int:
    """Take what is due and do it, or hand it to RQ where ``REDIS_URL`` is set. How many rows were taken."""
    settings = app.extensions["pakn_settings"]
    with app.app_context():
        ids = claim(db.session(), clock())
        for row_id in ids:
            if settings.redis_url:
                _hand_to_rq(settings.redis_url, row_id)
            else:
                perform(row_id, clock)
        db.session.remove()
    return len(ids)


def drain(app: Flask, clock: Callable[[], datetime]) -> int:
    """Do everything that is due now. How many rows were taken."""
    total = 0
    while taken := run_once(app, clock):
        total += taken
    return total


def _hand_to_rq(redis_url: str, row_id: int) -> None:
    from app.jobs.queue import queue

    queue(redis_url).enqueue(
        "app.jobs.queue.perform_row", row_id, job_timeout=120, result_ttl=0, failure_ttl=86400
    )
