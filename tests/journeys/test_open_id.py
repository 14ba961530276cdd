"""An administrator connects a real OpenID provider, and somebody signs in with it who had no account before."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.doubles.dns_wire import DNSWire
from tests.doubles.oauth_toolkit_provider import CLIENT_ID, CLIENT_SECRET
from tests.doubles.oauth_toolkit_provider import PASSWORD as PROVIDER_PASSWORD
from tests.faults.processes import die_with_parent
from tests.journeys.installation import ROOT, Installation
from tests.journeys.pages import Person

Visit = Callable[..., Person]
IN_TIME = 15_000
PYTHON = ROOT / ".data" / "provider" / "bin" / "python"


@pytest.fixture(autouse=True, scope="module")
def environment() -> None:
    """The provider's own; it shares nothing with ours."""
    if not PYTHON.exists():
        pytest.skip("no OpenID provider: `make provider` installs one to sign in at")


@contextmanager
def openid_provider(folder: Path, port: int, redirect_uri: str) -> Iterator[str]:
    """A provider that knows us; its issuer."""
    command = [str(PYTHON), "-W", "ignore", str(ROOT / "tests/doubles/oauth_toolkit_provider.py")]
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(
            [*command, str(folder), str(port), redirect_uri],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin"},
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )
    try:
        deadline = time.monotonic() + 60
        while not (folder / "ready").exists():
            is_coming = process.poll() is None and time.monotonic() < deadline
            assert is_coming, (folder / "provider.log").read_text()[-3000:]
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def at_the_provider(page: Any, user: str) -> None:
    """Sign in on the provider's own page."""
    page.get_by_label("User").fill(user)
    page.get_by_label("Password").fill(PROVIDER_PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def prove_domain(admin: Any, names: DNSWire) -> None:
    """Another journey may have proven it already."""
    admin.goto("/organization/single-sign-on/")
    if admin.get_by_text("proven on").count():
        return
    admin.get_by_label("Mail domain", exact=True).fill("example.com")
    admin.get_by_role("button", name="Add the domain").click()
    names.records["example.com"] = [admin.get_by_label("Put this TXT record into the DNS of the domain:").input_value()]
    admin.get_by_role("button", name="Look now").click()
    expect(admin.get_by_text("example.com is proven.")).to_be_visible()


def test_an_open_id_provider_is_connected_and_people_sign_in_with_it(
    visit: Visit, installation: Installation, names: DNSWire, tmp_path: Path
) -> None:
    admin = visit("org_admin", slug="beta").page
    admin.goto("/organization/single-sign-on/")
    admin.get_by_label("Identity provider").select_option("other")
    admin.get_by_label("Protocol").select_option("oidc")
    admin.get_by_label("Name on the sign-in page").fill("Company")
    admin.get_by_role("button", name="Go on").click()
    expect(admin.get_by_role("heading", name="1. Copy these to your provider")).to_be_visible()
    connection = admin.url
    redirect_uri = admin.get_by_label("Redirect URI / Callback URL").input_value()
    assert redirect_uri == f"{installation.address('beta')}/oidc/company/callback/"
    with openid_provider(tmp_path, installation.provider_port, redirect_uri) as issuer:
        admin.get_by_label("Issuer, or address of the discovery document").fill(issuer)
        admin.get_by_label("Client ID").fill(CLIENT_ID)
        admin.get_by_label("Client secret").fill(CLIENT_SECRET)
        admin.get_by_label("Scopes").fill("openid email profile groups")
        admin.get_by_role("button", name="Ask the provider and save").click()
        expect(admin.get_by_text("The provider is known")).to_be_visible(timeout=IN_TIME)
        admin.get_by_label("Make an account for whoever comes for the first time").check()
        admin.get_by_label("What groups mean").fill("prism-analysts = analyst")
        admin.get_by_role("button", name="Save who may come").click()
        prove_domain(admin, names)

        admin.goto(connection)
        admin.get_by_role("button", name="Try the connection").click()
        admin.get_by_role("link", name="Go to Company").click()
        at_the_provider(admin, "lena")
        expect(admin.get_by_role("heading", name="What came back")).to_be_visible(timeout=IN_TIME)
        expect(admin.get_by_text("An account would be made for lena@example.com, as analyst")).to_be_visible()
        admin.goto(connection)
        admin.get_by_role("button", name="Switch it on").click()

        lena = visit("", slug="beta").page
        lena.goto("/sign-in/")
        lena.get_by_role("link", name="Continue with Company").click()
        at_the_provider(lena, "lena")
        expect(lena.get_by_role("heading", name="Documents", exact=True)).to_be_visible(timeout=IN_TIME)
        expect(lena.get_by_role("button", name="Choose files")).to_be_visible()

        stranger = visit("", slug="beta")
        stranger.is_expecting_trouble = True
        stranger.page.goto("/sign-in/")
        stranger.page.get_by_role("link", name="Continue with Company").click()
        at_the_provider(stranger.page, "mallory")
        expect(stranger.page.get_by_text("you have no access here")).to_be_visible(timeout=IN_TIME)
