"""An administrator connects a real directory, and somebody signs in with its password who had no account before."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.doubles.certificates import authority
from tests.doubles.dns_wire import DNSWire
from tests.doubles.slapd import GROUPS, PASSWORD, PEOPLE, SERVICE_DN, SERVICE_PASSWORD, Slapd, require_slapd, slapd
from tests.journeys.pages import Person
from tests.journeys.test_accessible import LOOKS, SIZES, check

Visit = Callable[..., Person]
IN_TIME = 15_000


def connect(person: Person, names: DNSWire, company: Slapd) -> None:
    """From the overview to a connection that is on."""
    page = person.page
    page.goto("/organization/single-sign-on/")
    page.get_by_label("Identity provider").select_option("openldap")
    page.get_by_label("Name on the sign-in page").fill("Directory")
    page.get_by_role("button", name="Go on").click()
    connection = page.url

    page.get_by_label("Servers, one a line").fill(company.tls_server)
    page.get_by_label("Certificates of your own authority").fill(authority().pem)
    page.get_by_label("Service account (distinguished name)").fill(SERVICE_DN)
    page.get_by_label("Password of the service account").fill(SERVICE_PASSWORD)
    page.get_by_label("Where people are (search base)").fill(PEOPLE)
    page.get_by_label("Where groups are (search base)").fill(GROUPS)
    page.get_by_role("button", name="Save the directory").click()
    expect(page.get_by_text("The directory is described")).to_be_visible()
    page.get_by_role("button", name="Ask the directory").click()
    expect(page.get_by_text("The filter finds 2 people.")).to_be_visible(timeout=IN_TIME)

    page.get_by_label("Make an account for whoever comes for the first time").check()
    page.get_by_label("What groups mean").fill("analysts = analyst")
    page.get_by_role("button", name="Save who may come").click()
    page.goto("/organization/single-sign-on/")
    page.get_by_label("Mail domain", exact=True).fill("directory.example")
    page.get_by_role("button", name="Add the domain").click()
    proof = page.get_by_label("Put this TXT record into the DNS of the domain:").first.input_value()
    names.records["directory.example"] = [proof]
    page.get_by_role("button", name="Look now – directory.example").click()
    expect(page.get_by_text("directory.example is proven.")).to_be_visible()

    page.goto(connection)
    page.get_by_label("User name or e-mail address of somebody").fill("nora")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", name="What came back")).to_be_visible(timeout=IN_TIME)
    expect(page.get_by_text("An account would be made for nora@directory.example, as analyst")).to_be_visible()
    page.goto(connection)
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("People can sign in with it now.")).to_be_visible()


def test_a_directory_is_connected_and_people_sign_in_with_its_password(
    visit: Visit, names: DNSWire, tmp_path: Path
) -> None:
    with slapd(tmp_path / "slapd") as company:
        dn = company.person("nora", mail="nora@directory.example")
        company.person("mallory", mail="mallory@elsewhere.example")
        company.group("analysts", dn)
        admin = visit("org_admin")
        connect(admin, names, company)
        looked = admin.page.url

        nora = visit("")
        nora.is_expecting_trouble = True
        page = nora.page
        page.goto("/sign-in/")
        page.get_by_role("link", name="Continue with Directory").click()
        expect(page.get_by_role("heading", name="Sign in with Directory")).to_be_visible()
        page.get_by_label("User name or e-mail address").fill("nora")
        page.get_by_label("Password").fill("not this one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("The user name or the password is wrong.")).to_be_visible(timeout=IN_TIME)
        for size, scheme in LOOKS:
            for person, where in ((nora, ""), (admin, looked)):
                person.page.set_viewport_size(SIZES[size])
                person.page.emulate_media(color_scheme=scheme)
                if where:
                    person.page.goto(where)
                    person.page.get_by_text("Change it").click()
                assert check(person.page, f"directory {size} {scheme}") == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Documents", exact=True)).to_be_visible(timeout=IN_TIME)
        expect(page.get_by_role("button", name="Choose files")).to_be_visible()

        stranger = visit("")
        stranger.is_expecting_trouble = True
        stranger.page.goto("/ldap/directory/")
        stranger.page.get_by_label("User name or e-mail address").fill("mallory")
        stranger.page.get_by_label("Password").fill(PASSWORD)
        stranger.page.get_by_role("button", name="Sign in").click()
        expect(stranger.page.get_by_text("you have no access here")).to_be_visible(timeout=IN_TIME)

        company.stop()
        stranger.page.get_by_label("Password").fill(PASSWORD)
        stranger.page.get_by_role("button", name="Sign in").click()
        expect(stranger.page.get_by_text("cannot be asked just now")).to_be_visible(timeout=IN_TIME)


@pytest.fixture(autouse=True, scope="module")
def there_is_a_directory() -> None:
    """Skip aloud before a browser is opened."""
    require_slapd()
