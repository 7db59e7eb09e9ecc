"""The classifier from the command line."""

import dataclasses
import json
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.failing import BadInput, command, group, object_of
from app.extensions import db, now, settings
from app.queries.decisions import decisions
from app.services import registry
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
    """Train a challenger on the corpus and on the decisions of this instance, and compare it with the champion.

    It is entered in the registry either way. With --promote it goes into service if it is better in total and worse
    for no larger agency, on texts that neither has learned from.
    """
    from classifiers.comparison import compare
    from classifiers.training import train as train_model

    session, path = db.session(), settings().model_path
    known = decisions(session)
    fresh = registry.shelf(path) / "challenger.zip"
    report = train_model(
        list(corpus), fresh, target_precision=settings().auto_route_precision, decisions=known
    )
    challenger = Classifier.load(fresh)
    champion = Classifier.load(path) if path.exists() else None
    comparison = compare(champion, challenger, report.kept_out) if champion is not None else None
    fresh.replace(registry.file_of(path, challenger.version))
    registry.enter(session, challenger, now(), comparison.as_json() if comparison else None)
    session.commit()
    told = {
        **{field.name: getattr(report, field.name) for field in dataclasses.fields(report)},
        "path": registry.file_of(path, challenger.version).name,
        "kept_out": len(report.kept_out),
        "comparison": comparison.as_json() if comparison else None,
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    if not promote:
        return
    if comparison is not None and not comparison.better:
        line = comparison.total
        worse = f"; worse for {', '.join(comparison.worse)}" if comparison.worse else ""
        raise BadInput(
            f"not promoted: right {line.after:.3f} instead of {line.before:.3f} of the time, difference "
            f"{line.difference:+.3f} ({line.low:+.3f} to {line.high:+.3f}){worse}"
        )
    registry.promote(session, path, challenger.version, now())
    session.commit()
    click.echo("promoted", err=True)


models = group("models", "The registry of models.")


@models.command("list")
def list_models() -> None:
    """One line a version, the latest trained first; * marks the one in service."""
    serving = registry.in_service(db.session())
    for row in registry.versions(db.session()):
        top1 = row.card.get("figures", {}).get("agency", {}).get("top1", {}).get("value")
        click.echo(
            f"{'*' if row is serving else ' '} {row.version:<24} trained {row.trained_at:%Y-%m-%d %H:%M} "
            f"on {row.card.get('rows', '?')} texts and {row.decisions} decisions, top-1 {top1}"
        )


@models.command("show")
@click.argument("version")
def show_model(version: str) -> None:
    """The model card of a version, with its figures and its comparison, as JSON."""
    for row in registry.versions(db.session()):
        if row.version == version:
            card = {**row.card, "sha256": row.sha256, "comparison": row.comparison}
            click.echo(json.dumps(card, ensure_ascii=False, indent=1))
            return
    raise BadInput(f"there is no model {version!r}; see: flask models list")


@models.command("promote")
@click.argument("version")
def promote_model(version: str) -> None:
    """Put a version into service by hand, for example to go back to an earlier one."""
    registry.promote(db.session(), settings().model_path, version, now())
    db.session.commit()
    click.echo(f"{version} is in service")


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


COMMANDS = (classify, train, evaluate, models)
