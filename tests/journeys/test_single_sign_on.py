"""An administrator connects a real identity provider, and somebody signs in with it who had no account before."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.doubles.dns_wire import DNSWire
from tests.doubles.saml_idp import PASSWORD as IDP_PASSWORD
from tests.faults.processes import die_with_parent
from tests.journeys.installation import ROOT, Installation
from tests.journeys.pages import Person
from tests.stack.installation import free_port

Visit = Callable[..., Person]
IN_TIME = 15_000


@pytest.fixture(autouse=True, scope="module")
def xmlsec1() -> None:
    """The provider signs with this program."""
    if shutil.which("xmlsec1") is None:
        pytest.skip("no xmlsec1: install it (Debian: xmlsec1) to sign in at a real identity provider")


@contextmanager
def identity_provider(folder: Path, sp_metadata: str) -> Iterator[str]:
    """A provider that knows us; its metadata."""
    (folder / "sp.xml").write_text(sp_metadata)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.doubles.saml_idp",
        str(folder),
        str(free_port()),
        str(folder / "sp.xml"),
    ]
    with (folder / "idp.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, preexec_fn=die_with_parent)  # noqa: PLW1509
    try:
        deadline = time.monotonic() + 30
        while not (folder / "idp.xml").exists():
            is_coming = process.poll() is None and time.monotonic() < deadline
            assert is_coming, (folder / "idp.log").read_text()[-3000:]
            time.sleep(0.05)
        yield (folder / "idp.xml").read_text()
    finally:
        process.kill()
        process.wait()


def own_metadata(port: int) -> str:
    """What we say of ourselves."""
    url = f"http://127.0.0.1:{port}/saml/company/metadata/"
    return requests.get(url, headers={"Host": f"alpha.localhost:{port}"}, timeout=10).text


def address_in(metadata: str) -> str:
    """Where the provider is."""
    found = re.search(r'entityID="(https://[^"/]+)/metadata"', metadata)
    assert found
    return found.group(1)


def at_the_provider(page: Any, user: str) -> None:
    """Sign in on the provider's own page."""
    page.get_by_label("User").fill(user)
    page.get_by_label("Password").fill(IDP_PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_provider_is_connected_and_people_sign_in_with_it(
    visit: Visit, installation: Installation, names: DNSWire, tmp_path: Path
) -> None:
    admin = visit("org_admin", ignore_https_errors=True).page
    admin.goto("/organization/single-sign-on/")
    admin.get_by_label("Identity provider").select_option("other")
    admin.get_by_label("Name on the sign-in page").fill("Company")
    admin.get_by_role("button", name="Go on").click()
    expect(admin.get_by_role("heading", name="1. Copy these to your provider")).to_be_visible()
    connection = admin.url
    port = installation.port
    with identity_provider(tmp_path, own_metadata(port)) as metadata:
        admin.get_by_text("Paste the metadata instead").click()
        admin.get_by_label("Metadata of the provider (XML)").fill(metadata)
        admin.get_by_role("button", name="Save the provider").click()
        expect(admin.get_by_text("The provider is known")).to_be_visible()
        admin.get_by_label("Make an account for whoever comes for the first time").check()
        admin.get_by_label("What groups mean").fill("prism-analysts = analyst")
        admin.get_by_label("Attribute with the e-mail address").fill("urn:mace:dir:attribute-def:email")
        admin.get_by_label("Attribute with the name").fill("urn:mace:dir:attribute-def:name")
        admin.get_by_role("button", name="Save who may come").click()

        admin.goto("/organization/single-sign-on/")
        admin.get_by_label("Mail domain", exact=True).fill("example.com")
        admin.get_by_role("button", name="Add the domain").click()
        names.records["example.com"] = [
            admin.get_by_label("Put this TXT record into the DNS of the domain:").input_value()
        ]
        admin.get_by_role("button", name="Look now").click()
        expect(admin.get_by_text("example.com is proven.")).to_be_visible()

        admin.goto(connection)
        admin.get_by_role("button", name="Try the connection").click()
        admin.get_by_role("link", name="Go to Company").click()
        at_the_provider(admin, "lena")
        expect(admin.get_by_role("heading", name="What came back")).to_be_visible(timeout=IN_TIME)
        expect(admin.get_by_text("An account would be made for lena@example.com, as analyst")).to_be_visible()
        admin.goto(connection)
        admin.get_by_role("button", name="Switch it on").click()

        lena = visit("", ignore_https_errors=True).page
        lena.goto("/sign-in/")
        lena.get_by_role("link", name="Continue with Company").click()
        at_the_provider(lena, "lena")
        expect(lena.get_by_role("heading", name="Documents", exact=True)).to_be_visible(timeout=IN_TIME)
        expect(lena.get_by_role("button", name="Choose files")).to_be_visible()

        admin.goto(connection)
        admin.get_by_role("button", name="Make a key").click()
        expect(admin.get_by_text("The key is made")).to_be_visible()
        (tmp_path / "sp.xml").write_text(own_metadata(port))
        lena.locator("summary", has_text="Lena Lang").click()
        lena.get_by_role("button", name="Sign out").click()
        lena.get_by_role("link", name="Also sign out at Company").click()
        expect(lena.get_by_text("You are signed out here and at Company")).to_be_visible(timeout=IN_TIME)

        lena.get_by_role("link", name="Sign in again").click()
        lena.get_by_role("link", name="Continue with Company").click()
        at_the_provider(lena, "lena")
        expect(lena.get_by_role("heading", name="Documents", exact=True)).to_be_visible(timeout=IN_TIME)
        other = lena.context.new_page()
        other.goto(f"{address_in(metadata)}/end?user=lena")
        expect(other.get_by_text("Signed out everywhere.")).to_be_visible(timeout=IN_TIME)
        lena.goto("/")
        expect(lena.get_by_role("link", name="Continue with Company")).to_be_visible(timeout=IN_TIME)

        stranger = visit("", ignore_https_errors=True)
        stranger.is_expecting_trouble = True
        stranger.page.goto("/sign-in/")
        stranger.page.get_by_role("link", name="Continue with Company").click()
        at_the_provider(stranger.page, "mallory")
        expect(stranger.page.get_by_text("you have no access here")).to_be_visible(timeout=IN_TIME)
