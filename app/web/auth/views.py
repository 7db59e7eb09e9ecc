"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.extensions import db, limiter, now
from app.extensions import login as login_manager
from app.models import Staff
from app.services.accounts import authenticate
from app.web.auth.forms import LoginForm
from app.web.auth.guard import staff_at_work, start_page

blueprint = Blueprint("auth", __name__)


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def load_staff(kept_id: str) -> Staff | None:
    """The account of a running session.

    None, which ends it, where the account is gone, no longer active, or has another password than at log-in.
    """
    number = kept_id.partition(".")[0]
    staff = db.session.get(Staff, int(number)) if number.isdecimal() else None
    return staff if staff is not None and staff.active and staff.get_id() == kept_id else None


def local_path(wanted: str | None) -> str | None:
    """``wanted`` if it is a path on this site, else None: a link must not lead from our log-in page elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or not wanted.isprintable():
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def _typed_name() -> str:
    return "login:" + request.form.get("username", "").strip().lower()[:64]


def _typed_name_here() -> str:
    """The name and the address: else anybody could lock an account out by guessing at it now and then."""
    return f"{_typed_name()}@{get_remote_address()}"


def _failed(response: Response) -> bool:
    """Only attempts that fail count, so that a whole office behind one address can come to work at eight."""
    return response.status_code != 303


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The log-in page; who is logged in goes straight on."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")) or start_page(staff_at_work()), 303)
    return render_template(
        "auth/login.html", form=LoginForm(data={"next": request.args.get("next")}), refused=False
    )


@blueprint.post("/login")
@limiter.limit("10/minute", deduct_when=_failed)
@limiter.limit("5/minute", key_func=_typed_name_here, deduct_when=_failed)
@limiter.limit("30/minute", key_func=_typed_name, deduct_when=_failed)
def log_in() -> ResponseReturnValue:
    """Check name and password and begin a fresh session. An unknown name and a wrong password look the same."""
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("auth/login.html", form=form, refused=False), 422
    staff = authenticate(db.session(), form.username.data, form.password.data, now())
    if staff is None:
        return render_template("auth/login.html", form=form, refused=True), 422
    begin(staff)
    db.session.commit()
    return redirect(local_path(form.next.data) or start_page(staff), 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash(_("Bạn đã đăng xuất."))
    return redirect(url_for("auth.login"), 303)


def begin(staff: Staff) -> None:
    """Begin a session in which nothing of the one before is left but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    login_user(staff)
