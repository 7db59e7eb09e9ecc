"""Who holds a case: assign, transfer, return, acknowledge."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.extensions import db
from app.models import Agency
from app.services import answering, categorising, routing
from app.web import wording
from app.web.cases.acting import Work, act, blueprint
from workflows.lifecycle import Action


def _called(code: str) -> str:
    agency = db.session.get(Agency, code)
    return wording.name(agency) if agency else code


@blueprint.post("/<code>/assign")
def assign(code: str) -> ResponseReturnValue:
    """The desk sends the case to an agency."""
    chosen: list[str] = []

    def verb(work: Work) -> None:
        chosen.append(work.form["agency"].data)
        routing.assign(work.session, work.petition, work.actor, chosen[0], work.at, work.form["note"].data)

    return act(
        code,
        Action.ASSIGN,
        verb,
        lambda: _("Đã chuyển hồ sơ %(code)s đến %(agency)s.", code=code, agency=_called(chosen[0])),
    )


@blueprint.post("/<code>/transfer")
def transfer(code: str) -> ResponseReturnValue:
    """The agency passes the case on."""

    def verb(work: Work) -> None:
        form = work.form
        agency, reason, note = form["agency"].data, form["reason"].data, form["note"].data
        routing.transfer(work.session, work.petition, work.actor, agency, reason, note, work.at)

    return act(code, Action.TRANSFER, verb, lambda: _("Đã chuyển hồ sơ sang cơ quan khác."))


@blueprint.post("/<code>/return")
def return_to_desk(code: str) -> ResponseReturnValue:
    """The agency sends the case back to the desk."""

    def verb(work: Work) -> None:
        reason, note = work.form["reason"].data, work.form["note"].data
        routing.return_to_desk(work.session, work.petition, work.actor, reason, note, work.at)

    return act(code, Action.RETURN, verb, lambda: _("Đã trả hồ sơ lại bộ phận điều phối."))


@blueprint.post("/<code>/escalate")
def escalate(code: str) -> ResponseReturnValue:
    """Lay the case before the superior agency."""

    def verb(work: Work) -> None:
        reason, tried = work.form["reason"].data, work.form["tried"].data
        routing.escalate(work.session, work.petition, work.actor, reason, tried, work.at)

    return act(code, Action.ESCALATE, verb, lambda: _("Đã báo cáo cấp trên."))


@blueprint.post("/<code>/recategorise")
def recategorise(code: str) -> ResponseReturnValue:
    """Say anew what the case is."""

    def verb(work: Work) -> None:
        form = work.form
        kind, complexity, note = form["kind"].data, form["complexity"].data, form["note"].data
        categorising.recategorise(work.session, work.petition, work.actor, kind, complexity, note, work.at)

    return act(code, Action.RECATEGORISE, verb, lambda: _("Đã lưu loại hồ sơ mới."))


@blueprint.post("/<code>/acknowledge")
def acknowledge(code: str) -> ResponseReturnValue:
    """The agency accepts the case and names the five musts."""

    def verb(work: Work) -> None:
        form = work.form
        answering.acknowledge(
            work.session,
            work.petition,
            work.actor,
            work.at,
            officer_id=int(form["officer"].data),
            task=form["task"].data or "",
            deadline=form["deadline"].data,
            expected_result=form["expected_result"].data or "",
        )

    return act(code, Action.ACKNOWLEDGE, verb, lambda: _("Đã thụ lý. Người gửi được báo."))
