"""Who may enter a part of the service: one guard for a whole blueprint, so that no page of it can be forgotten."""

from typing import cast

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.models import Staff
from workflows.lifecycle import AGENCY_ROLES, Role

START_PAGES = {Role.DESK: "/desk", Role.SUPERVISOR: "/reports", Role.SYSTEM_ADMIN: "/admin"}


def admit(blueprint: Blueprint, *roles: Role) -> None:
    """Let only staff in one of ``roles`` onto the pages of ``blueprint``.

    A stranger is sent to log in and brought back; what a stranger sends (the session ran out while they typed) is
    shown again rather than lost. Staff in another role get 403.
    """

    @blueprint.before_request
    def check() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return _turn_away()
        if current_user.role not in roles:
            abort(403)
        return None


def staff_at_work() -> Staff:
    """The member of staff who is logged in, on a page that :func:`admit` guards."""
    return cast(Staff, current_user._get_current_object())


def start_page(staff: Staff) -> str:
    """Where a member of staff begins the day."""
    return "/inbox" if staff.role in AGENCY_ROLES else START_PAGES[staff.role]


def _turn_away() -> ResponseReturnValue:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")), 303)
    typed = [
        (name, value)
        for name, values in request.form.lists()
        if not name.endswith(("csrf_token", "password"))
        for value in values
    ]
    return make_response(render_template("auth/login_needed.html", typed=typed), 403)
