"""The page of the system administrator."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import OutboxRow
from tests.factories import START, a_staff
from tests.web.browsing import log_in, look
from workflows.lifecycle import Role


def test_it_shows_the_rules_in_force_and_what_failed(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.SYSTEM_ADMIN)
    session.add(
        OutboxRow(
            key="mail:1:1:submitter",
            task="mail",
            payload={},
            created_at=START,
            available_at=START,
            attempts=3,
            error="connection <refused>",
        )
    )
    session.commit()
    log_in(client, staff)
    page = look(client.get("/admin"))
    for part in (
        "connection <refused>",
        "2025-2027.1",
        "Tết Nguyên đán",
        "Nghị định 20/2008/NĐ-CP",
        "Phản ánh",
    ):
        assert part in page.text, part
    assert "connection &lt;refused&gt;" in client.get("/admin").get_data(as_text=True)


def test_nothing_failed_is_said(client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.SYSTEM_ADMIN)
    session.commit()
    log_in(client, staff)
    text = look(client.get("/admin")).text
    assert "Không có việc nào bị lỗi." in text
    assert "chưa phân loại hồ sơ nào" in text
