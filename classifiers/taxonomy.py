"""The topics and the routing table: data that a civil servant can read and correct in `taxonomy.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

_HERE = Path(__file__).parent
_TABLES = (
    "taxonomy.json",
    "agencies.jsonl",
    "provinces.json",
    "flag_phrases.json",
    "competence.json",
    "shorthand.json",
)
ANY_PROVINCE = "UBNDT"
OUTSIDE = "other"


@dataclass(frozen=True, slots=True)
class Alternate:
    """An agency that leads instead of the topic's lead, and in which matters."""

    when: str
    lead: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its line of the routing table. `lead` is an agency code, `UBNDT` for the province's."""

    id: str
    name_vi: str
    name_en: str
    tier: Literal["central", "province"]
    lead: str
    coop: tuple[str, ...]
    alternates: tuple[Alternate, ...]
    keywords: tuple[str, ...]


@lru_cache(maxsize=1)
def load_taxonomy() -> tuple[Topic, ...]:
    """Return the topics in the order of `taxonomy.json`."""
    rows = json.loads((_HERE / "taxonomy.json").read_text("utf-8"))
    return tuple(
        Topic(
            id=row["id"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            tier=row["tier"],
            lead=row["lead"],
            coop=tuple(row["coop"]),
            alternates=tuple(Alternate(item["when"], item["lead"]) for item in row["alternates"]),
            keywords=tuple(row["keywords"]),
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def directory() -> tuple[Mapping[str, Any], ...]:
    """Return the directory of agencies (`agencies.jsonl`): one object a body, with its names and its parent."""
    lines = (_HERE / "agencies.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


@lru_cache(maxsize=1)
def agency_codes() -> frozenset[str]:
    """Return every agency code that a corpus row or a routing line may name."""
    return frozenset(row["code"] for row in directory())


def tables_digest() -> str:
    """Return a SHA-256 over the tables that people may correct: with them the answers of a model change."""
    digest = hashlib.sha256()
    for name in _TABLES:
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()
