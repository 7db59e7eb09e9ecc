"""Petition texts for the demo, put together from hand-written scenes; pure, and the same for the same chance.

A scene is one concrete situation told in several voices, with circumstances, requests and answers that fit it.
``compose`` draws a scene, a sender, a province and a register and joins them to one text; the text knows the
answers that fit. Nothing here knows of Flask, a database or the clock.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from app.demo.geography import (
    CENTRAL,
    LOCALITIES,
    PROVINCE_WEIGHTS,
    SOUTHERN,
    WHERE,
)
from app.demo.wording import (
    ASK_LEADS,
    BRIDGES,
    CLOSINGS,
    COMPOSED_ANSWER_CLOSINGS,
    ENGLISH_ANSWER_CLOSINGS,
    ENGLISH_CLOSINGS,
    ENGLISH_MONTHS,
    ENGLISH_OPENINGS,
    ENGLISH_SOON,
    GRIEVANCES,
    KIND_OPENINGS,
    OFFERS,
    OPENINGS,
    QUESTION_LEADS,
    RECIPIENTS,
    SELF_INTRODUCTIONS,
    SOON,
    hasty,
    normalised,
    teencode,
    without_diacritics,
)

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
PRIVATE = frozenset({"citizen", "scientist", "inventor", "overseas"})

_T = TypeVar("_T")
# How often a text in that register ends without a closing.
_UNSIGNED: Mapping[str, float] = {"formal": 0.1, "brief": 0.5}
_DAYS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 20, 21, 23, 25, 27, 30, 32, 35, 40, 45, 50, 60)
_AMOUNTS = (3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 18, 20, 22, 24, 25, 28)
_PLACEHOLDER = re.compile(r"\{(\w+)\}(?=( (?:chục|trăm|nghìn)\b)?)")
_THOUSANDS = re.compile(r"\b(\d{4,}) (nghìn|triệu|million)\b")
_SOUTHERN_SPEECH = re.compile(r"\b(tui|hổng|hông|bả|thiệt)\b", re.IGNORECASE)
_CENTRAL_SPEECH = re.compile(r"đi mô|chi mô|khổ rứa|chuyện chi", re.IGNORECASE)
_VOICES = (
    (
        re.compile(
            r"\b(công ty chúng tôi|doanh nghiệp chúng tôi|bên tôi)\b|^(Công ty|Doanh nghiệp|Tập đoàn|Xưởng)",
            re.I,
        ),
        {"firm"},
    ),
    (re.compile(r"^(Viện|Tàu nghiên cứu|Phòng thí nghiệm|Phòng thử nghiệm)"), {"institute"}),
    (re.compile(r"^(Trường|Nhà trường|Khoa) (?!con|thu|treo)|\bnhóm sinh viên\b"), {"university"}),
    (re.compile(r"^(Tỉnh|Xã|Sở|Thành phố|Bộ, ngành|Địa phương|Phường|Đặc khu|Chi cục|Đơn vị)\b"), {"agency"}),
    (re.compile(r"^(Tôi|Em|Cháu|Con|Bố|Mẹ|Má|Ba|Nhà) |\b(tui|hổng)\b"), PRIVATE),
)
_ASKING = re.compile(r"^(Đề nghị|Kiến nghị) (?!được)")
_ALREADY_ADDRESSED = re.compile(r"^(Kính|Xin|Đơn|Tôi (khiếu nại|tố cáo|trình báo)|Góp ý)")


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


@dataclass(frozen=True)
class DemoText:
    """A petition as somebody might have typed it, and what is true of it.

    ``lead`` is the agency that ought to lead; where the province decides it is that province's, ``UBND-<code>``.
    ``kind`` may be one of the legal kinds, which the service refers; ``topic`` is an id of the taxonomy, or
    ``off_topic`` for what ought to be declined.
    """

    text: str
    kind: str
    submitter_kind: str
    province_code: str | None
    topic: str
    lead: str
    scene: str
    register: str
    answers: tuple[str, ...]
    english: bool = False

    def answer_for(self, rng: random.Random) -> str:
        """An answer of the lead agency that takes up what is asked."""
        return _answer(rng, self)


def load_scenes(folder: Path = SCENES_FOLDER) -> Scenes:
    """Read the scene files; what they hold is checked by the tests, not here."""
    return Scenes(
        {
            path.stem: tuple(_scenes(path.stem, tomllib.loads(path.read_text("utf-8"))))
            for path in sorted(folder.glob("*.toml"))
            if path.stem not in NOT_TOPICS
        }
    )


def compose(rng: random.Random, scenes: Scenes) -> DemoText:
    """Draw one petition."""
    source = _source(rng)
    scene = _weighted(rng, scenes.by_source[source], _scene_weight)
    kind = _weighted(rng, scene.kinds, lambda each: KIND_WEIGHTS[each])
    situation = rng.choice(scene.situations)
    submitter = _weighted(rng, _tellers(scene, situation), lambda each: SUBMITTER_WEIGHTS[each])
    province = _province(rng, scene, submitter, situation)
    fill = _Filler(rng, province, english=source == ENGLISH)
    if source == ENGLISH:
        register, text = "english", _english(rng, scene, situation, fill)
    elif source == OFF_TOPIC:
        register, text = "off_topic", _off_topic(rng, situation, fill)
    else:
        register = _register(rng, source, submitter, situation)
        text = _vietnamese(rng, scene, situation, kind, submitter, register, fill)
    return DemoText(
        text=normalised(text),
        kind=kind,
        submitter_kind=submitter,
        province_code=province,
        topic=scene.topic,
        lead=f"UBND-{province}" if scene.lead == PROVINCE_DECIDES else scene.lead,
        scene=scene.key,
        register=register,
        answers=scene.answers,
        english=source == ENGLISH,
    )


class _Filler:
    """Puts numbers, months and places where the scenes leave room for them."""

    def __init__(self, rng: random.Random, province: str | None, *, english: bool) -> None:
        self._rng, self._english = rng, english
        self.placeless = province is None
        self.place = rng.choice(LOCALITIES[province]) if province else "quê tôi"

    def __call__(self, sentence: str) -> str:
        return _THOUSANDS.sub(_in_larger_units, _PLACEHOLDER.sub(self._value, sentence))

    def fitting(self, sentences: Sequence[str]) -> list[str]:
        """Those sentences that need no place, or all when there is one."""
        return [each for each in sentences if not (self.placeless and "{place}" in each)]

    def _value(self, match: re.Match[str]) -> str:
        rng = self._rng
        match match[1]:
            case "place":
                return self.place
            case "days":
                return str(rng.choice(_DAYS))
            case "count":
                return str(rng.randint(3, 9 if match[2] else 24))
            case "amount":
                return str(rng.choice(_AMOUNTS))
            case "month":
                month = rng.randint(1, 12)
                return ENGLISH_MONTHS[month - 1] if self._english else f"tháng {month}"
            case "soon":
                return rng.choice(ENGLISH_SOON if self._english else SOON)
            case unknown:
                raise ValueError(f"unknown placeholder {unknown}")


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


def _source(rng: random.Random) -> str:
    point = rng.random()
    for source, share in SHARES.items():
        if point < share:
            return source
        point -= share
    return _weighted(rng, tuple(TOPIC_WEIGHTS), lambda topic: TOPIC_WEIGHTS[topic])


def _scene_weight(scene: Scene) -> float:
    """Feedback is commoner than a commission, yet every scene is told."""
    return 7 + sum(KIND_WEIGHTS[kind] for kind in scene.kinds)


def _tellers(scene: Scene, situation: str) -> tuple[str, ...]:
    """Who of the scene's senders would put it in these words: a firm says "công ty chúng tôi"."""
    for words, kinds in _VOICES:
        fitting = tuple(each for each in scene.submitters if each in kinds)
        if fitting and words.search(situation):
            return fitting
    return scene.submitters


