"""The SQL twin of ``is_overdue`` says the same as the function, on thousands of random duties."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Column, Date, Integer, MetaData, Table, select
from sqlalchemy.orm import Session

from app.models import Petition
from app.models.base import UtcInstant
from app.queries import lateness
from app.services.personal_data import Vault
from tests import factories
from workflows.calendar import VIETNAM, local_date, start_of_day
from workflows.deadlines import is_overdue
from workflows.lifecycle import Status

CASES = 4000
TODAYS = (date(2026, 2, 28), date(2026, 3, 1), date(2027, 1, 1))


@pytest.fixture
def duties(session: Session) -> Iterator[Table]:
    table = Table(
        "duties",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("due_on", Date),
        Column("done_at", UtcInstant),
        prefixes=["TEMPORARY"],
    )
    table.create(session.connection())
    yield table
    table.drop(session.connection())


def a_deed(chance: random.Random, due_on: date) -> datetime:
    """An instant on any day, and often within a second of the one that decides."""
    if chance.random() < 0.5:
        near = timedelta(microseconds=chance.choice((-1_000_000, -1, 0, 1, 1_000_000)))
        return start_of_day(due_on + timedelta(days=1)) + near
    at = datetime.combine(due_on, datetime.min.time(), UTC) + timedelta(
        seconds=chance.randrange(-400_000, 400_000)
    )
    return at.astimezone(chance.choice((UTC, VIETNAM)))


def test_sql_and_function_agree(session: Session, duties: Table) -> None:
    chance = random.Random(57)
    rows: list[dict[str, object]] = []
    for number in range(CASES):
        due_on = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
        rows.append(
            {
                "id": number,
                "due_on": due_on if chance.random() < 0.95 else None,
                "done_at": a_deed(chance, due_on) if chance.random() < 0.7 else None,
            }
        )
    session.execute(duties.insert(), rows)
    for today in TODAYS:
        late = lateness.is_overdue(duties.c.due_on, duties.c.done_at, today)
        found = session.execute(select(duties.c.due_on, duties.c.done_at, late).order_by(duties.c.id)).all()
        assert len(found) == CASES
        for due_on, done_at, said in found:
            done_on = local_date(done_at) if done_at else None
            assert bool(said) == is_overdue(due_on, done_on, today), (due_on, done_at, today)
        assert said is not None
        late_ids = session.scalars(select(duties.c.id).where(late)).all()
        timely_ids = session.scalars(select(duties.c.id).where(~late)).all()
        assert len(late_ids) + len(timely_ids) == CASES, "it is never null"


def test_an_answer_is_late_from_the_day_after_and_never_by_waiting(
    session: Session, vault: Vault, chance: random.Random
) -> None:
    now = factories.START
    petitions = {
        status: factories.a_petition(session, vault, now, chance, status=status)
        for status in (Status.ACCEPTED, Status.AWAITING_SUBMITTER, Status.ANSWERED, Status.WITHDRAWN)
    }
    due = petitions[Status.ACCEPTED].respond_by
    asked_too_late = factories.a_petition(session, vault, now, chance, status=Status.AWAITING_SUBMITTER)
    asked_too_late.waiting_since = due + timedelta(days=1)
    session.flush()

    def late_on(today: date) -> set[str]:
        return set(session.scalars(select(Petition.code).where(lateness.answer_is_overdue(today))))

    assert late_on(due) == {asked_too_late.code}
    assert late_on(due + timedelta(days=1)) == {asked_too_late.code, petitions[Status.ACCEPTED].code}
    petitions[Status.ANSWERED].answered_at = start_of_day(due + timedelta(days=1))
    session.flush()
    assert petitions[Status.ANSWERED].code in late_on(due)
