"""Commands: ``flask --app wsgi …``. Bad input ends with exit code 2 and one clear line."""

from flask import Flask

from app.cli import administration, casework, classifying, demonstration, statistics


def init_app(app: Flask) -> None:
    """Register every command."""
    for part in (administration, casework, classifying, statistics, demonstration):
        for command in part.COMMANDS:
            app.cli.add_command(command)
