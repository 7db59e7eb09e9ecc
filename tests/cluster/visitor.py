"""A browser without JavaScript that reaches a served application over HTTP."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin

from tests.web.browsing import Page


class Visitor:
    """Somebody with cookies of their own, at an address of their own behind the proxy."""

    def __init__(self, url: str, address: str = "192.0.2.1") -> None:
        # The proxy of production speaks https with people; here there is none.
        cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        self._opener.addheaders = [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https")]
        self.url = url

    def open(self, path: str, data: bytes | None = None, **headers: str) -> bytes:
        """Ask for a path, redirects followed. Raises AssertionError, with the answer, for any error."""
        request = urllib.request.Request(urljoin(self.url, path), data, headers)
        try:
            with self._opener.open(request, timeout=60) as response:
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[:2000]}") from error

    def page(self, path: str) -> Page:
        """A page."""
        return Page(self.open(path).decode())

    def submit(self, path: str, /, *buttons: str, **fields: str) -> Page:
        """Fill in the form of a page that has these fields (or goes where ``buttons`` says) and send it."""
        page = self.page(path)
        forms = [each for each in page.forms if not buttons or each.action.endswith(buttons)]
        fitting = [each for each in forms if each.method == "post" and set(fields) <= each.names]
        assert fitting, (
            f"no such form on {path}: {[(each.action, sorted(each.names)) for each in page.forms]}"
        )
        values = [(name, value) for name, value in fitting[-1].fields if name not in fields]
        data = urlencode([*values, *fields.items()]).encode()
        return Page(self.open(urldefrag(fitting[-1].action or path).url, data).decode())

    def points(self, path: str) -> dict[str, str]:
        """The choices by which a draft says that it meets every request that software found."""
        names = {name for form in self.page(path).forms for name in form.names if "_met_" in name}
        return dict.fromkeys(sorted(names), "yes")

    def log_in(self, username: str, password: str) -> None:
        """Log in as a member of staff."""
        self.submit("/login", username=username, password=password)

    def send_petition(self, **values: Any) -> dict[str, Any]:
        """Send a petition through the API; the receipt."""
        body = {"kind": "feedback", "submitter_kind": "citizen", "may_contact": True, **values}
        said = self.open(
            "/api/v1/petitions", json.dumps(body).encode(), **{"Content-Type": "application/json"}
        )
        receipt: dict[str, Any] = json.loads(said)
        return receipt

    def standing(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """How a petition stands, by its receipt."""
        said = self.open(f"/api/v1/petitions/{receipt['code']}", **{"X-Petition-Secret": receipt["secret"]})
        standing: dict[str, Any] = json.loads(said)
        return standing
