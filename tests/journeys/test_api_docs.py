"""The API's description as a page: drawn under the strict Content-Security-Policy, tried with the session, fit for everyone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import Person
from tests.journeys.test_accessible import LOOKS, SIZES, check
from tests.template import PASSWORD

Visit = Callable[..., Person]
# Whatever the policy forbids is told to the console, where it fails the test.
WATCH = "document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"


def opened(visit: Visit, role: str = "analyst", **options: Any) -> Person:
    person = visit(role, **options)
    person.page.add_init_script(WATCH)
    person.page.goto("/api/v2/docs/")
    expect(person.page.get_by_role("heading", name="AI-Prism API")).to_be_visible()
    return person


def operation(person: Person, name: str) -> Any:
    return person.page.locator(f"[id='operations-{name.partition('_')[0]}-{name}']")


def try_it(person: Person, name: str) -> Any:
    """Open the operation, try it, and give the answer that came."""
    block = operation(person, name)
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table")


def status_of(answer: Any) -> Any:
    return answer.locator("tbody td.response-col_status")


def test_every_operation_of_the_description_is_listed_under_the_strict_policy(visit: Visit) -> None:
    person = opened(visit)
    described = person.page.evaluate("async () => (await fetch('/api/v2/schema/?format=json')).json()")
    operations = [one for methods in described["paths"].values() for one in methods]
    assert len(operations) > 40
    expect(person.page.locator(".opblock")).to_have_count(len(operations))
    policy = person.page.evaluate("async () => (await fetch(location.href)).headers.get('content-security-policy')")
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_a_read_is_tried_with_the_session_of_whoever_looks(visit: Visit) -> None:
    person = opened(visit)
    answer = try_it(person, "me_read")
    expect(status_of(answer)).to_have_text("200")
    expect(answer).to_contain_text("analyst@example.com")


def test_a_write_is_tried_with_the_token_of_the_page(visit: Visit) -> None:
    # A key is made by somebody who has just proven who they are; how long ago this window signed in nobody knows.
    person = visit("analyst")
    person.page.add_init_script(WATCH)
    person.open("/confirm/?next=/api/v2/docs/")
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Confirm").click()
    expect(person.page.get_by_role("heading", name="AI-Prism API")).to_be_visible()
    address = person.page.locator('[data-path="/api/v2/api-keys/"]')
    block = person.page.locator(".opblock-post", has=address)
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.locator("textarea").fill('{"name": "Tried here", "scopes": ["read_documents"], "life_days": 30}')
    block.get_by_role("button", name="Execute").click()
    expect(status_of(block.locator(".live-responses-table"))).to_have_text("201")
    expect(block.locator(".live-responses-table")).to_contain_text("aip_")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_page_is_fit_for_everyone(visit: Visit, size: str, scheme: str) -> None:
    person = opened(visit, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    wrong = check(person.page, "closed")
    expect(status_of(try_it(person, "documents_list"))).to_have_text("200")
    wrong += check(person.page, "tried")
    assert not wrong, "\n".join(wrong)
    is_dark = person.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 27)"
    assert is_dark == (scheme == "dark")


def test_the_page_leads_back_to_the_portal(visit: Visit) -> None:
    person = opened(visit)
    person.page.get_by_role("link", name="AI-Prism").click()
    expect(person.page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()
