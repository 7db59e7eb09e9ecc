"""Commands: ``flask --app wsgi …``. Bad input ends with exit code 2 and one clear line."""

import click
from flask import Flask
from flask_migrate import upgrade

from app.clock import utc_now
from app.extensions import db, now, settings
from app.services import instance

assert utc_now


def init_app(app: Flask) -> None:
    """Register every command."""
    app.cli.add_command(init)


@click.command()
def init() -> None:
    """Make an empty or older instance ready; doing it again changes nothing."""
    upgrade()
    instance.load_reference(db.session(), now())
    made = [] if settings().production else instance.add_demo_staff(db.session(), now())
    db.session.commit()
    if made:
        kept = settings().instance / "demo-logins.txt"
        kept.touch(mode=0o600)
        kept.write_text("".join(f"{u:20} {p:16} {w}\n" for u, p, w in made), "utf-8")
