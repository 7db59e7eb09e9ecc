"""Mails: the right words to the right people, once each, with an identity that never changes."""

import random
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import relay
from app.models import Agency, OutboxRow, Petition, Response, Survey
from app.services import answering, closing, mailing, routing, satisfaction
from app.services.personal_data import Contact, Vault
from tests.factories import ANSWER, EMAIL, a_receipt, a_staff, an_actor, answer
from tests.instances import Clock
from workflows.lifecycle import Role, Status

BASE = "https://pakn.example.vn"
SENDER = "PAKN <no-reply@pakn.example>"


class Post:
    """The outbox read as a postman would: compose every mail that was asked for."""

    def __init__(self, session: Session, vault: Vault, clock: Clock) -> None:
        self.session, self.vault, self.clock = session, vault, clock
        self.base_url = BASE

    def compose(self, payload: dict[str, Any]) -> EmailMessage | None:
        return mailing.compose(self.session, self.vault, payload, self.base_url, SENDER, self.clock.now)

    def all(self, audience: str | None = None) -> list[EmailMessage]:
        """Every mail that has somebody to go to, in order."""
        self.session.flush()
        rows = self.session.scalars(select(OutboxRow).where(OutboxRow.task == "mail").order_by(OutboxRow.id))
        made = [self.compose(row.payload) for row in rows if audience in (None, row.payload["audience"])]
        return [message for message in made if message is not None]

    def last(self, audience: str = "submitter") -> EmailMessage:
        return self.all(audience)[-1]


@pytest.fixture
def post(session: Session, vault: Vault, clock: Clock) -> Post:
    """The postman."""
    return Post(session, vault, clock)


def body(message: EmailMessage) -> str:
    """The text of a mail."""
    return str(message.get_content()).replace("\r\n", "\n")


# --- what is written --------------------------------------------------------------------------------------


def test_the_receipt(session: Session, vault: Vault, clock: Clock, chance: random.Random, post: Post) -> None:
    receipt = a_receipt(session, vault, clock.now, chance)
    (message,) = post.all()
    code = receipt.petition.code
    assert message["To"] == EMAIL
    assert message["From"] == SENDER
    assert message["Subject"] == f"[{code}] Đã nhận hồ sơ của bạn"
    assert message["Message-ID"] == f"<{code}.1.submitter@pakn.example.vn>"
    assert message["References"] == message["In-Reply-To"] == f"<{code}@pakn.example.vn>"
    assert message["Auto-Submitted"] == "auto-generated"
    for wanted in (
        code,
        receipt.secret,
        "09:00 02/11/2026",
        "09/11/2026",
        "23/11/2026",
        "Xin chào Người gửi (mẫu),",
        f"{BASE}/petitions/{code}",
    ):
        assert wanted in body(message)


def test_it_is_the_same_mail_however_often_it_is_written(petition_in: Any, post: Post) -> None:
    petition_in(Status.ANSWERED)
    first = [(message["Message-ID"], body(message)) for message in post.all()]
    post.clock.now += timedelta(hours=5)
    assert [(message["Message-ID"], body(message)) for message in post.all()] == first
    assert len({identity for identity, _text in first}) == len(first) >= 4


