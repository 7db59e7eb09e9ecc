"""How values look on pages: dates, plain text, and the little Markdown that answers may use."""

from datetime import date, datetime
from functools import lru_cache

import bleach
import markdown
from bleach.sanitizer import Cleaner
from flask import Flask
from markupsafe import Markup

from app.extensions import now
from app.services.answering import BODY_MAX
from app.web import wording
from workflows.calendar import VIETNAM, local_date

# Markdown looks through the rest of the text at each opening bracket, and at each of the others through some of it.
_BRACKETS_TIMES_LENGTH = 1_000_000
_COSTLY, _COSTLY_MAX = "(<>`&\\", 300

_ANSWER = Cleaner(
    tags={"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4"},
    attributes={"a": ["href"]},
    protocols={"https", "http", "mailto"},
    strip=False,
    filters=[lambda source: bleach.linkifier.LinkifyFilter(source, callbacks=[_outgoing])],
)


def _outgoing(
    attributes: dict[tuple[str | None, str], str], new: bool = False
) -> dict[tuple[str | None, str], str]:
    attributes[None, "rel"] = "nofollow noopener noreferrer"
    return attributes


@lru_cache(maxsize=256)
def answer_markup(body: str) -> Markup:
    """An officer's answer as HTML: Markdown through one allow-list. The only place that makes ``Markup``.

    What no person writes is shown as plain text, since it could keep the server busy for minutes.
    """
    if not _is_quick(body):
        return Markup("<p>{}</p>").format(Markup("<br>").join(body.split("\n")))
    return Markup(_ANSWER.clean(markdown.markdown(body, extensions=["nl2br", "sane_lists"])))


def _is_quick(body: str) -> bool:
    return (
        len(body) <= BODY_MAX
        and body.count("[") * len(body) <= _BRACKETS_TIMES_LENGTH
        and sum(map(body.count, _COSTLY)) <= _COSTLY_MAX
    )


def short_date(value: date | datetime | None) -> str:
    """A date in Vietnam as dd/MM/yyyy."""
    if value is None:
        return ""
    day = local_date(value) if isinstance(value, datetime) else value
    return day.strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    """An instant in Vietnam as HH:MM dd/MM/yyyy."""
    return value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if value else ""


def excerpt(text: str, length: int = 140) -> str:
    """The beginning of a text on one line, cut at a word."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[:length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def init_app(app: Flask) -> None:
    """Offer the filters and words to templates."""
    app.jinja_env.filters.update(
        answer_markup=answer_markup, short_date=short_date, moment=moment, excerpt=excerpt
    )
    app.jinja_env.globals.update(wording=wording, now=now, today=lambda: local_date(now()))
