"""From what goes wrong to a page (or, below /api, to JSON) in the person's language; never a traceback."""

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.errors import Invalid, NotFound, Stale
from app.extensions import db, login
from app.web import wording
from workflows.calendar import CalendarNotCovered
from workflows.deadlines import NoPolicy
from workflows.lifecycle import Refused

log = logging.getLogger(__name__)


def page(status: int, title: str, message: str) -> Response:
    """An error page, or its JSON below /api."""
    if request.path.startswith("/api/"):
        return make_response(jsonify(error={"status": status, "title": title, "message": message}), status)
    return make_response(render_template("errors/error.html", title=title, message=message), status)


def from_elsewhere() -> bool:
    """Whether the browser says that another site made it send this; such a form must not be offered again."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def typed_again(status: int, title: str, message: str) -> Response:
    """What was typed, shown again with a fresh token, so that one more press sends it."""
    typed = [
        (name, value)
        for name, values in request.form.lists()
        if name not in ("csrf_token", "password")
        for value in values
    ]
    return make_response(
        render_template(
            "errors/typed_again.html", typed=typed, title=title, message=message, expired=status == 400
        ),
        status,
    )


def init_app(app: Flask) -> None:
    """Map domain errors and HTTP errors, once for the whole service."""

    @app.errorhandler(NotFound)
    @app.errorhandler(404)
    def not_found(_error: Exception) -> ResponseReturnValue:
        return page(404, _("Không tìm thấy"), _("Không có trang này, hoặc bạn không được xem."))

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        db.session.rollback()
        return page(409, _("Không thực hiện được"), str(wording.REFUSALS.get(error.code, error.code)))

    @app.errorhandler(Stale)
    def stale(_error: Stale) -> ResponseReturnValue:
        db.session.rollback()
        return page(
            409, _("Hồ sơ vừa thay đổi"), _("Có người vừa cập nhật hồ sơ này. Xin mở lại trang rồi làm tiếp.")
        )

    @app.errorhandler(Invalid)
    def invalid(error: Invalid) -> ResponseReturnValue:
        db.session.rollback()
        said = " ".join(str(wording.ERRORS.get(code, code)) for code in error.errors.values())
        return page(422, _("Thông tin chưa đúng"), said)

    @app.errorhandler(CSRFError)
    def form_expired(_error: CSRFError) -> ResponseReturnValue:
        """Show what was typed again with a fresh token, so that one more press sends it; not what another site sent."""
        if from_elsewhere():
            return page(400, _("Không thực hiện được"), _("Yêu cầu không hợp lệ."))
        return typed_again(
            400,
            _("Trang đã mở quá lâu, xin bấm gửi lại"),
            _(
                "Để an toàn, mỗi trang chỉ gửi được trong một khoảng thời gian. "
                "Những gì bạn đã viết vẫn còn nguyên dưới đây: chỉ cần bấm nút một lần nữa."
            ),
        )

    @app.errorhandler(CalendarNotCovered)
    @app.errorhandler(NoPolicy)
    def no_promise(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        log.error("no deadline can be promised: %s", error)
        return page(
            503,
            _("Tạm thời chưa nhận được"),
            _("Hệ thống chưa có lịch làm việc để hẹn ngày trả lời. Nội dung bạn đã viết vẫn được giữ."),
        )

    @app.errorhandler(OperationalError)
    def database_down(error: OperationalError) -> ResponseReturnValue:
        log.error("the database does not answer: %s", error.orig)
        # The error page must not ask the database who is logged in.
        g._login_user = login.anonymous_user()
        if request.method == "POST" and not request.path.startswith("/api/") and not from_elsewhere():
            return typed_again(
                503,
                _("Hệ thống đang bận"),
                _("Những gì bạn đã viết vẫn còn nguyên dưới đây: xin đợi ít phút rồi bấm nút để gửi lại."),
            )
        return page(
            503,
            _("Hệ thống đang bận"),
            _(
                "Xin thử lại sau ít phút. Nếu vừa bấm gửi, hãy quay lại trang trước và bấm gửi lại: hồ sơ sẽ không bị trùng."
            ),
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        words = {
            400: _("Yêu cầu không hợp lệ."),
            403: _("Bạn không được xem trang này."),
            405: _("Trang này không nhận cách gửi đó."),
            413: _("Nội dung gửi lên quá lớn. Xin rút gọn rồi gửi lại."),
            429: _("Bạn thử quá nhiều lần. Xin đợi ít phút rồi thử lại."),
        }
        code = error.code or 500
        if code < 400:
            return error.get_response()
        return page(code, _("Không thực hiện được"), words.get(code, _("Có lỗi xảy ra.")))

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> ResponseReturnValue:
        log.exception("unforeseen failure")
        db.session.rollback()
        return page(500, _("Có lỗi xảy ra"), _("Lỗi đã được ghi lại. Xin thử lại sau ít phút."))
