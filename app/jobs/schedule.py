"""What runs again and again, declared in one place, and the background thread that runs it.

A server process starts the thread for itself (see ``deploy/gunicorn.conf.py``). Several servers may run
it at once; leases and unique keys see to it that everything is done once.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask

from app.extensions import db
from app.jobs import relay
from app.services import sweep

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A piece of work, and how long to wait after it before it runs again."""

    name: str
    every: timedelta
    work: Callable[[Flask, Callable[[], datetime]], object]


def run_sweep(app: Flask, clock: Callable[[], datetime]) -> int:
    """One sweep over the deadlines. How many things it did."""
    with app.app_context():
        try:
            return sweep.sweep(db.session(), clock())
        finally:
            db.session.remove()


SCHEDULE = (
    Periodic("relay", timedelta(seconds=1), relay.run_once),
    Periodic("sweep", timedelta(minutes=10), run_sweep),
)


def run_due(app: Flask, clock: Callable[[], datetime], due: dict[str, datetime]) -> None:
    """Run what is due now and note in ``due`` when it is due again. One failing never stops the others."""
    for job in SCHEDULE:
        moment = clock()
        if due.get(job.name, moment) > moment:
            continue
        try:
            job.work(app, clock)
        except Exception:
            log.exception("%s failed; it runs again in %s", job.name, job.every)
        due[job.name] = clock() + job.every


def start_background(app: Flask) -> threading.Event:
    """Run the schedule in a daemon thread of this process until the returned event is set."""
    stop = threading.Event()
    clock: Callable[[], datetime] = app.extensions["pakn_clock"]

    def loop() -> None:
        due: dict[str, datetime] = {}
        while not stop.wait(1.0):
            run_due(app, clock, due)

    threading.Thread(target=loop, name="pakn-background", daemon=True).start()
    return stop
