"""Figures for the public and the standing agency."""

from datetime import datetime
from pathlib import Path

import click

from app.cli.failing import BadInput, group
from app.extensions import db, now
from app.services import exporting
from workflows.calendar import VIETNAM

export = group("export", "Regular exports.")


@export.command("satisfaction")
@click.option("--month", required=True, help="YYYY-MM; the month must be over.")
@click.option("--as-of", default=None, help="What was known then (ISO 8601); the end of the month otherwise.")
@click.option(
    "--format", "formats", default=",".join(exporting.FORMATS), help="csv, xlsx, json, separated by commas."
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def satisfaction(month: str, as_of: str | None, formats: str, out: Path) -> None:
    """Write the monthly satisfaction export with its manifest."""
    wanted = tuple(dict.fromkeys(part.strip() for part in formats.split(",") if part.strip()))
    if not wanted or any(part not in exporting.FORMATS for part in wanted):
        raise BadInput(f"--format takes {', '.join(exporting.FORMATS)}")
    try:
        files = exporting.export_satisfaction(
            db.session(), month, out, now(), as_of=_instant(as_of), formats=wanted
        )
    except (exporting.BadMonth, exporting.NoData, exporting.ExportFailed) as error:
        raise BadInput(str(error)) from None
    for file in files:
        click.echo(file)


def _instant(typed: str | None) -> datetime | None:
    if typed is None:
        return None
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError:
        raise BadInput("--as-of must be an instant like 2026-11-05T08:00+07:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=VIETNAM)


COMMANDS = (export,)
