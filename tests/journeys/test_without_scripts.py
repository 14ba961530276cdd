"""The same work in a browser that runs no scripts: plain forms and links."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.pages import Person, word_file

Visit = Callable[..., Person]


def test_a_review_is_done_with_plain_forms_alone(visit: Visit) -> None:
    person = visit("analyst")
    cookies = person.page.context.storage_state()
    plain = visit("", java_script_enabled=False)
    plain.page.context.add_cookies(cookies["cookies"])
    page = plain.page
    page.goto("/")
    page.get_by_role("link", name="Upload a write-up").click()
    page.get_by_label("File").set_input_files([word_file("plain.docx")])
    page.get_by_role("button", name="Upload and review").click()
    expect(page.get_by_role("heading", name="plain.docx")).to_be_visible()
    expect(reloaded(page)).to_be_visible()
    first = page.locator(".item").first
    key = first.get_attribute("id")
    first.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile(f"#{key}$"))
    expect(page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    second = page.locator('.item[data-state="open"]').first
    second.get_by_role("link", name="Reword").click()
    page.get_by_label("Description").fill("In plain words")
    page.get_by_role("button", name="Save and accept").click()
    expect(page.locator('.item[data-state="accepted"]')).to_have_count(2)
    page.locator(".desk__bar summary").click()
    page.get_by_role("button", name="Take back all decisions").click()
    expect(page.get_by_text("2 decisions taken back.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 decisions restored.")).to_be_visible()
    expect(page.locator('.item[data-state="accepted"]')).to_have_count(2)
    page.locator(".cell").first.click()
    expect(page.locator(".evidence:target")).to_be_visible()
    page.locator(".segments__one", has_text="Accepted 2").click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".item:visible")).to_have_count(2)
    page.get_by_role("link", name="Finish the review").click()
    expect(page.get_by_text("The Word file will hold 2 comments")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Decisions are closed")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Word file").click()
    assert download.value.suggested_filename == "plain (reviewed).docx"


def reloaded(page):  # type: ignore[no-untyped-def]
    """Without scripts a person reloads until the review is there; so do we, a limited number of times."""
    cell = page.locator(".cell").first
    for _ in range(50):
        if cell.count():
            break
        page.reload()
    return cell
