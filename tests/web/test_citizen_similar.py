"""What is offered to somebody about to send what others have asked before."""

import random

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.services import similarity
from app.services.personal_data import Vault
from tests.factories import a_petition
from tests.instances import Clock
from tests.web.browsing import look
from tests.web.test_citizen_sending import at_check
from workflows.lifecycle import Status


def test_an_answer_to_the_same_question_is_offered_before_sending(
    client: FlaskClient, session: Session, vault: Vault, clock: Clock, chance: random.Random
) -> None:
    for may_publish in (False, True):
        text = "Xin cho biết lịch mở lớp kỹ năng số cho người cao tuổi ở phường, và có phải đóng tiền không?"
        petition = a_petition(
            session, vault, clock.now, chance, status=Status.ANSWERED, text=text, may_publish=may_publish
        )
        similarity.compare(session, petition)
        session.commit()
        page = look(client.get(at_check(client, f"{text} Tôi xin cảm ơn.")))
        assert ("Việc tương tự đã có câu trả lời" in page.text) is may_publish
        assert ("hai trạm" in page.text) is may_publish
        assert petition.code not in page.text
