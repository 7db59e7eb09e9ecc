"""The pages of signs that a clock may be served, for the supervisor: what to look at, with examples, and the file."""

from datetime import date

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db, now
from app.queries import signals as query
from app.services.signals_file import csv_file
from app.web import language
from app.web.auth.guard import staff_at_work
from app.web.reports import look
from app.web.reports.views import blueprint
from workflows.calendar import local_date
from workflows.lifecycle import Role
from workflows.signals import DEFINITIONS, BadPeriod, Period

# Of the agencies that do not call for a look the page shows so many of each sign; the file has them all.
_OTHERS_SHOWN = 30


@blueprint.get("/signals")
def signals() -> ResponseReturnValue:
    """All signs of a period, by default the last ninety days, those worth a look first."""
    _only_supervisor()
    problem = None
    try:
        period = _period()
    except BadPeriod as error:
        problem, period = look.PERIOD_PROBLEMS[error.code], Period.parse("", "", _today())
    report = None if problem else query.report(db.session(), period)
    page = render_template(
        "reports/signals.html",
        period=period,
        report=report,
        problem=problem,
        definitions=DEFINITIONS,
        others_shown=_OTHERS_SHOWN,
        vietnamese=language.current() == "vi",
        look=look,
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/signals/<signal>/<agency>")
def signal_examples(signal: str, agency: str) -> ResponseReturnValue:
    """The latest petitions in which an agency showed a sign."""
    _only_supervisor()
    defined, session = DEFINITIONS.named(signal), db.session()
    name = query.names(session).get(agency)
    if defined is None or name is None:
        abort(404)
    try:
        period = _period()
    except BadPeriod:
        abort(404)
    return render_template(
        "reports/signal_examples.html",
        signal=defined,
        name=name,
        period=period,
        examples=query.examples(session, period, defined, agency),
        most=query.EXAMPLES,
        vietnamese=language.current() == "vi",
        look=look,
    )


@blueprint.get("/signals.csv")
def signals_file() -> ResponseReturnValue:
    """The same figures as a file."""
    _only_supervisor()
    try:
        period = _period()
    except BadPeriod:
        abort(404)
    name = f"signals-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    response = Response(csv_file(query.report(db.session(), period)), content_type=look.CONTENT_TYPES["csv"])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _only_supervisor() -> None:
    if staff_at_work().role is not Role.SUPERVISOR:
        abort(403)


def _period() -> Period:
    return Period.parse(request.args.get("from", "").strip(), request.args.get("to", "").strip(), _today())


def _today() -> date:
    return local_date(now())
