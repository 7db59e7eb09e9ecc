"""Petitions in every state, there before a journey begins, and the addresses of all that can be seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.services import satisfaction
from tests.factories import a_petition
from tests.journeys.house import House, the_same_chance
from tests.journeys.walks import Codes
from workflows.lifecycle import Status


@dataclass(frozen=True)
class Cases:
    """The codes of a petition in each state, and the token that rates the answered one."""

    of: dict[Status, Codes]
    survey: str


def make_cases(house: House) -> Cases:
    """One petition in each state, and one of last month for the figures."""
    chance, made = the_same_chance(), {}
    with house.session() as session:
        for status in Status:
            if status in (Status.MERGED, Status.RECEIVED):
                continue
            petition = a_petition(session, house.vault, house.now, chance, status=status)
            secret = house.vault.open_contact(petition.submitter.sealed).secret
            made[status] = Codes(petition.code, secret or "")
            if status is Status.ANSWERED:
                survey = satisfaction.latest(session, petition)
                assert survey is not None
                token = satisfaction.token_for(house.vault, petition, survey.response_id)
        last_month = house.now - timedelta(days=33)
        for _ in range(3):
            a_petition(session, house.vault, last_month, chance, status=Status.ANSWERED)
    return Cases(made, token)
