"""What stands in the header of every page: the product, the way in, and for staff the rooms they may enter."""

from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from workflows.lifecycle import AGENCY_ROLES, Role


@dataclass(frozen=True)
class Link:
    """An entry of the menu; ``here`` says whether the page shown lies below it."""

    url: str
    text: str
    here: bool


def has_page(endpoint: str) -> bool:
    """Whether a page of that name is registered."""
    return endpoint in current_app.view_functions


def staff_links() -> list[Link]:
    """The rooms that the member of staff who is logged in may enter, in the order of their work."""
    rooms = (
        ("/desk", _("Điều phối"), {Role.DESK, Role.SUPERVISOR}),
        ("/inbox", _("Hộp việc"), AGENCY_ROLES),
        ("/reports", _("Báo cáo"), {Role.SUPERVISOR, Role.DESK, Role.APPROVER, Role.AGENCY_ADMIN}),
        ("/admin", _("Quản trị"), {Role.SYSTEM_ADMIN}),
    )
    served = {rule.rule.rstrip("/") for rule in current_app.url_map.iter_rules()}
    role = getattr(current_user, "role", None)
    return [
        Link(path, text, request.path == path or request.path.startswith(path + "/"))
        for path, text, roles in rooms
        if path in served and role in roles
    ]


def init_app(app: Flask) -> None:
    """Offer the menu to templates."""
    app.jinja_env.globals.update(has_page=has_page, staff_links=staff_links)
