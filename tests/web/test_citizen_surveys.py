"""Rating an answer."""

import random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Petition, Survey
from app.services import closing, satisfaction
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from tests import factories
from tests.instances import Clock
from tests.web.browsing import look, read, send_form, submit_form
from workflows.lifecycle import Status


@pytest.fixture
def petition(session: Session, vault: Vault, clock: Clock, chance: random.Random) -> Petition:
    """A petition that has been answered."""
    made = factories.a_petition(session, vault, clock.now, chance, status=Status.ANSWERED)
    session.commit()
    return made


@pytest.fixture
def survey(session: Session, petition: Petition) -> Survey:
    """Its survey."""
    return session.scalars(select(Survey)).one()


@pytest.fixture
def address(vault: Vault, petition: Petition, survey: Survey) -> str:
    """Where the survey stands."""
    return f"/surveys/{satisfaction.token_for(vault, petition, survey.response_id)}"


def chosen(client: FlaskClient, address: str, name: str = "rating") -> list[str]:
    """Which button of the survey is chosen."""
    return [value for field, value in look(client.get(address)).form_with("rating").fields if field == name]


def rated(session: Session) -> int:
    """How often the timeline says that somebody rated."""
    session.expire_all()
    return len(session.scalars(select(Event).where(Event.kind == "rated")).all())


def test_a_link_in_a_mail_only_chooses_and_nothing_is_kept(
    client: FlaskClient, address: str, survey: Survey, session: Session
) -> None:
    assert chosen(client, address) == []
    assert chosen(client, f"{address}?rating=4") == ["4"]
    assert "chưa được ghi" in look(client.get(f"{address}?rating=4")).text
    for nonsense in ("6", "0", "x", "-1", "４"):
        assert chosen(client, f"{address}?rating={nonsense}") == []
    session.refresh(survey)
    assert survey.rating is None
    assert rated(session) == 0


def test_a_rating_is_kept_thanked_for_and_may_be_changed(
    client: FlaskClient, address: str, survey: Survey, session: Session
) -> None:
    sent = submit_form(client, f"{address}?rating=4", policy_rating="2", comment="Trả lời rõ.")
    assert (sent.status_code, sent.location) == (303, f"{address}/thanks")
    session.refresh(survey)
    assert (survey.rating, survey.policy_rating, survey.comment) == (4, 2, "Trả lời rõ.")
    thanks = look(client.get(sent.location))
    assert "Hài lòng" in thanks.text
    assert not [form for form in thanks.forms if "objection" in form.names]
    assert chosen(client, address) == ["4"]
    assert chosen(client, address, "policy_rating") == ["2"]
    submit_form(client, address, rating="5", comment="")
    session.refresh(survey)
    assert (survey.rating, survey.comment) == (5, None)
    assert rated(session) == 2


def test_pressed_twice_it_is_rated_once(client: FlaskClient, address: str, session: Session) -> None:
    page = client.get(address)
    for _ in range(2):
        assert send_form(client, page, rating="3").status_code == 303
    assert rated(session) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "chọn một mục"),
        ({"rating": "9"}, "chọn một mục"),
        ({"rating": "tốt"}, "chọn một mục"),
        ({"rating": "4", "comment": "x" * 4001}, "dài quá"),
        ({"rating": "4", "comment": "hỏng \ufffd"}, "bị hỏng"),
    ],
)
def test_a_rating_that_cannot_be_taken_comes_back(
    client: FlaskClient, address: str, session: Session, fields: dict[str, str], said: str
) -> None:
    sent = submit_form(client, address, **{"comment": "Giữ lời này.", **fields})
    assert sent.status_code == 422
    page = look(sent)
    assert said in page.text
    assert dict(page.form_with("comment").fields)["comment"] == fields.get("comment", "Giữ lời này.")
    assert rated(session) == 0


def test_the_dissatisfied_may_object_at_once(
    client: FlaskClient, address: str, petition: Petition, session: Session
) -> None:
    sent = submit_form(client, address, rating="2")
    page = client.get(sent.location)
    assert submit_form(client, sent.location, objection="  ").status_code == 422
    for _ in range(2):
        assert send_form(client, page, objection="Chưa nói bao giờ xong.").status_code == 303
    session.refresh(petition)
    assert petition.status is Status.ACCEPTED
    thanks = look(client.get(f"{address}/thanks"))
    assert "xem xét lại" in thanks.text
    assert not [form for form in thanks.forms if "objection" in form.names]
    # While it is open again there is nothing to rate; what was chosen is said back rather than lost.
    assert not [form for form in look(client.get(address)).forms if "rating" in form.names]


def test_a_rating_sent_after_the_case_was_reopened_is_refused_in_words(
    client: FlaskClient, address: str, petition: Petition, session: Session, clock: Clock
) -> None:
    page = client.get(address)
    closing.reopen(session, petition, "Chưa đủ.", clock.now)
    session.commit()
    sent = send_form(client, page, rating="4", comment="Giữ lời này.")
    assert sent.status_code == 409
    assert "Giữ lời này." in look(sent).text
    assert rated(session) == 0


def test_a_closed_petition_can_be_rated_but_not_objected_to(
    client: FlaskClient, address: str, petition: Petition, session: Session, clock: Clock
) -> None:
    closing.close(session, petition, SUBMITTER, clock.now)
    session.commit()
    sent = submit_form(client, address, rating="1")
    assert not [form for form in look(client.get(sent.location)).forms if "objection" in form.names]
    assert rated(session) == 1


def test_a_token_that_opens_nothing(client: FlaskClient) -> None:
    for below in ("", "/thanks"):
        missing = client.get(f"/surveys/{'0' * 40}{below}")
        assert missing.status_code == 404
        look(missing)


def test_the_own_page_leads_to_the_survey(
    client: FlaskClient, address: str, petition: Petition, vault: Vault
) -> None:
    secret = vault.open_contact(petition.submitter.sealed).secret
    sent = submit_form(client, "/track", code=petition.code, secret=secret)
    assert address in read(client.get(sent.location)).links
