"""A browser without JavaScript: reads a page's forms, fills them in and sends them, with the token they carry.

``submit_form(client, url, **fields)`` is what most tests need. ``look`` checks what every page must keep to.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import Staff
from tests.factories import PASSWORD

_CHOSEN = ("checkbox", "radio")


@dataclass
class FoundForm:
    """A form of a page: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


@dataclass
class Page(HTMLParser):
    """What a test wants to know of a page."""

    html: str
    forms: list[FoundForm] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    controls: list[dict[str, str | None]] = field(default_factory=list)
    text: str = ""
    language: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._written = ""
        self._inside_form = False
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag tells."""
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "html":
            self.language = given.get("lang")
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        elif tag == "label":
            self.labelled.add(given.get("for") or "")
        elif tag == "form":
            self.forms.append(FoundForm(given.get("action") or "", (given.get("method") or "get").lower()))
            self._inside_form = True
        elif tag in ("input", "select", "textarea"):
            self._control(tag, given)
        elif tag == "option":
            self._options.append((given.get("value") or "", "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        """Close a form, a select or a textarea."""
        if tag == "form":
            self._inside_form = False
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [
                v for v, _ in self._options[:1]
            ]
            self._keep(self._select, *chosen[:1])
            self._select = None
        elif tag == "textarea" and self._textarea:
            # The line feed after the opening tag is not part of the text.
            self._keep(self._textarea, self._written.removeprefix("\r\n").removeprefix("\n"))
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if self._textarea is not None:
            self._written += data
        self.text += data

    def form_with(self, *names: str) -> FoundForm:
        """The form that has all these fields; the last one sent by POST where no field is named."""
        fitting = [each for each in self.forms if each.method == "post" and set(names) <= each.names]
        assert fitting, f"no form with {names} among {[sorted(each.names) for each in self.forms]}"
        return fitting[-1]

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        kind, name = given.get("type") or "text", given.get("name")
        self.controls.append({"tag": tag, **given})
        if not name or not self._inside_form:
            return
        self.forms[-1].names.add(name)
        if tag == "select":
            self._select, self._options = name, []
        elif tag == "textarea":
            self._textarea, self._written = name, ""
        elif kind not in _CHOSEN or "checked" in given:
            self._keep(name, given.get("value") or ("on" if kind in _CHOSEN else ""))

    def _keep(self, name: str, *values: str) -> None:
        self.forms[-1].fields += [(name, value) for value in values]


def read(response: TestResponse) -> Page:
    """The page that came back."""
    return Page(response.get_data(as_text=True))


def look(response: TestResponse) -> Page:
    """Check what every page must keep to, and read it.

    No traceback, one first heading, no level skipped, a language, no id twice, a label for every control that can
    be seen, nothing inline that the content policy forbids, and a token in every form that posts.
    """
    html = response.get_data(as_text=True)
    page = Page(html)
    assert "Traceback" not in html
    assert page.headings.count("h1") == 1, page.headings
    levels = [1, *(int(heading[1]) for heading in page.headings)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), page.headings
    assert page.language in ("vi", "en")
    assert len(page.ids) == len(set(page.ids)), sorted(each for each in page.ids if page.ids.count(each) > 1)
    for control in page.controls:
        if control["tag"] != "input" or control.get("type") not in ("hidden", "submit"):
            assert control.get("id") in page.labelled or control.get("aria-label"), control
    assert " style=" not in html
    assert " onclick=" not in html
    for form in page.forms:
        assert form.method != "post" or "csrf_token" in form.names, form
    return page


def submit_form(client: FlaskClient, url: str, /, **fields: str | bool | None) -> TestResponse:
    """Open the page at ``url``, fill in the form that has ``fields``, and send it; redirects are not followed.

    A checkbox is set with its value or unset with ``None`` or ``False``.
    """
    opened = client.get(url, follow_redirects=True)
    assert opened.status_code == 200, (url, opened.status_code)
    return send_form(client, opened, **fields)


def send_form(client: FlaskClient, response: TestResponse, /, **fields: str | bool | None) -> TestResponse:
    """Fill in the form with ``fields`` on a page that came back, and send it."""
    form = read(response).form_with(*fields)
    kept = [(name, value) for name, value in form.fields if name not in fields]
    filled = [
        (name, "y" if value is True else value)
        for name, value in fields.items()
        if value not in (None, False)
    ]
    data: dict[str, list[str]] = {}
    for name, value in [*kept, *filled]:
        data.setdefault(name, []).append(str(value))
    return client.post(form.action or response.request.path, data=data)


def log_in(client: FlaskClient, staff: Staff, password: str = PASSWORD) -> TestResponse:
    """Come in through the log-in page, as staff do; the session there was before is forgotten."""
    client.delete_cookie("session")
    return submit_form(client, "/login", username=staff.username, password=password)


def press(client: FlaskClient, url: str, action: str, /, **fields: str) -> TestResponse:
    """Open the page at ``url``, fill in its form that goes to an address ending in ``action``, and send it."""
    opened = client.get(url)
    assert opened.status_code == 200, (url, opened.status_code)
    found = [
        form
        for form in read(opened).forms
        if form.method == "post" and form.action.partition("#")[0].endswith(action)
    ]
    assert found, f"no form goes to {action}"
    return client.post(found[-1].action.partition("#")[0], data={**dict(found[-1].fields), **fields})
