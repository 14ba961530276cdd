"""The whole desk without a mouse."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.pages import Person

Visit = Callable[..., Person]


def focused_item(person: Person) -> str:
    return str(person.page.evaluate("document.activeElement.closest('.item')?.id ?? ''"))


def test_a_review_is_decided_with_single_keys(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("by keys.docx")
    order = [str(card.get_attribute("id")) for card in person.cards("open").all()]
    page.keyboard.press("j")
    expect(page.locator(f"#{order[0]}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(f"#{order[0]}")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(f"#{order[0]}")).to_have_attribute("data-state", "accepted")
    expect(page.locator(f"#{order[1]}")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator(f"#{order[1]}")).to_have_attribute("data-state", "rejected")
    expect(page.locator(f"#{order[2]}")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"#{order[1]}")).to_have_attribute("data-state", "open")
    expect(page.locator(f"#{order[1]}")).to_be_focused()


def test_rewording_is_begun_left_and_saved_with_keys(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("reword by keys.docx")
    page.keyboard.press("j")
    key = focused_item(person)
    page.keyboard.press("e")
    expect(page.locator(f"#{key} textarea").first).to_be_focused()
    page.keyboard.type("arejk")  # letters, not deeds
    expect(page.locator(f"#{key} textarea").first).to_have_value(re.compile("arejk"))
    page.keyboard.press("Escape")
    expect(page.locator(f"#{key}")).to_be_focused()
    expect(page.locator(f"#{key}")).to_have_attribute("data-state", "open")
    page.keyboard.press("e")
    page.locator(f"#{key} textarea").first.fill("My own words.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{key}")).to_contain_text("Accepted, reworded")


def test_what_one_writes_is_saved_with_ctrl_enter_and_not_left_without_a_question(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("written words.docx")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.keyboard.press("j")
    key = focused_item(person)
    page.keyboard.press("e")
    expect(page.locator(f"#{key} textarea").first).to_be_focused()
    page.keyboard.type("Half a thought")
    page.get_by_role("link", name="About").click(no_wait_after=True)
    expect(page.locator(f"#{key} textarea").first).to_have_value(re.compile("Half a thought"))
    assert asked == ["beforeunload"]
    page.locator(f"#{key} textarea").first.press("Control+Enter")
    expect(page.locator(f"#{key}")).to_contain_text("Accepted, reworded")
    page.keyboard.press("f")
    page.get_by_label("Your remark").fill("A remark.")
    page.keyboard.press("Control+Enter")
    expect(person.toast("Remark added")).to_be_visible()
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="Facts")).to_be_visible()
    assert asked == ["beforeunload"], "nothing is unsaved any more"


def test_sections_search_help_and_remark_have_keys(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("other keys.docx")
    page.keyboard.press("n")
    expect(page.locator(".doc-section:focus")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.get_by_label("Search the items")).to_be_focused()
    page.keyboard.press("Tab")
    page.get_by_label("Search the items").blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("f")
    expect(page.get_by_label("Your remark")).to_be_focused()
    page.keyboard.type("Said by keys alone")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator('.desk__deeds [data-dialog="#remark-dialog"]')).to_be_focused()


def test_every_control_of_the_desk_is_reached_by_tab_and_shows_its_focus(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("tab.docx")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden], [type=radio])")]
          .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0)
          .map((one, place) => { one.dataset.tabTest = place; return place; })"""
    )
    reached: set[int] = set()
    unseen: list[str] = []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
              const one = document.activeElement;
              const look = getComputedStyle(one);
              const label = one.labels?.[0]?.querySelector("span");
              const isSeen = look.outlineStyle !== "none" || look.boxShadow !== "none" || (label && getComputedStyle(label).outlineStyle !== "none") || one.matches(".visually-hidden");
              return { place: one.dataset?.tabTest, isSeen, html: one.outerHTML.slice(0, 90), isBody: one === document.body };
            }"""
        )
        if at["place"] is not None:
            reached.add(int(at["place"]))
        if not at["isSeen"] and not at["isBody"]:
            unseen.append(at["html"])
        if reached >= set(wanted):
            break
    missed = set(wanted) - reached
    assert not missed, page.evaluate(
        "(places) => places.map((place) => document.querySelector(`[data-tab-test='${place}']`)?.outerHTML.slice(0, 120))",
        list(missed),
    )
    assert not unseen, unseen


def test_keys_can_be_turned_off(visit: Visit) -> None:
    person = visit("viewer")
    page = person.page
    page.goto("/profile/")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Single-key shortcuts").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("body")).to_have_attribute("data-keys-enabled", "yes")


def test_a_decision_is_announced_once_and_nothing_else_chatters(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("spoken.docx")
    page.evaluate(
        """() => {
          window.said = [];
          const watch = new MutationObserver((changes) => {
            for (const change of changes) {
              const live = change.target.nodeType === 1 ? change.target.closest("[aria-live], [role=status], [role=alert]") : change.target.parentElement?.closest("[aria-live], [role=status], [role=alert]");
              if (live) window.said.push(live.textContent.trim());
            }
          });
          watch.observe(document.body, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(person.toast("Accepted")).to_be_visible()
    said = page.evaluate("window.said")
    assert len(said) == 1, said
    assert re.search(r"Accepted: .+ · \d+ open", said[0])
