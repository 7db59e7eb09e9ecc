"""Reading which reminders were asked for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import OutboxRow


def reminders(session: Session) -> list[str]:
    """Every reminder asked for so far: which, to whom, for what date."""
    rows = session.scalars(
        select(OutboxRow).where(OutboxRow.key.startswith("reminder:")).order_by(OutboxRow.id)
    )
    return [f"{row.payload['reminder']} {row.payload['agency']} {row.payload['due']}" for row in rows]
