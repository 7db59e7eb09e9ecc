"""Sealing personal data."""

import pytest
from cryptography.fernet import Fernet

from app.services.personal_data import Contact, Unreadable, Vault

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
CONTACT = Contact("Người gửi (mẫu)", "a@example.org", "+84912345678", None, "ABCD-EFGH-JKMN-PQRS")


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    sealed = Vault((NEW,)).seal_contact(CONTACT)
    assert Vault((NEW,)).open_contact(sealed) == CONTACT
    for words in (b"example", b"84912345678", b"ABCD", "mẫu".encode()):
        assert words not in sealed


def test_sealed_twice_it_looks_different() -> None:
    vault = Vault((NEW,))
    assert vault.seal_contact(CONTACT) != vault.seal_contact(CONTACT)


def test_keys_are_rotated() -> None:
    sealed = Vault((OLD,)).seal_contact(CONTACT)
    rotated = Vault((NEW, OLD))
    assert rotated.open_contact(sealed) == CONTACT, "an old key still opens"
    assert Vault((NEW,)).open_contact(rotated.seal_contact(CONTACT)) == CONTACT, "the new one seals"


@pytest.mark.parametrize(
    "damage", [lambda s: s[:-1], lambda s: b"", lambda s: s[:40] + b"x" + s[41:], lambda s: b"\xff"]
)
def test_damaged_or_foreign_data_are_unreadable(damage: object) -> None:
    sealed = Vault((NEW,)).seal_contact(CONTACT)
    with pytest.raises(Unreadable, match="PII_KEYS"):
        Vault((OTHER,)).open(sealed)
    with pytest.raises(Unreadable):
        Vault((NEW,)).open(damage(sealed))  # type: ignore[operator]


def test_erased_data_read_as_an_empty_contact() -> None:
    assert Vault((NEW,)).open_contact(None) == Contact()
    assert Vault((NEW,)).open_contact(b"") == Contact()
