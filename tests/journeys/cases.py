"""Petitions in every state, there before a journey begins, and the addresses of all that can be seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.models import Petition, Survey
from app.services import satisfaction
from tests.factories import a_petition
from tests.journeys.house import House, the_same_chance
from tests.journeys.walks import Codes
from workflows.lifecycle import Status

SHOWN = (
    Status.TRIAGE,
    Status.ASSIGNED,
    Status.ACCEPTED,
    Status.AWAITING_SUBMITTER,
    Status.ANSWERED,
    Status.CLOSED,
    Status.DECLINED,
    Status.REFERRED,
)


@dataclass(frozen=True)
class Cases:
    """The codes of a petition in each state, and the token that rates the answered one."""

    of: dict[Status, Codes]
    survey: str


def make_cases(house: House) -> Cases:
    """One petition in each state that the pages tell apart, and three of last month for the figures."""
    chance = the_same_chance()
    made: dict[Status, Codes] = {}
    with house.session() as session:
        for status in SHOWN:
            petition = a_petition(session, house.vault, house.now, chance, status=status)
            secret = house.vault.open_contact(petition.submitter.sealed).secret
            made[status] = Codes(petition.code, secret or "")
        survey = session.scalars(
            select(Survey).join(Petition).where(Petition.code == made[Status.ANSWERED].code)
        ).one()
        token = satisfaction.token_for(house.vault, survey.petition, survey.response_id)
        for _ in range(3):
            a_petition(session, house.vault, house.now - timedelta(days=33), chance, status=Status.ANSWERED)
    return Cases(made, token)
