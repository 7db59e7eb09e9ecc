"""Working with others: co-handlers and their parts, notes among staff, petitions about the same thing."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Invalid
from app.services import cohandling, merging
from app.web.cases.acting import Work, act, blueprint
from workflows.codes import read_code
from workflows.lifecycle import Action


@blueprint.post("/<code>/involve")
def involve(code: str) -> ResponseReturnValue:
    """Ask another agency to take part."""

    def verb(work: Work) -> None:
        form = work.form
        agency, task, due = form["agency"].data, form["task"].data or "", form["due"].data
        cohandling.involve(work.session, work.petition, work.actor, agency, task, due, work.at)

    return act(code, Action.INVOLVE, verb, lambda: _("Đã gửi đề nghị phối hợp."))


@blueprint.post("/<code>/contribute")
def contribute(code: str) -> ResponseReturnValue:
    """Give the part that was asked for."""
    return act(
        code,
        Action.CONTRIBUTE,
        lambda work: cohandling.contribute(
            work.session, work.petition, work.actor, work.form["text"].data, work.at
        ),
        lambda: _("Đã gửi ý kiến cho cơ quan chủ trì."),
    )


@blueprint.post("/<code>/release")
def release(code: str) -> ResponseReturnValue:
    """No longer need a part."""
    return act(
        code,
        Action.RELEASE,
        lambda work: cohandling.release(
            work.session, work.petition, work.actor, work.form["agency"].data, work.at
        ),
        lambda: _("Đã thôi đề nghị phối hợp."),
    )


@blueprint.post("/<code>/comment")
def comment(code: str) -> ResponseReturnValue:
    """Leave a note among staff."""
    return act(
        code,
        Action.COMMENT,
        lambda work: cohandling.comment(
            work.session, work.petition, work.actor, work.form["text"].data, work.at
        ),
        lambda: _("Đã lưu ghi chú."),
    )


@blueprint.post("/<code>/merge")
def merge(code: str) -> ResponseReturnValue:
    """Put the case with its lead."""

    def verb(work: Work) -> None:
        wanted = read_code(work.form["lead"].data or "")
        if wanted is None:
            raise Invalid(lead="not_a_lead")
        lead = merging.lead_of(work.session, wanted)
        merging.merge(work.session, work.petition, work.actor, lead, work.form["note"].data, work.at)

    return act(code, Action.MERGE, verb, lambda: _("Đã gộp hồ sơ %(code)s vào hồ sơ chính.", code=code))


@blueprint.post("/<code>/unmerge")
def unmerge(code: str) -> ResponseReturnValue:
    """Take the case out again."""
    return act(
        code,
        Action.UNMERGE,
        lambda work: merging.unmerge(
            work.session, work.petition, work.actor, work.form["note"].data, work.at
        ),
        lambda: _("Đã tách hồ sơ %(code)s; hồ sơ chờ điều phối lại.", code=code),
    )
