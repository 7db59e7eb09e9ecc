"""Asking how satisfied people are, and keeping what they say."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid, NotFound
from app.models import Event, Petition, Survey
from app.services import closing, satisfaction
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from tests.factories import a_petition, answer
from tests.instances import Clock
from workflows.lifecycle import Refused, Status


@pytest.fixture
def answered(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Petition:
    """An answered petition."""
    return a_petition(session, vault, clock.now, chance, status=Status.ANSWERED)


@pytest.fixture
def survey(session: Session, answered: Petition) -> Survey:
    """Its survey."""
    found = satisfaction.latest(session, answered)
    assert found is not None
    return found


@pytest.fixture
def rate(session: Session, answered: Petition, survey: Survey, clock: Clock) -> Any:
    """Rate the answer."""
    return lambda rating=5, policy=None, comment=None: satisfaction.rate(
        session, answered, survey, rating, policy, comment, clock.now
    )


def test_the_token_in_the_mail_opens_the_survey(
    session: Session, vault: Vault, answered: Petition, survey: Survey
) -> None:
    token = satisfaction.token_for(vault, answered, survey.response_id)
    assert len(token) == 40
    assert satisfaction.by_token(session, token) is survey
    assert token not in (survey.token_hash, answered.secret_hash)


@pytest.mark.parametrize("token", ["", "0" * 40, "x" * 10_000, "mã", "\x00"])
def test_any_other_token_opens_nothing(session: Session, survey: Survey, token: str) -> None:
    with pytest.raises(NotFound):
        satisfaction.by_token(session, token)


def test_the_stored_hash_opens_nothing(session: Session, survey: Survey) -> None:
    with pytest.raises(NotFound):
        satisfaction.by_token(session, survey.token_hash)


def test_a_rating_is_kept_and_stands_on_the_timeline(
    session: Session, rate: Any, survey: Survey, clock: Clock
) -> None:
    rate(4, 2, "Trả lời nhanh, nhưng chính sách còn vướng.")
    session.commit()
    assert (survey.rating, survey.policy_rating, survey.answered_at) == (4, 2, clock.now)
    assert survey.comment == "Trả lời nhanh, nhưng chính sách còn vướng."
    event = session.scalars(select(Event).where(Event.kind == "rated")).one()
    assert event.data == {"survey": survey.id, "rating": 4, "policy_rating": 2, "agency": "BKHCN"}
    assert event.actor == "submitter"


def test_rated_again_the_last_word_counts_and_both_are_on_record(
    session: Session, rate: Any, survey: Survey, clock: Clock
) -> None:
    rate(1, None, "Tệ")
    clock.now += timedelta(days=1)
    rate(5)
    assert (survey.rating, survey.comment, survey.answered_at) == (5, None, clock.now)
    rated = select(Event).where(Event.kind == "rated").order_by(Event.seq)
    assert [event.data["rating"] for event in session.scalars(rated)] == [1, 5]


@pytest.mark.parametrize(("rating", "policy"), [(0, None), (6, None), (-1, None), (3, 0), (3, 6), (0, 0)])
def test_a_rating_that_is_none(rate: Any, survey: Survey, rating: int, policy: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        rate(rating, policy)
    assert refused.value.errors == {"rating": "choose"}
    assert survey.rating is None


def test_the_length_of_a_comment(rate: Any) -> None:
    rate(3, None, "x" * 4000)
    with pytest.raises(Invalid) as refused:
        rate(3, None, "x" * 4001)
    assert refused.value.errors == {"comment": "too_long"}


def test_a_closed_petition_can_still_be_rated(
    session: Session, rate: Any, answered: Petition, clock: Clock
) -> None:
    closing.close(session, answered, SUBMITTER, clock.now)
    assert rate(5).rating == 5


def test_while_it_is_being_worked_on_again_it_is_not_rated(
    session: Session, rate: Any, answered: Petition, clock: Clock
) -> None:
    closing.reopen(session, answered, "Chưa đúng", clock.now)
    with pytest.raises(Refused, match="state"):
        rate(1)


def test_each_answer_is_asked_about_and_the_agency_is_fixed(
    session: Session, vault: Vault, answered: Petition, survey: Survey, clock: Clock
) -> None:
    closing.reopen(session, answered, "Chưa đúng", clock.now)
    answer(session, vault, answered, clock.now)
    second = satisfaction.latest(session, answered)
    assert second is not None
    assert second.id != survey.id
    tokens = {satisfaction.token_for(vault, answered, each.response_id) for each in (survey, second)}
    assert len(tokens) == 2
    assert survey.agency_code == second.agency_code == "BKHCN"
