"""Setting up and looking after an instance."""

import csv
import io
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade

from app.cli.failing import BadInput, command, group, objects_of, text_of
from app.configuration import ROOT
from app.errors import Invalid
from app.extensions import db, now, settings
from app.services import accounts, instance, registry
from app.services.checkup import check_all
from classifiers import Classifier, ModelFileError
from workflows.calendar import SpecialDay, local_date, read_special_day

CORPUS = ROOT / "classifiers" / "corpus"


@command("init")
def init() -> None:
    """Make an empty or older instance ready; doing it again changes nothing."""
    _migrate()
    session = db.session()
    instance.load_reference(session, now())
    made = [] if settings().production else instance.add_demo_staff(session, now())
    session.commit()
    if made:
        _keep_demo_logins(made)
    _have_model(settings().model_path)
    click.echo("the instance is ready")


def _migrate() -> None:
    try:
        upgrade()
    except SystemExit:
        # Flask-Migrate ends the process by itself once it has said why.
        raise BadInput("the database cannot be brought up to date; is it newer than this software?") from None


def _have_model(path: Path) -> None:
    """Train where there is no model, or one that this version of the software cannot use; enter it as in service."""
    session = db.session()
    serving, model = registry.in_service(session), _usable(path)
    if serving is not None and (model is None or model.digest != serving.sha256):
        # Damaged, or put there by somebody else: what was promoted comes back, if it is still kept.
        try:
            registry.promote(session, path, serving.version, now())
            session.commit()
            return
        except Invalid as error:
            session.rollback()
            click.echo(f"model {serving.version} is not on the shelf any more: {error}", err=True)
            model = None
    if model is None:
        # Only here: it takes a second to load what training needs.
        from classifiers.training import train

        click.echo("training the classifier from the shipped corpus …")
        train([CORPUS], path, target_precision=settings().auto_route_precision)
        model = Classifier.load(path)
    if not registry.admits(session, model):
        registry.accept(session, path, model, now())
        session.commit()


def _usable(path: Path) -> Classifier | None:
    """The model at ``path``; one that cannot be used is put aside."""
    if not path.exists():
        return None
    try:
        return Classifier.load(path)
    except ModelFileError as error:
        kept = path.with_suffix(".unusable")
        path.replace(kept)
        click.echo(f"kept as {kept.name}: {error}", err=True)
        return None


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
    rows, seen = [], set()
    for number, row in objects_of(file):
        code = str(row.get("code"))
        if code in seen:
            raise BadInput(f"{file.name} line {number}: {code!r} stands twice")
        seen.add(code)
        rows.append(row)
    try:
        count = instance.load_agencies(db.session(), rows)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{file.name}: {error}") from None
    db.session.commit()
    click.echo(f"{count} agencies")


calendar = group("calendar", "The working calendar.")


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", required=True, help="Name of this edition, for example 2026.2.")
def load_calendar(file: Path, version: str) -> None:
    """Add an edition of the calendar from CSV: day, effect (off or work), name_vi, certainty, source."""
    days: list[SpecialDay] = []
    rows = csv.DictReader(io.StringIO(text_of(file), newline=""))
    try:
        days.extend(read_special_day(row) for row in rows)
    except (ValueError, csv.Error) as error:
        raise BadInput(f"{file.name} line {rows.line_num}: {error}") from None
    if local_date(now()).year not in {day.day.year for day in days}:
        # The newest edition counts for every new promise: without this year none could be made.
        raise BadInput(f"{file.name} lists no day of this year; an edition must cover it")
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
