"""The answers of a petition: those given, and the one being written."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Petition, Response


def response_under_way(session: Session, petition: Petition) -> Response | None:
    """The answer being written, if any; after a transfer what the agency before has written, to begin from."""
    return session.scalars(
        select(Response).where(Response.petition_id == petition.id, Response.state != "published")
    ).first()


def published_responses(session: Session, petition: Petition) -> list[Response]:
    """The answers given, oldest first."""
    return list(
        session.scalars(
            select(Response)
            .where(Response.petition_id == petition.id, Response.state == "published")
            .order_by(Response.number)
        )
    )


def next_number(session: Session, petition: Petition) -> int:
    """The number of the next answer."""
    return len(published_responses(session, petition)) + 1
