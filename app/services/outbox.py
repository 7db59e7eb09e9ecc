"""Writing down what must follow a change, in the change's own transaction."""

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
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(OutboxRow)
        .values(
            key=key, task=task, payload=payload, created_at=now, available_at=available_at or now, attempts=0
        )
        .on_conflict_do_nothing(index_elements=[OutboxRow.key])
        .returning(OutboxRow.id)
    )
    return session.scalar(statement) is not None
