"""Safety flags by fixed phrases: the net under the learned ones, for what a small corpus cannot teach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from classifiers.document import MAX_CHARACTERS, Document
from classifiers.phrases import PhraseIndex
from classifiers.text import Token

EMPTY: Final = "empty"
TOO_SHORT: Final = "too_short"
UNFAMILIAR: Final = "unfamiliar"
TRUNCATED: Final = "truncated"
HIDDEN_CHARACTERS: Final = "hidden_characters"
LEGAL_SUSPECTED: Final = "legal_channel_suspected"

_SHORTEST = 4


def flags_by_phrase(tokens: Sequence[Token]) -> set[str]:
    """Return the safety flags whose phrases are in the text (`flag_phrases.json`; any number is any)."""
    return {found.label for found in _phrases().find(tokens)}


def flags_of_form(raw: str, document: Document) -> set[str]:
    """Return what is odd about the input itself: empty, too short to judge, cut, with hidden characters."""
    flags: set[str] = set()
    if not document.tokens:
        flags.add(EMPTY)
    elif len(document.tokens) < _SHORTEST:
        flags.add(TOO_SHORT)
    if document.truncated:
        flags.add(TRUNCATED)
    if any(mark in raw[:MAX_CHARACTERS] for mark in ("\u200b", "\u2060", "\u202e", "\x00")):
        flags.add(HIDDEN_CHARACTERS)
    return flags


@lru_cache(maxsize=1)
def _phrases() -> PhraseIndex:
    table = json.loads((Path(__file__).parent / "flag_phrases.json").read_text("utf-8"))
    return PhraseIndex((phrase, flag) for flag, phrases in table.items() for phrase in phrases)
