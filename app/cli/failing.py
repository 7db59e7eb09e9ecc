"""How commands fail: exit code 2 and one line for what the caller can mend, never a traceback for it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from redis import RedisError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is wrong with them is said in one line, too."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise BadInput(f"{error.format_message()} (see: {ctx.command_path} --help)") from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            raise BadInput(
                f"the database does not answer or is not ready ({_first_line(error.orig)}); try: flask init"
            ) from None
        except DBAPIError as error:
            raise BadInput(f"the database does not take this: {_first_line(error.orig)}") from None
        except RedisError as error:
            raise BadInput(f"the queue does not answer: {_first_line(error)}") from None
        except NotFound as error:
            raise BadInput(f"there is no such petition: {error}") from None
        except (Invalid, Refused, Stale, CalendarNotCovered, NoPolicy, CorpusError, ModelFileError) as error:
            raise BadInput(f"{type(error).__name__}: {error}") from None
        except (OSError, UnicodeError) as error:
            raise BadInput(_first_line(error)) from None


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


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


def text_of(file: Path) -> str:
    """The UTF-8 text of a file that a caller named."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file.name} is not UTF-8 (byte {error.start})") from None


def objects_of(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with the number of its line; empty lines are passed over."""
    # Not splitlines(): a JSON text may hold U+2028 and its like unescaped.
    for number, line in enumerate(text_of(file).split("\n"), start=1):
        if line.strip():
            yield number, object_of(line, f"{file.name} line {number}")


def object_of(line: str, where: str) -> dict[str, Any]:
    """One JSON object."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where} is not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{where} is not JSON that can be read") from None
    if not isinstance(row, dict):
        raise BadInput(f"{where} is not a JSON object")
    return row
