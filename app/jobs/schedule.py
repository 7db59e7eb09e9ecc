"""What runs again and again, declared in one place, and the background threads that run it.

A server process starts them for itself (see ``deploy/gunicorn.conf.py``). Several servers may run them at once;
leases and unique keys see to it that everything is done once.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from redis import RedisError
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.jobs import relay
from app.services import roots, sweep

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Periodic:
    """A piece of work, and how long to wait after it before it runs again; it says how much it did."""

    name: str
    every: timedelta
    work: Callable[[Flask, Callable[[], datetime]], int]
    full: int | None = None

    def wait_after(self, done: int) -> timedelta:
        """How long to wait after a run that did ``done`` things: not at all after a full batch."""
        return timedelta(0) if self.full is not None and done >= self.full else self.every

    def wait_after_failures(self, count: int) -> timedelta:
        """How long to wait after ``count`` failures in a row: ever longer, but no longer than a minute if it is frequent."""
        return min(self.every * (1 << min(count, 16)), max(self.every, LONGEST_WAIT))


def classify(app: Flask, clock: Callable[[], datetime]) -> int:
    """One batch of the classifier's work."""
    return relay.run_once(app, clock, ("classify",))


def mail(app: Flask, clock: Callable[[], datetime]) -> int:
    """One batch of mails."""
    return relay.run_once(app, clock, ("mail",))


def run_sweep(app: Flask, clock: Callable[[], datetime]) -> int:
    """One sweep over the deadlines. How many things it did."""
    with app.app_context():
        return sweep.sweep(db.session(), clock())


def publish_root(app: Flask, clock: Callable[[], datetime]) -> int:
    """Publish the daily root of one day that has ended without one. How many were."""
    with app.app_context():
        done = roots.publish_next(db.session(), app.extensions["pakn_signer"], clock())
        db.session.commit()
        return int(done)


# Each has a thread of its own, so that a mail server that hangs keeps no petition from its agency.
SCHEDULE = (
    Periodic("classify", timedelta(seconds=1), classify, full=relay.BATCH),
    Periodic("mail", timedelta(seconds=1), mail, full=relay.BATCH),
    Periodic("sweep", timedelta(minutes=10), run_sweep),
    Periodic("roots", timedelta(minutes=10), publish_root, full=1),
)


class Background:
    """The schedule at work in daemon threads of this process."""

    def __init__(self, app: Flask, schedule: tuple[Periodic, ...] = SCHEDULE) -> None:
        self._app = app
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(job,), name=f"pakn-{job.name}", daemon=True)
            for job in schedule
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, patience: timedelta = timedelta(seconds=10)) -> None:
        """Let each thread finish what it is at, but wait no longer than ``patience`` for any."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience.total_seconds())

    def _repeat(self, job: Periodic) -> None:
        clock: Callable[[], datetime] = self._app.extensions["pakn_clock"]
        failures, wait = 0, timedelta(0)
        while not self._stop.wait(wait.total_seconds()):
            try:
                wait, failures = job.wait_after(job.work(self._app, clock)), 0
            except (OperationalError, RedisError) as error:
                failures += 1
                wait = job.wait_after_failures(failures)
                log.warning("%s: %s; again in %d s", job.name, type(error).__name__, wait.total_seconds())
            except Exception:
                failures += 1
                wait = job.wait_after_failures(failures)
                log.exception("%s failed; again in %d s", job.name, wait.total_seconds())


def start_background(app: Flask) -> Background:
    """Run the schedule in this process until the result is stopped."""
    return Background(app)
