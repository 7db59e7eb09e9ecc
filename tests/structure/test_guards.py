"""The guards that the other tests rely on do guard."""

import socket

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import OutboxRow, Topic
from tests.instances import Clock


@pytest.mark.parametrize("address", [("192.0.2.1", 25), ("2001:db8::1", 25, 0, 0)])
def test_no_test_reaches_the_network(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if ":" in str(address[0]) else socket.AF_INET
    with socket.socket(family) as reaching, pytest.raises(RuntimeError, match="reached for the network"):
        reaching.connect(address)
    with pytest.raises(RuntimeError, match="asked the network"):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def an_outbox_row() -> OutboxRow:
    return OutboxRow(key="x", task="mail", payload={}, created_at=Clock.now, available_at=Clock.now)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_get_that_writes_is_caught(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        db.session.add(an_outbox_row())
        with pytest.raises(AssertionError, match="GET / writes"):
            db.session.flush()
        db.session.rollback()
        with pytest.raises(AssertionError, match="GET / changes"):
            db.session.execute(update(Topic).values(position=0))
        assert db.session.scalar(select(func.count()).select_from(Topic)) == 28


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_one_request_commits_the_next_one_sees_but_not_the_next_test(app: Flask, time: str) -> None:
    with app.test_request_context("/", method="POST"):
        assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 0
        db.session.add(an_outbox_row())
        db.session.commit()
        db.session.rollback()
    with app.test_request_context("/"):
        assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 1, time
