"""The asks: the separate requests in a text, as spans of it, so that an answer can be checked point by point.

A numbered list of which most points ask for something (or that follows "đề nghị:") gives one ask a point. Elsewhere each
clause that begins to ask gives one: "đề nghị …", "kiến nghị …", "xin cho biết …", "please …", or a question.
The words that ask stand in `asking_words.json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from classifiers.text import plain_letters

MOST_ASKS: Final = 20
_READ: Final = 20_000
_SHORTEST: Final = 8
_LONGEST: Final = 1_500
# A first line that short, with more below it, is a heading: "Kiến nghị về việc …".
_HEADING: Final = 120
_HEADING_BEGINS: Final = 3

_SENTENCE_END: Final = re.compile(r"[.!?…]+(?=[\s\"'”’)]|$)|\n+")
# "1." only at the start of a line or sentence, a dash only at the start of a line; "(1)" and "1)" anywhere.
_MARK: Final = re.compile(
    r"(?:(?<=^)|(?<=[\s;:,.]))(?:\((?P<round>\d{1,2}|[a-hivx]{1,3})\)|(?P<half>\d{1,2}|[a-h])\)(?=\s)"
    r"|(?P<word>thu (?:nhat|hai|ba|tu|nam|sau|bay)|(?:mot|hai|ba|bon|nam|sau) la|firstly|secondly|thirdly)(?=[\s,:]))"
    r"|(?:(?<=^)|(?<=\n)|(?<=[.;:] ))(?P<point>\d{1,2})[./](?=\s)"
    r"|(?:(?<=^)|(?<=\n))(?P<dash>[-–•+*])(?=\s)",
)
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_WORD_NUMBERS: Final = {
    "thu nhat": 1, "thu hai": 2, "thu ba": 3, "thu tu": 4, "thu nam": 5, "thu sau": 6, "thu bay": 7,
    "mot la": 1, "hai la": 2, "ba la": 3, "bon la": 4, "nam la": 5, "sau la": 6,
    "firstly": 1, "secondly": 2, "thirdly": 3,
}  # fmt: skip
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: where it stands in the text in NFC (`text[start:end]`), and its words."""

    start: int
    end: int
    text: str


class _Mark(NamedTuple):
    """A mark of a list: its style, its number, and where it stands."""

    style: str
    number: int
    start: int
    end: int


def asks_in(text: str) -> tuple[Ask, ...]:
    """Return the requests of any text, in order and apart; at most twenty."""
    composed = unicodedata.normalize("NFC", text[:_READ])
    plain = plain_letters(composed)
    # A few letters of other languages grow in lower case; then positions would not stay.
    lowered = lower if len(lower := composed.lower()) == len(composed) else plain
    # "hãy" asks and "hay" is "or": marks decide wherever the writer typed any.
    asking = _cues(plain=False).on(lowered) if _typed_with_marks(lowered) else _cues(plain=True).on(plain)
    taken: list[tuple[int, int]] = []
    position = 0
    for marks in islice(_lists(plain), MOST_ASKS):
        points = _points(plain, marks)
        if asking.is_list_of_asks(marks, points):
            before = list(asking.clauses(position, marks[0].start))
            # What runs on into the list only leads to it: "Đề nghị: (1) …".
            taken.extend(
                span for span in before if span[1] < marks[0].start - 1 or _ends_sentence(plain, span)
            )
            taken.extend(points)
            position = points[-1][1]
    taken.extend(asking.clauses(position, len(plain)))
    asks = (_trimmed(composed, start, end) for start, end in _without_lead_ins(plain, sorted(taken)))
    return tuple(ask for ask in asks if len(ask.text) >= _SHORTEST)[:MOST_ASKS]


def _ends_sentence(plain: str, span: tuple[int, int]) -> bool:
    return plain[span[0] : span[1]].rstrip()[-1:] in (".", "!", "?")


def _typed_with_marks(lowered: str) -> bool:
    return len(_BEYOND_ASCII.findall(lowered)) * 20 > len(lowered)


def _lists(plain: str) -> Iterator[list[_Mark]]:
    """Yield runs of marks of one style that count 1, 2, 3 …"""
    runs: dict[str, list[_Mark]] = {}
    done: list[list[_Mark]] = []
    for match in _MARK.finditer(plain):
        style = str(match.lastgroup)
        run = runs.get(style, [])
        number = len(run) + 1 if style == "dash" else _number(match.group(style))
        if run and number == run[-1].number + 1:
            run.append(_Mark(style, number, match.start(), match.end()))
        elif number == 1:
            done.append(run)
            runs[style] = [_Mark(style, 1, match.start(), match.end())]
    position = 0
    for run in sorted((run for run in (*done, *runs.values()) if len(run) > 1), key=lambda run: run[0].start):
        if run[0].start >= position:
            yield run
            position = run[-1].end


