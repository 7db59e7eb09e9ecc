"""Provinces: finding the one a text speaks of, and giving its petitions to its People's Committee."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from classifiers.phrases import Found, PhraseIndex
from classifiers.taxonomy import ANY_PROVINCE
from classifiers.text import Token, fold

_PREFIX = "UBND-"
_STYLED = re.compile(r"^(?:tp|thanh pho|tinh)[ .]+")


def is_province_code(code: str | None) -> bool:
    """Whether `code` is a two-digit code of one of today's provinces."""
    return code in _table().codes


def province_code(name: str) -> str | None:
    """Return the code of a province given by code or by name ("79", "TP Hồ Chí Minh"), or None."""
    folded = fold(name)
    if is_province_code(folded):
        return folded
    return _table().by_folded_name.get(_STYLED.sub("", folded))


def province_in(cleaned: str, tokens: Sequence[Token]) -> str | None:
    """Return the code of the one province that the text names; None where it names none or several.

    Names from before the merger of 2025 count for the province that took them in. Diacritics that are present
    must be the name's, and capitals are asked for unless the text has none, for "hoà bình" is also peace.
    """
    found = {name.label for name in provinces_found(cleaned, tokens)}
    return found.pop() if len(found) == 1 else None


def provinces_found(cleaned: str, tokens: Sequence[Token]) -> list[Found]:
    """Return every name of a province in the text, labelled with the province's code."""
    lower_case_text = cleaned == cleaned.lower()
    return [
        name
        for name in _table().names.find(tokens)
        if lower_case_text or all(cleaned[word.start].isupper() for word in tokens[name.first : name.last])
    ]


def committee_of(agency: str, province: str | None) -> str:
    """Return the People's Committee of `province` for "some province's", every other code unchanged."""
    return _PREFIX + province if agency == ANY_PROVINCE and province is not None else agency


def province_of(agency: str) -> str | None:
    """Return the province code of a province's People's Committee, None for every other agency."""
    return agency.removeprefix(_PREFIX) if agency.startswith(_PREFIX) else None


def without_province(agency: str) -> str:
    """Return `UBNDT` for any province's People's Committee, every other code unchanged."""
    return ANY_PROVINCE if agency.startswith(_PREFIX) else agency


class _Table(NamedTuple):
    codes: frozenset[str]
    by_folded_name: dict[str, str]
    names: PhraseIndex


@lru_cache(maxsize=1)
def _table() -> _Table:
    rows = json.loads((Path(__file__).parent / "provinces.json").read_text("utf-8"))
    names = [(name, row["code"]) for row in rows for name in row["names"]]
    return _Table(
        codes=frozenset(row["code"] for row in rows),
        by_folded_name={fold(name): code for name, code in names},
        names=PhraseIndex(names),
    )
