"""Lateness in SQL: the twin of ``workflows.deadlines.is_overdue``, tested equal to it.

Days are days in Vietnam, while instants are stored in UTC. Rather than turn instants into days, which every database
does in its own way, the instant at which the day after a due date begins is compared with the instant of the deed.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.models import Petition
from app.models.base import UtcInstant
from workflows.lifecycle import Status


class day_after(FunctionElement[Any]):  # reads as the SQL function that it is
    """The instant at which the day after a date begins in Vietnam (UTC+7 without summer time): 17 hours into the date."""

    name = "day_after"
    type = UtcInstant()
    inherit_cache = True


@compiles(day_after, "sqlite")
def _day_after_sqlite(element: day_after, compiler: SQLCompiler, **kw: Any) -> str:
    """As SQLite keeps instants: text with microseconds, which compares like time."""
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {compiler.process(element.clauses, **kw)}, '+17 hours')"


@compiles(day_after, "postgresql")
def _day_after_postgresql(element: day_after, compiler: SQLCompiler, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"(CAST({day} AS timestamp) + interval '17 hours') AT TIME ZONE 'UTC'"


def is_overdue(due_on: Any, done_at: Any, today: date) -> ColumnElement[bool]:
    """Whether a duty due on ``due_on`` was done late, or is late on ``today`` while ``done_at`` is null.

    ``due_on`` is a date column and ``done_at`` a column of instants. Never null: without a due date nothing is late.
    """
    return and_(
        due_on.is_not(None),
        or_(
            and_(done_at.is_(None), due_on < today),
            and_(done_at.is_not(None), day_after(due_on) <= done_at),
        ),
    )


def answer_is_overdue(today: date) -> ColumnElement[bool]:
    """Whether the answer to a petition came late, or is late on ``today``.

    The clock stands while the agency waits for the submitter: what was in time when it asked does not become late by
    waiting. A petition that ended without an answer is measured by the day on which it ended.
    """
    waiting = and_(Petition.status == Status.AWAITING_SUBMITTER, Petition.waiting_since.is_not(None))
    done_at = func.coalesce(Petition.answered_at, Petition.ended_at, type_=UtcInstant())
    return or_(
        and_(waiting, Petition.respond_by < Petition.waiting_since),
        and_(not_(waiting), is_overdue(Petition.respond_by, done_at, today)),
    )
