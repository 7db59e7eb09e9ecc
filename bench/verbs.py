"""What the main verbs cost, against the cheapest thing the same database can do: commit one small row.

``python -m bench verbs`` sets up an instance in a temporary folder (SQLite, or ``DATABASE_URL``), repeats each step on fresh
petitions and prints medians and their ratio to a bare commit.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable

from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.clock import utc_now
from app.configuration import ROOT
from app.extensions import db
from app.models import OutboxRow, Petition
from app.services import accounts, answering, instance, intake, routing
from app.services.actors import Actor
from app.services.personal_data import Vault
from app.settings import Settings

ROUNDS = 200
TEXT = "Trạm phát sóng ở thôn tôi hỏng từ đầu tháng, học sinh không học trực tuyến được; đề nghị sửa và cho biết ngày xong."


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/bench.db", **os.environ, "PAKN_BACKGROUND": "off"}
        app = create_app(Settings.from_environment(environment, ROOT))
        with app.app_context():
            upgrade()
            medians = _measure(db.session(), app.extensions["pakn_vault"])
    baseline = medians["commit one row"]
    print(f"{'step':<28}{'median ms':>10}{'x one commit':>14}")
    for step, median in medians.items():
        print(f"{step:<28}{median * 1000:>10.2f}{median / baseline:>14.1f}")
    return 0


def _median(step: Callable[[], object], finish: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        step()
        finish()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _measure(session: Session, vault: Vault) -> dict[str, float]:
    instance.load_reference(session, utc_now())
    people = {
        role: accounts.add_staff(
            session,
            utc_now(),
            username=role,
            name=f"{role} (mẫu)",
            role=role,
            password=None,
            agency_code=agency,
        )
        for role, agency in (("desk", None), ("officer", "BKHCN"))
    }
    desk, officer = Actor.of(people["desk"]), Actor.of(people["officer"])
    session.commit()
    chance, numbers = random.Random(57), iter(range(10**6))

    def one_row() -> None:
        session.add(
            OutboxRow(
                key=f"bench:{next(numbers)}",
                task="none",
                payload={},
                created_at=utc_now(),
                available_at=utc_now(),
            )
        )

    def submit() -> None:
        submission = intake.Submission(
            kind="feedback", submitter_kind="citizen", text=f"{TEXT} {next(numbers)}"
        )
        intake.submit(session, vault, submission, utc_now(), chance)

    medians = {"commit one row": _median(one_row, session.commit), "submit": _median(submit, session.commit)}
    waiting = list(session.scalars(select(Petition.id)))
    each = iter(waiting)
    medians["assign"] = _median(
        lambda: routing.assign(session, session.get_one(Petition, next(each)), desk, "BKHCN", utc_now()),
        session.commit,
    )
    again = iter(waiting)

    def acknowledge() -> None:
        petition = session.get_one(Petition, next(again))
        answering.acknowledge(
            session,
            petition,
            officer,
            utc_now(),
            officer_id=officer.staff_id or 0,
            task="-",
            deadline=petition.respond_by,
            expected_result="-",
        )

    medians["acknowledge"] = _median(acknowledge, session.commit)
    return medians
