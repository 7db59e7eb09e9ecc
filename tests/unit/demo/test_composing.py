"""The demo's texts: the same for the same chance, never two alike, and true to the directory and the taxonomy."""

import json
import random
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from app.demo.composing import DemoText, compose
from app.demo.geography import LOCALITIES, PROVINCE_WEIGHTS, WHERE
from app.demo.notes import load_notes
from app.demo.people import person
from app.demo.scene_files import (
    ENGLISH,
    KIND_WEIGHTS,
    LEGAL,
    OFF_TOPIC,
    PROVINCE_DECIDES,
    SCENES_FOLDER,
    SUBMITTER_WEIGHTS,
    TOPIC_WEIGHTS,
    load_scenes,
)
from classifiers import load_taxonomy
from workflows.kinds import LEGAL_KINDS, Kind, SubmitterKind

ROOT = Path(__file__).parents[3]
SEED, DRAWS = 57, 2000
SCENES = load_scenes()
TOPICS = {topic.id for topic in load_taxonomy()}
AGENCIES = [
    json.loads(line)
    for line in (ROOT / "classifiers/agencies.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]
CODES = {agency["code"] for agency in AGENCIES}
PROVINCES = {agency["province_code"] for agency in AGENCIES if agency.get("province_code")}
PLACEHOLDERS = {"place", "days", "month", "amount", "count", "soon"}


@cache
def one_stream(seed: int = SEED) -> tuple[DemoText, ...]:
    """Drawn one after the other from one source of chance."""
    rng = random.Random(seed)
    return tuple(compose(rng, SCENES) for _ in range(DRAWS))


@cache
def each_its_own() -> tuple[DemoText, ...]:
    """As ``demo seed`` draws them: each from its own source of chance."""
    return tuple(compose(random.Random(f"{SEED}:{number}"), SCENES) for number in range(DRAWS))


@pytest.fixture(params=[one_stream, each_its_own], ids=["one stream", "each its own"])
def texts(request: pytest.FixtureRequest) -> tuple[DemoText, ...]:
    drawn: tuple[DemoText, ...] = request.param()
    return drawn


def trigrams(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[at : at + 3]) for at in range(len(words) - 2)) or frozenset([tuple(words)])


def test_same_chance_same_texts_and_answers() -> None:
    again, scenes = random.Random(SEED), load_scenes()
    repeated = tuple(compose(again, scenes) for _ in range(200))
    assert repeated == one_stream()[:200]
    for text in repeated[:50]:
        assert text.answer_for(random.Random(3)) == text.answer_for(random.Random(3))
    assert one_stream(58)[:200] != repeated


def test_no_two_texts_are_alike(texts: tuple[DemoText, ...]) -> None:
    assert len({text.text for text in texts}) == DRAWS


def test_few_pairs_of_a_scene_share_most_of_their_wording(texts: tuple[DemoText, ...]) -> None:
    by_scene: dict[str, list[frozenset[tuple[str, ...]]]] = {}
    for text in texts:
        by_scene.setdefault(text.scene, []).append(trigrams(text.text))
    pairs = close = 0
    for drawn in by_scene.values():
        for one, other in combinations(drawn, 2):
            pairs += 1
            close += len(one & other) > 0.7 * len(one | other)
    assert pairs > 5000
    assert close / pairs < 0.01


def test_every_placeholder_is_filled(texts: tuple[DemoText, ...]) -> None:
    for number, text in enumerate(texts):
        answer = text.answer_for(random.Random(number))
        assert not re.search(r"[{}]", text.text + answer), text.scene
        assert text.text == unicodedata.normalize("NFC", text.text).strip()
        assert "  " not in text.text
        assert len(text.text) >= 20, "the intake refuses shorter texts"
        assert len(answer) >= 80


def test_all_topics_occur_and_the_frequent_ones_are_frequent(texts: tuple[DemoText, ...]) -> None:
    counts = Counter(text.topic for text in texts)
    assert set(counts) == TOPICS | {OFF_TOPIC}
    assert sum(counts[each] for each in ("online_public_services", "digital_identity")) > 300
    assert counts["quantum"] < 25


def test_codes_are_those_of_the_directory(texts: tuple[DemoText, ...]) -> None:
    assert len(PROVINCES) == 34
    for text in texts:
        assert text.lead in CODES
        assert text.lead != PROVINCE_DECIDES
        assert text.province_code is None or text.province_code in PROVINCES
        if text.lead.startswith("UBND-"):
            assert text.lead == f"UBND-{text.province_code}"
    assert {text.province_code for text in texts} == PROVINCES | {None}


def test_kinds_and_senders_are_known(texts: tuple[DemoText, ...]) -> None:
    assert {text.kind for text in texts} == {str(kind) for kind in Kind}
    assert {text.submitter_kind for text in texts} == {str(kind) for kind in SubmitterKind}


def test_shares_are_near_what_was_meant(texts: tuple[DemoText, ...]) -> None:
    def share(chosen: int) -> float:
        return chosen / DRAWS

    assert share(sum(text.kind in LEGAL_KINDS for text in texts)) == pytest.approx(0.02, abs=0.012)
    assert share(sum(text.topic == OFF_TOPIC for text in texts)) == pytest.approx(0.02, abs=0.012)
    assert share(sum(text.topic == "other" for text in texts)) == pytest.approx(0.05, abs=0.02)
    assert share(sum(text.english for text in texts)) == pytest.approx(0.03, abs=0.012)
    assert share(sum(text.register == "no_diacritics" for text in texts)) == pytest.approx(0.05, abs=0.02)
    assert share(sum(text.register == "teencode" for text in texts)) == pytest.approx(0.03, abs=0.015)


def test_legal_texts_come_only_from_the_legal_scenes(texts: tuple[DemoText, ...]) -> None:
    for text in texts:
        assert (text.kind in LEGAL_KINDS) == text.scene.startswith(f"{LEGAL}/")


def test_english_gets_an_english_answer(texts: tuple[DemoText, ...]) -> None:
    for text in texts:
        answer = text.answer_for(random.Random(1))
        assert ("Dear Sir or Madam" in answer) == text.english


def test_the_scenes_are_complete() -> None:
    topical = [scene for scene in SCENES if scene.source in TOPICS]
    assert {scene.source for scene in topical} == TOPICS
    assert set(TOPIC_WEIGHTS) == TOPICS - {"other"}
    assert len(topical) >= 250
    assert min(Counter(scene.source for scene in topical).values()) >= 9
    assert len(SCENES.by_source[ENGLISH]) >= 15
    for scene in topical:
        assert 3 <= len(scene.situations) <= 5, scene.key
        assert 4 <= len(scene.details) <= 6, scene.key
        assert 4 <= len(scene.asks) <= 6, scene.key
        assert 2 <= len(scene.answers) <= 3, scene.key


def test_the_scenes_speak_the_words_of_the_system() -> None:
    for scene in SCENES:
        assert set(scene.kinds) <= set(KIND_WEIGHTS), scene.key
        assert set(scene.submitters) <= set(SUBMITTER_WEIGHTS), scene.key
        assert scene.lead in CODES, scene.key
        assert scene.topic in TOPICS | {OFF_TOPIC}, scene.key
        assert scene.where is None or scene.where in WHERE, scene.key
        sentences = [*scene.situations, *scene.details, *scene.asks, *scene.answers]
        assert len(set(sentences)) == len(sentences), scene.key
        for sentence in sentences:
            assert set(re.findall(r"\{(\w+)\}", sentence)) <= PLACEHOLDERS, sentence
        assert not any("{soon}" in each for each in (*scene.situations, *scene.details, *scene.asks)), (
            scene.key
        )


def test_no_sentence_stands_in_two_topical_scenes_as_a_situation_or_an_answer() -> None:
    told = Counter(each for scene in SCENES for each in (*scene.situations, *scene.answers))
    assert [each for each, times in told.items() if times > 1] == []


def test_no_invented_document_is_cited() -> None:
    number = re.compile(r"\b\d+/(\d{4}/)?(NĐ|QĐ|TT|NQ|QH|CT|KH|CV)\b|\b\d+-(NQ|QĐ|CT)/", re.IGNORECASE)
    for path in SCENES_FOLDER.glob("*.toml"):
        assert not number.search(path.read_text("utf-8")), path.name


def test_places_belong_to_the_provinces() -> None:
    assert set(PROVINCE_WEIGHTS) == set(LOCALITIES) == PROVINCES
    assert all(set(codes) <= PROVINCES for codes in WHERE.values())


@pytest.mark.parametrize("kind", [str(kind) for kind in SubmitterKind])
def test_people_are_visibly_invented(kind: str) -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        somebody = person(rng, kind)
        assert somebody.name.endswith("(mẫu)")
        assert somebody.email or somebody.phone
        assert somebody.email is None or re.fullmatch(r"[a-z.]+\d+@example\.org", somebody.email)
        assert somebody.phone is None or re.fullmatch(r"0900000\d{3}", somebody.phone)
        assert somebody.organisation is None or somebody.organisation.endswith("(mẫu)")
        if kind in {"firm", "institute", "university", "agency"}:
            assert somebody.organisation
    assert person(random.Random(1), kind) == person(random.Random(1), kind)


def test_the_short_texts_suffice() -> None:
    notes = load_notes()
    for texts in (
        notes.transfer,
        notes.returned,
        notes.questions,
        notes.draft_returned,
        notes.decline,
        notes.objections,
    ):
        assert len(texts) >= 12
        assert len({str(each) for each in texts}) == len(texts)
    assert set(notes.comments) == {1, 2, 3, 4, 5}
    assert all(len(set(comments)) >= 15 for comments in notes.comments.values())
