"""Finding petitions about the same thing: copies, retyped copies, and texts that many send with small changes.

A text is the set of its word pairs without diacritics. Of each set 80 minima of random orders are kept (MinHash,
Broder 1997), two to a band; texts that agree in a whole band are looked at, and how alike they are is then
counted exactly. So a query touches a few hundred texts, however many there are, and a text is added by 40 keys:
in memory here, or in a table of the database (`bands` gives the keys).
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from classifiers.document import read_document

BANDS: Final = 40
_ROWS: Final = 2
# Different matters share about 1 pair in 300, one pair in 25 at the very most; copies with every third word
# changed share 1 in 5 or more.
ALIKE: Final = 0.15
_MOST_LOOKED_AT: Final = 400
Pairs = NDArray[np.uint64]
Id = TypeVar("Id", bound=Hashable)


_SEEDS: Final[Pairs] = np.random.default_rng(57).integers(0, 1 << 63, BANDS * _ROWS, dtype=np.uint64)


def _mixed(numbers: Pairs) -> Pairs:
    """Return numbers with every bit depending on every bit (the finaliser of SplitMix64, Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def pairs_of(text: str) -> Pairs:
    """Return the word pairs of any text as sorted 32-bit hashes; of a text of one word, that word."""
    keys = {term.key for term in read_document(text).terms}
    pairs = {key for key in keys if " " in key} or keys
    return np.unique(np.asarray([zlib.crc32(pair.encode()) for pair in pairs], dtype=np.uint64))


def bands(pairs: Pairs) -> tuple[int, ...]:
    """Return the keys by which a text is found, each below 2**63; none for an empty text."""
    if not pairs.size:
        return ()
    minima = _mixed(pairs[:, None] ^ _SEEDS).min(axis=0).reshape(BANDS, _ROWS)
    numbered = _mixed(minima[:, 0] ^ _mixed(minima[:, 1]) ^ np.arange(BANDS, dtype=np.uint64))
    return tuple((numbered >> np.uint64(1)).tolist())


def likeness(one: Pairs, other: Pairs) -> float:
    """Return the share of word pairs that two texts have in common, from 0 to 1."""
    common = np.intersect1d(one, other, assume_unique=True).size
    total = one.size + other.size - common
    return common / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Alike(Generic[Id]):
    """A text that is much like the one asked about, and how much (0 to 1)."""

    id: Id
    likeness: float


class NearDuplicates(Generic[Id]):
    """An index in memory. Adding and asking cost the same whatever the order of texts."""

    def __init__(self) -> None:
        """Begin empty."""
        self._pairs: dict[Id, Pairs] = {}
        self._by_band: dict[int, list[Id]] = defaultdict(list)

    def add(self, id: Id, text: str) -> None:
        """Add a text under an id that is not there yet."""
        if id in self._pairs:
            raise ValueError(f"{id!r} is in the index already")
        pairs = pairs_of(text)
        self._pairs[id] = pairs
        for key in bands(pairs):
            self._by_band[key].append(id)

    def find(self, text: str, most: int = 5) -> list[Alike[Id]]:
        """Return the texts much like this one, the most alike first."""
        pairs = pairs_of(text)
        agreeing = Counter(id for key in bands(pairs) for id in self._by_band.get(key, ()))
        candidates = [id for id, _ in agreeing.most_common(_MOST_LOOKED_AT)]
        return most_alike(pairs, ((id, self._pairs[id]) for id in candidates), most)


def most_alike(pairs: Pairs, candidates: Iterable[tuple[Id, Pairs]], most: int) -> list[Alike[Id]]:
    """Return those of the candidates that are much like `pairs`, the most alike first."""
    found = [
        Alike(id, round(share, 4)) for id, other in candidates if (share := likeness(pairs, other)) >= ALIKE
    ]
    return sorted(found, key=lambda each: -each.likeness)[:most]
