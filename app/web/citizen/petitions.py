"""The submitter's own page and the receipt."""

from flask import current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db, now
from app.models import Petition
from app.queries import ledger, own_petition
from app.services import rules, satisfaction
from app.services.personal_data import Vault
from app.web.citizen import blueprint, opened, story
from app.web.citizen.tracking import locked
from workflows.calendar import local_date
from workflows.codes import read_code
from workflows.lifecycle import LIFECYCLE, Action, Role


def opened_petition(typed_code: str) -> Petition | None:
    """The petition of that code if this browser has opened it."""
    code = read_code(typed_code)
    if code is None or not opened.may_see(code):
        return None
    return own_petition.by_code(db.session(), code)


def may(petition: Petition, action: Action) -> bool:
    """Whether the submitter may do this now; an objection only until its last day."""
    if action not in LIFECYCLE.actions(petition.status, Role.SUBMITTER):
        return False
    if action is Action.REOPEN:
        return petition.object_by is not None and local_date(now()) <= petition.object_by
    return True


@blueprint.get("/petitions/<code>")
def petition(code: str) -> ResponseReturnValue:
    """Where the petition stands, all that has happened, and what the submitter can do."""
    found = opened_petition(code)
    if found is None:
        return locked(code)
    if found.code != code:
        return redirect(url_for("citizen.petition", code=found.code), 303)
    own = own_petition.whole(db.session(), found)
    vault: Vault = current_app.extensions["pakn_vault"]
    survey_token = satisfaction.token_for(vault, found, own.survey.response_id) if own.survey else None
    return render_template(
        "citizen/petition.html",
        own=own,
        petition=found,
        entries=story.timeline(own),
        next=story.next_step(own, local_date(now())),
        survey_token=survey_token,
        may={action.value for action in Action if may(found, action)},
    )


@blueprint.get("/petitions/<code>/ledger")
def show_ledger(code: str) -> ResponseReturnValue:
    """How the promised date was counted, day by day."""
    found = opened_petition(code)
    if found is None:
        return locked(code)
    counted = ledger.of(db.session(), found, now())
    return render_template("citizen/ledger.html", petition=found, ledger=counted, today=local_date(now()))


@blueprint.get("/petitions/<code>/ledger.json")
def ledger_json(code: str) -> ResponseReturnValue:
    """The same as data."""
    found = opened_petition(code)
    if found is None:
        return locked(code)
    return jsonify(code=found.code, **ledger.of(db.session(), found, now()).as_json())


@blueprint.get("/petitions/<code>/receipt")
def receipt(code: str) -> ResponseReturnValue:
    """What proves that the petition was sent: code, secret, promised dates, and the hash of the text."""
    found = opened_petition(code)
    if found is None:
        return locked(code)
    vault: Vault = current_app.extensions["pakn_vault"]
    contact = vault.open_contact(found.submitter.sealed)
    respond_by = own_petition.promised_answer(db.session(), found)
    days = own_petition.counted_days(db.session(), found, respond_by)
    return render_template(
        "citizen/receipt.html",
        petition=found,
        secret=contact.secret,
        mailed=bool(contact.email and found.submitter.may_contact),
        policy=rules.policy_of(db.session(), found),
        respond_by=respond_by,
        holidays=[day for day in days if day.effect == "holiday"],
        made_up=[day for day in days if day.effect == "make_up"],
    )
