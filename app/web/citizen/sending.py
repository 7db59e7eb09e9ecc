"""Sending a petition in four short steps, each saved on the server as soon as it is posted."""

import random
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.errors import Invalid, NotFound
from app.extensions import db, limiter, now
from app.models import Draft
from app.queries import similar
from app.queries.provinces import all_provinces
from app.services import drafts, rules
from app.services.intake import TEXT_MAX, TEXT_MIN
from app.services.personal_data import Vault
from app.web import language
from app.web.citizen import blueprint, opened
from app.web.citizen.forms import CheckForm, MatterForm, PersonForm, Step, TextForm
from workflows.calendar import CalendarNotCovered
from workflows.deadlines import NoPolicy, Promise
from workflows.kinds import Kind

STEPS: dict[str, type[Step]] = {"matter": MatterForm, "text": TextForm, "you": PersonForm}
ORDER = (*STEPS, "check")
_chance = random.SystemRandom()


def _vault() -> Vault:
    vault: Vault = current_app.extensions["pakn_vault"]
    return vault


@blueprint.get("/petitions/new")
def start() -> ResponseReturnValue:
    """The first step, before there is anything to keep."""
    return _page("matter", MatterForm(), token=None)


@blueprint.post("/petitions/new")
@limiter.limit("60/minute")
def begin() -> ResponseReturnValue:
    """Keep the first step as a new draft."""
    form = MatterForm()
    token = drafts.begin(db.session(), _vault(), form.typed, now())
    problems = drafts.problems(db.session(), drafts.Content(**_plain(form.typed)))
    db.session.commit()
    if form.show(problems):
        return _page("matter", form, token), 422
    return redirect(_address(token, "text"), 303)


@blueprint.get("/petitions/new/<token>")
def resume(token: str) -> ResponseReturnValue:
    """Go on with a draft."""
    return redirect(_address(token, "matter"), 303)


@blueprint.get("/petitions/new/<token>/<any(matter, text, you):step>")
def step(token: str, step: str) -> ResponseReturnValue:
    """One step, with what the draft holds."""
    try:
        draft = drafts.find(db.session(), token, now())
    except NotFound:
        return _gone()
    if draft.petition_id is not None:
        return _sent(draft, token)
    content = drafts.content_of(_vault(), draft)
    form = _with_choices(STEPS[step](data=vars(content)))
    return _page(step, form, token)


@blueprint.post("/petitions/new/<token>/<any(matter, text, you):step>")
@limiter.limit("120/minute")
def save(token: str, step: str) -> ResponseReturnValue:
    """Keep what was typed, be it right or wrong; go on if it is right."""
    form = _with_choices(STEPS[step]())
    try:
        draft = drafts.find(db.session(), token, now(), lock=True)
    except NotFound:
        return _kept_anew(form, step)
    if draft.petition_id is not None:
        return _sent(draft, token)
    content = drafts.save(_vault(), draft, form.typed, now())
    problems = drafts.problems(db.session(), drafts.Content(**{**vars(content), **_plain(form.typed)}))
    db.session.commit()
    if form.show(problems):
        return _page(step, form, token), 422
    return redirect(_address(token, ORDER[ORDER.index(step) + 1]), 303)


@blueprint.get("/petitions/new/<token>/check")
def check(token: str) -> ResponseReturnValue:
    """Everything once more before it is sent."""
    try:
        draft = drafts.find(db.session(), token, now())
    except NotFound:
        return _gone()
    if draft.petition_id is not None:
        return _sent(draft, token)
    content = drafts.content_of(_vault(), draft)
    return _check_page(token, content, drafts.problems(db.session(), content))


@blueprint.post("/petitions/new/<token>/check")
@limiter.limit("60/minute")
def send(token: str) -> ResponseReturnValue:
    """Send it. Pressed twice, or after a line that broke, it leads to the same receipt."""
    session, vault = db.session(), _vault()
    try:
        draft = drafts.find(session, token, now(), lock=True)
    except NotFound:
        return _gone()
    try:
        petition = drafts.send(session, vault, draft, token, language.current(), now(), _chance)
    except NotFound:
        return _sent(draft, token)
    except Invalid as error:
        return _check_page(token, drafts.content_of(vault, draft), error.errors), 422
    session.commit()
    opened.grant(petition.code)
    return redirect(url_for("citizen.receipt", code=petition.code), 303)


def _address(token: str, step: str) -> str:
    if step in STEPS:
        return url_for("citizen.step", token=token, step=step)
    return url_for("citizen.check", token=token)


def _plain(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool) else str(value or "") for name, value in typed.items()}


def _with_choices(form: Step) -> Step:
    if isinstance(form, TextForm):
        provinces = all_provinces(db.session(), language.current())
        form.province_code.choices = [
            SelectChoice("", _("Không chọn, hoặc cả nước")),
            *(SelectChoice(each.code, each.name) for each in provinces),
        ]
    return form


def _page(step: str, form: Step, token: str | None) -> str:
    number = ORDER.index(step) + 1
    back = ORDER[number - 2] if number > 1 else None
    return render_template(
        f"citizen/step_{step}.html",
        form=form,
        token=token,
        step=step,
        back=back,
        number=number,
        count=len(ORDER),
        text_min=TEXT_MIN,
        text_max=TEXT_MAX,
    )


def _check_page(token: str, content: drafts.Content, problems: dict[str, str]) -> str:
    names = {each.code: each.name for each in all_provinces(db.session(), language.current())}
    labels = {
        field.name: (field.label.text, step)
        for step, form in STEPS.items()
        for field in form(formdata=None)
        if field.name != "csrf_token"
    }
    return render_template(
        "citizen/step_check.html",
        form=CheckForm(),
        token=token,
        content=content,
        problems=[(*labels[name], code) for name, code in problems.items() if name in labels],
        province=names.get(content.province_code),
        promise=_promise(content),
        answered=similar.answered(db.session(), content.text) if content.text else [],
        step="check",
        back="you",
        number=len(ORDER),
        count=len(ORDER),
    )


def _promise(content: drafts.Content) -> Promise | None:
    if content.kind not in tuple(Kind):
        return None
    try:
        return rules.promise_for(db.session(), Kind(content.kind), now())
    except (CalendarNotCovered, NoPolicy):
        return None


def _gone() -> ResponseReturnValue:
    return render_template("citizen/draft_gone.html"), 404


def _sent(draft: Draft, token: str) -> ResponseReturnValue:
    petition = drafts.petition_sent(db.session(), draft)
    if petition is not None and opened.may_see(petition.code):
        return redirect(url_for("citizen.receipt", code=petition.code), 303)
    again = drafts.may_show_receipt(draft, now())
    return render_template("citizen/draft_sent.html", token=token, again=again)


def _kept_anew(form: Step, step: str) -> ResponseReturnValue:
    token = drafts.begin(db.session(), _vault(), form.typed, now())
    db.session.commit()
    flash(_("Bản nháp cũ không còn nữa. Phần bạn vừa viết đã được giữ trong một bản nháp mới."), "warning")
    return redirect(_address(token, "matter"), 303)
