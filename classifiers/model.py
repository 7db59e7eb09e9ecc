"""The classifier at work: from a text to kind, topics, agencies and a decision to route, refer or ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from classifiers import flags as known_flags
from classifiers.asks import Ask, asks_in
from classifiers.corpus import LEGAL_KINDS, SUBMITTER_KINDS
from classifiers.document import Document, read_document
from classifiers.explanation import Vote, phrases_for
from classifiers.features import Features, known_words
from classifiers.heads import Floats, normalised, ranked, sigmoid
from classifiers.parts import Parts
from classifiers.provinces import committee_of, is_province_code, province_in
from classifiers.storage import read_model
from classifiers.taxonomy import OUTSIDE

Decision = Literal["route", "triage", "refer"]

_MOST_TOPICS = 4
_MOST_AGENCIES = 5
_FEWEST_KNOWN_WORDS = 5
_FEWEST_KNOWN_SHARE = 0.6
_HARMLESS_FLAGS = frozenset((known_flags.HIDDEN_CHARACTERS,))


@dataclass(frozen=True, slots=True)
class Scored:
    """A label (kind, topic id or agency code) and the calibrated probability that it is right."""

    id: str
    p: float


@dataclass(frozen=True, slots=True)
class Classification:
    """What the classifier says of a text. Lists are best first; `reasons` are phrases of the text itself.

    `asks` are the separate requests in it. `familiar` is the share of its words that the model knows.
    """

    kind: str
    kinds: tuple[Scored, ...]
    topics: tuple[Scored, ...]
    agencies: tuple[Scored, ...]
    decision: Decision
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    model_version: str
    asks: tuple[Ask, ...] = ()
    familiar: float = 1.0

    def as_json(self, id: str) -> dict[str, Any]:
        """Return the object that the `classify` command writes for the text with this id."""
        return {
            "id": id,
            "kind": self.kind,
            "kinds": [{"id": item.id, "p": round(item.p, 4)} for item in self.kinds],
            "topics": [{"id": item.id, "p": round(item.p, 4)} for item in self.topics],
            "agencies": [{"code": item.id, "p": round(item.p, 4)} for item in self.agencies],
            "decision": self.decision,
            "flags": list(self.flags),
            "reasons": list(self.reasons),
            "asks": [{"start": ask.start, "end": ask.end, "text": ask.text} for ask in self.asks],
            "model_version": self.model_version,
        }


@dataclass(frozen=True, slots=True)
class Classifier:
    """A loaded model; immutable, so one instance may serve all threads.

    `card` says what the model is: its figures, the author groups kept out of training, parameters, libraries.
    `digest` is a SHA-256 over the whole file it was loaded from.
    """

    parts: Parts
    version: str
    card: Mapping[str, Any]
    digest: str = ""

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Return the model in `path`. Raises ModelFileError where it is missing or does not verify."""
        stored = read_model(path)
        return cls(stored.parts, stored.version, stored.card, stored.digest)

    def classify(
        self, text: str, *, submitter_kind: str | None = None, province: str | None = None
    ) -> Classification:
        """Classify any text whatever; never raises on content.

        `province` is a two-digit code (an unknown one counts as none; without one, a single province named in
        the text stands in). An unknown `submitter_kind` counts as none.
        """
        parts = self.parts
        document = read_document(text)
        features = parts.vocabulary.features(document)
        kind_shares = parts.kind.shares(features)
        kinds = ranked(parts.kind.labels, kind_shares)
        topic_chances = sigmoid(parts.topics.scores(features))
        agency_shares = parts.pool.shares(
            parts.agency.shares(features),
            normalised(parts.topic_calibration(topic_chances)),
            kind_shares,
            SUBMITTER_KINDS.index(submitter_kind) if submitter_kind in SUBMITTER_KINDS else None,
        )
        familiar = _share_known(document, features)
        chances = parts.agency_calibration(agency_shares)
        if familiar < _FEWEST_KNOWN_SHARE:
            # The curve was drawn on texts whose words were known; of what was not read nothing is sure.
            chances = chances * familiar
        agencies = ranked(parts.pool.agencies, chances)[:_MOST_AGENCIES]
        legal = sum(p for kind, p in kinds if kind in LEGAL_KINDS)
        flags = self._flags(text, document, features, legal, familiar)
        decision = self._decide(legal, agencies[0][1], flags)
        kind = next(name for name, _ in kinds if decision != "refer" or name in LEGAL_KINDS)
        topics = self._topics(topic_chances)
        place = province if is_province_code(province) else province_in(document.text, document.tokens)
        return Classification(
            kind=kind,
            kinds=tuple(Scored(*item) for item in kinds),
            topics=topics,
            agencies=tuple(Scored(committee_of(code, place), p) for code, p in agencies),
            decision=decision,
            flags=flags,
            reasons=self._reasons(document, features, decision, kind, topics[0].id, agencies[0][0]),
            model_version=self.version,
            asks=asks_in(text),
            familiar=familiar,
        )

    def _topics(self, chances: Floats) -> tuple[Scored, ...]:
        """Return the topics that the text is held to have: always the best one."""
        items = ranked(self.parts.topics.labels, self.parts.topic_calibration(chances))
        # What lies outside all topics lies in none of them.
        items = items[:1] if items[0][0] == OUTSIDE else [item for item in items if item[0] != OUTSIDE]
        chosen = [item for item in items[:_MOST_TOPICS] if item[1] >= self.parts.thresholds.topic]
        return tuple(Scored(*item) for item in chosen or items[:1])

    def _flags(
        self, text: str, document: Document, features: Features, legal: float, familiar: float
    ) -> tuple[str, ...]:
        parts = self.parts
        found = known_flags.flags_of_form(text, document) | known_flags.flags_by_phrase(document.tokens)
        known, _ = known_words(document, features)
        if known < _FEWEST_KNOWN_WORDS or familiar < _FEWEST_KNOWN_SHARE:
            found.add(known_flags.UNFAMILIAR)
        else:
            chances = sigmoid(parts.flags.scores(features))
            for label, p, threshold in zip(parts.flags.labels, chances, parts.thresholds.flags, strict=True):
                if p >= threshold:
                    found.add(label)
        if parts.thresholds.suspects_legal(legal):
            found.add(known_flags.LEGAL_SUSPECTED)
        return tuple(sorted(found))

    def _decide(self, legal: float, confidence: float, flags: tuple[str, ...]) -> Decision:
        """Decide; whatever is odd or touches a person's safety goes to a person."""
        thresholds = self.parts.thresholds
        if known_flags.UNFAMILIAR in flags or known_flags.EMPTY in flags:
            return "triage"
        if legal >= thresholds.legal:
            return "refer"
        if set(flags) - _HARMLESS_FLAGS or thresholds.route is None or confidence < thresholds.route:
            return "triage"
        return "route"

    def _reasons(
        self, document: Document, features: Features, decision: Decision, kind: str, topic: str, agency: str
    ) -> tuple[str, ...]:
        parts = self.parts
        if decision == "refer":
            votes = [Vote(parts.kind, kind, 1.0)]
        else:
            votes = [
                Vote(parts.agency, agency, parts.pool.weights[0]),
                Vote(parts.topics, topic, parts.pool.weights[1]),
            ]
        return phrases_for(document, features, votes)


def _share_known(document: Document, features: Features) -> float:
    """Return the share of the document's different words that the model knows; 0 for a text without words."""
    known, different = known_words(document, features)
    return known / different if different else 0.0
