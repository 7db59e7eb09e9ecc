"""What the routing table says in words, made into training texts: names, keywords and cases of each topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.features import Document, read_document
from classifiers.provinces import without_province
from classifiers.taxonomy import Topic, load_taxonomy
from classifiers.text import drop_diacritics


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the routing table: what it points to, and how it reads as typed and without diacritics."""

    topic: str
    lead: str
    typed: Document
    bare: Document


def entries() -> list[Entry]:
    """Return all phrases of the routing table in its order."""
    return [
        Entry(topic.id, without_province(lead), read_document(phrase), read_document(drop_diacritics(phrase)))
        for topic in load_taxonomy()
        for phrase, lead in _phrases(topic)
    ]


def _phrases(topic: Topic) -> Iterator[tuple[str, str]]:
    for phrase in (topic.name_vi, topic.name_en, *topic.keywords):
        yield phrase, topic.lead
    for alternate in topic.alternates:
        yield alternate.when, alternate.lead
