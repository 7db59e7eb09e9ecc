"""Telling a submitter that the matter is not taken up, or belongs to a legal channel."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.services import closing
from app.web.cases.acting import act, blueprint
from workflows.lifecycle import Action


@blueprint.post("/<code>/decline")
def decline(code: str) -> ResponseReturnValue:
    """Do not take the case up."""
    return act(
        code,
        Action.DECLINE,
        lambda work: closing.decline(
            work.session,
            work.petition,
            work.actor,
            work.form["reason"].data,
            work.form["guidance"].data,
            work.at,
        ),
        lambda: _("Đã báo người gửi: không thụ lý hồ sơ %(code)s, kèm lời hướng dẫn.", code=code),
    )


@blueprint.post("/<code>/refer")
def refer(code: str) -> ResponseReturnValue:
    """Point to the legal channel."""
    return act(
        code,
        Action.REFER,
        lambda work: closing.refer(
            work.session,
            work.petition,
            work.actor,
            work.form["reason"].data,
            work.form["guidance"].data,
            work.at,
        ),
        lambda: _("Đã hướng dẫn người gửi hồ sơ %(code)s đến nơi có thẩm quyền.", code=code),
    )
