"""What submitters do with their petition: reply or add, object, accept the answer, withdraw."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.extensions import db, limiter, now
from app.models import Petition
from app.queries import own_petition
from app.services import answering, closing, transition
from app.services.actors import SUBMITTER
from app.web import wording
from app.web.citizen import blueprint, opened
from app.web.citizen.forms import CheckForm, InformationForm, ObjectionForm
from app.web.citizen.petitions import may, opened_petition
from app.web.citizen.tracking import locked
from workflows.lifecycle import Action, Refused, Status


@blueprint.get("/petitions/<code>/information")
def ask_information(code: str) -> ResponseReturnValue:
    """The form to add something, or to reply to the agency's question."""
    return _form_page(
        code,
        "information",
        InformationForm(formdata=None),
        Action.ADD_INFORMATION,
        Action.PROVIDE_INFORMATION,
    )


@blueprint.post("/petitions/<code>/information")
@limiter.limit("30/minute")
def information(code: str) -> ResponseReturnValue:
    """Add something or reply; sent twice it is kept once."""
    form = InformationForm()

    def add(petition: Petition) -> str:
        if own_petition.last_words(db.session(), petition) != form.text.data:
            answering.provide_information(db.session(), petition, SUBMITTER, form.text.data, now())
        return str(_("Đã chuyển thông tin của bạn đến cơ quan xử lý."))

    return _do(code, "information", form, form.text.data or "", add)


@blueprint.get("/petitions/<code>/objection")
def ask_objection(code: str) -> ResponseReturnValue:
    """The form to object to an answer."""
    return _form_page(code, "objection", ObjectionForm(formdata=None), Action.REOPEN)


@blueprint.post("/petitions/<code>/objection")
@limiter.limit("30/minute")
def objection(code: str) -> ResponseReturnValue:
    """Object: the agency takes the petition up again."""
    form = ObjectionForm()

    def reopen(petition: Petition) -> str:
        again = own_petition.last_words(db.session(), petition) == form.objection.data
        if not (again and petition.status is Status.ACCEPTED):
            closing.reopen(db.session(), petition, form.objection.data, now())
        return str(_("Đã ghi nhận ý kiến của bạn. Cơ quan phụ trách sẽ xem xét lại và trả lời tiếp."))

    return _do(code, "objection", form, form.objection.data or "", reopen)


@blueprint.get("/petitions/<code>/withdraw")
def ask_withdraw(code: str) -> ResponseReturnValue:
    """Ask once more before a petition is withdrawn."""
    return _form_page(code, "withdraw", CheckForm(formdata=None), Action.WITHDRAW)


@blueprint.post("/petitions/<code>/withdraw")
def withdraw(code: str) -> ResponseReturnValue:
    """Withdraw; pressed twice it is done once."""

    def take_back(petition: Petition) -> str:
        if petition.status is not Status.WITHDRAWN:
            closing.withdraw(db.session(), petition, now())
        return str(_("Bạn đã rút hồ sơ này."))

    return _do(code, "withdraw", CheckForm(), "", take_back)


@blueprint.get("/petitions/<code>/acceptance")
def ask_acceptance(code: str) -> ResponseReturnValue:
    """Ask once more before a petition is closed."""
    return _form_page(code, "acceptance", CheckForm(formdata=None), Action.CLOSE)


@blueprint.post("/petitions/<code>/acceptance")
def acceptance(code: str) -> ResponseReturnValue:
    """Accept the answer and close; pressed twice it is done once."""

    def close(petition: Petition) -> str:
        if petition.status is not Status.CLOSED:
            closing.close(db.session(), petition, SUBMITTER, now())
        return str(_("Cảm ơn bạn. Hồ sơ đã kết thúc."))

    return _do(code, "acceptance", CheckForm(), "", close)


def _form_page(code: str, name: str, form: FlaskForm, *actions: Action) -> ResponseReturnValue:
    petition = opened_petition(code)
    if petition is None:
        return locked(code)
    if not any(may(petition, action) for action in actions):
        flash(_("Hồ sơ đang ở bước không thực hiện được việc này."), "warning")
        return redirect(url_for("citizen.petition", code=petition.code), 303)
    return _shown(petition, name, form)


def _shown(petition: Petition, name: str, form: FlaskForm, refused: str | None = None) -> str:
    own = own_petition.whole(db.session(), petition)
    question = next(
        (own.notes.get(event.seq) for event in reversed(own.events) if event.kind == "information_requested"),
        None,
    )
    waiting = petition.status is Status.AWAITING_SUBMITTER
    return render_template(
        f"citizen/{name}.html",
        petition=petition,
        form=form,
        question=question if waiting else None,
        refused=refused,
    )


def _do(
    code: str, name: str, form: FlaskForm, typed: str, verb: Callable[[Petition], str]
) -> ResponseReturnValue:
    """Check the form, lock the petition, do it, commit; show the form again where it is refused, with what was typed."""
    petition = opened_petition(code)
    if petition is None:
        return locked(code, typed)
    if not form.validate():
        return _shown(petition, name, form), 422
    try:
        said = verb(transition.lock(db.session(), petition.code))
    except Refused as refused:
        db.session.rollback()
        return _shown(petition, name, form, str(wording.REFUSALS.get(refused.code, refused.code))), 409
    db.session.commit()
    opened.grant(petition.code)
    flash(said, "success")
    return redirect(url_for("citizen.petition", code=petition.code), 303)
