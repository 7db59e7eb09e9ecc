"""At the same time: threads with real commits, each on a database of its own."""

import random
import threading
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import Assignment, Event, OutboxRow, Petition, RoutingLabel, Submitter
from app.services import intake, routing, timeline, transition
from app.services.personal_data import Vault
from tests.factories import a_petition, a_submission, an_actor
from tests.instances import Clock, Instance
from workflows.lifecycle import Role, Status


def test_eight_presses_at_once_make_one_petition(own_instance: Instance, vault: Vault, clock: Clock) -> None:
    threads, start = 8, threading.Barrier(8)
    receipts: list[tuple[str, str, bool]] = []
    failures: list[BaseException] = []

    def press(seed: int) -> None:
        try:
            with own_instance.app.app_context():
                start.wait()
                submission = a_submission(idempotency_key="one key")
                made = intake.submit(db.session(), vault, submission, clock.now, random.Random(seed))
                receipts.append((made.petition.code, made.secret, made.new))
                db.session.commit()
        except BaseException as error:
            failures.append(error)

    pressed = [threading.Thread(target=press, args=(seed,)) for seed in range(threads)]
    for thread in pressed:
        thread.start()
    for thread in pressed:
        thread.join(60)
    assert not failures
    assert len(receipts) == threads
    assert len({(code, secret) for code, secret, _new in receipts}) == 1
    assert sum(new for _code, _secret, new in receipts) == 1
    with Session(own_instance.engine) as session:
        for table in (Petition, Submitter, Event):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 2


def test_sixteen_assign_at_once_and_one_succeeds(
    own_instance: Instance, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    threads, start = 16, threading.Barrier(16)
    outcomes: Counter[str] = Counter()
    with Session(own_instance.engine) as session:
        code = a_petition(session, vault, clock.now, chance, status=Status.TRIAGE).code
        desk = an_actor(session, Role.DESK)
        session.commit()

    def assign(number: int) -> None:
        with own_instance.app.app_context():
            start.wait()
            try:
                petition = transition.lock(db.session(), code)
                routing.assign(db.session(), petition, desk, ("BKHCN", "BCA")[number % 2], clock.now)
                db.session.commit()
                outcome = "done"
            except BaseException as error:
                db.session.rollback()
                outcome = f"{type(error).__name__}: {error}"
            outcomes[outcome] += 1

    racing = [threading.Thread(target=assign, args=(number,)) for number in range(threads)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join(60)
    assert outcomes == {"done": 1, "Refused: state": 15}
    with Session(own_instance.engine) as session:
        petition = session.scalars(select(Petition)).one()
        held = session.scalars(select(Assignment)).one()
        assert (held.agency_code, held.ended_at) == (petition.lead_agency_code, None)
        told = session.scalars(select(Event.kind).order_by(Event.seq)).all()
        assert told == ["submitted", "triaged", "assigned"]
        assert session.scalar(select(func.count()).select_from(RoutingLabel)) == 1
        assert [fault for _code, fault in timeline.faults(session)] == [None]
