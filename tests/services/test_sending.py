"""Sending mails: nothing slips in, each arrives whole or not at all, no password in the open."""

import random
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import relay
from app.models import Agency, OutboxRow, Staff
from app.services import mailing
from app.services.personal_data import Contact, Vault
from tests import servers
from tests.factories import EMAIL, a_receipt
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


# --- nothing slips in -------------------------------------------------------------------------------------

HOSTILE = (
    "Anh\r\nBcc: all@example.org",
    "Anh\nSubject: khác",
    "Trúng thưởng http://evil.example",
    "evil.example.com",
    "a" * 61,
    "<b>Anh</b>",
    "Gọi 0900 000 000 nhận quà",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_greeted_only_if_it_is_one(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, post: Post, name: str
) -> None:
    a_receipt(session, vault, clock.now, chance, contact=Contact(name=name, email=EMAIL))
    (message,) = post.all()
    assert body(message).startswith("Xin chào,\n")
    assert sorted(message.keys()) == sorted(set(message.keys())), "no header was slipped in"
    assert "Bcc" not in message


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "TS. Trần Văn Đức", "Jean-Luc O'Neill", "K’Brêu (mẫu)"])
def test_names_as_people_have_them(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, post: Post, name: str
) -> None:
    a_receipt(session, vault, clock.now, chance, contact=Contact(name=name, email=EMAIL))
    assert body(post.last()).startswith(f"Xin chào {name},\n")


def test_a_name_of_an_agency_breaks_no_header(session: Session, petition_in: Any, post: Post) -> None:
    session.get_one(Agency, "BKHCN").name_vi = "Bộ\r\nBcc: all@example.org\r\n\r\nKhoa học"
    petition_in()
    for message in post.all():
        assert "Bcc" not in message
        assert "\nBcc" not in message.as_string().replace("\r", "")


def test_one_bad_address_keeps_nobody_from_the_mail(session: Session, petition_in: Any, post: Post) -> None:
    for number, address in enumerate(("x@y.example\nBcc: all@example.org", "none", "", "good@bkhcn.example")):
        session.add(
            Staff(
                username=f"bad{number}",
                name="(mẫu)",
                role=Role.OFFICER,
                agency_code="BKHCN",
                email=address,
                password_hash="!",
                active=True,
                created_at=post.clock.now,
            )
        )
    petition_in()
    assert post.last("agency")["To"] == "good@bkhcn.example"


def test_a_vietnamese_domain_is_written_as_mail_servers_know_it(
    session: Session, vault: Vault, clock: Clock, chance: random.Random, post: Post
) -> None:
    a_receipt(session, vault, clock.now, chance, email="an@tên-miền.vn")
    assert post.last()["To"] == "an@xn--tn-min-nva7541c.vn" or post.last()["To"].startswith("an@xn--")


def test_a_long_host_leaves_the_identity_readable(petition_in: Any, post: Post) -> None:
    post.base_url = "https://tiep-nhan-phan-anh-kien-nghi.khoa-hoc-va-cong-nghe.example.gov.vn"
    petition = petition_in()
    raw = post.last().as_bytes().decode("ascii")
    host = post.base_url.removeprefix("https://")
    for header, part in (("Message-ID", ".3.submitter"), ("References", ""), ("In-Reply-To", "")):
        unfolded = raw.replace("\r\n ", " ")
        assert f"{header}: <{petition.code}{part}@{host}>" in unfolded.replace(":  ", ": ")


# --- as files ---------------------------------------------------------------------------------------------


def test_a_mail_as_a_file(petition_in: Any, post: Post, tmp_path: Path) -> None:
    petition = petition_in(Status.RECEIVED)
    for _ in range(2):
        mailing.send(post.last(), f"file://{tmp_path}/mail", tmp_path)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{petition.code}.1.submitter.eml"
    assert file.read_bytes() == post.last().as_bytes()
    assert file.stat().st_mode & 0o077 == 0, "it holds the secret of the petition"
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_relative_folder_stands_below_the_root(petition_in: Any, post: Post, tmp_path: Path) -> None:
    petition_in(Status.RECEIVED)
    mailing.send(post.last(), "file://instance/mail", tmp_path)
    assert len(list((tmp_path / "instance" / "mail").glob("*.eml"))) == 1


