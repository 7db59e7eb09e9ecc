"""Shorthand written out: teencode and the usual abbreviations, by `shorthand.json`, which people may extend.

Only what has one meaning among petitions stands there. "BCT", say, is a ministry to some and the Politburo to others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from classifiers.text import Token, normal_word


def written_out(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with each known shorthand replaced by its words, which all stand where it stood."""
    known = _table()
    result: list[Token] = []
    for token in tokens:
        words = known.get(token.norm)
        if words is None:
            result.append(token)
        else:
            result.extend(Token(word, token.start, token.end) for word in words)
    return result


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[str, ...]]:
    rows = json.loads((Path(__file__).parent / "shorthand.json").read_text("utf-8"))
    return {short: tuple(map(normal_word, long.split())) for short, long in rows.items()}
