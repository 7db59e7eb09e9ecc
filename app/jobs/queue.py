"""Outbox rows as RQ jobs. A job carries only the id of its row; the row says what to do and whether it is done."""

from functools import lru_cache

from redis import Redis
from rq import Queue

QUEUE = "pakn"


@lru_cache(maxsize=4)
def queue(redis_url: str) -> Queue:
    """The one queue, with patience of a few seconds for a Redis that does not answer."""
    return Queue(QUEUE, connection=Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5))


def perform_row(row_id: int) -> None:
    """Run by an RQ worker: do one outbox row within the application."""
    from app.clock import utc_now
    from app.extensions import db
    from app.jobs import relay
    from wsgi import app

    with app.app_context():
        try:
            relay.perform(row_id, utc_now)
        finally:
            db.session.remove()
