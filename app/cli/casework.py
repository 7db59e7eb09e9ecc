"""Petitions, timelines, deadlines and the outbox from the command line."""

import csv
import io
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import select

from app.cli.failing import BadInput, command, group, objects_of, text_of
from app.errors import Invalid
from app.extensions import db, now, settings
from app.jobs import relay as outbox_relay
from app.models import Petition, TimelineRoot
from app.queries import published_roots
from app.queries.case_file import case_file
from app.services import intake, roots, timeline
from app.services.personal_data import Contact
from app.services.sweep import sweep as run_sweep
from workflows.calendar import local_date
from workflows.codes import read_code

petitions = group("petitions", "Petitions.")


@petitions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_petitions(file: Path) -> None:
    """Take in petitions from .jsonl, .csv or .xlsx, all or none, through the same verb as the form."""
    vault, chance = current_app.extensions["pakn_vault"], random.SystemRandom()
    made = []
    for number, row in _rows(file):
        submission = _submission(row)
        try:
            made.append(intake.submit(db.session(), vault, submission, now(), chance))
        except Invalid as error:
            raise BadInput(f"{file.name} line {number}: {error}") from None
    db.session.commit()
    for receipt in made:
        click.echo(json.dumps({"code": receipt.petition.code, "secret": receipt.secret, "new": receipt.new}))


def _submission(row: dict[str, Any]) -> intake.Submission:
    given = {key: str(value) for key, value in row.items() if key and value not in (None, "")}
    return intake.Submission(
        kind=given.get("kind", ""),
        submitter_kind=given.get("submitter_kind", ""),
        text=given.get("text", ""),
        province_code=given.get("province_code"),
        language=given.get("language", "vi"),
        channel="import",
        contact=Contact(given.get("name"), given.get("email"), given.get("phone"), given.get("organisation")),
        idempotency_key=f"import:{given['id']}" if "id" in given else None,
    )


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if file.suffix == ".jsonl":
        yield from objects_of(file)
    elif file.suffix == ".csv":
        try:
            yield from enumerate(csv.DictReader(io.StringIO(text_of(file), newline="")), start=2)
        except csv.Error as error:
            raise BadInput(f"{file.name} cannot be read as CSV: {error}") from None
    elif file.suffix == ".xlsx":
        yield from _sheet(file)
    else:
        raise BadInput(f"{file.name}: only .jsonl, .csv and .xlsx can be imported")


def _sheet(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0].iter_rows(values_only=True)
        head = [str(cell) for cell in next(sheet, ())]
    except Exception as error:
        # A broken workbook fails in openpyxl in a dozen ways.
        raise BadInput(f"{file.name} cannot be read as a workbook ({type(error).__name__})") from None
    for number, cells in enumerate(sheet, start=2):
        if any(cell is not None for cell in cells):
            yield number, dict(zip(head, cells, strict=False))


@petitions.command("show")
@click.argument("code")
def show(code: str) -> None:
    """One case as JSON, with its timeline and the ledger of its deadline; personal data is left out."""
    petition = db.session.scalar(select(Petition).where(Petition.code == _code(code)))
    if petition is None:
        raise BadInput(f"there is no petition {code}")
    click.echo(json.dumps(case_file(db.session(), petition, now()), ensure_ascii=False, indent=1))


timelines = group("timeline", "Proof of the timelines.")


@timelines.command("verify")
@click.argument("code", required=False)
def verify(code: str | None) -> None:
    """Check the timeline of one petition, or of all, and what it says of it; exit code 1 if one is broken."""
    checked = broken = 0
    for found, fault in timeline.faults(db.session(), _code(code) if code else None):
        db.session.rollback()  # or SQLite would let nobody write until all are checked
        checked += 1
        if fault is not None:
            broken += 1
            click.echo(f"{found}: event {fault.seq}: {fault.reason}")
    if code and not checked:
        raise BadInput(f"there is no petition {code}")
    click.echo(f"{checked} checked, {broken} broken")
    if broken:
        raise SystemExit(1)


@timelines.command("root")
@click.option("--date", "day", default=None, help="YYYY-MM-DD; yesterday otherwise.")
def root(day: str | None) -> None:
    """The signed root over all chains as they stood at the end of a day in Vietnam: published, or computed now."""
    try:
        wanted = date.fromisoformat(day) if day else local_date(now()) - timedelta(days=1)
    except ValueError:
        raise BadInput("--date must be YYYY-MM-DD") from None
    if wanted >= local_date(now()):
        raise BadInput("--date must be a day that is over")
    published = db.session.get(TimelineRoot, wanted)
    if published is not None:
        said = published_roots.as_json(published)
    else:
        computed = roots.compute(db.session(), wanted)
        row = roots.signed(computed, current_app.extensions["pakn_signer"], now())
        said = {**published_roots.as_json(row), "published_at": None}
    click.echo(json.dumps(said))


@timelines.command("roots")
@click.option(
    "--check", is_flag=True, help="Compute each again from the timelines; exit code 1 if one differs."
)
def list_roots(check: bool) -> None:
    """The published roots as JSON lines, newest first."""
    wrong = 0
    for day in published_roots.days(db.session()):
        row = db.session.get_one(TimelineRoot, day)
        said = published_roots.as_json(row)
        if check:
            said["fault"] = roots.fault(db.session(), row)
            wrong += said["fault"] is not None
        click.echo(json.dumps(said))
        db.session.rollback()  # or SQLite would let nobody write until all are checked
    if wrong:
        raise SystemExit(1)


@command("sweep")
def sweep() -> None:
    """Do what time brings about: closings, reminders, clearing of old drafts, the daily roots."""
    done = run_sweep(db.session(), now())
    while roots.publish_next(db.session(), current_app.extensions["pakn_signer"], now()):
        db.session.commit()
        done += 1
    click.echo(f"{done} done")


@command("relay")
@click.option("--once", is_flag=True, help="Stop when nothing more is due.")
def relay(once: bool) -> None:
    """Work off the outbox: here, or through RQ where REDIS_URL is set."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{outbox_relay.drain(app, now)} taken")
        return
    while True:
        if not outbox_relay.run_once(app, now):
            time.sleep(1)


@command("worker")
def worker() -> None:
    """Run one RQ worker until it is stopped."""
    # Only here: RQ need not be loaded by the other commands.
    from rq import SimpleWorker

    from app.jobs.queue import queues

    url = settings().redis_url
    if url is None:
        raise BadInput("REDIS_URL is not set; without it the server works off its outbox itself")
    # One process for all jobs: it keeps the model and its database connections.
    SimpleWorker(list(queues(url)), connection=queues(url)[0].connection).work()


def _code(typed: str) -> str:
    code = read_code(typed)
    if code is None:
        raise BadInput(f"{typed!r} is not a code; they look like PAKN-20261102-123456-A")
    return code


COMMANDS = (petitions, timelines, sweep, relay, worker)
