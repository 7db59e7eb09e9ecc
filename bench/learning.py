"""Whether decisions of the desk teach anything: five thousand of them replayed, with a retrain after each thousand.

The first model knows some corpus texts only. The other texts arrive one after the other as petitions; the desk confirms
what was right, overrules what was wrong with the agency that leads, and errs itself three times in a hundred. After each
thousand a challenger learns from all decisions so far. Old and new model are then compared on the thousand that follow,
and on texts that are never decided on at all.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import classifiers
from classifiers import Classifier
from classifiers.cases import Case, case_of
from classifiers.comparison import compare
from classifiers.corpus import Row, read_corpus
from classifiers.decisions import Decision
from classifiers.training import train

CORPUS = Path(classifiers.__file__).parent / "corpus"
KNOWN, STEP, STEPS = 1_200, 1_000, 5
DESK_ERRS = 0.03
_BEGIN = datetime(2026, 1, 5, 2, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    chance = random.Random(57)
    rows = read_corpus([CORPUS])
    chance.shuffle(rows)
    known, stream = rows[:KNOWN], rows[KNOWN : KNOWN + STEP * STEPS]
    never = [case_of(row) for row in rows[KNOWN + STEP * STEPS :]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "corpus" / "known.jsonl", known)
        train([folder / "corpus"], folder / "0.zip")
        champion, decisions = Classifier.load(folder / "0.zip"), list[Decision]()
        print(
            "right first time before and after each retrain: on the next 1,000, and on texts never decided on"
        )
        print("decisions  overruled  verdict     next 1,000   never decided")
        for step in range(STEPS):
            batch = stream[step * STEP : (step + 1) * STEP]
            overruled = _decide(champion, batch, decisions, chance)
            out = folder / f"{step + 1}.zip"
            report = train([folder / "corpus"], out, decisions=decisions)
            challenger = Classifier.load(out)
            verdict = compare(champion, challenger, report.kept_out)
            following = [case_of(row) for row in stream[(step + 1) * STEP : (step + 2) * STEP]]
            ahead = compare(champion, challenger, following).total if following else None
            always = compare(champion, challenger, never).total
            shown = f"{ahead.before:.3f} {ahead.after:.3f}" if ahead else "–".center(11)
            print(
                f"{len(decisions):>9} {overruled:>10.1%}  {'promote' if verdict.better else 'keep':<8}  "
                f"{shown:>12}    {always.before:.3f} {always.after:.3f}",
                flush=True,
            )
            if verdict.better:
                champion = challenger


def _decide(
    champion: Classifier, batch: Sequence[Row], decisions: list[Decision], chance: random.Random
) -> float:
    """Let the desk decide on every petition of the batch; return the share that it overruled."""
    overruled = 0
    for row in batch:
        case: Case = case_of(row)
        said = champion.classify(row.text, submitter_kind=row.submitter_kind, province=case.province)
        first = said.agencies[0].id
        chosen = first if first in case.acceptable else case.lead
        if chance.random() < DESK_ERRS:
            chosen = chance.choice(said.agencies[1:]).id
        overruled += chosen != first
        decisions.append(
            Decision(
                row.key,
                row.text,
                chosen,
                "confirmation" if chosen == first else "overrule",
                _BEGIN + timedelta(minutes=7 * len(decisions)),
                row.submitter_kind,
                case.province,
                first,
            )
        )
    return overruled / len(batch)


def _write(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir()
    lines = [json.dumps({key: value for key, value in asdict(row).items() if key != "key"}) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
