"""A petition and the people around it, for tests of what is done to it."""

from typing import Any

from sqlalchemy.orm import Session

from app.models import Event, Petition
from app.services import answering, responses
from app.services.actors import SUBMITTER, Actor
from app.services.personal_data import Vault
from tests.factories import ANSWER, an_actor
from tests.instances import Clock
from workflows.lifecycle import Role


class Case:
    """A petition and the people around it."""

    def __init__(self, session: Session, petition: Petition, vault: Vault, clock: Clock) -> None:
        self.session, self.petition, self.vault, self.clock = session, petition, vault, clock
        self.officer = an_actor(session, Role.OFFICER)
        self.approver = an_actor(session, Role.APPROVER)

    def acknowledge(self, actor: Actor | None = None, **values: Any) -> Event:
        actor = actor or self.officer
        given: dict[str, Any] = {
            "officer_id": self.officer.staff_id,
            "task": "Kiểm tra trạm phát sóng",
            "deadline": self.petition.respond_by,
            "expected_result": "Văn bản trả lời",
        }
        return answering.acknowledge(
            self.session, self.petition, actor, self.clock.now, **{**given, **values}
        )

    def ask(self) -> Event:
        return answering.ask_submitter(self.session, self.petition, self.officer, "Thôn nào?", self.clock.now)

    def reply(self) -> Event:
        return answering.provide_information(
            self.session, self.petition, SUBMITTER, "Thôn Đông", self.clock.now
        )

    def extend(self, days: int = 5, reason: str = "complex", actor: Actor | None = None) -> Event:
        actor = actor or self.approver
        return answering.extend(
            self.session, self.petition, actor, days, reason, "Xin lỗi vì chậm", self.clock.now
        )

    def draft(self, body: str = ANSWER, actor: Actor | None = None) -> None:
        answering.draft(self.session, self.petition, actor or self.officer, body, self.clock.now)

    def submit(self) -> Event:
        return answering.submit_draft(self.session, self.petition, self.officer, self.clock.now)

    def approve(self, actor: Actor | None = None) -> Event:
        return answering.approve(self.session, self.petition, actor or self.approver, self.clock.now)

    def give_back(self, note: str = "Nêu rõ thời hạn") -> Event:
        return answering.return_draft(self.session, self.petition, self.approver, note, self.clock.now)

    def publish(self, actor: Actor | None = None) -> Event:
        return answering.publish(
            self.session, self.vault, self.petition, actor or self.approver, self.clock.now
        )

    @property
    def state(self) -> str | None:
        """How far the answer under way has come."""
        response = responses.response_under_way(self.session, self.petition)
        return response.state if response is not None else None
