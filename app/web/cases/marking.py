"""Showing within a text the phrases that spoke for a suggestion."""

import re
from collections.abc import Sequence


def marked(text: str, phrases: Sequence[str]) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether it is to be marked; joined they are the text again.

    Pieces are plain text, for the template to escape. Phrases are found whatever their case and spacing.
    """
    spans: list[tuple[int, int]] = []
    for phrase in phrases:
        words = [re.escape(word) for word in phrase.split()]
        if words:
            spans += [found.span() for found in re.finditer(r"\s+".join(words), text, re.IGNORECASE)]
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in _merged(spans):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
