"""Labelled texts to learn from and to measure on: corpus rows, decisions of the desk, petitions that were answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers.corpus import CorpusError, Row, jsonl_files, parse_row, read_objects
from classifiers.provinces import province_code, province_of

_NUMBER_OF_AUTHOR = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Case:
    """A text with what is right for it. `kind`, `topics` and `flags` are None where nobody labelled them.

    `cluster` names what errs together (an author, a province and ministry). `hand` is who wrote it, where one
    hand wrote as several authors. `weight` is how much the label counts in training. `decided` marks a decision of
    the desk: it names one agency, another might have been as right, and nobody would know; only what had been
    suggested and was `rejected` is surely wrong.
    """

    text: str
    lead: str
    acceptable: frozenset[str]
    cluster: str
    hand: str
    province: str | None = None
    submitter_kind: str | None = None
    kind: str | None = None
    topics: tuple[str, ...] | None = None
    flags: frozenset[str] | None = None
    weight: float = 1.0
    decided: bool = False
    rejected: str | None = None


def case_of(row: Row) -> Case:
    """Return the case of a corpus row; its cluster is its author, its hand the letters of the author's name.

    Where a province's committee is right, the province counts as known: the form asks for it. That does not
    help to choose between the committee and a ministry.
    """
    places = [code for agency in (row.lead, *row.also) if (code := province_of(agency))]
    return Case(
        row.text,
        row.lead,
        row.acceptable,
        cluster=row.group,
        hand=_NUMBER_OF_AUTHOR.sub("", row.group),
        province=places[0] if places else None,
        submitter_kind=row.submitter_kind,
        kind=row.kind,
        topics=row.topics,
        flags=frozenset(row.flags),
    )


def read_cases(files: Sequence[Path], kept_out: Collection[str]) -> tuple[list[Case], int]:
    """Return the cases in JSONL `files`, and how many corpus rows training has seen and are left out.

    `kept_out` names the authors that training did not see. CorpusError names the file and line of a bad row.
    """
    cases: list[Case] = []
    seen = 0
    for path in jsonl_files(files):
        for number, value in read_objects(path):
            where = f"{path}:{number}"
            if "lead" not in value:
                cases.append(_answered_case(value, where))
            elif (row := parse_row(value, where)).group in kept_out:
                cases.append(case_of(row))
            else:
                seen += 1
    return cases, seen


def _answered_case(value: Mapping[str, Any], where: str) -> Case:
    text, label = value.get("text_masked") or value.get("text"), value.get("label")
    also, province = value.get("also") or [], value.get("province")
    if not isinstance(text, str) or not isinstance(label, str) or not isinstance(also, list):
        raise CorpusError(f"{where}: neither a corpus row (`lead`) nor a petition (`text`, `label`)")
    code = province_code(province) if isinstance(province, str) else None
    cluster = f"{province}|{label}"
    return Case(text, label, frozenset((label, *map(str, also))), cluster, hand=cluster, province=code)
