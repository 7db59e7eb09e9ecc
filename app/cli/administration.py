"""Setting up and looking after an instance."""

import csv
import io
import json
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade

from app.cli.failing import BadInput, command, group
from app.configuration import ROOT
from app.extensions import db, now, settings
from app.services import accounts, instance
from app.services.checkup import check_all
from workflows.calendar import SpecialDay, read_special_day

CORPUS = ROOT / "classifiers" / "corpus"


@command("init")
def init() -> None:
    """Make an empty or older instance ready; doing it again changes nothing."""
    upgrade()
    session = db.session()
    instance.load_reference(session, now())
    made = [] if settings().production else instance.add_demo_staff(session, now())
    session.commit()
    if made:
        _keep_demo_logins(made)
    if not settings().model_path.exists():
        from classifiers.training import train

        click.echo("training the classifier from the shipped corpus …")
        train([CORPUS], settings().model_path, target_precision=settings().auto_route_precision)
    click.echo("the instance is ready")


def _keep_demo_logins(made: list[tuple[str, str, str]]) -> None:
    kept = settings().instance / "demo-logins.txt"
    kept.touch(mode=0o600)
    lines = [f"{username:<20} {password:<14} {role}" for username, password, role in made]
    kept.write_text("\n".join(lines) + "\n", "utf-8")


staff = group("staff", "Accounts of staff.")


@staff.command("add")
@click.option("--username", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True)
@click.option("--agency", default=None, help="Code of the agency, for officer, approver and agency_admin.")
@click.option("--email", default=None)
@click.password_option()
def add_staff(
    username: str, name: str, role: str, agency: str | None, email: str | None, password: str
) -> None:
    """Make an account."""
    accounts.add_staff(
        db.session(),
        now(),
        username=username,
        name=name,
        role=role,
        password=password,
        agency_code=agency,
        email=email,
    )
    db.session.commit()
    click.echo(f"{username} can log in")


agencies = group("agencies", "The directory of agencies.")


@agencies.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_agencies(file: Path) -> None:
    """Add or update agencies from JSON lines."""
    rows = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadInput(f"{file.name} line {number} is not JSON: {error.msg}") from None
    count = instance.load_agencies(db.session(), rows)
    db.session.commit()
    click.echo(f"{count} agencies")


calendar = group("calendar", "The working calendar.")


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", required=True, help="Name of this edition, for example 2026.2.")
def load_calendar(file: Path, version: str) -> None:
    """Add an edition of the calendar from CSV: day, effect (off or work), name_vi, certainty, source."""
    days: list[SpecialDay] = []
    for number, row in enumerate(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))), start=2):
        try:
            days.append(read_special_day(row))
        except ValueError as error:
            raise BadInput(f"{file.name} line {number}: {error}") from None
    if not instance.load_calendar(db.session(), version, days, now()):
        raise BadInput(f"there is an edition {version} already; an edition never changes")
    db.session.commit()
    click.echo(f"calendar {version}: {len(days)} days")


@command("doctor")
def doctor() -> None:
    """Check database, queue, mail, files, model and calendar; exit code 1 if anything is wrong."""
    findings = check_all(db.session(), settings(), now(), current_app.extensions["pakn_vault"])
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.what:<10} {finding.detail}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


COMMANDS = (init, staff, agencies, calendar, doctor)
