"""Form data that is not UTF-8: marked as broken (U+FFFD), so that it can be refused in words.

Werkzeug would leave such bytes as ``%E1`` in the middle of the text, or drop the whole form.
"""

from typing import IO
from urllib.parse import parse_qsl

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# No form of ours has fifty; pages that give back what was typed must not be made to write out a million.
MOST_FIELDS = 1000


class MarkingParser(FormDataParser):
    """Reads a form with every broken byte replaced by U+FFFD, and of no more than ``MOST_FIELDS`` fields."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """Read ``stream``, which is limited to what the application takes."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read().decode("utf-8", "replace")
        try:
            fields = parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
        except ValueError:
            raise RequestEntityTooLarge from None
        return stream, self.cls(fields), self.cls()


class MarkingRequest(Request):
    """A request whose forms are read that way."""

    form_data_parser_class = MarkingParser


def init_app(app: Flask) -> None:
    """Read every form that way."""
    app.request_class = MarkingRequest
