"""Administrators bring people, look after teams and leavers, and make the portal their own."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.installation import Installation
from tests.journeys.pages import Person
from tests.journeys.test_accessible import LOOKS, SIZES, check, document_url

__all__ = ["document_url"]

Visit = Callable[..., Person]
PASSWORD = "nine quiet lanterns at dusk"


def mailed_link(installation: Installation, to: str) -> str:
    """The link in the newest message to this address; mail leaves in the background, so it is waited for."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for file in sorted((installation.folder / "mail").glob("*.log"), key=os.path.getmtime, reverse=True):
            content = file.read_bytes().decode("utf-8", "replace")
            found = re.search(r"/invitation/[^\s\"]+/", content)
            if f"To: {to}" in content and found:
                return found.group(0)
        time.sleep(0.1)
    missing = f"no mail to {to}"
    raise AssertionError(missing)


def test_a_department_is_invited_with_a_list_and_comes(visit: Visit, installation: Installation) -> None:
    person = visit("org_admin")
    page = person.page
    page.goto("/people/")
    page.get_by_role("link", name="Invite many with a list").click()
    table = "E-Mail;Name;Rolle;Team\nada@example.com;Ada Löwe;Analyst;Abuse\nnonsense;;;\nbob@example.com;Bob;viewer;Abuse\n"
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode("utf-16")}
    page.get_by_label("Upload a file").set_input_files([file])
    page.get_by_label("Make teams that do not exist yet").check()
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("3 lines were read. 2 people get mail. Nothing has been sent yet.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("nonsense"))).to_contain_text("This is no e-mail address")
    page.get_by_role("button", name="Invite 2 people").click()
    expect(page.get_by_role("heading", name="All lines are done")).to_be_visible()
    expect(page.get_by_text("2 people were invited. 1 line was left out.")).to_be_visible()
    guest = visit("")
    guest.page.goto(mailed_link(installation, "ada@example.com"))
    expect(guest.page.get_by_label("Your name")).to_have_value("Ada Löwe")
    guest.page.get_by_label("New password", exact=True).fill(PASSWORD)
    guest.page.get_by_label("New password, again").fill(PASSWORD)
    guest.page.locator("form button[type=submit]").first.click()
    guest.page.get_by_role("heading", name="Documents", exact=True).wait_for()
    page.goto("/people/teams/")
    page.get_by_role("link", name="Abuse").click()
    expect(page.get_by_text("ada@example.com")).to_be_visible()


def test_a_leaver_hands_their_documents_to_a_colleague(visit: Visit, installation: Installation) -> None:
    admin = visit("org_admin")
    page = admin.page
    page.goto("/people/")
    page.get_by_text("Invite a person", exact=True).click()
    page.get_by_label("E-mail address").first.fill("leaver@example.com")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("is on its way to leaver@example.com")).to_be_visible()
    leaver = visit("")
    leaver.page.goto(mailed_link(installation, "leaver@example.com"))
    leaver.page.get_by_label("Your name").fill("Lea Ver")
    leaver.page.get_by_label("New password", exact=True).fill(PASSWORD)
    leaver.page.get_by_label("New password, again").fill(PASSWORD)
    leaver.page.locator("form button[type=submit]").first.click()
    leaver.page.get_by_role("heading", name="Documents", exact=True).wait_for()
    desk = leaver.reviewed("left behind.docx")
    page.goto("/people/?q=leaver")
    page.get_by_role("link", name="Deactivate – Lea Ver").click()
    expect(page.get_by_text("Documents: 1", exact=True)).to_be_visible()
    page.get_by_label("E-mail address of the colleague who takes over").fill("team_lead@example.com")
    page.get_by_role("button", name="Deactivate", exact=True).click()
    expect(page.get_by_text("Lea Ver cannot sign in any more.")).to_be_visible()
    page.goto(desk + "access/")
    expect(page.get_by_role("row", name=re.compile("owns the document"))).to_contain_text("Team Lead")
    leaver.is_expecting_trouble = True
    leaver.page.goto("/")
    expect(leaver.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_people_are_fit_for_everyone(visit: Visit, document_url: str, size: str, scheme: str) -> None:
    person = visit("org_admin", viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = person.page
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(check(page, name))
        if folder := os.environ.get("PRISM_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name.replace(' ', '_')}_{size}_{scheme}.png"), full_page=True)

    for name, url in {
        "people": "/people/",
        "list": "/people/invite-many/",
        "teams": "/people/teams/",
        "look": "/organization/look/",
        "access": document_url + "access/",
    }.items():
        page.goto(url)
        look(name)
    page.goto("/people/invite-many/")
    page.get_by_label("Or write or paste it here").fill(
        "email,name,role,team\nwith.a.very.long.address.indeed@department.of.an.example.com,N,viewer,\nnonsense,,emperor,\n"
    )
    page.get_by_role("button", name="Check the list").click()
    look("plan")
    page.goto("/people/teams/")
    page.get_by_label("Name of the team").fill(f"Looked at {size} {scheme}")
    page.get_by_role("button", name="Make the team").click()
    page.get_by_label("E-mail address of the person").fill("analyst@example.com")
    page.get_by_role("button", name="Add to the team").click()
    look("team")
    page.goto("/people/?q=analyst@")
    page.get_by_role("link", name=re.compile("Deactivate –")).first.click()
    look("leaving")
    assert not wrong, "\n".join(wrong)


def test_the_look_follows_what_is_typed_and_is_refused_when_it_cannot_be_read(visit: Visit) -> None:
    person = visit("org_admin")
    page = person.page
    page.goto("/organization/look/")
    person.until_ready()
    button = page.locator('[data-look-scheme="light"] .look-preview__button')
    page.get_by_label("Colour on light ground").fill("#6b21a8")
    expect(button).to_have_css("background-color", "rgb(107, 33, 168)")
    page.get_by_label("Name on pages and in mail").fill("House of Alpha")
    expect(page.locator("[data-look-name]").first).to_have_text("House of Alpha")
    page.get_by_label("Colour on dark ground").fill("#2d2d2d")
    expect(page.locator('[data-look-scheme="dark"] [data-look-ratio]')).to_contain_text("too low")
    person.is_expecting_trouble = True
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("#2d2d2d is hard to read on dark ground")).to_be_visible()
    person.is_expecting_trouble = False
    page.get_by_label("Colour on dark ground").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The look is saved.")).to_be_visible()
    guest = visit("")
    guest.page.goto("/sign-in/")
    expect(guest.page.get_by_role("heading", name="House of Alpha")).to_be_visible()
    expect(guest.page.locator("form .btn-primary").first).to_have_css("background-color", "rgb(107, 33, 168)")
    wrong = check(guest.page, "sign-in in its own colours")
    page.get_by_role("button", name="Reset the look").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_text("The look is as it was in the beginning.")).to_be_visible()
    assert not wrong, "\n".join(wrong)
