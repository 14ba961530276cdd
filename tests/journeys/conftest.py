"""A real Chromium before a real installation. Whoever has no Chromium is told so; the continuous run must have one."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import servers
from tests.doubles.dns_wire import DNSWire, dns_wire
from tests.journeys.installation import Installation
from tests.journeys.pages import Person
from tests.template import PASSWORD

CHROMIUM = (
    os.environ.get("PRISM_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or "/usr/bin/chromium"
)
_FIRST_BROKER = 4


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def names() -> Iterator[DNSWire]:
    """The name server that the installation asks."""
    with dns_wire() as wire:
        yield wire


@pytest.fixture(scope="package")
def installation(
    database_template: str, names: DNSWire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Web and worker, shared by all journeys: each makes the documents it works on."""
    run = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    name = f"prism_test_journeys_{run}_{os.getpid()}"
    folder = Path(settings.TEST_SERVERS)
    with servers.one_at_a_time(folder):
        servers.create_database(folder / "postgres", name, database_template)
    made = Installation(
        tmp_path_factory.mktemp("journeys"),
        database=name,
        broker_number=_FIRST_BROKER + int(run[2:]) % 10,
        name_server=names.address,
    )
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium as the machine has it."""
    if not Path(CHROMIUM).exists():
        message = f"no Chromium at {CHROMIUM}: set PRISM_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def sessions() -> dict[tuple[str, str], Any]:
    """The cookies of who has signed in already: each signs in once."""
    return {}


@pytest.fixture
def visit(
    browser: Any, installation: Installation, sessions: dict[tuple[str, str], Any]
) -> Iterator[Callable[..., Person]]:
    """visit("analyst"): this person's own browser window, signed in. Whatever a page's console says against it fails the test."""
    people: list[Person] = []

    def make(role: str, *, slug: str = "alpha", **options: Any) -> Person:
        state = sessions.get((slug, role)) if role else None
        options = {"viewport": {"width": 1440, "height": 900}, "accept_downloads": True, **options}
        context = browser.new_context(base_url=installation.address(slug), storage_state=state, **options)
        context.set_default_timeout(15_000)
        person = Person(context.new_page(), installation)
        people.append(person)
        if role and state is None:
            person.sign_in(f"{role}@example.com", PASSWORD)
            sessions[slug, role] = context.storage_state()
        return person

    yield make
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.page.context.close()
    assert not complaints, complaints
