"""The timeline as it stands in the database: it refuses to be changed, and whatever an owner does to a row is found."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from sqlalchemy import ColumnElement, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.configuration import ROOT
from app.models import Event, Note, Petition, Response, Survey
from app.models.append_only import give_way
from app.services import answering, closing, routing, satisfaction, timeline
from app.services.actors import SUBMITTER, SYSTEM
from app.services.personal_data import Vault
from tests.factories import a_petition, a_receipt, an_actor, answer, drop_the_guards
from tests.instances import Clock, Instances
from workflows.lifecycle import Role, Status
from workflows.timeline import FIRST, Fault, day_root


@pytest.fixture
def closed(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Petition:
    """A petition that has lived, and another beside it."""
    petition = a_petition(session, vault, clock.now, chance, status=Status.CLOSED)
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    return petition


def faults(session: Session) -> dict[str, Fault | None]:
    session.expire_all()
    return dict(timeline.faults(session))


def test_a_whole_life_is_proved(session: Session, closed: Petition) -> None:
    found = faults(session)
    assert len(found) == 2
    assert set(found.values()) == {None}
    assert list(timeline.faults(session, closed.code)) == [(closed.code, None)]
    assert list(timeline.faults(session, "PAKN-20261102-000000-0")) == []
    events = session.scalars(select(Event).where(Event.petition_id == closed.id).order_by(Event.seq)).all()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].previous_hash == FIRST
    assert all(event.previous_hash == before.hash for before, event in pairwise(events))


TAMPERINGS: dict[str, Callable[[Session, int], object]] = {
    "kind": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(kind="declined")),
    "at": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(at=datetime(2026, 1, 1, tzinfo=UTC))),
    "actor": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(actor="staff:999")),
    "agency_code": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(agency_code="BCA")),
    "status": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(status="closed")),
    "data": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(data={"to": "BCA"})),
    "hash": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(hash="0" * 64)),
    "previous_hash": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(previous_hash="0" * 64)),
    "removal": lambda s, p: s.execute(delete(Event).where(*_at(p, 3))),
    "first removed": lambda s, p: s.execute(delete(Event).where(*_at(p, 1))),
    "renumbered": lambda s, p: s.execute(update(Event).where(*_at(p, 3)).values(seq=99)),
    "all removed": lambda s, p: s.execute(delete(Event).where(Event.petition_id == p)),
}


def _at(petition_id: int, seq: int) -> tuple[ColumnElement[bool], ...]:
    return Event.petition_id == petition_id, Event.seq == seq


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_database_refuses_to_change_an_event(session: Session, closed: Petition, tampering: str) -> None:
    with pytest.raises(DBAPIError, match="events only grows: (UPDATE|DELETE) is refused"):
        TAMPERINGS[tampering](session, closed.id)


REPLACING = (
    "INSERT OR REPLACE INTO events (id, {columns}) SELECT id, {columns} FROM events",
    "INSERT OR REPLACE INTO events (id, {columns}) SELECT id + 1000, {columns} FROM events",
    "REPLACE INTO events ({columns}) SELECT {columns} FROM events",
    "UPDATE OR REPLACE events SET id = id + 1",
)


def test_nor_does_it_let_one_be_replaced_or_the_table_be_emptied(session: Session, closed: Petition) -> None:
    columns = ", ".join(column.name for column in Event.__table__.columns if column.name != "id")
    again = f"INSERT INTO events (id, {columns}) SELECT id, {columns} FROM events"
    statements = {
        "sqlite": [each.format(columns=columns) for each in REPLACING],
        "postgresql": [
            "TRUNCATE events",
            "TRUNCATE petitions CASCADE",
            f"{again} ON CONFLICT (id) DO UPDATE SET kind = 'x'",
        ],
    }
    before = session.execute(select(Event.id, Event.hash).order_by(Event.id)).all()
    for statement in statements[session.get_bind().dialect.name]:
        with pytest.raises(DBAPIError, match="events only grows"), session.begin_nested():
            session.execute(text(statement))
    assert session.execute(select(Event.id, Event.hash).order_by(Event.id)).all() == before


def test_the_service_can_work_under_a_role_that_can_only_add(
    instances: Instances, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    """The statements are those of the page on running it."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    grants = page.partition("```sql\n")[2].partition("```")[0]
    with instances.fresh("postgresql") as owned, owned.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS pakn_service; CREATE ROLE pakn_service"))
        connection.execute(text(grants))
        connection.execute(text("SET ROLE pakn_service"))
        session = Session(connection, join_transaction_mode="create_savepoint")
        a_petition(session, vault, clock.now, chance, status=Status.CLOSED)
        session.commit()
        for statement in (
            "UPDATE events SET kind = 'x'",
            "DELETE FROM events",
            "TRUNCATE events",
            *give_way("events", "postgresql"),
        ):
            with pytest.raises(DBAPIError, match="permission denied|must be owner"), session.begin_nested():
                session.execute(text(statement))
        session.close()
        connection.execute(text("RESET ROLE; DROP OWNED BY pakn_service; DROP ROLE pakn_service"))


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_in_that_chain_and_no_other(
    session: Session, closed: Petition, tampering: str
) -> None:
    drop_the_guards(session)
    TAMPERINGS[tampering](session, closed.id)
    found = faults(session)
    broken = found.pop(closed.code)
    assert broken is not None
    assert broken.seq == (1 if tampering in ("first removed", "all removed") else 3)
    assert set(found.values()) == {None}


