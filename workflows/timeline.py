"""The tamper-evident timeline: each event carries the hash of the one before it.

An event is hashed as SHA-256 over the UTF-8 bytes of the previous hash (64 hex digits; 64 zeros for the first), a line
feed, and the event in canonical JSON: the keys ``petition``, ``seq``, ``kind``, ``at``, ``actor``, ``agency``,
``status`` and ``data``, sorted, without spaces, non-ASCII characters as they are.

The root of a day is the top of a Merkle tree (``workflows.merkle``) over the last hashes of all chains. Whoever knows
it can be shown, by a few hashes, that one chain is among them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from workflows import merkle

FIRST = "0" * 64
# Leaves in one part of a day's tree: a power of two, so that a part is a subtree.
PART = 1024

Head = tuple[str, str]  # the code of a petition and the last hash of its chain


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


def parts(heads: Iterable[Head]) -> Iterator[tuple[str, bytes]]:
    """The heads cut into subtrees of ``PART`` leaves, the last one of what is left: (first code, hash at its top).

    Heads must come in ascending order of code, each once; raises ``ValueError`` otherwise. However many they are, no
    more than one part of them is held at a time.
    """
    last, coming = "", iter(heads)
    while part := list(islice(coming, PART)):
        for code, _head in part:
            if code <= last:
                raise ValueError(f"heads must come in order of code, and {code} follows {last}")
            last = code
        yield part[0][0], merkle.root(leaf(*head) for head in part)


def leaf(code: str, head: str) -> bytes:
    """The leaf of a chain in the tree of a day: over ``"<code> <last hash>"``."""
    return merkle.leaf(f"{code} {head}".encode())


def day_root(heads: Iterable[Head]) -> str:
    """The root of the Merkle tree over the last hashes of all chains, in ascending order of code: 64 hex digits."""
    return merkle.root(top for _first, top in parts(heads)).hex()


def proof(heads: Iterable[Head], code: str) -> list[merkle.Step]:
    """What leads from the leaf of ``code`` to the root over ``heads``. Raises ``ValueError`` if it is not among them."""
    codes, leaves = [], []
    for each, head in heads:
        codes.append(each)
        leaves.append(leaf(each, head))
    return merkle.path(leaves, codes.index(code))


def check_proof(code: str, head: str, steps: Iterable[merkle.Step], root: str) -> bool:
    """Whether the chain of ``code`` stood at ``head`` when ``root`` was made."""
    try:
        return merkle.climb(leaf(code, head), steps).hex() == root
    except ValueError:
        return False
