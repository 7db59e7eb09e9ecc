"""Verbs are tested on both databases."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models import Petition
from app.services.personal_data import Vault
from tests.factories import a_petition
from tests.instances import Clock
from tests.services.cases import Case
from workflows.lifecycle import Status


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """SQLite, then PostgreSQL."""
    return str(request.param)


@pytest.fixture
def petition_in(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> Callable[..., Petition]:
    """A petition in a given state; further values are those of its submission."""

    def make(status: Status = Status.ASSIGNED, **values: Any) -> Petition:
        return a_petition(session, vault, clock.now, chance, status=status, **values)

    return make


@pytest.fixture
def case_in(
    session: Session, vault: Vault, clock: Clock, petition_in: Callable[..., Petition]
) -> Callable[..., Case]:
    """A petition in a given state, and the people around it."""

    def make(status: Status = Status.ACCEPTED) -> Case:
        return Case(session, petition_in(status), vault, clock)

    return make
