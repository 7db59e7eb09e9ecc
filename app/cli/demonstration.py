"""Demo data."""

from datetime import date, datetime, time

import click
from flask import current_app

from app.cli.failing import BadInput, group
from app.demo import seeding
from app.extensions import db, now, settings
from app.jobs.model import current_model
from workflows.calendar import VIETNAM

demo = group("demo", "Demo data, marked as such.")


@demo.command("seed")
@click.option("--petitions", type=click.IntRange(1, 1_000_000), default=2000)
@click.option("--seed", type=int, default=57)
@click.option(
    "--until", default=None, help="YYYY-MM-DD, whose first minute is the demo's present; today otherwise."
)
def seed(petitions: int, seed: int, until: str | None) -> None:
    """Make three months of believable petitions with their lives; the same for the same seed and day."""
    if settings().production:
        raise BadInput("demo data has no place in production")
    present = _present(until)
    work = seeding.seed(
        db.session(),
        current_app.extensions["pakn_vault"],
        current_model(settings().model_path),
        petitions=petitions,
        seed=seed,
        present=present,
    )
    with click.progressbar(work, length=petitions, label="petitions") as codes:
        made = sum(1 for _ in codes)
    click.echo(f"{made} demo petitions until {present.date().isoformat()}, seed {seed}")


def _present(until: str | None) -> datetime:
    try:
        day = date.fromisoformat(until) if until else now().astimezone(VIETNAM).date()
    except ValueError:
        raise BadInput("--until must be YYYY-MM-DD") from None
    present = datetime.combine(day, time(), tzinfo=VIETNAM)
    if present > now():
        raise BadInput("--until must not lie in the future")
    return present


COMMANDS = (demo,)
