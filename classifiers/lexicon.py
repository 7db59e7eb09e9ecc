"""What the tables say in words, made into training texts: the routing table's, and those of `competence.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers.document import Document, read_document
from classifiers.provinces import without_province
from classifiers.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase, and what it points to: a topic, an agency, or both."""

    topic: str | None
    lead: str | None
    document: Document


def entries() -> list[Entry]:
    """Return all phrases, those of the routing table first."""
    return [
        Entry(topic, without_province(lead) if lead is not None else None, read_document(phrase))
        for phrase, topic, lead in (*_routing_phrases(), *_competence_phrases())
    ]


def _routing_phrases() -> Iterator[tuple[str, str | None, str | None]]:
    for topic in load_taxonomy():
        for phrase in (topic.name_vi, topic.name_en, *topic.keywords):
            yield phrase, topic.id, topic.lead
        for alternate in topic.alternates:
            yield alternate.when, topic.id, alternate.lead


def _competence_phrases() -> Iterator[tuple[str, str | None, str | None]]:
    table = json.loads((Path(__file__).parent / "competence.json").read_text("utf-8"))
    for agency, phrases in table["agencies"].items():
        yield from ((phrase, None, agency) for phrase in phrases)
    for topic, phrases in table["topics"].items():
        yield from ((phrase, topic, None) for phrase in phrases)
