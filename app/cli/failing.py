"""How commands fail: exit code 2 and one line for what the caller can mend, never a traceback for it."""

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.errors import Invalid, NotFound, Stale
from classifiers import CorpusError, ModelFileError
from workflows.calendar import CalendarNotCovered
from workflows.deadlines import NoPolicy
from workflows.lifecycle import Refused


class BadInput(click.ClickException):
    """What the caller gave cannot be used; the message says why."""

    exit_code = 2


class Command(click.Command):
    """A command within the application that turns known failures into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise BadInput(
                f"the database does not answer or is not ready ({reason}); try: flask init"
            ) from None
        except NotFound as error:
            raise BadInput(f"there is no such petition: {error}") from None
        except (Invalid, Refused, Stale, CalendarNotCovered, NoPolicy, CorpusError, ModelFileError) as error:
            raise BadInput(f"{type(error).__name__}: {error}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(str(error)) from None


class Group(AppGroup):
    """A group whose commands fail in that way."""

    command_class = Command


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Declare a command that runs within the application."""

    def declare(function: Callable[..., None]) -> click.Command:
        return click.command(name, cls=Command)(with_appcontext(function))

    return declare


def group(name: str, help: str) -> Group:
    """Declare a group of commands."""
    return Group(name, help=help)
