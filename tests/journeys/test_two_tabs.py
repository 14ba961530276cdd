"""Two people, two tabs, one review: changes appear, nothing is overwritten."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.pages import Person

Visit = Callable[..., Person]


def both_at(visit: Visit, name: str) -> tuple[Person, Person]:
    one = visit("analyst")
    url = one.reviewed(name)
    other = visit("team_lead")
    other.open(url)
    return one, other


def test_a_decision_of_another_person_appears_without_a_reload(visit: Visit) -> None:
    one, other = both_at(visit, "live decision.docx")
    key = one.cards("open").first.get_attribute("id")
    one.page.locator(f"#{key}").get_by_role("button", name="Accept").click()
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    expect(other.page.locator(".counts__main")).to_contain_text("1 of")
    expect(other.page.locator('[data-count="accepted"]')).to_have_text("1")
    other.page.locator(f"#{key}").get_by_role("button", name="Take back").click()
    expect(one.page.locator(f"#{key}")).to_have_attribute("data-state", "open")


def test_a_remark_of_another_person_appears_with_its_mark_and_goes_with_it(visit: Visit) -> None:
    one, other = both_at(visit, "live remark.docx")
    one.page.keyboard.press("f")
    dialog = one.page.get_by_role("dialog")
    dialog.get_by_label("Your remark").fill("Seen by two")
    dialog.get_by_role("button", name="Add").click()
    remark = other.page.locator(".item", has_text="Seen by two")
    expect(remark).to_be_visible()
    expect(remark.get_by_role("button", name="Remove")).to_have_count(0)
    mine = one.page.locator(".item", has_text="Seen by two")
    mine.get_by_role("button", name="Remove").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(remark).to_have_count(0)


def test_whoever_writes_keeps_their_words_when_somebody_else_was_faster(visit: Visit) -> None:
    one, other = both_at(visit, "faster.docx")
    key = one.cards("open").first.get_attribute("id")
    one.page.locator(f"#{key}").get_by_role("link", name="Reword").click()
    one.page.locator(f"#{key}").get_by_label("Description").fill("My careful words")
    other.page.locator(f"#{key}").get_by_role("button", name="Reject").click()
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")
    expect(one.page.locator(f"#{key}").get_by_label("Description")).to_have_value("My careful words")
    one.page.locator(f"#{key}").get_by_role("button", name="Save and accept").click()
    expect(one.page.locator(f"#{key}").get_by_role("alert")).to_contain_text("Somebody else has changed this item")
    expect(one.page.locator(f"#{key}").get_by_label("Description")).to_have_value("My careful words")
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")
    one.page.locator(f"#{key}").get_by_role("button", name="Save and accept").click()
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    expect(other.page.locator(f"#{key}")).to_contain_text("My careful words")


def test_a_stale_decision_shows_the_newer_state_instead(visit: Visit) -> None:
    one, other = both_at(visit, "stale.docx")
    key = one.cards("open").first.get_attribute("id")
    # The other tab hears of nothing for a while, as on a train.
    other.page.evaluate(
        "document.addEventListener('stream:feedback.decided', (event) => event.stopImmediatePropagation(), true)"
    )
    other.page.evaluate("window.htmx.config.timeout = 20000")
    old = other.page.locator(f"#{key} input[name=revision]").get_attribute("value")
    one.page.locator(f"#{key}").get_by_role("button", name="Reject").click()
    expect(one.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")
    other.page.evaluate(
        """([key, old]) => {
          const form = document.querySelector(`#${key} form`);
          form.querySelector("[name=revision]").value = old;
          window.htmx.ajax("POST", form.action, { source: form, target: `#${key}`, swap: "outerHTML", values: { verdict: "accepted", revision: old } });
        }""",
        [key, old],
    )
    expect(other.page.locator(f"#{key}").get_by_role("alert")).to_contain_text("Somebody else has changed this item")
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")
    other.page.reload()
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")


def test_a_finished_review_closes_on_every_desk(visit: Visit) -> None:
    one, other = both_at(visit, "closing.docx")
    one.page.get_by_role("link", name="Finish the review").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Finish").click()
    expect(other.page.get_by_text("Decisions are closed")).to_be_visible()
    expect(other.page.get_by_role("button", name="Accept")).to_have_count(0)


def test_the_library_of_another_person_follows_an_upload(visit: Visit) -> None:
    watcher = visit("viewer")
    watcher.open("/")
    one = visit("analyst")
    one.upload("seen elsewhere.docx")
    row = watcher.page.locator("#library-list tr", has_text="seen elsewhere.docx")
    expect(row.get_by_text("To decide")).to_be_visible()
    expect(row).to_contain_text(re.compile(r"\d+ / \d+"))
