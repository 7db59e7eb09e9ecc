"""A real SMTP server for tests that keeps what it receives and can be told to misbehave."""

from __future__ import annotations

import contextlib
import email
import email.policy
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

from ._process import LOOPBACK, Unavailable, free_port

if TYPE_CHECKING:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, Envelope, Session

REFUSED = "550 5.7.1 refused for this test"
FAILED = "451 4.3.0 failing for this test, try again later"


@dataclass(frozen=True)
class ReceivedMail:
    """One message that the server took in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed message."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The decoded plain-text body, empty if there is none."""
        body = self.message.get_body(preferencelist=("plain",))
        return str(body.get_content()) if body is not None else ""


class _Handler:
    """What aiosmtpd calls, by names of its choosing, in the server's thread."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._server.answer_now("RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refusal := self._server.answer_now("DATA"):
            return refusal
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self._server.take(ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return "250 OK"


class MailServer:
    """A running SMTP server; `mail_server()` makes one."""

    def __init__(self) -> None:
        self.port = 0
        self._received: list[ReceivedMail] = []
        self._arrival = threading.Condition()
        self._refusal: tuple[str, str] | None = None
        self._refused = 0
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """The URL of the server, as the setting MAIL_URL takes it."""
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def messages(self) -> list[ReceivedMail]:
        """What has come in so far, oldest first."""
        with self._arrival:
            return list(self._received)

    @property
    def refused(self) -> int:
        """How many times the server has refused or failed because it was told to."""
        with self._arrival:
            return self._refused

    def clear(self) -> None:
        """Forget what has come in."""
        with self._arrival:
            self._received.clear()
            self._refused = 0

    def wait_for(self, count: int = 1, timeout: float = 10.0) -> list[ReceivedMail]:
        """Wait until at least `count` messages have come in and return all; TimeoutError otherwise."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self._received) >= count, timeout):
                raise TimeoutError(f"{len(self._received)} of {count} mails came within {timeout:g} s")
            return list(self._received)

    @contextlib.contextmanager
    def refusing(self, reply: str = REFUSED) -> Iterator[None]:
        """Refuse every recipient for good while the block runs."""
        with self._answering("RCPT", reply):
            yield

    @contextlib.contextmanager
    def failing(self, reply: str = FAILED) -> Iterator[None]:
        """Fail for the time being after each message's text while the block runs."""
        with self._answering("DATA", reply):
            yield

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Refuse connections while the block runs; then listen on the same port again."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def start(self) -> None:
        """Listen, on the port it had if it had one."""
        from aiosmtpd.controller import Controller

        for left in reversed(range(3)):
            port = self.port or free_port()
            controller = Controller(
                _Handler(self), hostname=LOOPBACK, port=port, server_hostname="localhost", ready_timeout=20
            )
            try:
                controller.start()
            except OSError:
                controller.loop.close()
                if not left:
                    raise
                continue
            self._controller, self.port = controller, port
            return

    def stop(self) -> None:
        """Stop listening."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def answer_now(self, stage: str) -> str | None:
        """Return the reply that was ordered for this stage of a delivery, if any, and count it."""
        with self._arrival:
            if self._refusal is None or self._refusal[0] != stage:
                return None
            self._refused += 1
            return self._refusal[1]

    def take(self, mail: ReceivedMail) -> None:
        """Keep a message that came in."""
        with self._arrival:
            self._received.append(mail)
            self._arrival.notify_all()

    @contextlib.contextmanager
    def _answering(self, stage: str, reply: str) -> Iterator[None]:
        with self._arrival:
            before, self._refusal = self._refusal, (stage, reply)
        try:
            yield
        finally:
            with self._arrival:
                self._refusal = before


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run an SMTP server on a free port, in a thread of this process; yield it, started."""
    server = MailServer()
    try:
        server.start()
    except ImportError as error:
        raise Unavailable(f"SMTP: {error}; install aiosmtpd") from error
    try:
        yield server
    finally:
        server.stop()
