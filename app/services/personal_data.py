"""Sealing personal data at rest with Fernet (AES-128-CBC and HMAC-SHA256), with keys that can be rotated."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


@dataclass(frozen=True)
class Contact:
    """How to reach a submitter. ``secret`` opens the petition and is kept for the links in mails."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    organisation: str | None = None
    secret: str = ""


class Unreadable(Exception):
    """Sealed data that none of the configured keys opens."""


class Vault:
    """Seals and opens; the first key seals, all open."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: dict[str, Any]) -> bytes:
        """``value`` as JSON, sealed."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> dict[str, Any]:
        """What was sealed. Raises :class:`Unreadable`."""
        try:
            value: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise Unreadable("sealed with a key that is not among PII_KEYS, or damaged") from error
        return value

    def seal_contact(self, contact: Contact) -> bytes:
        """A contact, sealed."""
        return self.seal(asdict(contact))

    def open_contact(self, sealed: bytes | None) -> Contact:
        """The contact that was sealed; an empty one where it has been erased."""
        return Contact(**self.open(sealed)) if sealed else Contact()
