"""What everybody can hold against the service: the daily roots, and the proof of one's own petition."""

import json
from pathlib import Path

from flask import Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db, limiter
from app.queries import published_roots
from app.services.own_proof import own_proof
from app.services.signing import Signer, pem
from app.web.citizen import blueprint
from app.web.citizen.petitions import opened_petition
from app.web.citizen.tracking import locked
from workflows.monthly import BadMonth, Month


def _signer() -> Signer:
    signer: Signer = current_app.extensions["pakn_signer"]
    return signer


@blueprint.get("/timeline")
def roots() -> ResponseReturnValue:
    """What the daily roots are good for, and those of a month: the one asked for, or the latest."""
    span = published_roots.first_and_last(db.session())
    month = _month_asked() or (span[1] if span else None)
    return render_template(
        "citizen/roots.html",
        month=month,
        rows=published_roots.of_month(db.session(), month) if month else (),
        earlier=month.previous if month and span and span[0] < month else None,
        later=month.next if month and span and month < span[1] else None,
        public_key=pem(_signer().public_key),
        key_id=_signer().key_id,
        program=Path(current_app.static_folder or "", "verify.txt").read_text("utf-8"),
    )


@blueprint.get("/timeline/roots.json")
@limiter.limit("60/minute")
def roots_json() -> ResponseReturnValue:
    """All published roots, or those of ``?month=YYYY-MM``, newest first, for machines."""
    return jsonify(
        statement="pakn timeline root {date} {chains} {root}",
        key_id=_signer().key_id,
        public_key=pem(_signer().public_key),
        roots=[
            published_roots.as_json(row) for row in published_roots.of_month(db.session(), _month_asked())
        ],
    )


@blueprint.get("/petitions/<code>/timeline.json")
@limiter.limit("30/minute")
def timeline_json(code: str) -> ResponseReturnValue:
    """The submitter's proof, as a file to keep."""
    found = opened_petition(code)
    if found is None:
        return locked(code)
    content = json.dumps(own_proof(db.session(), found, _signer()), ensure_ascii=False, indent=1)
    response = Response(content, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.code}-timeline.json")
    return response


def _month_asked() -> Month | None:
    asked = request.args.get("month")
    if asked is None:
        return None
    try:
        return Month.parse(asked)
    except BadMonth:
        abort(404)
