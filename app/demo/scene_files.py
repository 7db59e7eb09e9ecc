"""The scenes that demo petitions are told from: read from ``scenes/*.toml``, drawn with believable weights."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCENES_FOLDER = Path(__file__).parent / "scenes"
LEGAL, OFF_TOPIC, ENGLISH = "legal", "off_topic", "english"
NOT_TOPICS = frozenset({"survey_comments", "case_notes"})
PROVINCE_DECIDES = "UBNDT"

TOPIC_WEIGHTS: Mapping[str, float] = {
    "online_public_services": 14.5,
    "digital_identity": 11,
    "digital_infrastructure": 10,
    "grassroots_digital": 10,
    "cybersecurity": 6,
    "enterprise_dx": 5,
    "data_databases": 4.5,
    "ai": 4.5,
    "human_resources_training": 4,
    "startup_commercialization": 3.5,
    "smart_cities": 3.5,
    "ip_standards_quality": 3,
    "finance_funds": 3,
    "institutions_law": 3,
    "anti_waste_oversight": 2.5,
    "materials_energy": 2.5,
    "uav": 2,
    "biotech_biomed": 2,
    "party_dx": 1.8,
    "hitech_parks": 1.5,
    "international_cooperation": 1.5,
    "strategic_tech_research": 1.5,
    "triple_helix": 1.3,
    "robotics_automation": 1.3,
    "semiconductors": 1.3,
    "ocean_underground": 1,
    "quantum": 0.5,
}
SHARES: Mapping[str, float] = {LEGAL: 0.02, OFF_TOPIC: 0.02, "other": 0.05, ENGLISH: 0.03}
KIND_WEIGHTS: Mapping[str, float] = {
    "feedback": 10,
    "recommendation": 6,
    "question": 4,
    "initiative": 2,
    "solution": 2,
    "commission": 1.5,
    "draft_comment": 1.5,
    "complaint": 1,
    "denunciation": 1,
    "crime_report": 1,
}
SUBMITTER_WEIGHTS: Mapping[str, float] = {
    "citizen": 10,
    "firm": 5,
    "agency": 3,
    "university": 2,
    "institute": 2,
    "scientist": 3,
    "inventor": 2,
    "overseas": 2,
}
REGISTERS: Mapping[str, float] = {
    "plain": 40,
    "formal": 18,
    "one_paragraph": 17,
    "brief": 8,
    "hasty": 7,
    "no_diacritics": 4,
    "teencode": 3.8,
}


@dataclass(frozen=True)
class Scene:
    """One situation: who may tell it, who ought to lead, and the sentences that fit it."""

    key: str
    source: str
    topic: str
    kinds: tuple[str, ...]
    submitters: tuple[str, ...]
    lead: str
    where: str | None
    situations: tuple[str, ...]
    details: tuple[str, ...]
    asks: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Scenes:
    """All scenes, by the file they stand in: a topic, ``legal``, ``off_topic`` or ``english``."""

    by_source: Mapping[str, tuple[Scene, ...]]

    def __iter__(self) -> Iterator[Scene]:
        for scenes in self.by_source.values():
            yield from scenes


def load_scenes(folder: Path = SCENES_FOLDER) -> Scenes:
    """Read the scene files; what they hold is checked by the tests, not here."""
    return Scenes(
        {
            path.stem: tuple(_scenes(path.stem, tomllib.loads(path.read_text("utf-8"))))
            for path in sorted(folder.glob("*.toml"))
            if path.stem not in NOT_TOPICS
        }
    )


def _scenes(source: str, document: Mapping[str, Any]) -> Iterator[Scene]:
    for number, raw in enumerate(document["scene"], start=1):
        yield Scene(
            key=f"{source}/{number}",
            source=source,
            topic=source if source == OFF_TOPIC else raw.get("topic", source),
            kinds=tuple(raw["kind"]),
            submitters=tuple(raw["who"]),
            lead=raw["lead"],
            where=raw.get("where"),
            situations=tuple(raw["situations"]),
            details=tuple(raw.get("details", ())),
            asks=tuple(raw.get("asks", ())),
            answers=tuple(raw["answers"]),
        )
