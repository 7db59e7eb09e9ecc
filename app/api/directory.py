"""The lists that a form or a program needs: agencies and topics. They change rarely and may be cached."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.extensions import db, now
from app.queries import directory
from workflows.calendar import local_date

_FRESH_FOR = 3600


def init_app(blueprint: Blueprint) -> None:
    """Add the views."""
    blueprint.get("/agencies")(agencies)
    blueprint.get("/topics")(topics)


def agencies() -> Response:
    """The agencies at work today."""
    found = directory.agencies_at_work(db.session(), local_date(now()))
    return cacheable(
        {
            "agencies": [
                {
                    "code": agency.code,
                    "name_vi": agency.name_vi,
                    "name_en": agency.name_en,
                    "short": agency.short,
                    "tier": agency.tier,
                    "branch": agency.branch,
                    "parent_code": agency.parent_code,
                    "province_code": agency.province_code,
                }
                for agency in found
            ]
        }
    )


def topics() -> Response:
    """The topics."""
    found = directory.topics(db.session())
    return cacheable(
        {"topics": [{"id": topic.id, "name_vi": topic.name_vi, "name_en": topic.name_en} for topic in found]}
    )


def cacheable(body: dict[str, Any]) -> Response:
    """A JSON answer that anybody may keep for an hour, and ask about by its tag after that."""
    response = jsonify(body)
    response.cache_control.public = True
    response.cache_control.max_age = _FRESH_FOR
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # the same object
