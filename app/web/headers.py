"""Headers of every answer: nothing is loaded from elsewhere, nothing runs inline, and files carry no session."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class PageSessions(SecureCookieSessionInterface):
    """Sessions that pages renew and static files leave alone: a file that arrives late would bring a session back
    that has just ended, and a cache on the way could hand one person's cookie to another.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, except with a static file."""
        if not _is_a_file():
            super().save_session(app, session, response)


def _is_a_file() -> bool:
    return request.endpoint is not None and "static" in request.endpoint


def init_app(app: Flask) -> None:
    """Add the headers to every answer; pages are never cached, static files are."""
    app.session_interface = PageSessions()

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint and not _is_a_file():
            response.headers.setdefault("Cache-Control", "no-store")
        return response
