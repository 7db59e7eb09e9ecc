"""What the workflow costs on PostgreSQL: the sweep among many open petitions, one verb, the ledger of a long case.

``python -m bench workflow`` starts a server of its own, with fsync on. The sweep is measured twice, among a hundred thousand
and among a million open petitions of which the same number has something to do: its cost should follow what acts.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.configuration import ROOT
from app.extensions import db
from app.models import Petition, Staff
from app.queries import ledger as ledgers
from app.services import accounts, answering, instance, transition
from app.services.actors import SUBMITTER, Actor
from app.services.sweep import sweep
from app.settings import Settings
from tests import servers
from workflows.calendar import WorkingCalendar, shipped_days
from workflows.deadlines import ledger

NOW = datetime(2026, 11, 18, 3, tzinfo=UTC)  # a Wednesday morning in Vietnam
DUE = date(2026, 11, 23)  # three working days later: the officer is reminded today
FEW, MANY, ACTING = 100_000, 1_000_000, 5_000
VERBS_EACH = 600

_PETITIONS = """
INSERT INTO petitions (id, code, secret_hash, channel, language, kind, complexity, submitter_kind, text, text_sha256, status,
  version, handovers, extensions, lead_agency_code, submitted_at, route_by, acknowledge_by, respond_by, policy_version,
  calendar_version, acknowledged_at, look_on)
SELECT n, 'BENCH-' || n, 'x', 'import', 'vi', 'feedback', 'standard', 'citizen', 'Một phản ánh để đo', 'x', 'accepted',
  1, 0, 0, 'BKHCN', :sent, :day, :day,
  CASE WHEN n <= :acting THEN CAST(:due AS date) ELSE CAST(:later AS date) END,
  :policy, :calendar, :sent,
  CASE WHEN n <= :acting THEN CAST(:today AS date) ELSE CAST(:later AS date) END
FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) AS n
"""
_CUSTODY = """
INSERT INTO assignments (petition_id, agency_code, assigned_by, binding, started_at, acknowledge_by, acknowledged_at)
SELECT n, 'BKHCN', 'desk', false, :sent, :day, :sent
FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) AS n
"""
_EVENTS = """
INSERT INTO events (petition_id, seq, kind, at, actor, agency_code, status, data, previous_hash, hash)
SELECT n, 1, 'submitted', :sent, 'submitter', NULL, 'received', '{}', repeat('0', 64), md5(n::text) || md5(n::text)
FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) AS n
"""
_SENDERS = """
INSERT INTO submitters (petition_id, may_contact, may_share, may_publish)
SELECT n, false, false, false FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) AS n
"""


def main() -> None:
    """Measure and print."""
    with _instance() as app, app.app_context():
        session = db.session()
        first = _sweep(session, 1, FEW)
        _again(session)
        second = _sweep(session, FEW + 1, MANY)
        print(f"{'sweep':<44}{'seconds':>10}{'acts/s':>10}")
        for size, taken in ((FEW, first), (MANY, second)):
            print(f"{size:>9,} open, {ACTING:,} act{'':<16}{taken:>10.2f}{ACTING / taken:>10.0f}")
        print(f"ten times as many open take {second / first:.2f} times as long")
        _verbs(session)
        _ledger(session)


@contextmanager
def _instance() -> Iterator[Flask]:
    with ExitStack() as stack:
        server = stack.enter_context(servers.postgresql(durable=True))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ |= {
            "DATABASE_URL": server.create_database("bench"),
            "PAKN_BACKGROUND": "off",
            "SECRET_KEY": "a secret of the measurements, forty characters",
            "PII_KEYS": "cGFrbi1iZW5jaC1vbmx5LXBha24tYmVuY2gtb25seS0=",
        }
        app = create_app(Settings.from_environment(os.environ, Path(folder)))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            instance.load_reference(db.session(), NOW)
            for role, agency in (("officer", "BKHCN"), ("approver", "BKHCN")):
                accounts.add_staff(
                    db.session(),
                    NOW,
                    username=role,
                    name=f"{role} (mẫu)",
                    role=role,
                    password=None,
                    agency_code=agency,
                )
            db.session.commit()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _sweep(session: Session, low: int, high: int) -> float:
    """Fill up to ``high`` petitions and time one sweep in which ``ACTING`` of them are reminded."""
    policy = session.scalar(text("SELECT max(version) FROM deadline_policies"))
    calendar = session.scalar(text("SELECT max(version) FROM calendar_versions"))
    values = {
        "low": low,
        "high": high,
        "acting": ACTING,
        "sent": NOW - timedelta(days=16),
        "day": date(2026, 11, 9),
        "due": DUE,
        "later": date(2027, 6, 1),
        "today": date(2026, 11, 18),
        "policy": policy,
        "calendar": calendar,
    }
    for statement in (_PETITIONS, _SENDERS, _CUSTODY, _EVENTS):
        names = set(text(statement)._bindparams)
        session.execute(text(statement), {name: value for name, value in values.items() if name in names})
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    started = time.perf_counter()
    done = sweep(session, NOW)
    taken = time.perf_counter() - started
    assert done == ACTING, done
    return taken


def _again(session: Session) -> None:
    """Let the same petitions act once more: what the first sweep asked for is forgotten."""
    session.execute(text("TRUNCATE outbox"))
    session.execute(
        text("UPDATE petitions SET look_on = :today WHERE id <= :acting"),
        {"today": NOW.date(), "acting": ACTING},
    )
    session.commit()


def _verbs(session: Session) -> None:
    """Statements of a verb, and how many two processes do in a second, each with its lock and its commit."""
    officer = _officer(session)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    print(f"\n{'verb':<44}{'statements':>10}{'median ms':>10}")
    for name, verb in (
        (
            "ask the submitter",
            lambda p: answering.ask_submitter(session, p, officer, "Xin cho biết thêm.", NOW),
        ),
        ("reply", lambda p: answering.provide_information(session, p, SUBMITTER, "Ở thôn Đông.", NOW)),
        (
            "draft",
            lambda p: answering.draft(session, p, officer, "Cơ quan đã kiểm tra và trả lời như sau.", NOW),
        ),
    ):
        taken, statements = _repeat(session, verb, range(10_001, 10_101), counted)
        print(f"{name:<44}{statements:>10}{taken * 1000:>10.2f}")
    both = [
        subprocess.Popen([sys.executable, "-m", "bench.workflow", str(20_000 + 10_000 * number)], cwd=ROOT)
        for number in range(2)
    ]
    codes = [process.wait() for process in both]
    assert codes == [0, 0], codes


def _repeat(
    session: Session, verb: Callable[[Petition], object], ids: range, counted: list[str]
) -> tuple[float, int]:
    taken, statements = [], []
    for number in ids:
        session.expire_all()
        counted.clear()
        begun = time.perf_counter()
        verb(transition.lock(session, f"BENCH-{number}"))
        session.commit()
        taken.append(time.perf_counter() - begun)
        statements.append(len(counted))
    return statistics.median(taken), round(statistics.median(statements))


def _officer(session: Session) -> Actor:
    return Actor.of(session.scalars(select(Staff).where(Staff.username == "officer")).one())


def worker(first: int) -> None:
    """One of two processes: ask and reply on petitions of its own, and say how many verbs a second."""
    app = create_app(Settings.from_environment(os.environ, Path(tempfile.gettempdir())))
    with app.app_context():
        session = db.session()
        officer = _officer(session)
        started = time.perf_counter()
        for number in range(first, first + VERBS_EACH // 2):
            answering.ask_submitter(
                session, transition.lock(session, f"BENCH-{number}"), officer, "Ở đâu?", NOW
            )
            session.commit()
            answering.provide_information(
                session, transition.lock(session, f"BENCH-{number}"), SUBMITTER, "Ở thôn Đông.", NOW
            )
            session.commit()
        print(f"one of two processes: {VERBS_EACH / (time.perf_counter() - started):.0f} verbs/s", flush=True)


def _ledger(session: Session) -> None:
    calendar = WorkingCalendar("bench", date(2025, 1, 1), date(2027, 12, 31), shipped_days())
    pauses = [(date(2026, month, 5), date(2026, month, 12)) for month in range(2, 12, 2)]
    taken = []
    for _ in range(200):
        begun = time.perf_counter()
        days = ledger(date(2026, 1, 1), date(2026, 12, 31), calendar, pauses)
        taken.append(time.perf_counter() - begun)
    assert len(days) == 364
    petition = session.scalars(select(Petition).where(Petition.code == "BENCH-10001")).one()
    late = NOW + timedelta(days=340)
    whole = []
    for _ in range(50):
        session.expire_all()
        begun = time.perf_counter()
        ledgers.of(session, petition, late)
        whole.append(time.perf_counter() - begun)
    pure, read = statistics.median(taken) * 1000, statistics.median(whole) * 1000
    print(f"\nledger of a year: {pure:.2f} ms; with its queries {read:.2f} ms")


if __name__ == "__main__":
    worker(int(sys.argv[1]))
