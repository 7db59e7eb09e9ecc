"""Signing what is published with Ed25519, so that everybody can tell it from what somebody else made up."""

import base64
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer:
    """Signs with the key that grows from a seed of 32 bytes. ``public_key`` is the raw key in base64."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public_key = base64.b64encode(raw).decode()
        self.key_id = sha256(raw).hexdigest()[:16]

    def sign(self, statement: str) -> str:
        """The signature of a statement, in base64."""
        return base64.b64encode(self._key.sign(statement.encode())).decode()


def pem(public_key: str) -> str:
    """A public key as the file that ``openssl`` reads."""
    return _read(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def is_signed(statement: str, signature: str, public_key: str) -> bool:
    """Whether the owner of the key signed the statement."""
    try:
        _read(public_key).verify(base64.b64decode(signature), statement.encode())
    except InvalidSignature:
        return False
    return True


def _read(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