EXPECTED = {
    Status.RECEIVED: ("Đã nhận hồ sơ của bạn", "We have received your petition"),
    Status.ASSIGNED: (
        "Hồ sơ đã đến Bộ Khoa học và Công nghệ",
        "Your petition is now with Ministry of Science and Technology",
    ),
    Status.ACCEPTED: ("đã thụ lý", "has accepted your petition"),
    Status.AWAITING_SUBMITTER: ("cần bạn cho biết thêm", "The agency needs to know more"),
    Status.ANSWERED: ("Đã có văn bản trả lời", "Your petition has been answered"),
    Status.CLOSED: ("Hồ sơ đã kết thúc", "Your petition is closed"),
    Status.DECLINED: ("Hồ sơ không được thụ lý", "Your petition was not taken up"),
    Status.REFERRED: ("thuộc", "Your matter belongs"),
    Status.WITHDRAWN: ("Hồ sơ đã được rút", "Your petition has been withdrawn"),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", EXPECTED)
def test_each_step_is_told_in_the_submitter_s_language(
    petition_in: Any, post: Post, status: Status, language: str
) -> None:
    petition_in(status, language=language)
    message = post.last()
    assert EXPECTED[status][language == "en"] in message["Subject"]
    assert "None" not in body(message)
    assert ("Hello" in body(message)) is (language == "en")


def test_an_extension_is_told_with_its_reason(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    petition = petition_in(Status.ACCEPTED)
    answering.extend(
        session, petition, an_actor(session, Role.APPROVER), 5, "complex", "Cần đo thực địa.", clock.now
    )
    message = post.last()
    assert f"Gia hạn trả lời đến ngày {petition.respond_by:%d/%m/%Y}" in message["Subject"]
    assert "Cần đo thực địa." in body(message)
    assert "một lần" in body(message)


def test_an_answer_comes_with_links_to_rate_it(session: Session, petition_in: Any, post: Post) -> None:
    petition = petition_in(Status.ANSWERED)
    text = body(post.last())
    survey = satisfaction.latest(session, petition)
    assert ANSWER in text
    assert "02/12/2026" in text, "until when one may object"
    links = [word for word in text.split() if "/surveys/" in word]
    assert len(links) == 5
    for link in links:
        token = link.removeprefix(f"{BASE}/surveys/").partition("?")[0]
        assert satisfaction.by_token(session, token) is survey


def test_a_late_mail_asks_about_its_own_answer(
    session: Session, vault: Vault, clock: Clock, petition_in: Any, post: Post
) -> None:
    """The first answer's mail is still waiting when a second answer has been given."""
    petition: Petition = petition_in(Status.ANSWERED)
    clock.now += timedelta(days=1)
    closing.reopen(session, petition, "Chưa trả lời đúng câu hỏi.", clock.now)
    published = [m for m in post.all("submitter") if "Đã có văn bản trả lời" in m["Subject"]]
    assert len(published) == 1, "it can still be written, though nothing is to be objected to now"
    assert "02/12/2026" in body(published[0])
    answer(session, vault, petition, clock.now)
    both = [m for m in post.all("submitter") if "Đã có văn bản trả lời" in m["Subject"]]
    tokens = [body(m).partition("/surveys/")[2].partition("?")[0] for m in both]
    surveys = [satisfaction.by_token(session, token) for token in tokens]
    numbers = [session.get_one(Response, survey.response_id).number for survey in surveys]
    assert numbers == [1, 2]
    assert len(session.scalars(select(Survey)).all()) == 2


def test_a_late_mail_names_the_agency_of_then(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    petition = petition_in(Status.ASSIGNED)
    officer = an_actor(session, Role.OFFICER)
    routing.return_to_desk(session, petition, officer, "unclear", None, clock.now)
    message = post.last()
    assert "Bộ Khoa học và Công nghệ" in message["Subject"], "and does not fail because nobody holds it now"


def test_a_question_already_answered_is_not_asked_again(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    petition = petition_in(Status.AWAITING_SUBMITTER)
    assert "cho biết thêm" in post.last()["Subject"]
    answering.provide_information(
        session, petition, an_actor(session, Role.SUBMITTER), "Thôn Đông", clock.now
    )
    assert "cho biết thêm" not in post.last()["Subject"]


# --- who is written to ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"email": None},
        {"may_contact": False},
        {"contact": Contact(phone="0912 345 678"), "may_contact": True},
    ],
)
def test_who_gave_no_address_or_no_consent_gets_no_mail_and_the_row_is_done(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    values: dict[str, Any],
) -> None:
    a_receipt(session, vault, clock.now, chance, **values)
    session.commit()
    relay.drain(app, clock)
    session.expire_all()
    row = session.scalars(select(OutboxRow).where(OutboxRow.task == "mail")).one()
    assert (row.done_at, row.error) == (clock.now, None)
    assert not list(app.extensions["pakn_settings"].instance.glob("mail/*"))


def test_who_was_erased_gets_no_mail(session: Session, petition_in: Any, post: Post) -> None:
    petition = petition_in()
    petition.submitter.sealed = None
    assert post.all("submitter") == []


def test_an_agency_is_told_at_its_mailbox(session: Session, petition_in: Any, post: Post) -> None:
    session.get_one(Agency, "BKHCN").mailbox = "tiepnhan@bkhcn.example"
    petition = petition_in()
    (message,) = post.all("agency")
    assert message["To"] == "tiepnhan@bkhcn.example"
    assert message["Subject"].startswith(f"[{petition.code}] Hồ sơ mới")
    assert "09/11/2026" in message["Subject"]
    for private in (EMAIL, "Người gửi (mẫu)", "Sóng di động"):
        assert private not in body(message)


def test_an_agency_without_one_is_told_through_its_people(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    officer = a_staff(session, email="officer@bkhcn.example")
    admin = a_staff(session, Role.AGENCY_ADMIN, email="admin@bkhcn.example")
    a_staff(session, Role.APPROVER, email="leader@bkhcn.example")
    a_staff(session, Role.OFFICER, "BCA", email="officer@bca.example")
    gone = a_staff(session, email="gone@bkhcn.example")
    gone.active = False
    petition = petition_in()
    assert post.last("agency")["To"] == "officer@bkhcn.example, admin@bkhcn.example"
    petition.officer_id = admin.id
    assert post.last("agency")["To"] == "admin@bkhcn.example"
    admin.active = False
    assert post.last("agency")["To"] == "officer@bkhcn.example", "who is named has left"
    officer.active = False
    assert post.last("agency")["To"] == "leader@bkhcn.example", "somebody has to hear of it"


def test_the_desk_is_told_what_comes_back(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    a_staff(session, Role.DESK, email="desk@pakn.example")
    a_staff(session, Role.SYSTEM_ADMIN, email="admin@pakn.example")
    petition = petition_in()
    routing.return_to_desk(session, petition, an_actor(session, Role.OFFICER), "unclear", None, clock.now)
    (message,) = post.all("desk")
    assert message["To"] == "desk@pakn.example"
    assert post.all("agency") == [], "nobody holds it now, least of all the staff without an agency"
    routing.assign(session, petition, an_actor(session, Role.DESK), "BCA", clock.now)
    assert post.all("desk") == [], "it has been seen to meanwhile"


def test_an_agency_that_has_passed_it_on_is_not_told_any_more(
    session: Session, clock: Clock, petition_in: Any, post: Post
) -> None:
    for code in ("BKHCN", "BCA"):
        session.get_one(Agency, code).mailbox = f"{code.lower()}@example.org"
    petition = petition_in()
    clock.now += timedelta(days=7)
    routing.transfer(
        session, petition, an_actor(session, Role.OFFICER), "BCA", "not_our_competence", None, clock.now
    )
    (message,) = post.all("agency")
    assert message["To"] == "bca@example.org"
    assert "16/11/2026" in message["Subject"], "its own days, not those the first agency has used up"