def test_a_mail_that_cannot_be_written_whole_leaves_nothing(
    petition_in: Any, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition_in(Status.RECEIVED)
    message = post.last()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        mailing.send(message, f"file://{tmp_path}/mail", tmp_path)
    assert list((tmp_path / "mail").iterdir()) == []


# --- through a mail server --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[servers.MailServer]:
    """A real mail server."""
    with servers.mail_server() as made:
        yield made


def test_a_mail_arrives_as_it_was_written(petition_in: Any, post: Post, server: servers.MailServer) -> None:
    server.clear()
    petition = petition_in(Status.RECEIVED)
    mailing.send(post.last(), server.url, Path())
    (received,) = server.wait_for(1)
    assert received.sender == "no-reply@pakn.example"
    assert received.recipients == (EMAIL,)
    assert received.subject == f"[{petition.code}] Đã nhận hồ sơ của bạn"
    assert received.message["Message-ID"] == post.last()["Message-ID"]
    assert received.text.replace("\r\n", "\n") == body(post.last())


def test_what_the_server_refuses_waits(
    session: Session,
    vault: Vault,
    app: Flask,
    clock: Clock,
    chance: random.Random,
    server: servers.MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dataclasses import replace

    server.clear()
    known = replace(app.extensions["pakn_settings"], mail_url=server.url)
    monkeypatch.setitem(app.extensions, "pakn_settings", known)
    a_receipt(session, vault, clock.now, chance)
    session.commit()
    errors = []
    for trouble in (server.refusing, server.failing, server.down):
        with trouble():
            relay.drain(app, clock)
        session.expire_all()
        row = session.scalars(select(OutboxRow).where(OutboxRow.task == "mail")).one()
        errors.append(row.error)
        clock.now = row.available_at
    assert errors == ["SMTPRecipientsRefused", "SMTPDataError", "ConnectionRefusedError"]
    assert server.messages == []
    relay.drain(app, clock)
    assert len(server.messages) == 1


class StubServer(smtplib.SMTP):
    """A server elsewhere, of which only the conversation is kept."""

    extensions: tuple[str, ...] = ()
    said: list[str] = []

    def __init__(self, host: str, port: int, **_options: Any) -> None:
        type(self).said = [f"{host}:{port}"]
        self.esmtp_features: dict[str, str] = {}
        self.helo_resp = self.ehlo_resp = None

    def ehlo(self, name: str = "") -> Any:
        self.said.append("ehlo")
        self.ehlo_resp = b"ok"
        self.esmtp_features = dict.fromkeys(self.extensions, "")
        return 250, b"ok"

    def starttls(self, **_options: Any) -> Any:  # type: ignore[override]  # only the keyword is used
        self.said.append("starttls")
        self.ehlo_resp, self.esmtp_features = None, {}

    def login(self, user: str, password: str, **_options: Any) -> Any:
        self.said.append(f"login {user} {password}")

    def __exit__(self, *_arguments: Any) -> None:
        self.said.append("quit")


@pytest.mark.parametrize(
    ("url", "extensions", "said"),
    [
        ("smtp://mail.example", ("starttls",), ["mail.example:25", "ehlo", "starttls", "ehlo", "quit"]),
        ("smtp://mail.example:2525", (), ["mail.example:2525", "ehlo", "quit"]),
        (
            "smtp://a%40b:p%3Aw@mail.example:587",
            ("starttls",),
            ["mail.example:587", "ehlo", "starttls", "ehlo", "login a@b p:w", "quit"],
        ),
        ("smtp://u:p@127.0.0.1", ("starttls",), ["127.0.0.1:25", "ehlo", "login u p", "quit"]),
        ("smtp://localhost", ("starttls",), ["localhost:25", "ehlo", "quit"]),
    ],
)
def test_another_machine_is_spoken_to_encrypted(
    monkeypatch: pytest.MonkeyPatch, url: str, extensions: tuple[str, ...], said: list[str]
) -> None:
    monkeypatch.setattr(smtplib, "SMTP", StubServer)
    monkeypatch.setattr(StubServer, "extensions", extensions)
    with mailing.connected(url):
        pass
    assert StubServer.said == said


def test_a_password_never_goes_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", StubServer)
    monkeypatch.setattr(StubServer, "extensions", ())
    with pytest.raises(smtplib.SMTPNotSupportedError), mailing.connected("smtp://u:p@mail.example"):
        pass
    assert not [word for word in StubServer.said if word.startswith("login")]


def test_smtps_is_encrypted_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP_SSL", StubServer)
    with mailing.connected("smtps://u:p@mail.example"):
        pass
    assert StubServer.said == ["mail.example:465", "ehlo", "login u p", "quit"]
