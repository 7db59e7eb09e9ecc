"""The directory as it may be shown to everybody: agencies at work today, and topics."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Agency, Topic


def agencies_at_work(session: Session, today: date) -> Sequence[Agency]:
    """The agencies that exist on ``today``, in order of code; not the placeholders of bodies still to be named."""
    return session.scalars(
        select(Agency)
        .where(
            ~Agency.placeholder,
            or_(Agency.valid_from.is_(None), Agency.valid_from <= today),
            or_(Agency.valid_to.is_(None), Agency.valid_to >= today),
        )
        .order_by(Agency.code)
    ).all()


def topics(session: Session) -> Sequence[Topic]:
    """The topics in the order of the taxonomy."""
    return session.scalars(select(Topic).order_by(Topic.position)).all()
