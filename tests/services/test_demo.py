"""The demo: the same for the same seed, and with habits that the page of signs finds."""

import random
from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.demo import seeding
from app.demo.composing import DemoText, compose
from app.demo.offices import Habit, Offices
from app.demo.scene_files import Scenes
from app.models import Event, Petition
from app.queries import signals
from app.services.personal_data import Vault
from workflows.calendar import VIETNAM
from workflows.signals import Period

PRESENT = datetime.combine(date(2026, 11, 2), time(), tzinfo=VIETNAM)
BUSY = ("BCA", "BKHCN", "BTC")


@pytest.fixture
def engine_name() -> str:
    """What is seeded does not depend on the database; one is enough."""
    return "sqlite"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all petitions be for the busy agencies, as many for each, so that few are enough."""

    def for_the_busy(rng: random.Random, scenes: Scenes) -> DemoText:
        wanted = rng.choice(BUSY)
        while True:
            text = compose(rng, scenes)
            if text.lead == wanted:
                return text

    monkeypatch.setattr(seeding, "compose", for_the_busy)


def seeded(session: Session, vault: Vault, petitions: int, seed: int) -> list[str]:
    return list(seeding.seed(session, vault, None, petitions=petitions, seed=seed, present=PRESENT))


def chains(connection: Connection, vault: Vault, seed: int) -> list[tuple[object, ...]]:
    """All that happened in a demo that is undone again; hashes differ by the salts of the notes."""
    undone = connection.begin_nested()
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        assert len(seeded(session, vault, 40, seed)) == 40
        wanted = (
            select(Petition.code, Event.seq, Event.kind, Event.at, Event.agency_code, Event.status)
            .join(Petition, Petition.id == Event.petition_id)
            .order_by(Petition.code, Event.seq)
        )
        said: list[tuple[object, ...]] = [tuple(row) for row in session.execute(wanted)]
    undone.rollback()
    return said


@pytest.mark.usefixtures("busy")
def test_the_same_seed_gives_the_same_demo(connection: Connection, vault: Vault) -> None:
    first = chains(connection, vault, 57)
    assert len(first) > 200
    assert chains(connection, vault, 57) == first
    assert chains(connection, vault, 58) != first


def test_two_agencies_have_a_habit_by_seed(session: Session) -> None:
    def habits(seed: int) -> dict[str, Habit]:
        offices = Offices(session, seed, PRESENT)
        found = {code: offices.character(code).habit for code in (*BUSY, "UBND-79")}
        return {code: habit for code, habit in found.items() if habit is not None}

    assert sorted(habits(57).values()) == sorted(Habit)
    assert habits(57) == habits(57)
    assert any(habits(seed) != habits(57) for seed in range(5))


@pytest.mark.usefixtures("busy")
def test_the_habits_are_found_and_called_made_up(session: Session, vault: Vault) -> None:
    seeded(session, vault, 360, 57)
    offices = Offices(session, 57, PRESENT)
    owner = {offices.character(code).habit: code for code in BUSY}
    period = Period.parse("", "", PRESENT.date())
    found = signals.report(session, period)
    assert found.demo == found.considered > 300
    named = {(each.signal, each.agency) for each in found.worth_a_look}
    assert ("asked_late", owner[Habit.ASKS_ON_THE_LAST_DAY]) in named
    assert ("burst", owner[Habit.ANSWERS_IN_BURSTS]) in named
