"""Every page, for everybody: axe finds nothing, in both languages, on both screens, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.browsing import DESKTOP, NARROW, PHONE, Profiles, sideways
from tests.journeys.cases import Cases, make_cases
from tests.journeys.house import House
from tests.journeys.walks import go_to_check, log_in, track
from workflows.lifecycle import Status

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Each language on each screen, and both grounds in each language.
LOOKS = {
    "vi": ((PHONE, "light"), (DESKTOP, "dark")),
    "en": ((DESKTOP, "light"), (PHONE, "dark")),
}

# Letters that only Vietnamese has: such words on an English page are untranslated, unless they are marked as Vietnamese,
# or somebody typed them, or they are the name of who is logged in.
VIETNAMESE = """() => {
    const letters = /[ăđơưạ-ỹ]/i;
    const typed = ".plain-text, textarea, .staff-bar__me";
    const english = node => node.closest("[lang]").lang === "en" && !node.closest(typed);
    const words = [];
    const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (letters.test(text.data) && english(text.parentElement)) words.push(text.data.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
        for (const name of ["aria-label", "placeholder", "title", "alt"]) {
            const text = element.getAttribute(name);
            if (text && letters.test(text) && english(element)) words.push(text);
        }
    }
    return words;
}"""

Show = Callable[[], object]


@pytest.fixture(scope="package")
def cases(shared_house: House) -> Cases:
    """Petitions in every state."""
    return make_cases(shared_house)


def check_all(page: Page, pages: Iterable[tuple[str, Show]], *, translated: bool = True) -> None:
    """Show each page in each look and collect everything that axe or a ruler finds.

    ``translated`` says that the English page has no words in Vietnamese but those marked as such.
    """
    found: list[str] = []
    shown = list(pages)
    for language, looks in LOOKS.items():
        page.goto(f"/language/{language}")
        for name, show in shown:
            show()
            expect(page.locator("html")).to_have_attribute("lang", language)
            found += faults(page, f"{name} ({language})", looks)
            if translated and language == "en":
                found += [
                    f"{name}: in Vietnamese on the English page: {words}"
                    for words in page.evaluate(VIETNAMESE)
                ]
    assert not found, "\n".join(found)


def faults(page: Page, name: str, looks: Iterable[tuple[ViewportSize, str]]) -> Iterator[str]:
    """What axe finds on the page in these looks, and where it can be moved sideways."""
    page.evaluate(AXE_SCRIPT)
    for screen, ground in looks:
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme=ground, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two
        where = f"{name}, {screen['width']} px, {ground}"
        result = AxeResults(page.evaluate("options => axe.run(options)", OPTIONS))
        if result.violations_count:
            yield f"{where}: {result.generate_report()}"
        if by := sideways(page):
            yield f"{where}: {by} px too wide"
    page.set_viewport_size(NARROW)
    if by := sideways(page):
        yield f"{name}: {by} px too wide on a screen of 320 px"


def opener(page: Page, *paths: str) -> Iterator[tuple[str, Show]]:
    """Pages that have an address."""
    for path in paths:
        yield path, lambda path=path: page.goto(path)  # type: ignore[misc]  # bound at once


def posted(page: Page, path: str, fill: dict[str, str] | None = None) -> Show:
    """The page that comes back when the form there is sent as it stands, or with these values by name."""

    def show() -> None:
        page.goto(path)
        for name, value in (fill or {}).items():
            page.locator(f"main [name={name}]").fill(value)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()

    return show


def test_pages_that_everybody_may_open(profiles: Profiles) -> None:
    page = profiles()
    check_all(
        page,
        opener(
            page,
            "/",
            "/about",
            "/accessibility",
            "/track",
            "/login",
            "/no-such-page",
            "/petitions/new/gone/text",
        ),
    )


def test_the_steps_of_the_form(profiles: Profiles) -> None:
    page = profiles()
    go_to_check(page)
    draft = page.url.rsplit("/", 1)[0]

    def pages() -> Iterator[tuple[str, Show]]:
        yield from opener(
            page, "/petitions/new", f"{draft}/matter", f"{draft}/text", f"{draft}/you", f"{draft}/check"
        )
        yield "matter with errors", posted(page, "/petitions/new")
        yield "you with errors", posted(page, f"{draft}/you", {"email": "x", "phone": "y"})
        yield "text with errors", posted(page, f"{draft}/text", {"text": "ngắn"})
        yield from opener(page, f"{draft}/check")

    check_all(page, pages())


def test_tracking_and_the_receipt(profiles: Profiles, cases: Cases) -> None:
    page = profiles()
    receipt = cases.of[Status.ASSIGNED]
    track(page, receipt.code, receipt.secret)
    own = f"/petitions/{receipt.code}"

    def pages() -> Iterator[tuple[str, Show]]:
        yield from opener(page, f"{own}/receipt", own, f"{own}/information", f"{own}/withdraw")
        yield "information with errors", posted(page, f"{own}/information")
        yield "track with errors", posted(page, "/track", {"code": "PAKN-1"})

    check_all(page, pages())


@pytest.mark.parametrize(
    "status", [Status.AWAITING_SUBMITTER, Status.ANSWERED, Status.CLOSED, Status.DECLINED, Status.REFERRED]
)
def test_a_petition_in_its_states(profiles: Profiles, cases: Cases, status: Status) -> None:
    page = profiles()
    receipt = cases.of[status]
    track(page, receipt.code, receipt.secret)
    own = f"/petitions/{receipt.code}"
    more = {Status.AWAITING_SUBMITTER: ("/information",), Status.ANSWERED: ("/objection", "/acceptance")}
    check_all(page, opener(page, own, *(own + each for each in more.get(status, ()))))


def test_the_survey(profiles: Profiles, cases: Cases) -> None:
    page = profiles()
    survey = f"/surveys/{cases.survey}"

    def unhappy() -> None:
        page.goto(f"{survey}?rating=1")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/thanks")

    def pages() -> Iterator[tuple[str, Show]]:
        yield "survey with errors", posted(page, survey)
        yield from opener(page, survey, f"{survey}?rating=2")
        yield "thanks to the unhappy", unhappy

    check_all(page, pages())


def test_a_form_that_has_expired(profiles: Profiles) -> None:
    page = profiles()

    def expired() -> None:
        page.goto("/petitions/new")
        page.locator("main input[name=csrf_token]").evaluate("field => { field.value = 'expired' }")
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()

    check_all(page, iter([("expired", expired)]))


def test_the_login_with_errors(profiles: Profiles) -> None:
    page = profiles()
    check_all(page, iter([("login with errors", posted(page, "/login"))]))


def test_the_desk(profiles: Profiles, shared_house: House, cases: Cases) -> None:
    page = profiles(DESKTOP)
    log_in(page, shared_house, "desk")
    check_all(
        page,
        opener(
            page,
            "/desk",
            f"/cases/{cases.of[Status.TRIAGE].code}",
            f"/cases/{cases.of[Status.DECLINED].code}",
            "/cases?code=1",
        ),
        translated=False,
    )


def test_the_agency(profiles: Profiles, shared_house: House, cases: Cases) -> None:
    page = profiles(DESKTOP)
    log_in(page, shared_house, "officer.bkhcn")
    states = (Status.ASSIGNED, Status.ACCEPTED, Status.AWAITING_SUBMITTER, Status.ANSWERED)

    def pages() -> Iterator[tuple[str, Show]]:
        yield from opener(page, "/inbox", *(f"/cases/{cases.of[status].code}" for status in states))

        def unfilled() -> None:
            page.goto(f"/cases/{cases.of[Status.ASSIGNED].code}")
            page.locator("#act-acknowledge").get_by_role("button").last.click()
            page.wait_for_load_state()

        yield "case with errors", unfilled

        def everything_unfolded() -> None:
            page.goto(f"/cases/{cases.of[Status.ACCEPTED].code}")
            page.locator("details.act").evaluate_all("all => all.forEach(each => { each.open = true })")

        yield "case with all actions unfolded", everything_unfolded

    check_all(page, pages(), translated=False)


@pytest.mark.usefixtures("cases")
def test_the_figures(profiles: Profiles, shared_house: House) -> None:
    page = profiles(DESKTOP)
    log_in(page, shared_house, "supervisor")
    expect(page.get_by_role("row")).not_to_have_count(0)

    def pages() -> Iterator[tuple[str, Show]]:
        yield from opener(page, "/reports", "/reports?month=2030-01", "/reports/routing")

        def explained() -> None:
            page.goto("/reports")
            page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")

        yield "figures explained", explained

    check_all(page, pages())


def test_administration(profiles: Profiles, shared_house: House) -> None:
    page = profiles(DESKTOP)
    log_in(page, shared_house, "admin")
    check_all(page, opener(page, "/admin"))
