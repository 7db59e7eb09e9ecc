"""Names in a text that say who was asked or where it was, not what it is about: bodies, provinces, places.

People often name the wrong addressee, and a place says nothing of the matter. So the names are taken out of the
words and kept as signals of their own, whose weight is learned: `@BCA` for a body, `@province`, `@place`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.phrases import PhraseIndex
from classifiers.provinces import provinces_found
from classifiers.taxonomy import directory
from classifiers.text import Token, fold, plain_word

PROVINCE: Final = "@province"
PLACE: Final = "@place"

# Both a ministry (Công Thương) and the Politburo (Bộ Chính trị) go by these letters.
_AMBIGUOUS: Final = frozenset(("BCT",))
# Whom people ask when they do not know whom to ask, and who asks in what a delegation passes on.
_ANYBODY: Final = (
    "cơ quan chức năng", "các cơ quan chức năng", "cơ quan có thẩm quyền", "các cơ quan có thẩm quyền",
    "cấp có thẩm quyền", "các cấp có thẩm quyền", "các cấp, các ngành", "bộ, ngành liên quan", "các bộ, ngành",
    "các bộ ngành", "bộ ngành trung ương", "các bộ, ngành liên quan", "các bộ, ngành trung ương", "cơ quan liên quan",
    "các cơ quan liên quan", "cơ quan nhà nước có thẩm quyền", "chính phủ và các bộ", "cơ quan hữu quan",
    "cử tri", "bộ trưởng", "quý bộ", "quý cơ quan", "ban chỉ đạo", "các anh chị", "quý anh chị",
)  # fmt: skip
_SHORTEST_ABBREVIATION: Final = 3
# How names of bodies begin that are asked for something; others ("Mặt trận", "Công an") are matter as much as name.
_BEGIN_OF_BODY: Final = frozenset(
    (
        "bo",
        "ban",
        "uy",
        "van",
        "ngan",
        "thanh",
        "cuc",
        "vien",
        "chinh",
        "thu",
        "quoc",
        "ministry",
        "state",
        "government",
    )
)
_UNITS: Final = frozenset(("xa", "phuong", "huyen", "quan", "thon", "ap", "ban", "buon", "lang"))
_TWO_WORD_UNITS: Final = frozenset(("thi tran", "thi xa", "dac khu", "khu pho", "thanh pho"))
_MOST_WORDS_OF_PLACE: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text, `tokens[first:last]`, and the signal that stands for it; "" where it tells nothing."""

    signal: str
    first: int
    last: int


def mentions_in(cleaned: str, tokens: Sequence[Token]) -> list[Mention]:
    """Return the names of bodies and places, in order and apart; of overlapping ones the first, then the longest."""
    found = [*_bodies(cleaned, tokens), *_provinces(cleaned, tokens), *_places(cleaned, tokens)]
    apart: list[Mention] = []
    for mention in sorted(found, key=lambda each: (each.first, -each.last)):
        if not apart or mention.first >= apart[-1].last:
            apart.append(mention)
    return apart


def _bodies(cleaned: str, tokens: Sequence[Token]) -> Iterator[Mention]:
    names, abbreviations = _names()
    for found in names.find(tokens):
        yield Mention(f"@{found.label}" if found.label else "", found.first, found.last)
    for number, token in enumerate(tokens):
        if not cleaned[token.start].isupper():
            continue
        signal = abbreviations.get(cleaned[token.start : token.end])
        if signal is not None:
            yield Mention(signal, number, number + 1)


def _provinces(cleaned: str, tokens: Sequence[Token]) -> Iterator[Mention]:
    for found in provinces_found(cleaned, tokens):
        yield Mention(PROVINCE, found.first, found.last)


def _places(cleaned: str, tokens: Sequence[Token]) -> Iterator[Mention]:
    """Yield proper names behind the word for a unit: "xã Tân Hưng", "thị trấn Năm Căn"; the unit itself stays."""
    plain = [plain_word(token.norm) for token in tokens]
    for number in range(len(tokens)):
        pair = " ".join(plain[number - 1 : number + 1]) if number else ""
        if plain[number] not in _UNITS and pair not in _TWO_WORD_UNITS:
            continue
        last = number + 1
        while last < min(len(tokens), number + 1 + _MOST_WORDS_OF_PLACE) and _is_next_name(
            cleaned, tokens, last
        ):
            last += 1
        if last > number + 1:
            yield Mention(PLACE, number + 1, last)


def _is_next_name(cleaned: str, tokens: Sequence[Token], number: int) -> bool:
    token = tokens[number]
    return cleaned[tokens[number - 1].end : token.start] == " " and cleaned[token.start].isupper()


@lru_cache(maxsize=1)
def _names() -> tuple[PhraseIndex, dict[str, str]]:
    """Return the names of central bodies by their words, and their abbreviations as typed in capitals."""
    names = [(phrase, "") for phrase in _ANYBODY]
    abbreviations = dict.fromkeys(_AMBIGUOUS, "")
    for row in directory():
        if row["tier"] != "central":
            continue
        for name in (row["name_vi"], row["name_en"], *row.get("short", ()), *row.get("former_names", ())):
            if " " in name and fold(name).split()[0] in _BEGIN_OF_BODY:
                names.append((name, row["code"]))
            elif name.isupper() and name.isalpha() and len(name) >= _SHORTEST_ABBREVIATION:
                abbreviations.setdefault(name, f"@{row['code']}")
    return PhraseIndex(names), abbreviations
