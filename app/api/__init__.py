"""JSON API, version 1. It knows no cookies: a petition's secret, sent in a header, is all that opens it."""

from flask import Blueprint, Flask, Response

from app.api import directory, failures, messages, openapi, petitions
from app.extensions import csrf

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.after_request
def _tell_language(response: Response) -> Response:
    if not response.cache_control.public:
        response.headers["Content-Language"] = messages.language()
        response.vary.add("Accept-Language")
    return response


failures.init_app(blueprint)
petitions.init_app(blueprint)
directory.init_app(blueprint)
# Forgery needs a browser that adds credentials by itself; here there are none.
csrf.exempt(blueprint)


def init_app(app: Flask) -> None:
    """Register the API and its description."""
    app.register_blueprint(blueprint)
    app.add_url_rule("/api/openapi.json", "openapi", openapi.show)