def _province(rng: random.Random, scene: Scene, submitter: str, situation: str) -> str | None:
    needed = scene.lead == PROVINCE_DECIDES
    if not needed and rng.random() < (0.75 if submitter == "overseas" else 0.06):
        return None
    if scene.where:
        codes = WHERE[scene.where]
    elif _CENTRAL_SPEECH.search(situation):
        codes = CENTRAL
    elif _SOUTHERN_SPEECH.search(situation):
        codes = SOUTHERN
    else:
        codes = tuple(PROVINCE_WEIGHTS)
    return _weighted(rng, codes, lambda code: PROVINCE_WEIGHTS[code])


def _register(rng: random.Random, source: str, submitter: str, situation: str) -> str:
    if source == LEGAL:
        return rng.choice(("formal", "formal", "plain", "one_paragraph"))
    register = _weighted(rng, tuple(REGISTERS), lambda each: REGISTERS[each])
    dialect = bool(_CENTRAL_SPEECH.search(situation) or _SOUTHERN_SPEECH.search(situation))
    if register == "formal" and dialect:
        return "plain"
    if register in {"hasty", "teencode"} and submitter not in PRIVATE:
        return "plain" if register == "hasty" else "no_diacritics"
    return register


def _vietnamese(
    rng: random.Random, scene: Scene, situation: str, kind: str, submitter: str, register: str, fill: _Filler
) -> str:
    me = _speaker(situation, submitter)
    brief = register == "brief"
    details = _some(rng, fill.fitting(scene.details), (1, 1, 2) if brief else (1, 2, 2, 2, 3, 3))
    asks = _some(rng, fill.fitting(scene.asks), (1, 2, 2) if brief else (1, 2, 2, 2, 3))
    story = fill(situation)
    facts = [_spoken(fill(each), me) for each in details]
    wishes = [_spoken(fill(each), me) for each in asks]
    bridge = [_spoken(each, me) for each in _some(rng, _bridges(kind), (0, 1, 1) if brief else (0, 1, 1, 2))]
    opening = _opening(rng, kind, submitter, register, me, situation, fill)
    closing = [] if rng.random() < _UNSIGNED.get(register, 0.25) else [_spoken(rng.choice(CLOSINGS), me)]
    order = rng.random()
    numbered = not brief and len(wishes) > 1 and order < 0.93 and rng.random() < 0.42
    request = _numbered(rng, wishes, me) if numbered else " ".join(wishes)
    if order < 0.62:
        parts = [story, " ".join(facts + bridge), request]
    elif order < 0.74:
        parts = [" ".join([*bridge, story, *facts]), request]
    elif order < 0.84:
        parts = [story, request, " ".join(facts + bridge)]
    elif order < 0.93:
        parts = [" ".join([story, *facts[:1]]), " ".join(facts[1:] + bridge), request]
    else:
        parts = [request, story, " ".join(facts + bridge)]
    parts = [*opening, *parts, *closing]
    return _laid_out(rng, [part for part in parts if part], register)


