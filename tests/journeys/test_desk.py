"""The review desk: from an item to its words and back, decisions and their undoing, remarks, filters, the scorecard."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.journeys.pages import Person

Visit = Callable[..., Person]


def test_a_mark_leads_to_its_item_and_an_item_to_its_words(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("there and back.docx")
    mark = page.locator(".mark[class*=mark--]", has_text="TBD").first
    mark.click()
    item = page.locator(f"#item-{mark.get_attribute('data-items')}")
    expect(item).to_have_class(re.compile("item--active"))
    expect(item).to_be_in_viewport()
    expect(mark).to_have_class(re.compile("mark--active"))
    last = person.cards().last
    last.locator("[data-show-words]").click()
    expect(last).to_have_class(re.compile("item--active"))
    words = page.locator(
        f'.mark[data-items~="{last.get_attribute("data-item-id")}"], #section-{last.get_attribute("data-section-id")}'
    )
    expect(words.first).to_be_in_viewport()


def test_every_line_says_where_it_begins_in_the_sections_text(visit: Visit) -> None:
    person = visit("analyst")
    person.reviewed("places.docx")
    lines = person.page.locator(".doc-section").evaluate_all(
        """(sections) => sections.map((section) => [...section.querySelectorAll(".doc-line")].map((line) => [Number(line.dataset.start), [...line.textContent].length]))"""
    )
    assert sum(map(len, lines)) > 5
    for section in lines:
        place = 0
        for start, length in section:
            assert start == place
            place += length + 1


def test_a_decision_folds_the_item_goes_on_and_can_be_undone(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("undo.docx")
    # An item that shares its words with no other, so that its mark is its own.
    alone = page.locator(".mark[class*=mark--]").evaluate_all(
        "(marks) => marks.map((mark) => mark.dataset.items).find((ids) => !ids.includes(' '))"
    )
    first = page.locator(f"#item-{alone}")
    key = first.get_attribute("data-item-id")
    order = [str(card.get_attribute("id")) for card in person.cards("open").all()]
    second = order[(order.index(f"item-{key}") + 1) % len(order)]
    first.get_by_role("button", name="Accept").click()
    expect(page.locator(f"#item-{key}")).to_have_attribute("data-state", "accepted")
    expect(page.locator(f"#{second}")).to_be_focused()
    person.toast("Accepted").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#item-{key}")).to_have_attribute("data-state", "open")
    expect(page.locator(".counts__main")).to_contain_text(re.compile("^0 of"))
    page.locator(f"#item-{key}").get_by_role("button", name="Reject").click()
    mark = page.locator(f'.mark[data-items="{key}"]')
    expect(mark.first).to_have_class(re.compile(r"^mark\s*$"))
    page.reload()
    expect(page.locator(f"#item-{key}")).to_have_attribute("data-state", "rejected")
    expect(mark.first).to_have_class(re.compile(r"^mark\s*$"))


def test_an_item_is_reworded_and_the_first_words_stay_readable(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("reworded.docx")
    item = person.cards("open").first
    key = item.get_attribute("id")
    before = item.locator(".item__description").inner_text()
    item.get_by_role("link", name="Reword").click()
    field = page.locator(f"#{key}").get_by_label("Description")
    expect(field).to_be_focused()
    expect(field).to_have_value(before)
    field.fill("How many buyers, from when to when?\nWho counted?")
    page.locator(f"#{key}").get_by_role("button", name="Save and accept").click()
    expect(page.locator(f"#{key}")).to_contain_text("Accepted, reworded")
    page.locator(f"#{key} .item__summary").click()
    expect(page.locator(f"#{key} .item__description").first).to_have_text(re.compile("from when to when"))
    page.locator(f"#{key}").get_by_text("As it was first written").click()
    expect(page.locator(f"#{key}").get_by_text(before, exact=True).first).to_be_visible()
    page.locator(f"#{key}").get_by_text("Who decided").click()
    expect(page.locator(f"#{key} .activity")).to_contain_text("Analyst: accepted, reworded")


def test_a_remark_over_several_lines_and_cells_keeps_the_exact_words(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("remarks.docx")
    select(page, "First unit", "22 April", start_offset=6, end_offset=8)
    page.get_by_role("button", name="Remark", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-remark-quote]")).to_have_text("unit sold\n22 April")
    dialog.get_by_label("Your remark").fill("Seven weeks & nobody noticed?")
    dialog.get_by_label("Point").select_option("2")
    dialog.get_by_role("button", name="Add").click()
    mine = page.locator(".item", has_text="Seven weeks & nobody noticed?")
    expect(mine).to_have_attribute("data-state", "accepted")
    expect(mine).to_have_class(re.compile("item--active"))
    expect(page.locator(".mark--own")).to_have_text(["unit sold", "22 April"])
    mine.locator(".item__summary").click()
    expect(mine.locator(".item__quote")).to_have_text(re.compile(r"unit sold\s+22 April"))
    mine.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(mine).to_have_count(0)
    expect(page.locator(".mark--own")).to_have_count(0)


def test_every_decision_is_taken_back_at_once_but_only_when_meant(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("all back.docx")
    for _ in range(2):
        count = person.cards("accepted").count()
        person.cards("open").first.get_by_role("button", name="Accept").click()
        expect(person.cards("accepted")).to_have_count(count + 1)
    for answer, left in (("Cancel", 2), ("Take back all", 0)):
        page.locator(".desk__bar summary").click()
        page.get_by_role("button", name="Take back all decisions").click()
        page.get_by_role("dialog").get_by_role("button", name=answer, exact=True).click()
        expect(person.cards("accepted")).to_have_count(left)
    expect(page.get_by_text("2 decisions taken back")).to_be_visible()


def test_taking_everything_back_is_undone_from_its_message_by_mouse_and_by_key(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    url = person.reviewed("undo all.docx")
    for count in (1, 2, 3):
        person.cards("open").first.get_by_role("button", name="Accept").click()
        expect(person.cards("accepted")).to_have_count(count)
    take_all_back(page)
    expect(page.get_by_text("3 decisions taken back.")).to_be_visible()
    expect(person.cards("accepted")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 decisions restored.")).to_be_visible()
    expect(person.cards("accepted")).to_have_count(3)
    expect(page).to_have_url(url)
    take_all_back(page)
    colleague = visit("team_lead")
    colleague.open(url)
    colleague.cards("open").first.get_by_role("button", name="Reject").click()
    expect(person.cards("rejected")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.get_by_text("2 decisions restored.")).to_be_visible()
    expect(page.get_by_text("1 item was left as it is: it has been decided on since.")).to_be_visible()
    expect(person.cards("accepted")).to_have_count(2)
    expect(person.cards("rejected")).to_have_count(1)


def test_filters_work_in_place_and_survive_a_reload(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("filters.docx")
    total = person.cards().count()
    page.get_by_label("Risk", exact=True).first.select_option("High")
    high = person.cards().count()
    assert 0 < high < total
    expect(page.locator("[data-shown-count]")).to_have_text(str(high))
    page.reload()
    expect(page.get_by_label("Risk", exact=True).first).to_have_value("High")
    expect(person.cards()).to_have_count(high)
    page.get_by_label("Search the items").fill("no such words anywhere")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
    page.get_by_role("link", name="Clear the filter").click()
    expect(person.cards()).to_have_count(total)
    person.cards("open").first.get_by_role("button", name="Accept").click()
    page.locator(".segments__one", has_text="Accepted 1").click()
    expect(person.cards()).to_have_count(1)


def test_a_cell_of_the_scorecard_opens_its_evidence_and_goes_to_the_words(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("scorecard.docx")
    expect(page.locator(".cell")).to_have_count(20)
    point = page.locator(".evidence:has([data-jump-section])").first
    number = str(point.get_attribute("id")).removeprefix("point-")
    cell = page.locator(f'.cell[href="#point-{number}"]')
    cell.click()
    expect(point).to_be_visible()
    expect(cell).to_have_attribute("aria-current", "true")
    section = point.locator("[data-jump-section]").get_attribute("data-jump-section")
    expect(page.locator(f"#section-{section}")).to_be_in_viewport()
    items_of_it = point.get_by_role("link", name=re.compile(r"items? on this point"))
    if items_of_it.count():
        items_of_it.click()
        for card in person.cards().all():
            assert number in str(card.get_attribute("data-points")).split()
    page.locator(f"#point-{number}").get_by_role("link", name="Close").click()
    expect(point).to_be_hidden()


def test_what_is_under_the_threshold_is_hidden_until_asked_for(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("hidden ones.docx")
    note = page.locator(".desk__hidden")
    if not note.count():
        return
    hidden = int(re.search(r"\d+", note.inner_text()).group())  # type: ignore[union-attr]
    shown = person.cards().count()
    note.get_by_role("link", name="Show them").click()
    expect(person.cards()).to_have_count(shown + hidden)
    expect(page.get_by_text("under the confidence threshold", exact=False).first).to_be_attached()


def test_a_viewer_reads_everything_and_decides_nothing(visit: Visit) -> None:
    url = visit("analyst").reviewed("for reading.docx")
    reader = visit("viewer")
    reader.open(url)
    expect(reader.cards().first).to_be_visible()
    for name in ("Accept", "Reject", "Own remark", "Word file"):
        expect(reader.page.get_by_role("button", name=name)).to_have_count(0)
    reader.page.goto("/")
    expect(reader.page.get_by_text("Choose files")).to_have_count(0)


def take_all_back(page: Any) -> None:
    page.locator(".desk__bar summary").click()
    page.get_by_role("button", name="Take back all decisions").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back all", exact=True).click()


def select(page: Any, first: str, last: str, *, start_offset: int, end_offset: int) -> None:
    """Select from within the text node that holds `first` to within the one that holds `last`, as dragging does."""
    page.evaluate(
        """([first, last, from, to]) => {
          const nodes = document.createTreeWalker(document.getElementById("desk-text"), NodeFilter.SHOW_TEXT);
          const all = [];
          while (nodes.nextNode()) all.push(nodes.currentNode);
          const node = (text) => all.find((one) => one.data.includes(text));
          const range = document.createRange();
          range.setStart(node(first), node(first).data.indexOf(first) + from);
          range.setEnd(node(last), node(last).data.indexOf(last) + to);
          node(first).parentElement.scrollIntoView({ block: "center" });
          window.getSelection().removeAllRanges();
          window.getSelection().addRange(range);
        }""",
        [first, last, start_offset, end_offset],
    )