def _number(mark: str) -> int:
    if mark.isdigit():
        return int(mark)
    if mark in _WORD_NUMBERS:
        return _WORD_NUMBERS[mark]
    return _ROMAN.get(mark, 0) if len(mark) > 1 or mark == "i" else ord(mark) - ord("a") + 1


def _points(plain: str, marks: list[_Mark]) -> list[tuple[int, int]]:
    """Return the span of each point of a list; the last one ends with its line or sentence."""
    points = [(mark.end, following.start) for mark, following in pairwise(marks)]
    last = marks[-1].end
    end = re.compile(r"[.!?…]+\s|\n|$").search(plain, last)
    return [*points, (last, min(end.start() if end else len(plain), last + _LONGEST))]


def _without_lead_ins(plain: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out what only leads to a list ("Tôi đề nghị mấy việc sau:"), headings, and what is too short to ask."""
    for start, end in spans:
        words = plain[start:end].strip(" \n\t,;:-–.")
        line_goes_on = plain.find("\n", end - 1, end + 1) >= 0 and end < len(plain)
        heading = (
            line_goes_on
            and plain.rfind("\n", 0, end - 1) < start <= _HEADING_BEGINS
            and len(words) < _HEADING
        )
        if len(words.split()) >= 3 and not heading and not plain[start:end].rstrip().endswith(":"):
            yield start, end


def _trimmed(text: str, start: int, end: int) -> Ask:
    while start < end and text[start] in " \n\t\r,;:-–•*.)":
        start += 1
    while end > start and text[end - 1] in " \n\t\r,;:-–•*(.":
        end -= 1
    return Ask(start, end, text[start:end])


class _Asking(NamedTuple):
    """A text, and the asking words to look for in it."""

    text: str
    cues: _Cues

    def is_list_of_asks(self, marks: list[_Mark], points: list[tuple[int, int]]) -> bool:
        """Whether the words before the list ask, or most of its points do."""
        before = self.text[max(0, marks[0].start - 160) : marks[0].start].rstrip()
        last_sentence = _SENTENCE_END.split(before)[-1]
        if self.cues.begin.search(last_sentence) or (
            before.endswith(":") and self.cues.anywhere.search(last_sentence)
        ):
            return True
        asking = sum(
            bool(self.cues.begin.search(self.text, *span) or self.text.find("?", *span) >= 0)
            for span in points
        )
        return 2 * asking >= len(points)

    def clauses(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the asking clauses: from the asking words to the end of the sentence or to the next ask."""
        position = start
        for stop in [*(match.end() for match in _SENTENCE_END.finditer(self.text, start, end)), end]:
            begins = [
                match.start()
                for match in self.cues.begin.finditer(self.text, position, stop)
                if not self.cues.not_an_ask.match(self.text, match.start())
                and not self.cues.named.search(self.text[max(position, match.start() - 24) : match.start()])
            ]
            for first, after in pairwise([*begins, stop]):
                yield from self._parts(first, after)
            if not begins and (
                self.text.find("?", position, stop) >= 0
                or self.cues.question.search(self.text, position, stop)
            ):
                yield position, stop
            position = stop

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what one ask asks for: "đề nghị A; B; C" asks for three things."""
        depth = 0
        for position in range(start, end):
            depth += {"(": 1, ")": -1}.get(self.text[position], 0)
            if self.text[position] == ";" and depth <= 0:
                yield start, position
                start = position + 1
        yield start, end


class _Cues(NamedTuple):
    """The asking words as patterns: words that begin an ask, that hint at one, that end a question, and exceptions.

    `named` ends what stands before asking words that are only spoken of: "các kiến nghị".
    """

    begin: re.Pattern[str]
    anywhere: re.Pattern[str]
    question: re.Pattern[str]
    not_an_ask: re.Pattern[str]
    named: re.Pattern[str]

    def on(self, text: str) -> _Asking:
        """Return these words to be looked for in a text."""
        return _Asking(text, self)


@lru_cache(maxsize=2)
def _cues(*, plain: bool) -> _Cues:
    """Return the patterns of `asking_words.json`, without diacritics if `plain`."""
    table = json.loads((Path(__file__).parent / "asking_words.json").read_text("utf-8"))

    def any_of(*names: str) -> str:
        phrases = sorted((phrase for name in names for phrase in table[name]), key=len, reverse=True)
        if plain:
            phrases = list(map(plain_letters, phrases))
        return r"\b(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) + r")\b"

    return _Cues(
        begin=re.compile(
            f"{any_of('asks')}(?!,)|(?:(?<=^)|(?<=[.!?…;:,\\n]\\s)|(?<=\\n)){any_of('asks_first')}"
        ),
        anywhere=re.compile(any_of("hints")),
        question=re.compile(any_of("ends_question")),
        not_an_ask=re.compile(any_of("only_sounds")),
        named=re.compile(any_of("spoken_of") + r"\W*$"),
    )
