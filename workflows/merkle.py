"""A Merkle tree with the hashes and the shape of RFC 6962, section 2.1.

The hash of a leaf is SHA-256 over the byte 0 and its data, of a node over the byte 1 and the hashes of its two
children, of an empty tree over nothing. Neighbours are paired level by level and one without a neighbour moves up
as it is, which gives the same tree as the RFC's cut at the largest power of two.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

# On which side the neighbour stands, "left" or "right", and its hash as hex digits.
Step = tuple[str, str]


def leaf(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of what stands above two neighbours."""
    return sha256(b"\1" + left + right).digest()


def root(hashes: Iterable[bytes]) -> bytes:
    """The hash at the top, over the hashes of leaves or of whole subtrees that are alike in size but for the last."""
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else sha256().digest()


def path(hashes: Sequence[bytes], place: int) -> list[Step]:
    """The neighbours met on the way from the hash at ``place`` to the top."""
    steps, level = [], list(hashes)
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            steps.append(("left" if beside < place else "right", level[beside].hex()))
        level, place = _above(level), place // 2
    return steps


def climb(start: bytes, steps: Iterable[Step]) -> bytes:
    """Where the way along ``steps`` ends that begins at ``start``. Raises ``ValueError`` for what is no way."""
    found = start
    for side, beside in steps:
        other = bytes.fromhex(beside)
        if side not in ("left", "right") or len(other) != 32:
            raise ValueError("a step is a side and 64 hex digits")
        found = node(other, found) if side == "left" else node(found, other)
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    above = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return above if len(level) % 2 == 0 else [*above, level[-1]]