def _laid_out(rng: random.Random, parts: list[str], register: str) -> str:
    if register == "formal":
        return "\n\n".join(parts) if rng.random() < 0.5 else "\n".join(parts)
    if register == "plain" and rng.random() < 0.55:
        return "\n".join(parts)
    flat = " ".join(" ".join(parts).split("\n"))
    if register == "hasty":
        return hasty(rng, flat)
    if register == "teencode":
        return teencode(rng, flat)
    if register == "no_diacritics":
        flat = without_diacritics(flat)
        return flat.lower() if rng.random() < 0.5 else flat
    return flat


def _bridges(kind: str) -> Sequence[str]:
    """Sentences that say how the sender feels about it; what annoys does not go with an offer."""
    if kind in {"feedback", "recommendation"}:
        return BRIDGES + GRIEVANCES
    return OFFERS if kind in {"initiative", "solution"} else BRIDGES


def _numbered(rng: random.Random, wishes: list[str], me: str) -> str:
    questions = all(each.endswith("?") for each in wishes)
    lead = _spoken(rng.choice(QUESTION_LEADS if questions else ASK_LEADS), me)
    items = []
    for number, each in enumerate(wishes, start=1):
        wish = each if questions else _ASKING.sub("", each)
        items.append(f"({number}) {wish[0].upper()}{wish[1:].rstrip('.')}")
    if rng.random() < 0.5:
        return lead + "\n" + "\n".join(each if each.endswith("?") else f"{each}." for each in items)
    joined = "; ".join(items).replace("?; ", "? ")
    return f"{lead} {joined}" if joined.endswith("?") else f"{lead} {joined}."


