"""What the routing table says in words, made into training texts: names, keywords and cases of each topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.document import Document, read_document
from classifiers.provinces import without_province
from classifiers.taxonomy import Topic, load_taxonomy


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the routing table, and what it points to: an agency, and a topic where it is one topic's."""

    topic: str | None
    lead: str
    document: Document


def entries() -> list[Entry]:
    """Return all phrases of the routing table in its order."""
    return [
        Entry(topic.id, without_province(lead), read_document(phrase))
        for topic in load_taxonomy()
        for phrase, lead in _phrases(topic)
    ]


def _phrases(topic: Topic) -> Iterator[tuple[str, str]]:
    for phrase in (topic.name_vi, topic.name_en, *topic.keywords):
        yield phrase, topic.lead
    for alternate in topic.alternates:
        yield alternate.when, alternate.lead
