"""What a new investigator does first: sign in, drop write-ups, watch, decide, finish, take the Word file home."""

import re
import zipfile
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.journeys.pages import Person, word_file

Visit = Callable[..., Person]


def test_a_wrong_password_is_told_and_the_right_one_leads_to_the_library(visit: Visit) -> None:
    person = visit("")
    person.page.goto("/people/")
    person.page.get_by_label("E-mail address").fill("analyst@example.com")
    person.page.get_by_label("Password").fill("not the password")
    person.is_expecting_trouble = True
    person.page.get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("alert")).to_contain_text(re.compile(r"\w"))
    person.sign_in("analyst@example.com", "correct horse battery staple")
    expect(person.page).to_have_title(re.compile("Documents"))


def test_an_empty_library_says_what_to_do(visit: Visit) -> None:
    person = visit("analyst", slug="beta")
    person.page.goto("/")
    expect(person.page.get_by_text("No documents yet")).to_be_visible()


def test_several_files_are_dropped_followed_and_ready(visit: Visit) -> None:
    person = visit("analyst")
    person.page.goto("/")
    person.until_ready()
    drop_on(person.page, "case one.docx", "case two.docx")
    for name in ("case one.docx", "case two.docx"):
        row = person.page.locator(".drop__file", has_text=name)
        # Two whole reviews: as long as every other wait for one, not as long as a page takes to draw.
        expect(row.get_by_role("link", name="Open the review")).to_be_visible(timeout=15_000)
        expect(person.page.locator("#library-list tr", has_text=name).get_by_text("To decide")).to_be_visible()
    sections = [frame for frame in person.told if "document.analysis.progress" in frame and '"total": 5' in frame]
    assert sections, "the sections were not told one after the other"


def test_a_file_that_is_no_document_is_refused_in_a_sentence(visit: Visit) -> None:
    person = visit("analyst")
    person.page.goto("/")
    person.until_ready()
    person.is_expecting_trouble = True
    person.page.locator("input[type=file]").set_input_files([word_file("broken.docx", b"this is no archive")])
    expect(person.page.locator(".drop__file", has_text="broken.docx")).to_contain_text("not a Word .docx file")


def test_a_review_is_read_decided_on_finished_and_taken_home(visit: Visit) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("the whole way.docx")
    expect(page.locator(".cell")).to_have_count(20)
    expect(page.locator(".counts__main")).to_contain_text(re.compile(r"0 of \d+ decided"))
    total = person.cards("open").count()
    person.cards("open").first.get_by_role("button", name="Accept").click()
    expect(person.toast("Accepted")).to_contain_text(f"{total - 1} open")
    expect(person.cards("accepted")).to_have_count(1)
    person.cards("open").first.get_by_role("button", name="Reject").click()
    expect(person.cards("rejected")).to_have_count(1)
    page.get_by_role("link", name="Finish the review").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The Word file will hold 1 comment")
    expect(dialog).to_contain_text(f"{total - 2} items are still open and will not be written")
    dialog.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Decisions are closed")).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Word file").click()
    assert download.value.suggested_filename == "the whole way (reviewed).docx"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.read("word/comments.xml").count(b"<w:comment ") == 1
    page.get_by_role("button", name="Reopen").click()
    expect(page.get_by_role("button", name="Accept").first).to_be_visible()


def test_the_library_finds_filters_and_sorts_without_leaving_the_page(visit: Visit) -> None:
    person = visit("team_lead")
    page = person.page
    person.upload("needle 7.docx", "haystack 8.docx")
    expect(page.get_by_role("link", name="Open the review")).to_have_count(2)
    page.get_by_label("Search by name").fill("needle")
    expect(page.locator(".library__name")).to_have_text(["needle 7.docx"])
    page.get_by_label("State").select_option("closed")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    expect(page).to_have_url(re.compile("state=closed"))
    page.reload()
    expect(page.get_by_label("Search by name")).to_have_value("needle")
    page.get_by_role("link", name="Clear the filter").click()
    page.get_by_label("Order").select_option("name")
    expect(page).to_have_url(re.compile("order=name"))
    names = page.locator(".library__name").all_inner_texts()
    assert names == sorted(names, key=str.casefold)


def drop_on(page: Any, *names: str) -> None:
    """Let go of files over the page, as a hand would."""
    files = [{"name": name, "bytes": list(word_file(name)["buffer"])} for name in names]
    page.evaluate(
        """(files) => {
          const carried = new DataTransfer();
          for (const file of files) carried.items.add(new File([new Uint8Array(file.bytes)], file.name));
          const over = document.querySelector("main");
          for (const name of ["dragover", "drop"]) over.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        files,
    )