def _in_larger_units(match: re.Match[str]) -> str:
    """2500 triệu is 2,5 tỷ."""
    unit = {"nghìn": "triệu", "triệu": "tỷ", "million": "billion"}[match[2]]
    number = f"{int(match[1]) / 1000:g}"
    return f"{number if match[2] == 'million' else number.replace('.', ',')} {unit}"


def _opening(
    rng: random.Random, kind: str, submitter: str, register: str, me: str, situation: str, fill: _Filler
) -> list[str]:
    if register == "formal":
        lines = [f"Kính gửi: {rng.choice(RECIPIENTS)}"]
        if rng.random() < 0.6 and not _ALREADY_ADDRESSED.match(situation):
            introductions = fill.fitting(SELF_INTRODUCTIONS[submitter])
            lines.append(_spoken(fill(rng.choice(introductions)), me))
        return lines
    if rng.random() < (0.6 if register == "brief" else 0.2):
        return []
    if rng.random() < 0.45 and not _ALREADY_ADDRESSED.match(situation):
        return [_spoken(rng.choice(KIND_OPENINGS[kind]), me)]
    return [_spoken(rng.choice(OPENINGS), me)]


def _off_topic(rng: random.Random, situation: str, fill: _Filler) -> str:
    text = fill(situation)
    if rng.random() < 0.3:
        text = without_diacritics(text)
    if rng.random() < 0.3:
        text = text.upper()
    return text.rstrip(".") + rng.choice(
        ("", "", "!", "!!!", " Cảm ơn.", " Liên hệ sớm nhé.", " Xin hết.", " 👍", " ...")
    )


def _english(rng: random.Random, scene: Scene, situation: str, fill: _Filler) -> str:
    details = _some(rng, fill.fitting(scene.details), (1, 1, 2))
    asks = _some(rng, fill.fitting(scene.asks), (1, 1, 2))
    parts = [
        rng.choice(ENGLISH_OPENINGS),
        fill(situation),
        " ".join(fill(each) for each in details),
        " ".join(fill(each) for each in asks),
        rng.choice(ENGLISH_CLOSINGS),
    ]
    if rng.random() < 0.3:
        parts[1], parts[2] = parts[2], parts[1]
    return rng.choice(("\n", " ", "\n\n")).join(part for part in parts if part)


def _answer(rng: random.Random, text: DemoText) -> str:
    fill = _Filler(rng, text.province_code, english=text.english)
    body = fill(rng.choice(text.answers))
    if text.english:
        closing = rng.choice(ENGLISH_ANSWER_CLOSINGS)
        return normalised("\n\n".join(part for part in ("Dear Sir or Madam,", body, closing) if part))
    whom = "ông/bà" if text.submitter_kind in PRIVATE else "quý đơn vị"
    if text.submitter_kind == "firm":
        whom = "quý doanh nghiệp"
    greeting = rng.choice((f"Kính gửi {whom},", f"Kính gửi {whom}.", f"Kính thưa {whom},", ""))
    closing = rng.choice(COMPOSED_ANSWER_CLOSINGS).replace("{whom}", whom)
    closing = closing[:1].upper() + closing[1:]
    return normalised("\n\n".join(part for part in (greeting, body, closing) if part))


def _speaker(situation: str, submitter: str) -> str:
    """The word the sender uses for themself, so that the joined sentences agree."""
    words = situation.lower()
    for word in ("chúng tôi", "chúng em", "tôi", "tui", "em", "cháu"):
        if re.search(rf"\b{word}\b", words):
            return word
    return "tôi" if submitter in PRIVATE else "chúng tôi"


def _spoken(sentence: str, me: str) -> str:
    """The sentence with its first person agreeing; sentences are written with ``tôi``."""
    if me == "tôi" or "úng tôi" in sentence:
        return sentence
    sentence = re.sub(r"\btôi\b", me, sentence)
    return re.sub(r"\bTôi\b", me[0].upper() + me[1:], sentence)


def _some(rng: random.Random, sentences: Sequence[str], sizes: Sequence[int]) -> list[str]:
    return rng.sample(sentences, min(rng.choice(sizes), len(sentences)))


def _weighted(rng: random.Random, items: Sequence[_T], weight: Callable[[_T], float]) -> _T:
    return rng.choices(items, [weight(item) for item in items])[0]
