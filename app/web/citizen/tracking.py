"""Opening a petition with its code and secret."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db, limiter
from app.services import access
from app.web.citizen import blueprint, opened
from app.web.citizen.forms import TrackForm


@blueprint.get("/track")
def track() -> ResponseReturnValue:
    """Ask for code and secret."""
    return render_template("citizen/track.html", form=TrackForm(formdata=None), wrong=False)


@blueprint.post("/track")
@limiter.limit("20/minute")
def open_petition() -> ResponseReturnValue:
    """Open the petition, or say that the two do not fit; never whether the code exists."""
    form = TrackForm()
    try:
        petition = access.by_secret(db.session(), form.code.data or "", form.secret.data or "")
    except NotFound:
        return render_template("citizen/track.html", form=form, wrong=True), 422
    opened.grant(petition.code)
    return redirect(url_for("citizen.petition", code=petition.code), 303)


def locked(code: str, typed: str = "") -> str:
    """The page in place of a petition that this browser has not opened; the same for a code that does not exist.

    ``typed`` is what would be lost otherwise: a text that was sent after the browser had forgotten the petition.
    """
    form = TrackForm(formdata=None, code=code)
    return render_template("citizen/track.html", form=form, wrong=False, locked=True, typed=typed)
