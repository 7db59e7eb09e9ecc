"""Outbox rows as RQ jobs. A job carries only the id of its row; the row says what to do and whether it is done."""

from functools import lru_cache

from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

QUEUE, MAIL_QUEUE = "pakn", "pakn-mail"
JOB_SECONDS = 120
FAILED_KEPT_SECONDS = 86_400


@lru_cache(maxsize=4)
def queues(redis_url: str) -> tuple[Queue, Queue]:
    """The queue, and the one for mails, which must not hold up the rest while a mail server hangs.

    Patience with a Redis that does not answer is a few seconds.
    """
    connection = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5)
    return Queue(QUEUE, connection=connection), Queue(MAIL_QUEUE, connection=connection)


def enqueue(redis_url: str, claimed: list[tuple[int, str]]) -> None:
    """Queue rows, given as (id, task). One that still waits in the queue is not queued again: workers may be away for long.

    Raises ``RedisError``.
    """
    common, mails = queues(redis_url)
    names = {row_id: f"outbox-{row_id}" for row_id, _task in claimed}
    known = Job.fetch_many(list(names.values()), connection=common.connection)
    waiting = {
        job.id for job in known if job is not None and job.get_status(refresh=False) is JobStatus.QUEUED
    }
    for queue in (common, mails):
        rows = [row_id for row_id, task in claimed if (task == "mail") is (queue is mails)]
        jobs = [
            Queue.prepare_data(
                "app.jobs.queue.perform_row",
                (row_id,),
                job_id=names[row_id],
                timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=FAILED_KEPT_SECONDS,
            )
            for row_id in rows
            if names[row_id] not in waiting
        ]
        if jobs:
            queue.enqueue_many(jobs)


def perform_row(row_id: int) -> None:
    """Run by an RQ worker: do one outbox row within the application."""
    from app.extensions import db
    from app.jobs import relay
    from wsgi import app

    with app.app_context():
        try:
            relay.perform(row_id, app.extensions["pakn_clock"])
        finally:
            db.session.remove()
