"""What the pages show to whoever reads English: no Vietnamese but what people wrote and what is marked as such."""

import random
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Note, Petition
from app.services import closing
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from tests import factories
from tests.instances import Clock
from tests.structure.test_translations import ENGLISH, VIETNAMESE
from tests.web.browsing import log_in, look, submit_form
from workflows.lifecycle import Role, Status

TEXT = "The mobile signal in our village is very weak; nobody can call for help in a storm."
ANSWER = "We shall put up **two masts** by 30 June, and tell you when they are ready."
FROM_ELSEWHERE = ("(mẫu)", "Kiểm tra và trả lời", "Văn bản trả lời")
STATUSES = [each for each in Status if each is not Status.MERGED]


class Shown(HTMLParser):
    """What an English page shows or reads out, without what is marked as Vietnamese."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "hr"})
    READ_OUT = ("aria-label", "alt", "title", "placeholder", "content", "data-words", "data-copied")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether the element is Vietnamese, and what its attributes say."""
        given = dict(attrs)
        foreign = given.get("lang") == "vi" or any(self._open[-1:])
        if not foreign:
            self.said += [given[name] or "" for name in self.READ_OUT if name in given]
        if tag not in self.VOID:
            self._open.append(foreign)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if not any(self._open[-1:]):
            self.said.append(data)


Opening = Callable[..., None]


@pytest.fixture
def in_english(client: FlaskClient, session: Session) -> Opening:
    """Open a page in English, and find no Vietnamese on it but what people wrote."""
    assert ENGLISH.with_suffix(".mo").stat().st_mtime >= ENGLISH.stat().st_mtime, (
        "the catalogue is not compiled"
    )

    def check(address: str, status: int = 200) -> None:
        separator = "&" if "?" in address else "?"
        response = client.get(f"{address}{separator}lang=en")
        assert response.status_code == status, address
        page = look(response)
        assert page.language == "en", address
        written = [*FROM_ELSEWHERE, *session.scalars(select(Note.text))]
        for text in Shown(page.html).said:
            for each in written:
                text = text.replace(each, "")
            assert not VIETNAMESE.search(text), (address, text)

    return check


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/about", 200),
        ("/accessibility", 200),
        ("/timeline", 200),
        ("/track", 200),
        ("/petitions/new", 200),
        ("/login", 200),
        ("/nowhere", 404),
        ("/surveys/x", 404),
    ],
)
def test_pages_open_to_all_are_english(in_english: Opening, address: str, status: int) -> None:
    in_english(address, status)


def test_the_way_of_a_petition_is_english(client: FlaskClient, in_english: Opening) -> None:
    sent = submit_form(client, "/petitions/new?lang=en", kind="feedback", submitter_kind="citizen")
    for answers in ({"text": TEXT, "province_code": "79"}, {"name": "A person", "email": factories.EMAIL}):
        in_english(sent.location)
        wrong = submit_form(client, sent.location, **dict.fromkeys(answers, "\ufffd"))
        assert wrong.status_code == 422
        assert not VIETNAMESE.search(" ".join(Shown(look(wrong).html).said))
        sent = submit_form(client, sent.location, **answers)
    in_english(sent.location)
    sent = submit_form(client, sent.location)
    in_english(sent.location)
    in_english(sent.location.removesuffix("/receipt"))


@pytest.mark.parametrize("status", STATUSES)
def test_own_petition_is_english(
    status: Status,
    client: FlaskClient,
    session: Session,
    vault: Vault,
    clock: Clock,
    chance: random.Random,
    in_english: Opening,
) -> None:
    petition = a_petition(session, vault, clock, chance, status)
    secret = vault.open_contact(petition.submitter.sealed).secret
    own = submit_form(client, "/track?lang=en", code=petition.code, secret=secret).location
    in_english(own)
    pages = [url for url in look(client.get(own)).links if url.startswith((own + "/", "/surveys/"))]
    pages.remove(f"{own}/timeline.json")
    assert f"{own}/receipt" in pages
    for page in pages:
        in_english(page)
    if status is Status.ANSWERED:
        survey = next(url for url in pages if url.startswith("/surveys/"))
        in_english(submit_form(client, f"{survey}?rating=1", comment="Too slow.").location)


@pytest.mark.parametrize("role", [Role.DESK, Role.OFFICER, Role.APPROVER, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_pages_of_staff_are_english(
    role: Role,
    client: FlaskClient,
    session: Session,
    vault: Vault,
    clock: Clock,
    chance: random.Random,
    in_english: Opening,
) -> None:
    statuses = (
        Status.TRIAGE,
        Status.ASSIGNED,
        Status.ACCEPTED,
        Status.ANSWERED,
        Status.DECLINED,
        Status.REFERRED,
    )
    codes = [a_petition(session, vault, clock, chance, status).code for status in statuses]
    clock.now += timedelta(days=40)
    staff = factories.a_staff(session, role)
    session.commit()
    log_in(client, staff)
    for address in ("/desk", "/inbox", "/reports", "/reports/routing", "/admin"):
        if client.get(address).status_code == 200:
            in_english(address)
    for code in codes:
        if client.get(f"/cases/{code}").status_code == 200:
            in_english(f"/cases/{code}")


def test_a_language_asked_for_is_kept(client: FlaskClient) -> None:
    assert look(client.get("/track")).language == "vi"
    assert look(client.get("/track?lang=en")).language == "en"
    assert look(client.get("/track")).language == "en"
    assert look(client.get("/track?lang=xx")).language == "en"
    assert look(client.get("/track?lang=vi")).language == "vi"
    assert look(client.get("/language/en?next=/about", follow_redirects=True)).language == "en"


def a_petition(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, status: Status
) -> Petition:
    """A petition whose submitter and agency write English."""
    answered = status in (Status.ANSWERED, Status.CLOSED)
    before = Status.ACCEPTED if answered else status
    made = factories.a_petition(session, vault, clock.now, chance, status=before, text=TEXT)
    if answered:
        factories.answer(session, vault, made, clock.now, body=ANSWER)
    if status is Status.CLOSED:
        closing.close(session, made, SUBMITTER, clock.now)
    session.commit()
    return made
