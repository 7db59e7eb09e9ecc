"""A case and somebody logged in to look at it."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Petition, Staff
from app.services.personal_data import Vault
from tests.factories import a_petition, a_staff
from tests.instances import Clock
from tests.web.browsing import log_in
from workflows.lifecycle import Role, Status

Maker = Callable[..., Petition]


@pytest.fixture
def case(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Maker:
    """Make a petition, in BKHCN unless told, that was sent some days ago."""

    def make(status: Status = Status.ASSIGNED, days: int = 0, **values: Any) -> Petition:
        made = a_petition(session, vault, clock.now - timedelta(days=days), chance, status=status, **values)
        session.commit()
        return made

    return make


@pytest.fixture
def enter(app: Flask, session: Session) -> Callable[..., FlaskClient]:
    """A browser in which somebody of that role (and agency) is logged in."""

    def go(role: Role, agency: str | None = None, staff: Staff | None = None) -> FlaskClient:
        who = staff or a_staff(session, role, agency)
        session.commit()
        client = app.test_client()
        assert log_in(client, who).status_code == 303
        return client

    return go
