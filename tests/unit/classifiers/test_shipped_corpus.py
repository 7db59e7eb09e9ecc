"""The corpus that ships with the project: complete, valid, in its authors' own words, and without near repeats."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

import classifiers
from classifiers import load_taxonomy
from classifiers.corpus import KINDS, LEGAL_KINDS, SAFETY_FLAGS, SUBMITTER_KINDS, Row, read_corpus
from classifiers.text import clean, fold, tokenise
from tests.servers import Unavailable

CORPUS = Path(classifiers.__file__).parent / "corpus"
# Real texts, to look at and to measure on; nothing of them may stand in the corpus.
REAL_TEXTS = CORPUS.parents[2] / "shared" / "data"

MINISTRIES = frozenset(
    (
        "BQP",
        "BCA",
        "BNG",
        "BNV",
        "BTP",
        "BTC",
        "BCT",
        "BNNMT",
        "BXD",
        "BVHTTDL",
        "BKHCN",
        "BGDDT",
        "BYT",
        "BDTTG",
    )
)
MINISTERIAL_AGENCIES = frozenset(("NHNN", "TTCP", "VPCP"))
OTHER_LEADS = frozenset(("VPTW", "BTCTW", "UBKTTW", "VAST", "VASS", "BCYCP", "UBNDT", "UBNDX"))
_WORDS_IN_A_SHINGLE = 4
# What two short texts share by chance: "cử tri đề nghị sớm", "xin trân trọng cảm ơn".
_FEWEST_SHARED_RUNS = 6


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_corpus([CORPUS])


def test_it_is_large_enough_and_every_row_is_valid(rows: list[Row]) -> None:
    assert len(rows) >= 2500


def test_it_covers_topics_kinds_submitters_and_leads(rows: list[Row]) -> None:
    assert {topic for row in rows for topic in row.topics} == {topic.id for topic in load_taxonomy()}
    assert {row.kind for row in rows} == set(KINDS)
    assert {row.submitter_kind for row in rows} == set(SUBMITTER_KINDS)
    leads = {row.lead for row in rows}
    assert leads >= MINISTRIES | MINISTERIAL_AGENCIES | OTHER_LEADS
    assert sum(lead.startswith("UBND-") for lead in leads) >= 25


def test_every_topic_is_told_in_several_kinds(rows: list[Row]) -> None:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        kinds[row.topics[0]].add(row.kind)
    assert {topic: len(found) for topic, found in kinds.items() if len(found) < 6} == {}


def test_it_has_many_texts_for_the_legal_channel_and_beside_the_matter(rows: list[Row]) -> None:
    assert sum(row.kind in LEGAL_KINDS for row in rows) >= 250
    assert sum(bool({"off_topic", "spam", "abuse"} & set(row.flags)) for row in rows) >= 250
    flags = Counter(flag for row in rows for flag in row.flags)
    assert {flag: flags[flag] for flag in SAFETY_FLAGS if flags[flag] < 40} == {}


def test_it_has_many_authors(rows: list[Row]) -> None:
    assert len({row.group for row in rows}) >= 100


def test_departments_of_a_ministry_never_lead(rows: list[Row]) -> None:
    directory = (CORPUS.parent / "agencies.jsonl").read_text("utf-8").splitlines()
    parents = {row["code"]: row["parent"] for row in map(json.loads, directory)}
    ministries = MINISTRIES - {"BQP"}  # the cipher committee below it answers for itself
    assert {row.lead for row in rows if parents[row.lead] in ministries} == set()


def test_no_two_rows_nearly_repeat_each_other(rows: list[Row]) -> None:
    assert _repeats([row.text for row in rows]) == []


def test_no_row_nearly_repeats_a_real_text(rows: list[Row]) -> None:
    if not REAL_TEXTS.is_dir():
        raise Unavailable("the real texts to compare with are not beside the project (../shared/data)")
    real = list(_real_texts())
    assert len(real) > 5000
    assert _repeats([row.text for row in rows], real) == []


def _real_texts() -> Iterable[str]:
    for path in sorted(REAL_TEXTS.rglob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                values = json.loads(line).values()
                yield from (value for value in values if isinstance(value, str) and len(value.split()) >= 8)


def _repeats(texts: Sequence[str], others: Sequence[str] = ()) -> list[tuple[str, str, float]]:
    """Pairs of texts (or of a text and one of `others`) that share a quarter or more of the shorter one's runs."""
    runs = [_runs(text) for text in (*texts, *others)]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(runs[: len(texts)]):
        for run in own:
            holders[run].append(number)
    found: list[tuple[str, str, float]] = []
    for right in range(len(texts), len(runs)) if others else range(len(texts)):
        shared = Counter(
            left for run in runs[right] for left in holders.get(run, ()) if others or left < right
        )
        for left, both in shared.items():
            share = both / min(len(runs[left]), len(runs[right]))
            if share >= 0.25 and both >= _FEWEST_SHARED_RUNS:
                pair = (texts[left][:60], (*texts, *others)[right][:60])
                found.append((*pair, round(share, 2)))
    return found


def _runs(text: str) -> set[str]:
    words = [token.norm for token in tokenise(clean(fold(text)))]
    return {
        " ".join(words[start : start + _WORDS_IN_A_SHINGLE])
        for start in range(max(len(words) - _WORDS_IN_A_SHINGLE + 1, 1))
    }
