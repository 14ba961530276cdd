"""Passkeys in a real browser, with an authenticator that Chromium itself plays."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import Person
from tests.journeys.test_accessible import SIZES, check
from tests.template import PASSWORD

Visit = Callable[..., Person]


class Device:
    """A virtual authenticator beside a page: it keeps passkeys and has seen its owner's finger."""

    def __init__(self, page: Any) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def put(self, passkey: dict[str, Any]) -> None:
        """Replace the passkey of this id."""
        self.forget(passkey)
        self.wire.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": passkey})

    def forget(self, passkey: dict[str, Any]) -> None:
        said = {"authenticatorId": self.id, "credentialId": passkey["credentialId"]}
        self.wire.send("WebAuthn.removeCredential", said)

    def leave_the_owner(self) -> None:
        self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@pytest.fixture
def owner(visit: Visit) -> tuple[Person, Device]:
    """A team lead, freshly signed in, who has registered a passkey. Its last step removes it, so that others sign in as before."""
    person = visit("")
    person.sign_in("team_lead@example.com", PASSWORD)
    device = Device(person.page)
    register(person, "Work laptop")
    return person, device


def register(person: Person, name: str) -> None:
    page = person.page
    person.open("/profile/second-factor/")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Register a passkey").click()
    page.wait_for_url("**/profile/passkeys/")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text(name).first).to_be_visible()


def sign_out(page: Any) -> None:
    page.goto("/")
    page.locator(".menu__button").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").wait_for()


def sign_in_by_passkey(person: Person) -> None:
    person.open("/sign-in/")
    person.page.get_by_role("button", name="Use a passkey").click()


def is_in(page: Any) -> None:
    page.get_by_role("heading", name="Documents", exact=True).wait_for()


def remove_all(person: Person) -> None:
    page = person.page
    person.open("/profile/second-factor/")
    while page.get_by_role("button", name="Remove –").count():
        page.get_by_role("button", name="Remove –").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        page.wait_for_load_state("networkidle")


def test_a_passkey_is_registered_signs_in_alone_and_after_a_password(owner: tuple[Person, Device]) -> None:
    person, device = owner
    page = person.page
    assert [passkey["rpId"] for passkey in device.passkeys()] == ["alpha.localhost"]
    assert device.passkeys()[0]["isResidentCredential"] is True
    sign_out(page)
    sign_in_by_passkey(person)
    is_in(page)
    sign_out(page)
    page.get_by_label("E-mail address").fill("team_lead@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    page.goto("/")
    page.get_by_role("button", name="Use a passkey").wait_for()
    page.goto("/sign-in/second-factor/")
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)
    remove_all(person)


def test_a_passkey_whose_counter_went_back_is_refused(owner: tuple[Person, Device]) -> None:
    person, device = owner
    page = person.page
    older = device.passkeys()[0]
    sign_out(page)
    sign_in_by_passkey(person)
    is_in(page)
    good = device.passkeys()[0]
    assert good["signCount"] > older["signCount"]
    sign_out(page)
    device.put({**older, "signCount": 0})
    person.is_expecting_trouble = True
    sign_in_by_passkey(person)
    expect(page.get_by_text("This passkey was not accepted.")).to_be_visible()
    person.is_expecting_trouble = False
    device.put({**good, "signCount": good["signCount"] + 10})
    sign_in_by_passkey(person)
    is_in(page)
    remove_all(person)


def test_a_neighbour_cannot_ask_for_the_passkey_of_another_organization(owner: tuple[Person, Device]) -> None:
    """The browser itself refuses it: the passkey belongs to one host, and a page may only ask for its own."""
    person, _device = owner
    page = person.page
    page.goto(person.installation.address("beta") + "/sign-in/")
    person.until_ready()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    refusal = page.evaluate(
        """async () => {
          const publicKey = { challenge: new Uint8Array(32), rpId: "alpha.localhost", userVerification: "required" };
          try { await navigator.credentials.get({ publicKey }); return "given"; } catch (error) { return error.name; }
        }"""
    )
    assert refusal == "SecurityError"
    parent = page.evaluate(
        """async () => {
          const publicKey = { challenge: new Uint8Array(32), rpId: "localhost", allowCredentials: [], timeout: 1000 };
          try { await navigator.credentials.get({ publicKey }); return "given"; } catch (error) { return error.name; }
        }"""
    )
    assert parent != "given"
    page.goto(person.installation.address("alpha") + "/profile/second-factor/")
    remove_all(person)


def test_without_its_owner_a_passkey_opens_nothing(owner: tuple[Person, Device]) -> None:
    person, device = owner
    page = person.page
    sign_out(page)
    device.leave_the_owner()
    sign_in_by_passkey(person)
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    device.wire.send("WebAuthn.setUserVerified", {"authenticatorId": device.id, "isUserVerified": True})
    sign_in_by_passkey(person)
    is_in(page)
    remove_all(person)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_second_factor_are_fit_for_everyone(visit: Visit, size: str, scheme: str) -> None:
    person = visit("", viewport=SIZES[size], color_scheme=scheme)
    page = person.page
    person.sign_in("org_admin@example.com", PASSWORD)
    wrong: list[str] = []
    for name, url in {
        "second factors": "/profile/second-factor/",
        "app": "/profile/second-factor/app/",
        "confirm": "/confirm/?next=/profile/",
        "rules": "/organization/sign-in/",
    }.items():
        person.open(url)
        wrong += check(page, name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in_with_a_second_factor_is_fit_for_everyone(visit: Visit, size: str, scheme: str) -> None:
    person = visit("", viewport=SIZES[size], color_scheme=scheme)
    page = person.page
    person.sign_in("viewer@example.com", PASSWORD)
    Device(page)
    person.open("/profile/second-factor/")
    page.get_by_label("Name of the passkey").fill(
        "A name that is as long as names of devices get, with a number 0123456789"
    )
    page.get_by_role("button", name="Register a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    wrong = check(page, "recovery codes")
    person.open("/profile/second-factor/")
    wrong += check(page, "a passkey")
    admin = visit("org_admin", viewport=SIZES[size], color_scheme=scheme)
    admin.open("/people/")
    expect(admin.page.get_by_role("button", name="Lost phone – Viewer")).to_be_visible()
    wrong += check(admin.page, "people")
    sign_out(page)
    page.get_by_label("E-mail address").fill("viewer@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    wrong += check(page, "second factor")
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)
    remove_all(person)
    assert not wrong, "\n".join(wrong)
