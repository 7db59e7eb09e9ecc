"""The classifier from the command line."""

import dataclasses
import json
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.failing import BadInput, command, object_of
from app.extensions import settings
from classifiers import Classifier


@command("classify")
@click.option(
    "--input", "source", type=click.File("rb"), default="-", help="JSON lines; standard input otherwise."
)
def classify(source: BinaryIO) -> None:
    """Classify JSON lines {"id", "text", "submitter_kind"?, "province"?}, in the same order."""
    model = Classifier.load(settings().model_path)
    for number, raw in enumerate(source, start=1):
        if not raw.strip():
            continue
        try:
            row = object_of(raw.decode("utf-8"), f"line {number}")
        except UnicodeDecodeError:
            raise BadInput(f"line {number} is not UTF-8") from None
        given = {key: row.get(key) for key in ("submitter_kind", "province")}
        text = row.get("text")
        if (
            not isinstance(text, str)
            or not isinstance(row.get("id"), str | int)
            or any(not isinstance(value, str | None) for value in given.values())
        ):
            raise BadInput(f"line {number}: id or text is missing, or something else than text")
        said = model.classify(text, **given)
        click.echo(json.dumps(said.as_json(row["id"]), ensure_ascii=False).encode("utf-8", "replace"))


@command("train")
@click.option(
    "--corpus", multiple=True, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--promote", is_flag=True, help="Put the new model into service if it is better.")
def train(corpus: tuple[Path, ...], promote: bool) -> None:
    """Train a challenger; with --promote it replaces the model in service if its figures are better."""
    from classifiers.training import train as train_model

    champion, challenger = settings().model_path, settings().model_path.with_suffix(".challenger.zip")
    report = train_model(list(corpus), challenger, target_precision=settings().auto_route_precision)
    click.echo(
        json.dumps({**dataclasses.asdict(report), "path": challenger.name}, ensure_ascii=False, indent=1)
    )
    if not promote:
        return
    if champion.exists():
        before, after = (top1(path, corpus) for path in (champion, challenger))
        if after <= before:
            raise BadInput(
                f"not promoted: top-1 on unseen authors is {after:.3f}, not better than {before:.3f}"
            )
    challenger.replace(champion)
    click.echo("promoted", err=True)


def top1(model: Path, corpus: tuple[Path, ...]) -> float:
    """How often the model's first agency is acceptable, on the authors of the corpus that it never saw."""
    from classifiers.evaluation import evaluate as measure

    value = measure(Classifier.load(model), list(corpus))["agency"]["top1"]["value"]
    return float(value or 0.0)


@command("evaluate")
@click.option("--data", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate(data: tuple[Path, ...], as_json: bool) -> None:
    """Measure the model in service on labelled JSON lines: files, or folders of them."""
    from classifiers.evaluation import evaluate as measure

    files = [
        path for given in data for path in (sorted(given.glob("*.jsonl")) if given.is_dir() else [given])
    ]
    if not files:
        raise BadInput("there are no .jsonl files to evaluate on")
    figures = measure(Classifier.load(settings().model_path), files)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    for name, value in figures.items():
        click.echo(f"{name:<40} {value}")


COMMANDS = (classify, train, evaluate)
