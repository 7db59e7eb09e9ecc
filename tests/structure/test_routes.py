"""Every route: no POST without its token, and no page of staff for a stranger or for the wrong role."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.models import Staff
from tests.factories import a_staff
from tests.web.browsing import log_in, read
from workflows.lifecycle import AGENCY_ROLES, STAFF_ROLES, Role

CODE = "PAKN-20261102-000000-X"
# Pages that nobody has to log in for; whatever is not named here is held to be for staff.
OPEN_TO_ALL = (
    "citizen",
    "auth",
    "service",
    "bootstrap",
    "static",
    "switch_language",
    "api",
    "open311",
    "openapi",
)
ADMITTED = {
    "admin": {Role.SYSTEM_ADMIN},
    "cases": {Role.DESK, Role.SUPERVISOR, *AGENCY_ROLES},
    "desk": {Role.DESK, Role.SUPERVISOR},
    "inbox": set(AGENCY_ROLES),
}


def address(rule: Rule) -> str:
    """An address of the rule with something in every gap."""
    path = re.sub(r"<(?:any\(([^,)]+)[^>]*:|[^>]*?:)?(\w+)>", _fill, rule.rule)
    assert "<" not in path, rule
    return path


def _fill(gap: re.Match[str]) -> str:
    return gap[1] or (CODE if gap[2] == "code" else "1")


def rules_of(app: Flask, method: str) -> Iterator[Rule]:
    """The rules that take ``method``."""
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def for_staff(rule: Rule) -> bool:
    """Whether the rule stands behind the log-in."""
    return rule.endpoint.split(".")[0] not in OPEN_TO_ALL


def test_every_part_for_staff_is_there(app: Flask) -> None:
    parts = {rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules() if for_staff(rule)}
    assert parts >= {"admin", "cases", "desk", "inbox"}


def test_every_post_refuses_a_missing_token(app: Flask, client: FlaskClient, session: Session) -> None:
    staff = a_staff(session, Role.DESK)
    session.commit()
    log_in(client, staff)
    posts = [rule for rule in rules_of(app, "POST") if not address(rule).startswith(("/api/", "/open311/"))]
    assert len(posts) > 15
    for rule in posts:
        answer = client.post(address(rule), data={"version": "1"})
        assert answer.status_code == 400, rule
        assert "csrf_token" in answer.get_data(as_text=True), rule


def test_every_page_for_staff_sends_a_stranger_to_log_in(app: Flask, client: FlaskClient) -> None:
    for rule in filter(for_staff, rules_of(app, "GET")):
        answer = client.get(address(rule))
        assert answer.status_code in (302, 303), rule
        assert answer.location.startswith("/login?next="), rule


def test_every_post_for_staff_refuses_a_stranger(app: Flask, client: FlaskClient) -> None:
    token = dict(read(client.get("/login")).form_with("username").fields)["csrf_token"]
    for rule in filter(for_staff, rules_of(app, "POST")):
        assert client.post(address(rule), data={"csrf_token": token}).status_code == 403, rule


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_every_part_admits_only_its_roles(
    app: Flask, client: FlaskClient, session: Session, role: Role
) -> None:
    staff: Staff = a_staff(session, role)
    session.commit()
    log_in(client, staff)
    with client.session_transaction() as kept:
        assert kept["_user_id"] == staff.get_id()
    for part, admitted in ADMITTED.items():
        for rule in rules_of(app, "GET"):
            if rule.endpoint.split(".")[0] == part:
                status = client.get(address(rule)).status_code
                assert (status == 403) == (role not in admitted), (rule, status)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_every_post_refuses_a_role_that_is_not_admitted(
    app: Flask, client: FlaskClient, session: Session, role: Role
) -> None:
    staff = a_staff(session, role)
    session.commit()
    log_in(client, staff)
    token = _token(client)
    for rule in rules_of(app, "POST"):
        part = rule.endpoint.split(".")[0]
        if part in ADMITTED and role not in ADMITTED[part]:
            assert client.post(address(rule), data={"csrf_token": token}).status_code == 403, rule


def _token(client: FlaskClient) -> str:
    """The token of the log-out form that stands on every page of staff."""
    form = next(form for form in read(client.get("/")).forms if form.action.endswith("/logout"))
    return dict(form.fields)["csrf_token"]
