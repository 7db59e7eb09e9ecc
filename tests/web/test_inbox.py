"""The inbox of an agency."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import Petition, Staff
from app.queries import inbox
from app.queries.inbox import Filter
from app.services import answering, closing, routing
from app.services.personal_data import Vault
from tests.factories import a_petition, a_staff, an_actor
from tests.instances import Clock
from tests.web.browsing import log_in, look
from workflows.lifecycle import Role, Status

Maker = Callable[..., Petition]


@pytest.fixture
def case(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Maker:
    """Make a petition in BKHCN (unless told) that was sent some days ago."""

    def make(status: Status = Status.ASSIGNED, days: int = 0, **values: Any) -> Petition:
        made = a_petition(session, vault, clock.now - timedelta(days=days), chance, status=status, **values)
        session.commit()
        return made

    return make


@pytest.fixture
def officer(session: Session) -> Staff:
    """An officer of BKHCN."""
    made = a_staff(session, Role.OFFICER)
    session.commit()
    return made


@pytest.fixture
def at_inbox(client: FlaskClient, officer: Staff) -> FlaskClient:
    """A browser in which that officer is logged in."""
    log_in(client, officer)
    return client


def shown(client: FlaskClient, url: str = "/inbox") -> list[str]:
    """The codes on a page, in order."""
    links = look(client.get(url)).links
    return [link.removeprefix("/cases/") for link in links if link.startswith("/cases/")]


def test_an_empty_inbox_says_so(at_inbox: FlaskClient) -> None:
    assert "Không có hồ sơ nào ở mục này." in look(at_inbox.get("/inbox")).text


def test_only_the_own_agency_is_shown(at_inbox: FlaskClient, case: Maker) -> None:
    own = case()
    case(agency="BCA")
    assert shown(at_inbox) == [own.code]


def test_the_next_due_stands_on_top(at_inbox: FlaskClient, case: Maker) -> None:
    # Due to be acknowledged 5 working days after assignment, to be answered 15 after submission.
    to_acknowledge = case(Status.ASSIGNED)
    nearly_late = case(Status.ACCEPTED, days=20)
    in_time = case(Status.ACCEPTED, days=1)
    assert shown(at_inbox) == [nearly_late.code, to_acknowledge.code, in_time.code]


def test_due_dates_are_said_in_working_days(at_inbox: FlaskClient, case: Maker) -> None:
    case(Status.ASSIGNED)
    case(Status.ASSIGNED, days=9)
    text = look(at_inbox.get("/inbox")).text
    assert "còn 5 ngày làm việc" in text
    assert "quá hạn" in text


def test_where_the_answer_is_due_before_the_acknowledgement_it_leads(
    at_inbox: FlaskClient, case: Maker, session: Session, clock: Clock
) -> None:
    petition = case(Status.ASSIGNED, days=21)
    officer = an_actor(session, Role.OFFICER)
    routing.return_to_desk(session, petition, officer, "unclear", None, clock.now)
    routing.assign(session, petition, an_actor(session, Role.DESK), "BKHCN", clock.now)
    session.commit()
    text = look(at_inbox.get("/inbox")).text
    assert petition.respond_by.strftime("%d/%m/%Y") in text
    assert "Trả lời" in text


def test_each_filter_shows_its_own_and_counts_it(
    at_inbox: FlaskClient, case: Maker, session: Session, officer: Staff, clock: Clock
) -> None:
    fresh = case(Status.ASSIGNED)
    late = case(Status.ASSIGNED, days=14)
    accepted = case(Status.ACCEPTED)
    mine = case(Status.ACCEPTED)
    mine.officer_id = officer.id
    drafted = case(Status.ACCEPTED)
    author = an_actor(session, Role.OFFICER)
    answering.draft(session, drafted, author, "Văn bản trả lời đủ dài để trình duyệt.", clock.now)
    answering.submit_draft(session, drafted, author, clock.now)
    waiting = case(Status.AWAITING_SUBMITTER)
    answered = case(Status.ANSWERED)
    closed = case(Status.CLOSED)
    declined = case(Status.ASSIGNED)
    closing.decline(
        session, declined, an_actor(session, Role.APPROVER), "no_content", "Xin gửi lại.", clock.now
    )
    session.commit()
    # Who made the acknowledgement in the factory is another officer, unless it is this one.
    first = an_actor(session, Role.OFFICER).staff_id
    of_mine = {mine.code} | ({accepted.code, drafted.code, waiting.code} if first == officer.id else set())
    expected = {
        Filter.ALL: {each.code for each in (fresh, late, accepted, mine, drafted, waiting)},
        Filter.TO_ACKNOWLEDGE: {fresh.code, late.code},
        Filter.IN_PROGRESS: {accepted.code, mine.code, drafted.code},
        Filter.TO_APPROVE: {drafted.code},
        Filter.WAITING: {waiting.code},
        Filter.OVERDUE: {late.code},
        Filter.MINE: of_mine,
        Filter.ANSWERED: {answered.code, closed.code, declined.code},
    }
    counts = inbox.counts(session, "BKHCN", officer.id, clock.now.date())
    for each, codes in expected.items():
        assert set(shown(at_inbox, f"/inbox?show={each}")) == codes, each
        assert counts[each] == len(codes), each


def test_nothing_falls_overdue_while_it_waits_for_the_submitter(
    at_inbox: FlaskClient, case: Maker, clock: Clock
) -> None:
    waiting, accepted = case(Status.AWAITING_SUBMITTER), case(Status.ACCEPTED)
    clock.now += timedelta(days=60)
    assert shown(at_inbox, "/inbox?show=overdue") == [accepted.code]
    assert "tạm dừng từ 02/11/2026" in look(at_inbox.get("/inbox?show=waiting")).text
    assert waiting.code in shown(at_inbox)


def test_an_unknown_filter_shows_all(at_inbox: FlaskClient, case: Maker) -> None:
    petition = case()
    assert shown(at_inbox, "/inbox?show=%00nonsense") == [petition.code]


@pytest.mark.parametrize("show", ["all", "answered"])
def test_pages_follow_each_other_without_gap_or_repeat(at_inbox: FlaskClient, case: Maker, show: str) -> None:
    status = Status.ACCEPTED if show == "all" else Status.ANSWERED
    codes = {case(status, days=n % 3).code for n in range(2 * inbox.PAGE_SIZE + 1)}
    seen: list[str] = []
    url: str | None = f"/inbox?show={show}"
    while url:
        seen += shown(at_inbox, url)
        url = next((link for link in look(at_inbox.get(url)).links if "after=" in link), None)
    assert len(seen) == len(codes)
    assert set(seen) == codes


@pytest.mark.parametrize(
    "cursor", ["x", "2026-11-02~", "~5", "2026-11-02T00:00:00~1", "2026-11-02~1e3", "9" * 400]
)
@pytest.mark.parametrize("show", ["all", "answered"])
def test_a_cursor_that_makes_no_sense_gives_the_first_page(
    at_inbox: FlaskClient, case: Maker, show: str, cursor: str
) -> None:
    made = case(Status.ACCEPTED if show == "all" else Status.ANSWERED)
    answer = at_inbox.get("/inbox", query_string={"show": show, "after": cursor})
    assert made.code in look(answer).text


def test_the_number_of_queries_does_not_grow(at_inbox: FlaskClient, case: Maker, session: Session) -> None:
    def queries() -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        assert at_inbox.get("/inbox").status_code == 200
        event.remove(connection, "before_cursor_execute", note)
        return len([each for each in statements if each.startswith("SELECT")])

    case()
    few = queries()
    for status in (Status.ASSIGNED, Status.ACCEPTED, Status.AWAITING_SUBMITTER) * 5:
        case(status)
    assert queries() == few
    assert 0 < few < 10
