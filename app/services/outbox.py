"""Writing down what must follow a change, in the change's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
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
    """Ask for ``task`` once for all time under ``key``; False if that was asked before."""
    if session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None:
        return False
    session.add(
        OutboxRow(key=key, task=task, payload=payload, created_at=now, available_at=available_at or now)
    )
    return True
