"""The relay: takes rows from the outbox and sees that each is done, here or by an RQ worker.

A row is claimed by writing a lease. Whoever holds the lease does the work and marks the row done in the
transaction of the work itself. A worker that dies lets its lease run out, and the row is taken again; that is
why a task may run twice.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from flask import Flask
from redis import RedisError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs.tasks import TASKS
from app.models import OutboxRow

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 50
RETRY_AFTER = (10, 60, 300, 1800, 7200)  # seconds


def claim(
    session: Session,
    now: datetime,
    limit: int = BATCH,
    tasks: Collection[str] = tuple(TASKS),
    due: datetime | None = None,
) -> list[tuple[int, str]]:
    """Lease up to ``limit`` rows that nobody works on and that were due by ``due`` (else ``now``).

    Gives (id, task) of each, oldest first.
    """
    wanted = (
        select(OutboxRow)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.available_at <= (due or now),
            or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now),
            OutboxRow.task.in_(tasks),
        )
        .order_by(OutboxRow.available_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = session.scalars(wanted).all()
    claimed = [(row.id, row.task) for row in rows]
    for row in rows:
        row.lease_until = now + LEASE
    session.commit()
    return claimed


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
            # The row may have waited in a queue for long: the lease must cover what follows.
            row.lease_until = clock() + LEASE
            session.commit()
            after()
            row = session.get_one(OutboxRow, row_id, with_for_update=True)
        row.done_at, row.lease_until, row.error = clock(), None, None
        row.attempts += 1
        session.commit()
    except Exception as error:
        session.rollback()
        _note_failure(session, row_id, error, clock())
        return False
    return True


def _note_failure(session: Session, row_id: int, error: Exception, now: datetime) -> None:
    row = session.get_one(OutboxRow, row_id, with_for_update=True)
    if row.done_at is not None:  # somebody else had better luck
        session.rollback()
        return
    task, wait = row.task, RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    row.attempts += 1
    row.available_at, row.lease_until = now + timedelta(seconds=wait), None
    # The kind of failure only: its text might quote an address.
    row.error = type(error).__name__
    session.commit()
    log.warning("outbox row %s (%s) failed: %s; again in %s s", row_id, task, type(error).__name__, wait)


def run_once(
    app: Flask,
    clock: Callable[[], datetime],
    tasks: Collection[str] = tuple(TASKS),
    due: datetime | None = None,
) -> int:
    """Do a batch of what is due, row by row, or hand it to RQ where ``REDIS_URL`` is set. How many rows were taken.

    Raises ``RedisError`` where the queue does not answer; the rows are then free again.
    """
    redis_url = app.extensions["pakn_settings"].redis_url
    with app.app_context():
        if redis_url:
            claimed = claim(db.session(), clock(), BATCH, tasks, due)
            _hand_over(db.session(), redis_url, claimed)
            return len(claimed)
        for taken in range(BATCH):
            # One at a time, so that a server that stops or hangs keeps no more than one row waiting for its lease.
            claimed = claim(db.session(), clock(), 1, tasks, due)
            if not claimed:
                return taken
            perform(claimed[0][0], clock)
    return BATCH


def drain(app: Flask, clock: Callable[[], datetime]) -> int:
    """Do everything that is due now; what fails is left for later. How many rows were taken."""
    due, total = clock(), 0
    while taken := run_once(app, clock, due=due):
        total += taken
    return total


def _hand_over(session: Session, redis_url: str, claimed: list[tuple[int, str]]) -> None:
    # Only where there is a queue: RQ need not be loaded elsewhere.
    from app.jobs.queue import enqueue

    if not claimed:
        return
    try:
        enqueue(redis_url, claimed)
    except RedisError:
        ids = [row_id for row_id, _task in claimed]
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(ids), OutboxRow.done_at.is_(None))
            .values(lease_until=None)
        )
        session.commit()
        raise
