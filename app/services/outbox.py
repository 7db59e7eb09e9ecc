"""Writing down what must follow a change, in the change's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import OutboxRow


def add(
    session: Session,
    key: str,
    task: str,
    payload: dict[str, Any],
    now: datetime,
    available_at: datetime | None = None,
) -> bool:
    """Ask for ``task`` once for all time under ``key``; False if that was asked before, even at this very moment."""
    statement = (
        _insert(session)(OutboxRow)
        .values(
            key=key, task=task, payload=payload, created_at=now, available_at=available_at or now, attempts=0
        )
        .on_conflict_do_nothing(index_elements=[OutboxRow.key])
        .returning(OutboxRow.id)
    )
    # It depends on nothing that waits to be written.
    with session.no_autoflush:
        return session.scalar(statement) is not None


def add_all(
    session: Session, task: str, payloads: Mapping[str, dict[str, Any]], now: datetime
) -> frozenset[str]:
    """Ask for ``task`` under each key in one statement; the keys that had not been asked for before."""
    if not payloads:
        return frozenset()
    rows = [
        {"key": key, "task": task, "payload": payload, "created_at": now, "available_at": now, "attempts": 0}
        for key, payload in payloads.items()
    ]
    statement = _insert(session)(OutboxRow).values(rows)
    asked = statement.on_conflict_do_nothing(index_elements=[OutboxRow.key]).returning(OutboxRow.key)
    return frozenset(session.scalars(asked))


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
