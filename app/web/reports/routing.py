"""The page about the classifier: which model serves, what became of its suggestions, and what calls for a look."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.extensions import db, now
from app.queries import routing_quality
from app.queries.desk import named
from app.services import registry
from app.services.access import SEES_ALL
from app.web.auth.guard import staff_at_work
from app.web.reports import look
from app.web.reports.views import blueprint
from classifiers.monitoring import report

_MISTAKES_SHOWN = 12
_VERSIONS_SHOWN = 10


@blueprint.get("/routing")
def routing() -> ResponseReturnValue:
    """How the classifier does, for the supervisor and the desk."""
    if staff_at_work().role not in SEES_ALL:
        abort(403)
    session = db.session()
    found = report(routing_quality.outcomes(session, now()))
    codes = [line.agency for line in found.agencies]
    return render_template(
        "reports/routing.html",
        report=found,
        mistakes=found.mistakes[:_MISTAKES_SHOWN],
        agencies=named(session, codes),
        serving=registry.in_service(session),
        versions=registry.versions(session)[:_VERSIONS_SHOWN],
        weeks_looked_at=routing_quality.WEEKS,
        look=look,
    )
