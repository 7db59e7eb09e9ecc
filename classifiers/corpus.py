"""The training corpus: labelled texts in JSONL files, read strictly, so a mistake is found at its line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.taxonomy import agency_codes, load_taxonomy

LEGAL_KINDS: Final = ("complaint", "denunciation", "crime_report")
KINDS: Final = (
    "feedback",
    "recommendation",
    "initiative",
    "solution",
    "commission",
    "draft_comment",
    "question",
    *LEGAL_KINDS,
)
SUBMITTER_KINDS: Final = (
    "citizen",
    "firm",
    "institute",
    "university",
    "scientist",
    "inventor",
    "agency",
    "overseas",
)
SAFETY_FLAGS: Final = (
    "off_topic",
    "spam",
    "abuse",
    "secret_claimed",
    "third_party_data",
    "self_harm",
    "minor",
    "vulnerability",
)


class CorpusError(ValueError):
    """A corpus that cannot be used; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `group` is its author: rows of one author never stand on both sides of a split.

    `docs/labelling.md` says what each field means and how texts are labelled.
    """

    text: str
    kind: str
    topics: tuple[str, ...]
    lead: str
    also: tuple[str, ...]
    flags: tuple[str, ...]
    submitter_kind: str
    group: str
    key: str

    @property
    def acceptable(self) -> frozenset[str]:
        """The agencies that may lead."""
        return frozenset((self.lead, *self.also))


def jsonl_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files among `paths` and the JSONL files of its directories; CorpusError where none is."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise CorpusError(f"{path}: no .jsonl file in this directory")
        files.extend(inside)
    return files


def read_objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield `(line number, object)` of a JSONL file without its empty lines; CorpusError on other content."""
    if not path.is_file():
        raise CorpusError(f"{path}: no such file")
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    # Not splitlines(): a JSON text may hold U+2028 and its like unescaped.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}:{number}: not JSON ({error.msg})") from error
        if not isinstance(value, dict):
            raise CorpusError(f"{path}:{number}: not a JSON object")
        yield number, value


def read_corpus(corpus_dirs: Sequence[Path]) -> list[Row]:
    """Return all rows under `corpus_dirs` (directories or files), ordered by their content alone."""
    rows: dict[str, Row] = {}
    for path in jsonl_files(corpus_dirs):
        for number, value in read_objects(path):
            row = parse_row(value, f"{path}:{number}")
            rows[row.key] = row
    if not rows:
        raise CorpusError(f"{', '.join(map(str, corpus_dirs)) or 'corpus'}: no rows")
    return [rows[key] for key in sorted(rows)]


def parse_row(value: Mapping[str, Any], where: str) -> Row:
    """Return the row in `value`, or raise CorpusError that begins with `where`."""
    text = _text(value, "text", where)
    kind = _one_of(_text(value, "kind", where), KINDS, "kind", where)
    topic_ids = [topic.id for topic in load_taxonomy()]
    topics = tuple(_one_of(item, topic_ids, "topic", where) for item in _texts(value, "topics", where))
    if not topics:
        raise CorpusError(f"{where}: `topics` is empty")
    lead = _one_of(_text(value, "lead", where), agency_codes(), "agency", where)
    also = tuple(_one_of(item, agency_codes(), "agency", where) for item in _texts(value, "also", where))
    flags = tuple(_one_of(item, SAFETY_FLAGS, "flag", where) for item in _texts(value, "flags", where))
    submitter_kind = _one_of(
        _text(value, "submitter_kind", where), SUBMITTER_KINDS, "kind of submitter", where
    )
    group = _text(value, "group", where)
    content = [text, kind, topics, lead, also, flags, submitter_kind, group]
    key = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
    return Row(text, kind, tuple(dict.fromkeys(topics)), lead, also, flags, submitter_kind, group, key)


def _text(value: Mapping[str, Any], key: str, where: str) -> str:
    item = value.get(key)
    if not isinstance(item, str) or not item.strip():
        raise CorpusError(f"{where}: `{key}` is missing or not a text")
    return item


def _texts(value: Mapping[str, Any], key: str, where: str) -> list[str]:
    items = value.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise CorpusError(f"{where}: `{key}` is not a list of texts")
    return items


def _one_of(item: str, known: Iterable[str], what: str, where: str) -> str:
    if item not in known:
        raise CorpusError(f"{where}: unknown {what} {item!r}")
    return item
