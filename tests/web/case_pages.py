"""Reading the page of a case in tests."""

from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import Petition
from tests.web.browsing import look

Maker = Callable[..., Petition]
BODY = "Kính gửi bạn, cơ quan đã kiểm tra và sẽ lắp thêm **hai trạm** trong tháng 12."


Enter = Callable[..., FlaskClient]

WAYS = {
    "ask": "ask_submitter",
    "submit-draft": "submit_draft",
    "return-draft": "return_draft",
    "interim": "reply_interim",
    "partner": "name_partner",
}


def url(petition: Petition) -> str:
    """The address of its page."""
    return f"/cases/{petition.code}"


def offered(client: FlaskClient, petition: Petition) -> set[str]:
    """The last parts of the addresses that the page's forms go to."""
    forms = look(client.get(url(petition))).forms
    actions = [form.action.partition("#")[0] for form in forms]
    return {action.rpartition("/")[2] for action in actions if f"/{petition.code}/" in action}


def words(response: TestResponse) -> str:
    """The text of a page on one line."""
    return " ".join(look(response).text.split())
