"""One served instance and one browser for the journeys of a worker; each test opens fresh profiles in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import servers
from tests.journeys.browsing import Profiles
from tests.journeys.house import House, house, trained_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The trained model, one for all workers of the test run."""
    base = tmp_path_factory.getbasetemp()
    return trained_model(base if worker_id == "master" else base.parent)


# Not for the whole session: the tests of the browser itself start Playwright too, and a thread bears only one.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with servers.chromium() as made:
        yield made


@pytest.fixture(scope="package")
def shared_house(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[House]:
    """The instance that journeys share; none may move its clock."""
    with house(tmp_path_factory.mktemp("house"), model) as made:
        yield made


@pytest.fixture
def own_house(tmp_path: Path, model: Path) -> Iterator[House]:
    """An instance of the journey's own, whose clock it may move."""
    with house(tmp_path, model) as made:
        yield made


@pytest.fixture
def profiles_of(browser: Browser) -> Iterator[Callable[[House], Profiles]]:
    """Opens browsers on an instance; afterwards no page of theirs may have had a fault."""
    with ExitStack() as stack:
        made: list[Profiles] = []

        def on(place: House) -> Profiles:
            profiles = Profiles(browser, place.url)
            stack.callback(profiles.close)
            made.append(profiles)
            return profiles

        yield on
        faults = [fault for profiles in made for fault in profiles.watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def profiles(profiles_of: Callable[[House], Profiles], shared_house: House) -> Profiles:
    """Opens browsers on the shared instance."""
    return profiles_of(shared_house)
