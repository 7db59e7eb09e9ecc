"""Petitions whose steps are taken at stated times, and lives that wander at random."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.models import Petition
from app.queries import monthly
from app.queries.monthly import MonthlyReport
from app.services import answering, closing, routing, satisfaction
from app.services.actors import SUBMITTER
from app.services.personal_data import Vault
from classifiers import Classification, Scored
from tests import factories
from workflows.calendar import VIETNAM, local_date
from workflows.lifecycle import Role, Status
from workflows.monthly import Month


def on(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


class Lives:
    """Petitions whose steps are taken at stated times, by the real verbs."""

    def __init__(self, session: Session, vault: Vault, chance: random.Random) -> None:
        self.session, self.vault, self.chance = session, vault, chance

    def sent(self, now: datetime, **values: Any) -> Petition:
        return factories.a_receipt(self.session, self.vault, now, self.chance, **values).petition

    def routed(self, petition: Petition, agency: str, now: datetime) -> None:
        sure = (Scored(agency, 0.99),)
        said = Classification("feedback", (), (), sure, "route", (), (), "model of the tests")
        routing.suggest(self.session, petition, said, now)

    def triaged(self, petition: Petition, now: datetime) -> None:
        routing.suggest(self.session, petition, None, now)

    def assigned(self, petition: Petition, agency: str, now: datetime) -> None:
        desk = factories.an_actor(self.session, Role.DESK)
        routing.assign(self.session, petition, desk, agency, now)

    def acknowledged(self, petition: Petition, now: datetime) -> None:
        officer = factories.an_actor(self.session, Role.OFFICER, petition.lead_agency_code)
        answering.acknowledge(
            self.session,
            petition,
            officer,
            now,
            officer_id=officer.staff_id or 0,
            task="Kiểm tra",
            deadline=max(petition.respond_by, local_date(now)),
            expected_result="Văn bản",
        )

    def held(self, agency: str, sent: datetime, acknowledged: datetime) -> Petition:
        """A petition that came to ``agency`` through the desk and was taken up."""
        petition = self.sent(sent)
        self.triaged(petition, sent)
        self.assigned(petition, agency, sent + timedelta(hours=1))
        self.acknowledged(petition, acknowledged)
        return petition

    def asked(self, petition: Petition, now: datetime) -> None:
        officer = factories.an_actor(self.session, Role.OFFICER, petition.lead_agency_code)
        answering.ask_submitter(self.session, petition, officer, "Ở thôn nào?", now)

    def replied(self, petition: Petition, now: datetime) -> None:
        answering.provide_information(self.session, petition, SUBMITTER, "Ở thôn Một.", now)

    def extended(self, petition: Petition, days: int, now: datetime) -> None:
        approver = factories.an_actor(self.session, Role.APPROVER, petition.lead_agency_code)
        answering.extend(self.session, petition, approver, days, "complex", None, now)

    def answered(self, petition: Petition, now: datetime) -> None:
        factories.answer(self.session, self.vault, petition, now, petition.lead_agency_code or "")

    def rated(self, petition: Petition, rating: int, now: datetime) -> None:
        survey = satisfaction.latest(self.session, petition)
        assert survey is not None
        satisfaction.rate(self.session, petition, survey, rating, None, None, now)

    def transferred(self, petition: Petition, agency: str, now: datetime) -> None:
        officer = factories.an_actor(self.session, Role.OFFICER, petition.lead_agency_code)
        routing.transfer(self.session, petition, officer, agency, "not_our_competence", None, now)

    def returned(self, petition: Petition, now: datetime) -> None:
        officer = factories.an_actor(self.session, Role.OFFICER, petition.lead_agency_code)
        routing.return_to_desk(self.session, petition, officer, "unclear", None, now)

    def reopened(self, petition: Petition, now: datetime) -> None:
        closing.reopen(self.session, petition, "Chưa rõ.", now)

    def closed(self, petition: Petition, now: datetime) -> None:
        closing.close(self.session, petition, SUBMITTER, now)

    def withdrawn(self, petition: Petition, now: datetime) -> None:
        closing.withdraw(self.session, petition, now)

    def report(self, month: Month, as_of: datetime | None = None) -> MonthlyReport:
        self.session.flush()
        return monthly.report(self.session, month, on(12, 31), as_of)


def step(lives: Lives, petition: Petition, now: datetime, chance: random.Random) -> None:
    """One of the things that can happen to a petition where it stands; the likelier ones stand there twice."""
    agency, status = chance.choice(("BKHCN", "BCA", "UBND-79")), petition.status
    ways: list[Callable[[], None]] = []
    if status is Status.RECEIVED:
        ways = [lambda: lives.triaged(petition, now), lambda: lives.routed(petition, agency, now)]
    elif status is Status.TRIAGE:
        ways = [lambda: lives.assigned(petition, agency, now)]
    elif status is Status.ASSIGNED:
        ways = [lambda: lives.acknowledged(petition, now)] * 2 + [lambda: lives.withdrawn(petition, now)]
        if petition.handovers < 2:
            ways.append(lambda: lives.returned(petition, now))
    elif status is Status.ACCEPTED:
        ways = [lambda: lives.answered(petition, now), lambda: lives.asked(petition, now)]
        if petition.handovers < 2 and petition.lead_agency_code != agency:
            ways.append(lambda: lives.transferred(petition, agency, now))
        if not petition.extensions and local_date(now) <= petition.respond_by:
            ways.append(lambda: lives.extended(petition, 5, now))
    elif status is Status.AWAITING_SUBMITTER:
        ways = [lambda: lives.replied(petition, now)] * 2 + [lambda: lives.withdrawn(petition, now)]
    elif status in (Status.ANSWERED, Status.CLOSED):
        ways = [lambda: lives.rated(petition, chance.randint(1, 5), now)] * 2
        if status is Status.ANSWERED:
            ways.append(lambda: lives.closed(petition, now))
        if status is Status.ANSWERED and petition.object_by and local_date(now) <= petition.object_by:
            ways.append(lambda: lives.reopened(petition, now))
    if ways:
        chance.choice(ways)()
