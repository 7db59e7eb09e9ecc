"""Rating an answer. The link in a mail only shows the form; nothing is kept before a button is pressed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.extensions import db, limiter, now
from app.models import Agency, Survey
from app.services import closing, satisfaction, transition
from app.web import wording
from app.web.citizen import blueprint
from app.web.citizen.forms import ObjectionForm, SurveyForm
from app.web.citizen.petitions import may
from workflows.lifecycle import Action, Refused, Status

UNHAPPY_UP_TO = 2


@blueprint.get("/surveys/<token>")
def survey(token: str) -> ResponseReturnValue:
    """The form; ``?rating=4`` only chooses a button beforehand."""
    found = satisfaction.by_token(db.session(), token)
    asked = request.args.get("rating", "")
    chosen = asked if asked in ("1", "2", "3", "4", "5") else str(found.rating or "")
    form = SurveyForm(
        formdata=None,
        rating=chosen,
        policy_rating=str(found.policy_rating or ""),
        comment=found.comment or "",
    )
    return _form_page(token, found, form, preselected=chosen == asked and bool(asked))


@blueprint.post("/surveys/<token>")
@limiter.limit("30/minute")
def rate(token: str) -> ResponseReturnValue:
    """Keep the rating; given again it replaces the earlier one."""
    found = satisfaction.by_token(db.session(), token)
    form = SurveyForm()
    if not form.validate():
        return _form_page(token, found, form), 422
    rating, policy_rating = form.chosen
    comment = form.comment.data or None
    petition = transition.lock(db.session(), found.petition.code)
    if (found.rating, found.policy_rating, found.comment) != (rating, policy_rating, comment):
        try:
            satisfaction.rate(db.session(), petition, found, rating, policy_rating, comment, now())
        except Refused as refused:
            db.session.rollback()
            return _form_page(
                token, found, form, refused=str(wording.REFUSALS.get(refused.code, refused.code))
            ), 409
    db.session.commit()
    return redirect(url_for("citizen.thanks", token=token), 303)


@blueprint.get("/surveys/<token>/thanks")
def thanks(token: str) -> ResponseReturnValue:
    """Thanks; to the dissatisfied, at once the way to object."""
    found = satisfaction.by_token(db.session(), token)
    return _thanks_page(token, found, ObjectionForm(formdata=None))


@blueprint.post("/surveys/<token>/thanks")
@limiter.limit("30/minute")
def object_after_rating(token: str) -> ResponseReturnValue:
    """Object to the answer that was rated; pressed twice it is done once."""
    found = satisfaction.by_token(db.session(), token)
    form = ObjectionForm()
    if not form.validate():
        return _thanks_page(token, found, form), 422
    petition = transition.lock(db.session(), found.petition.code)
    if may(petition, Action.REOPEN):
        closing.reopen(db.session(), petition, form.objection.data, now())
        db.session.commit()
    elif petition.status is not Status.ACCEPTED:
        db.session.rollback()
        return _thanks_page(token, found, form, refused=str(wording.REFUSALS["state"])), 409
    flash(_("Đã ghi nhận ý kiến của bạn. Cơ quan phụ trách sẽ xem xét lại và trả lời tiếp."), "success")
    return redirect(url_for("citizen.thanks", token=token), 303)


def _form_page(
    token: str, found: Survey, form: SurveyForm, *, preselected: bool = False, refused: str | None = None
) -> str:
    return render_template(
        "citizen/survey.html",
        token=token,
        survey=found,
        petition=found.petition,
        agency=db.session.get(Agency, found.agency_code),
        form=form,
        preselected=preselected,
        refused=refused,
        open=may(found.petition, Action.RATE),
    )


def _thanks_page(token: str, found: Survey, form: ObjectionForm, refused: str | None = None) -> str:
    unhappy = found.rating is not None and found.rating <= UNHAPPY_UP_TO
    return render_template(
        "citizen/thanks.html",
        token=token,
        survey=found,
        petition=found.petition,
        form=form,
        may_object=unhappy and may(found.petition, Action.REOPEN),
        refused=refused,
    )