def _of(model: type[Note] | type[Response] | type[Survey], petition_id: int) -> ColumnElement[bool]:
    return model.petition_id == petition_id


# What somebody with access to the database might change beside the events, and the event that gives it away.
BESIDE: dict[str, tuple[Callable[[Session, int], object], str]] = {
    "text": (
        lambda s, p: s.execute(update(Petition).where(Petition.id == p).values(text="Khác")),
        "submitted",
    ),
    "text and hash": (
        lambda s, p: s.execute(
            update(Petition)
            .where(Petition.id == p)
            .values(text="Khác", text_sha256=sha256("Khác".encode()).hexdigest())
        ),
        "submitted",
    ),
    "status": (
        lambda s, p: s.execute(update(Petition).where(Petition.id == p).values(status="declined")),
        "closed",
    ),
    "holder": (
        lambda s, p: s.execute(update(Petition).where(Petition.id == p).values(lead_agency_code="BCA")),
        "assigned",
    ),
    "date": (
        lambda s, p: s.execute(update(Petition).where(Petition.id == p).values(respond_by=date(2027, 1, 4))),
        "submitted",
    ),
    "note": (
        lambda s, p: s.execute(update(Note).where(_of(Note, p)).values(text="Khác")),
        "information_added",
    ),
    "note moved": (lambda s, p: s.execute(update(Note).where(_of(Note, p)).values(seq=1)), "submitted"),
    "answer": (
        lambda s, p: s.execute(update(Response).where(_of(Response, p)).values(body="Khác")),
        "published",
    ),
    "answer withheld": (
        lambda s, p: s.execute(update(Response).where(_of(Response, p)).values(state="draft")),
        "published",
    ),
    "rating": (lambda s, p: s.execute(update(Survey).where(_of(Survey, p)).values(rating=5)), "rated"),
    "rating of the policy": (
        lambda s, p: s.execute(update(Survey).where(_of(Survey, p)).values(policy_rating=5)),
        "rated",
    ),
}


@pytest.mark.parametrize("change", BESIDE)
def test_what_is_changed_beside_the_events_is_found(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, change: str
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.ACCEPTED)
    answering.provide_information(session, petition, SUBMITTER, "Ở thôn Một.", clock.now)
    answer(session, vault, petition, clock.now)
    survey = satisfaction.latest(session, petition)
    assert survey is not None
    satisfaction.rate(session, petition, survey, 1, 2, None, clock.now)
    closing.close(session, petition, SUBMITTER, clock.now)
    session.commit()
    assert faults(session) == {petition.code: None}
    tamper, told_by = BESIDE[change]
    tamper(session, petition.id)
    fault = faults(session)[petition.code]
    assert fault is not None
    event = session.scalars(select(Event).where(*_at(petition.id, fault.seq))).one()
    assert event.kind == told_by, fault


def test_a_rating_that_nobody_gave_is_found(session: Session, closed: Petition) -> None:
    session.execute(update(Survey).where(_of(Survey, closed.id)).values(rating=5))
    assert faults(session)[closed.code] == Fault(9, "there is a rating that no event tells of")


def test_an_answer_that_nobody_published_is_found(session: Session, closed: Petition) -> None:
    given = session.scalars(select(Response).where(_of(Response, closed.id))).one()
    values = {"agency_code": given.agency_code, "author_id": given.author_id, "updated_at": given.updated_at}
    session.add(Response(petition_id=closed.id, number=2, state="published", body="Khác", **values))
    session.flush()
    assert faults(session)[closed.code] == Fault(9, "an answer was published that no event tells of")


