"""Working towards the answer: ask, extend, draft, submit, return, approve, publish."""

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.extensions import db, now
from app.queries.case import load
from app.services import access, answering
from app.services.points import Point
from app.web.auth.guard import staff_at_work
from app.web.cases.acting import Work, act, blueprint
from app.web.cases.offered import build_form
from app.web.cases.page import Extra, case_page
from app.web.presentation import answer_markup
from workflows.calendar import local_date
from workflows.lifecycle import Action


@blueprint.post("/<code>/ask")
def ask(code: str) -> ResponseReturnValue:
    """Ask the submitter."""
    return act(
        code,
        Action.ASK_SUBMITTER,
        lambda work: answering.ask_submitter(
            work.session, work.petition, work.actor, work.form["question"].data, work.at
        ),
        lambda: _("Đã gửi câu hỏi. Thời hạn tạm dừng đến khi người gửi trả lời."),
    )


@blueprint.post("/<code>/interim")
def reply_interim(code: str) -> ResponseReturnValue:
    """Tell the submitter how things stand."""

    def verb(work: Work) -> None:
        text, expected_on = work.form["text"].data, work.form["expected_on"].data
        answering.reply_interim(work.session, work.petition, work.actor, text, expected_on, work.at)

    return act(code, Action.REPLY_INTERIM, verb, lambda: _("Đã gửi lời báo tiến độ."))


@blueprint.post("/<code>/partner")
def name_partner(code: str) -> ResponseReturnValue:
    """Name who solves it, or is the first to buy."""

    def verb(work: Work) -> None:
        part, name = work.form["part"].data, work.form["name"].data
        answering.name_partner(work.session, work.petition, work.actor, part, name, work.at)

    return act(code, Action.NAME_PARTNER, verb, lambda: _("Đã lưu. Người gửi được báo."))


@blueprint.post("/<code>/correct")
def correct(code: str) -> ResponseReturnValue:
    """Put a new answer in the place of the one given."""
    return act(
        code,
        Action.CORRECT,
        lambda work: answering.correct(
            work.session, work.petition, work.actor, work.form["why"].data, work.at
        ),
        lambda: _("Đã gửi văn bản đính chính."),
    )


@blueprint.post("/<code>/extend")
def extend(code: str) -> ResponseReturnValue:
    """Move the date of the answer, once."""

    def verb(work: Work) -> None:
        form = work.form
        days, reason, note = int(form["days"].data), form["reason"].data, form["note"].data
        answering.extend(work.session, work.petition, work.actor, days, reason, note, work.at)

    return act(code, Action.EXTEND, verb, lambda: _("Đã gia hạn. Người gửi được báo ngày mới."))


@blueprint.post("/<code>/draft")
def draft(code: str) -> ResponseReturnValue:
    """Save the answer under way."""
    return act(
        code,
        Action.DRAFT,
        lambda work: answering.draft(
            work.session, work.petition, work.actor, work.form["body"].data, work.at
        ),
        lambda: _("Đã lưu dự thảo."),
    )


@blueprint.post("/<code>/preview")
def preview(code: str) -> ResponseReturnValue:
    """Show how an answer will look, without saving it."""
    staff = staff_at_work()
    petition = access.for_staff(db.session(), code, staff)
    case = load(db.session(), petition)
    form = build_form(db.session(), case, staff, Action.DRAFT, local_date(now()), typed=True)
    shown = answer_markup(form["body"].data or "")
    return case_page(petition, staff, extra=Extra(preview=shown, forms={Action.DRAFT: form}))


@blueprint.post("/<code>/submit-draft")
def submit_draft(code: str) -> ResponseReturnValue:
    """Put the draft before an approver."""

    def verb(work: Work) -> None:
        form, met = work.form, list[Point]()
        while f"met_{len(met) + 1}" in form:
            n = len(met) + 1
            met.append(Point(form[f"met_{n}"].data == "yes", form[f"why_{n}"].data or ""))
        answering.submit_draft(work.session, work.petition, work.actor, work.at, met)

    return act(code, Action.SUBMIT_DRAFT, verb, lambda: _("Đã trình lãnh đạo duyệt."))


@blueprint.post("/<code>/return-draft")
def return_draft(code: str) -> ResponseReturnValue:
    """Send the draft back to its author."""
    return act(
        code,
        Action.RETURN_DRAFT,
        lambda work: answering.return_draft(
            work.session, work.petition, work.actor, work.form["note"].data, work.at
        ),
        lambda: _("Đã trả lại dự thảo kèm ý kiến."),
    )


@blueprint.post("/<code>/approve")
def approve(code: str) -> ResponseReturnValue:
    """Approve the draft."""
    return act(
        code,
        Action.APPROVE,
        lambda work: answering.approve(work.session, work.petition, work.actor, work.at),
        lambda: _("Đã duyệt. Bấm “Gửi văn bản trả lời” để người gửi nhận được."),
    )


@blueprint.post("/<code>/publish")
def publish(code: str) -> ResponseReturnValue:
    """Give the answer to the submitter."""
    return act(
        code,
        Action.PUBLISH,
        lambda work: answering.publish(
            work.session, current_app.extensions["pakn_vault"], work.petition, work.actor, work.at
        ),
        lambda: _("Đã gửi văn bản trả lời. Người gửi được mời đánh giá."),
    )
