"""Text as people type it, made comparable: cleaning, folding, tokenising. Total on any string."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

# Control characters except tab and line ends, soft hyphen, zero-width and bidirectional marks, lone
# surrogates: none carries meaning in Vietnamese and each can split a word invisibly.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKS: Final = dict.fromkeys(range(0x0300, 0x0370))
# The Icelandic eth is a common stand-in for đ, on keyboards and in converted documents.
_STROKED_D: Final = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_WORD: Final = re.compile(r"[^\W_]+")
_MARK_RUN: Final = re.compile(r"[^\w\s]{9,}")
_MAX_MARKS_IN_A_ROW: Final = 8
_MAX_WORD_LENGTH: Final = 40

_OLD_TONE_PLACEMENT: Final = {
    old: new
    for plain_old, plain_new in (("òa", "oà"), ("òe", "oè"), ("ùy", "uỳ"))
    for old, new in (
        (
            unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain_old).replace("\u0300", tone)),
            unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain_new).replace("\u0300", tone)),
        )
        for tone in ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    )
}


class Token(NamedTuple):
    """One word of a cleaned text: its normal form and where it stands (`text[start:end]`)."""

    norm: str
    start: int
    end: int


def clean(text: str) -> str:
    """Return `text` in NFC without control, zero-width, bidirectional and surrogate characters.

    Idempotent and total; line ends and letter case are kept, so spans of the result can be shown to people.
    """
    if text.isascii() and text.isprintable():
        return text
    return composed(_INVISIBLE.sub("", text))


def composed(text: str) -> str:
    """Return `text` in NFC; of endless combining marks on one letter only the first eight are kept."""
    # Python orders a run of combining marks in quadratic time: 1 MB of them would hold a worker for hours.
    return unicodedata.normalize("NFC", _MARK_RUN.sub(_shorten_mark_run, text))


def fold(text: str) -> str:
    """Return `text` to compare: lower case, no diacritics, đ as d, white space collapsed. Idempotent."""
    lowered = clean(text).lower()
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFD", _MARK_RUN.sub(_shorten_mark_run, lowered))
        lowered = unicodedata.normalize("NFC", decomposed.translate(_MARKS)).translate(_STROKED_D)
    return " ".join(lowered.split())


class _PlainCharacters(dict[int, str]):
    """Every character's plain form, found when first asked for."""

    def __missing__(self, character: int) -> str:
        plain = (fold(chr(character)) or chr(character))[0]
        self[character] = plain
        return plain


_PLAIN_CHARACTERS: Final = _PlainCharacters()


def plain_letters(text: str) -> str:
    """Return `text` in lower case without diacritics, character by character, so that positions stay."""
    return text.translate(_PLAIN_CHARACTERS)


def drop_diacritics(text: str) -> str:
    """Return `text` as typed on a keyboard without Vietnamese input: marks dropped, case and spacing kept."""
    stripped = unicodedata.normalize("NFD", clean(text)).translate(_MARKS)
    return unicodedata.normalize("NFC", stripped).replace("đ", "d").replace("Đ", "D")


@lru_cache(maxsize=50_000)
def normal_word(word: str) -> str:
    """Return the comparable form of a cleaned word: lower case, one tone placement (hoà), numbers as #."""
    lowered = word.lower()
    if lowered.isdigit():
        return "#"
    return lowered[:-2] + _OLD_TONE_PLACEMENT.get(lowered[-2:], lowered[-2:])


@lru_cache(maxsize=50_000)
def plain_word(norm: str) -> str:
    """Return the normal form of a word without diacritics."""
    return fold(norm)


def tokenise(cleaned: str) -> list[Token]:
    """Return the words of a text that went through `clean`; endless character runs are not words."""
    return [
        Token(normal_word(match.group()), match.start(), match.end())
        for match in _WORD.finditer(cleaned)
        if match.end() - match.start() <= _MAX_WORD_LENGTH
    ]


def _shorten_mark_run(match: re.Match[str]) -> str:
    """Keep at most eight combining marks in a row; other characters of the run pass."""
    kept: list[str] = []
    in_a_row = 0
    for character in match.group():
        in_a_row = in_a_row + 1 if unicodedata.combining(character) else 0
        if in_a_row <= _MAX_MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