@pytest.mark.parametrize("wait", [False, True])
def test_a_date_that_was_moved_is_the_one_promised(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, wait: bool
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.ACCEPTED)
    if wait:
        officer = an_actor(session, Role.OFFICER)
        answering.ask_submitter(session, petition, officer, "Ở thôn nào?", clock.now)
        clock.now += timedelta(days=5)
        answering.provide_information(session, petition, SUBMITTER, "Ở thôn Một.", clock.now)
    else:
        answering.extend(session, petition, an_actor(session, Role.APPROVER), 5, "complex", None, clock.now)
    session.commit()
    assert faults(session) == {petition.code: None}


def test_what_was_sent_back_is_with_nobody(
    session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    petition = a_petition(session, vault, clock.now, chance, status=Status.ASSIGNED)
    routing.return_to_desk(session, petition, an_actor(session, Role.OFFICER), "unclear", None, clock.now)
    session.commit()
    assert faults(session) == {petition.code: None}
    session.execute(update(Petition).values(lead_agency_code="BKHCN"))
    assert faults(session)[petition.code] is not None


def test_events_moved_to_another_petition_are_found(session: Session, closed: Petition) -> None:
    drop_the_guards(session)
    session.execute(delete(Event).where(Event.petition_id != closed.id))
    other = session.scalars(select(Petition.id).where(Petition.id != closed.id)).one()
    session.execute(update(Event).where(Event.petition_id == closed.id).values(petition_id=other))
    assert all(faults(session).values())


def test_the_last_event_taken_out_changes_the_root(session: Session, closed: Petition) -> None:
    """Where it changed nothing else the chain alone cannot tell; that is what the published root is for."""
    timeline.record(session, closed, "contact_read", SYSTEM, datetime(2026, 11, 2, 3, tzinfo=UTC))
    later = datetime(2026, 11, 3, tzinfo=UTC)
    before = day_root(timeline.heads(session, later))
    last = session.scalars(
        select(Event.seq).where(Event.petition_id == closed.id).order_by(Event.seq.desc())
    ).first()
    assert last is not None
    drop_the_guards(session)
    session.execute(delete(Event).where(*_at(closed.id, last)))
    assert set(faults(session).values()) == {None}
    assert day_root(timeline.heads(session, later)) != before


def test_heads_are_those_of_the_moment(
    session: Session, closed: Petition, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    moment = clock.now + timedelta(hours=1)
    before = list(timeline.heads(session, moment))
    assert list(timeline.heads(session, clock.now)) == []
    clock.now = moment
    a_receipt(session, vault, clock.now, chance)
    timeline.record(session, closed, "contact_read", SYSTEM, clock.now)
    assert list(timeline.heads(session, moment)) == before, (
        "what came later does not change the root of that day"
    )
    after = list(timeline.heads(session, moment + timedelta(seconds=1)))
    codes = [code for code, _head in after]
    assert len(codes) == 3
    assert codes == sorted(codes)
    assert list(timeline.heads(session, moment + timedelta(seconds=1), codes[1])) == after[1:]
    assert list(timeline.heads(session, moment + timedelta(seconds=1), codes[0], codes[2])) == after[:2]


def test_a_note_is_tied_to_its_event_and_can_be_erased(
    session: Session, closed: Petition, clock: Clock
) -> None:
    event = timeline.record(session, closed, "noted", SYSTEM, clock.now, note="Số nhà 12")
    session.commit()
    note = session.scalars(select(Note).where(Note.seq == event.seq, Note.petition_id == closed.id)).one()
    assert event.data == {"note_sha256": sha256(f"{note.salt}Số nhà 12".encode()).hexdigest()}
    session.delete(note)
    session.commit()
    assert faults(session)[closed.code] is None, "erasing a person's words breaks no chain"


def test_what_is_hashed_survives_the_database(session: Session, closed: Petition, clock: Clock) -> None:
    """JSON comes back from both databases as it went in: numbers, order of keys, letters, nesting."""
    data = {
        "b": [1, 0.5, 1e-5, 0.9712, None, True],
        "a": {"đ": "Đổi mới 🙂", "n": 2**53},
        "": "",
        "t": 'a"\\\n',
    }
    timeline.record(session, closed, "noted", SYSTEM, clock.now + timedelta(microseconds=1), data=data)
    session.commit()
    assert faults(session)[closed.code] is None
    assert session.scalars(select(Event).where(Event.kind == "noted")).one().data == data
