"""The tamper-evident timeline: each event carries the hash of the one before it.

An event is hashed as SHA-256 over the UTF-8 bytes of the previous hash (64 hex digits; 64 zeros for the first), a line
feed, and the event in canonical JSON: the keys ``petition``, ``seq``, ``kind``, ``at``, ``actor``, ``agency``,
``status`` and ``data``, sorted, without spaces, non-ASCII characters as they are.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    """What is hashed of an event. ``actor`` is ``submitter``, ``system`` or ``staff:<id>``: never a name."""

    petition: str
    seq: int
    kind: str
    at: str
    actor: str
    agency: str | None
    status: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Where a chain is broken, and how."""

    seq: int
    reason: str


def instant(at: datetime) -> str:
    """An instant as it stands in an event: UTC, microseconds, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def chain_hash(previous: str, entry: Entry) -> str:
    """The hash of ``entry`` after ``previous``: 64 hex digits."""
    body = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def fingerprint(text: str) -> str:
    """What an event keeps of a text: SHA-256 of its UTF-8 bytes, 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def note_fingerprint(salt: str, note: str) -> str:
    """What an event keeps of its note. Nobody who lacks the salt can guess the note from it once it is erased."""
    return fingerprint(f"{salt}{note}")


def verify(chain: Iterable[tuple[Entry, str, str]]) -> Fault | None:
    """Check one petition's events, in order, each as (entry, previous hash, hash). None if all is well."""
    previous, expected_seq = FIRST, 1
    for entry, stated_previous, stated_hash in chain:
        if entry.seq != expected_seq:
            return Fault(expected_seq, "an event is missing or out of order")
        if stated_previous != previous:
            return Fault(entry.seq, "it does not follow the event before it")
        if chain_hash(previous, entry) != stated_hash:
            return Fault(entry.seq, "its content was changed")
        previous, expected_seq = stated_hash, expected_seq + 1
    return None


def day_root(heads: Iterable[tuple[str, str]]) -> str:
    """One hash over the last hashes of all chains, given as (petition code, hash), in order of code."""
    digest = hashlib.sha256()
    for code, head in sorted(heads):
        digest.update(f"{code} {head}\n".encode())
    return digest.hexdigest()
