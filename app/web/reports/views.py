"""The page of one month's figures, and its files."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.extensions import db, now
from app.queries import monthly
from app.queries.monthly import MonthlyReport, NoData
from app.services import exporting
from app.services.access import SEES_ALL
from app.web import language
from app.web.auth.guard import admit, staff_at_work
from app.web.reports import look
from workflows.lifecycle import Role
from workflows.monthly import DEFINITIONS, BadMonth, Month

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
admit(blueprint, Role.SUPERVISOR, Role.DESK, Role.AGENCY_ADMIN, Role.APPROVER)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The figures of a month, by default the latest that is over; an agency sees its own and the total."""
    staff, months = staff_at_work(), monthly.finished_months(db.session(), now())
    asked = request.args.get("month", "").strip()
    report, problem = None, None
    if asked or months:
        try:
            report = _report(asked or str(months[0]))
        except BadMonth as error:
            problem = look.PROBLEMS[error.code]
        except NoData:
            problem = _("Tháng này không có hồ sơ nào.")
    page = render_template(
        "reports/index.html",
        months=months,
        asked=asked,
        report=report,
        problem=problem,
        lines=monthly.visible_lines(db.session(), report, staff.agency_code) if report else (),
        sees_all=staff.role in SEES_ALL,
        sees_signals=staff.role is Role.SUPERVISOR,
        files=_files(report) if report and staff.role in SEES_ALL else (),
        definitions=DEFINITIONS.figures,
        vietnamese=language.current() == "vi",
        look=look,
    )
    return make_response(page, 422 if asked and problem else 200)


@blueprint.get("/<month>/<name>")
def download(month: str, name: str) -> ResponseReturnValue:
    """One file of the export, made anew from the same figures; only for those who see all agencies."""
    if staff_at_work().role not in SEES_ALL:
        abort(403)
    try:
        report = _report(month)
    except (BadMonth, NoData):
        return redirect(url_for("reports.index", month=month), 303)
    content = exporting.satisfaction_export(report).get(name)
    if content is None:
        abort(404)
    response = Response(content, content_type=look.CONTENT_TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _report(month: str) -> MonthlyReport:
    return monthly.report(db.session(), Month.parse(month), now())


def _files(report: MonthlyReport) -> tuple[tuple[str, str], ...]:
    """The names of the files, and what to call them on the buttons."""
    names = tuple((f"satisfaction-{report.month}.{form}", form.upper()) for form in exporting.FORMATS)
    return (*names, (exporting.MANIFEST, _("Bản kê để đối chiếu")))
