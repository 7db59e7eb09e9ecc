"""Petition texts for the demo, put together from hand-written scenes; pure, and the same for the same chance.

A scene is one concrete situation told in several voices, with circumstances, requests and answers that fit it.
``compose`` draws a scene, a sender, a province and a register and joins them to one text; the text knows the
answers that fit. Nothing here knows of Flask, a database or the clock.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.demo.filling import Filler
from app.demo.geography import (
    CENTRAL,
    PROVINCE_WEIGHTS,
    SOUTHERN,
    WHERE,
)
from app.demo.scene_files import (
    ENGLISH,
    KIND_WEIGHTS,
    LEGAL,
    OFF_TOPIC,
    PROVINCE_DECIDES,
    REGISTERS,
    SHARES,
    SUBMITTER_WEIGHTS,
    TOPIC_WEIGHTS,
    Scene,
    Scenes,
)
from app.demo.wording import (
    ASK_LEADS,
    BRIDGES,
    CLOSINGS,
    COMPOSED_ANSWER_CLOSINGS,
    ENGLISH_ANSWER_CLOSINGS,
    ENGLISH_CLOSINGS,
    ENGLISH_OPENINGS,
    GRIEVANCES,
    KIND_OPENINGS,
    OFFERS,
    OPENINGS,
    QUESTION_LEADS,
    RECIPIENTS,
    SELF_INTRODUCTIONS,
    hasty,
    normalised,
    teencode,
    without_diacritics,
)

PRIVATE = frozenset({"citizen", "scientist", "inventor", "overseas"})

_T = TypeVar("_T")
# How often a text in that register ends without a closing.
_UNSIGNED: Mapping[str, float] = {"formal": 0.1, "brief": 0.5}
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


def compose(rng: random.Random, scenes: Scenes) -> DemoText:
    """Draw one petition."""
    source = _source(rng)
    scene = _weighted(rng, scenes.by_source[source], _scene_weight)
    kind = _weighted(rng, scene.kinds, lambda each: KIND_WEIGHTS[each])
    situation = rng.choice(scene.situations)
    submitter = _weighted(rng, _tellers(scene, situation), lambda each: SUBMITTER_WEIGHTS[each])
    province = _province(rng, scene, submitter, situation)
    fill = Filler(rng, province, english=source == ENGLISH)
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
    rng: random.Random, scene: Scene, situation: str, kind: str, submitter: str, register: str, fill: Filler
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


def _opening(
    rng: random.Random, kind: str, submitter: str, register: str, me: str, situation: str, fill: Filler
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


def _off_topic(rng: random.Random, situation: str, fill: Filler) -> str:
    text = fill(situation)
    if rng.random() < 0.3:
        text = without_diacritics(text)
    if rng.random() < 0.3:
        text = text.upper()
    return text.rstrip(".") + rng.choice(
        ("", "", "!", "!!!", " Cảm ơn.", " Liên hệ sớm nhé.", " Xin hết.", " 👍", " ...")
    )


def _english(rng: random.Random, scene: Scene, situation: str, fill: Filler) -> str:
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
    fill = Filler(rng, text.province_code, english=text.english)
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
