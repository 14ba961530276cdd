"""Reloads, other days, killed processes and refused sockets: nothing is lost, and work goes on by itself."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.installation import Installation
from tests.journeys.pages import Person

Visit = Callable[..., Person]


def test_a_document_waits_for_its_worker_and_opens_by_itself(visit: Visit, installation: Installation) -> None:
    person = visit("analyst")
    page = person.page
    installation.halt("worker")
    try:
        person.upload("patient.docx")
        page.locator("#library-list").get_by_role("link", name="patient.docx").click()
        expect(page.get_by_text("Your document is being reviewed")).to_be_visible()
    finally:
        installation.wake("worker")
    expect(page.locator(".cell")).to_have_count(20)


def test_without_a_socket_the_page_asks_and_still_completes(visit: Visit, installation: Installation) -> None:
    person = visit("analyst")
    page = person.page
    person.is_expecting_trouble = True
    page.route_web_socket("**/ws/", lambda socket: socket.close())
    installation.halt("worker")
    try:
        person.upload("no socket.docx")
        expect(page.locator("#live-state")).to_contain_text("Connection lost")
        page.locator("#library-list").get_by_role("link", name="no socket.docx").click()
        expect(page.get_by_text("Your document is being reviewed")).to_be_visible()
    finally:
        installation.wake("worker")
    expect(page.locator(".cell")).to_have_count(20)


def test_decisions_outlive_a_killed_server_and_the_tab_goes_on(visit: Visit, installation: Installation) -> None:
    person = visit("analyst")
    page = person.page
    person.reviewed("survivor.docx")
    key = person.cards("open").first.get_attribute("id")
    page.locator(f"#{key}").get_by_role("button", name="Accept").click()
    expect(page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    person.is_expecting_trouble = True
    installation.kill("web")
    second = person.cards("open").first.get_attribute("id")
    page.locator(f"#{second}").get_by_role("button", name="Reject").click()
    expect(person.toast("The connection broke")).to_be_visible()
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "open")
    installation.start_web()
    page.locator(f"#{second}").get_by_role("button", name="Reject").click()
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "rejected")
    page.reload()
    expect(page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "rejected")


def test_news_from_while_the_server_was_away_arrives_afterwards(visit: Visit, installation: Installation) -> None:
    one = visit("analyst")
    url = one.reviewed("away.docx")
    other = visit("team_lead")
    other.open(url)
    key = one.cards("open").first.get_attribute("id")
    one.is_expecting_trouble = other.is_expecting_trouble = True
    other.page.context.set_offline(True)
    one.page.locator(f"#{key}").get_by_role("button", name="Accept").click()
    expect(one.page.locator(f"#{key}")).to_have_attribute("data-state", "accepted")
    installation.kill("web")
    other.page.context.set_offline(False)
    installation.start_web()
    expect(other.page.locator(f"#{key}")).to_have_attribute("data-state", "accepted", timeout=30_000)


def test_a_killed_worker_leaves_no_document_behind(visit: Visit, installation: Installation) -> None:
    person = visit("analyst")
    installation.kill("worker")
    person.upload("orphan.docx")
    expect(person.page.locator("#library-list tr", has_text="orphan.docx")).to_contain_text("Being reviewed")
    installation.start_worker()
    row = person.page.locator("#library-list tr", has_text="orphan.docx")
    expect(row.get_by_text("To decide")).to_be_visible(timeout=30_000)


def test_another_day_begins_where_the_last_one_ended(visit: Visit) -> None:
    person = visit("analyst")
    url = person.reviewed("tomorrow.docx")
    key = person.cards("open").first.get_attribute("id")
    person.page.locator(f"#{key}").get_by_role("button", name="Reject").click()
    expect(person.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")
    again = visit("", viewport={"width": 900, "height": 700})
    again.page.goto(url)
    again.page.get_by_label("E-mail address").fill("analyst@example.com")
    again.page.get_by_label("Password").fill("correct horse battery staple")
    again.page.get_by_role("button", name="Sign in").click()
    expect(again.page).to_have_url(re.compile(re.escape(url)))
    expect(again.page.locator(f"#{key}")).to_have_attribute("data-state", "rejected")


def test_a_session_that_ended_is_told_and_loses_no_words(visit: Visit, installation: Installation) -> None:
    person = visit("", viewport={"width": 1440, "height": 900})
    person.sign_in("analyst@example.com", "correct horse battery staple")
    person.reviewed("signed out.docx")
    person.cards("open").first.get_by_role("link", name="Reword").click()
    field = person.page.get_by_label("Description")
    field.fill("Written before the session ended")
    person.is_expecting_trouble = True
    person.page.context.clear_cookies()
    installation.kill("web")
    installation.start_web()
    expect(person.toast("You are signed out")).to_be_visible(timeout=30_000)
    expect(field).to_have_value("Written before the session ended")
