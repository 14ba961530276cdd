"""An administrator connects a provider: copy, paste, prove, try, switch on."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.accounts.models import SAMLProvider, SignInPolicy, SSOConnection, Team, User, VerifiedDomain
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import SSO_URL, shape_for
from tests.doubles.dns_wire import DNSWire, dns_wire
from tests.doubles.saml_forge import ENTITY_ID, forged, key_pair, posted, request_in

BASE = "/organization/single-sign-on/"


def place() -> str:
    """The page of the one connection."""
    return f"{BASE}{SSOConnection.objects.order_by('created_at')[0].pk}/"


def metadata(**changes: str) -> str:
    values = {
        "entity_id": ENTITY_ID,
        "sso_url": SSO_URL,
        "certificate": "".join(key_pair().certificate.split("\n")[1:-2]),
        "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        **changes,
    }
    return (
        '<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        'entityID="{entity_id}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        "<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="{binding}" Location="{sso_url}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    ).format(**values)


@pytest.fixture
def admin(cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def names(settings: Any) -> Iterator[DNSWire]:
    with dns_wire() as wire:
        settings.DNS_SERVERS = (wire.address,)
        yield wire


def test_from_nothing_to_people_who_sign_in(
    admin: Client, names: DNSWire, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    assert "There is no connection yet" in admin.get(BASE).content.decode()
    made = admin.post(BASE, {"preset": "okta", "name": "Okta"})
    page = admin.get(made["Location"]).content.decode()
    assert 'value="http://alpha.localhost:8000/saml/okta/acs/"' in page
    assert "Audience URI (SP Entity ID)" in page, "the provider's own word for it"
    admin.post(f"{place()}provider/", {"metadata": metadata()})
    admin.post(
        f"{place()}people/",
        {"admits_new_people": "on", "default_role": "analyst", "rules": "prism-leads = team_lead"},
    )
    admin.post(f"{BASE}domains/", {"domain": "Example.com."})
    domain = VerifiedDomain.objects.get(domain="example.com")
    names.records["example.com"] = ["v=spf1 -all", domain.proof]
    admin.post(f"{BASE}domains/{domain.pk}/prove/")

    leaving = admin.post(f"{place()}try/").content.decode()
    found = re.search(r'href="(https://idp\.example[^"]+)"', leaving)
    assert found
    request_id = request_in(found.group(1).replace("&amp;", "&")).get("ID")
    answer = Client(HTTP_HOST="alpha.localhost").post("/saml/okta/acs/", posted(forged(shape_for(request_id))))
    shown = admin.get(admin.get(urlsplit(answer["Location"]).path)["Location"]).content.decode()
    assert "An account would be made for lena@example.com, as analyst" in shown
    assert "displayName" in shown
    assert not User.objects.filter(email_key="lena@example.com").exists(), "trying makes nobody"

    browser = anonymous_client(tenant_a)
    assert browser.get("/saml/okta/login/").status_code == 404, "not switched on yet"
    admin.post(f"{place()}switch/", {"is_enabled": "yes"})
    begun = request_in(browser.get("/saml/okta/login/")["Location"]).get("ID")
    answer = Client(HTTP_HOST="alpha.localhost").post("/saml/okta/acs/", posted(forged(shape_for(begun))))
    browser.get(urlsplit(answer["Location"]).path)
    assert User.objects.get(email_key="lena@example.com").role == "analyst"
    assert {"sso.connection_made", "sso.connection_changed", "sso.domain_added", "sso.domain_verified"} <= set(
        actions()
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"metadata": "not xml"}, "not_xml"),
        ({"metadata": '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'}, "forbidden_markup"),
        ({"metadata": metadata() + "-----BEGIN PRIVATE KEY-----"}, "private_key"),
        ({"metadata": "<x/>"}, "not_one_provider"),
        ({"metadata": metadata(entity_id="")}, "entity_id"),
        ({"metadata": metadata(sso_url="http://idp.example/sso")}, "sso_url"),
        ({"metadata": metadata(sso_url="https://user@idp.example/")}, "sso_url"),
        ({"metadata": metadata(sso_url="https://[idp.example/")}, "sso_url"),
        (
            {
                "entity_id": ENTITY_ID,
                "sso_url": SSO_URL,
                "logout_url": "http://x/",
                "certificates": key_pair().certificate,
            },
            "logout_url",
        ),
        ({"metadata": metadata(binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")}, "sso_url"),
        ({"metadata": metadata(certificate="bm90aGluZw==")}, "certificate"),
        ({"metadata": metadata(certificate="".join(key_pair(bits=1024).certificate.split("\n")[1:-2]))}, "certificate"),
        ({"metadata": metadata().replace("IDPSSODescriptor", "SPSSODescriptor")}, "not_a_provider"),
        ({"entity_id": ENTITY_ID, "sso_url": SSO_URL}, "certificate"),
        ({}, "entity_id"),
    ],
)
def test_metadata_that_cannot_be_used_are_refused_and_change_nothing(
    admin: Client, given: dict[str, str], problem: str
) -> None:
    admin.post(BASE, {"preset": "other", "name": "Okta"})
    answer = admin.post(f"{place()}provider/", given)
    assert answer.status_code == 400
    assert f"({problem})" in answer.content.decode()
    assert not SAMLProvider.objects.exists()
    assert admin.post(f"{place()}provider/", {"metadata": metadata()}).status_code == 302


def test_single_values_do_as_well_as_metadata(admin: Client) -> None:
    admin.post(BASE, {"preset": "other", "name": "Okta"})
    both = key_pair().certificate + key_pair(bits=3072).certificate
    values = {"entity_id": ENTITY_ID, "sso_url": SSO_URL, "certificates": both}
    assert admin.post(f"{place()}provider/", values).status_code == 302
    assert SAMLProvider.objects.get().certificates == [key_pair().certificate, key_pair(bits=3072).certificate]


@pytest.mark.parametrize(
    ("rules", "is_good"),
    [
        ("leads = team_lead\nfraud = team Fraud\nfraud = analyst", True),
        ("cn=fraud,ou=groups = Team fraud", True),
        ("leads = org_admin", False),
        ("leads = owner", False),
        ("leads = team Nobody", False),
        ("leads", False),
        ("= analyst", False),
        ("leads = analyst\nleads = viewer", False),
        ("\n".join(f"g{n} = viewer" for n in range(201)), False),
    ],
)
def test_groups_mean_roles_and_teams_that_are_there(admin: Client, rules: str, is_good: bool) -> None:
    Team.objects.create(name="Fraud")
    admin.post(BASE, {"preset": "okta", "name": "Okta"})
    answer = admin.post(f"{place()}people/", {"default_role": "viewer", "rules": rules})
    assert answer.status_code == (302 if is_good else 400)
    kept = SSOConnection.objects.get().rules.count()
    assert kept == (len(rules.splitlines()) if is_good else 0)


@pytest.mark.parametrize(
    "domain", ["", "localhost", "gmail.com", "GMX.de", "exa mple.com", "-a.com", "x" * 300 + ".com", "1.2.3.4"]
)
def test_what_is_no_mail_domain_of_ones_own_is_refused(admin: Client, domain: str) -> None:
    assert admin.post(f"{BASE}domains/", {"domain": domain}).status_code == 400
    assert admin.post(f"{BASE}domains/", {"domain": "bücher.example"}).status_code == 302
    assert VerifiedDomain.objects.get().domain == "xn--bcher-kva.example"


def test_a_domain_is_proven_by_its_own_record_alone(admin: Client, names: DNSWire) -> None:
    admin.post(f"{BASE}domains/", {"domain": "example.com"})
    admin.post(f"{BASE}domains/", {"domain": "example.com"})
    domain = VerifiedDomain.objects.get()
    for records in ([], ["something else"], [domain.proof + "x"]):
        names.records["example.com"] = records
        answer = admin.post(f"{BASE}domains/{domain.pk}/prove/")
        assert answer.status_code == 400
        assert "was not found" in answer.content.decode()
    names.records["example.com"] = [domain.proof]
    assert admin.post(f"{BASE}domains/{domain.pk}/prove/").status_code == 302
    domain.refresh_from_db()
    assert domain.verified_at is not None
    admin.post(f"{BASE}domains/{domain.pk}/remove/")
    assert not VerifiedDomain.objects.exists()


def test_the_only_way_in_needs_a_connection_and_somebody_for_emergencies(admin: Client, cast_a: Any) -> None:
    assert admin.post(f"{BASE}required/", {"is_required": "yes"}).status_code == 409
    admin.post(BASE, {"preset": "okta", "name": "Okta"})
    assert admin.post(f"{place()}switch/", {"is_enabled": "yes"}).status_code == 409, "its provider is not known"
    admin.post(f"{place()}provider/", {"metadata": metadata()})
    admin.post(f"{place()}switch/", {"is_enabled": "yes"})
    answer = admin.post(f"{BASE}required/", {"is_required": "yes"})
    assert answer.status_code == 409
    assert "emergency access first" in answer.content.decode()
    User.objects.filter(pk=cast_a.org_admin.pk).update(has_emergency_access=True)
    assert admin.post(f"{BASE}required/", {"is_required": "yes"}).status_code == 302
    assert SignInPolicy.objects.get().requires_sso
    admin.post(f"{BASE}required/", {"is_required": "no"})
    assert not SignInPolicy.objects.get().requires_sso


def test_a_connection_is_removed_and_its_people_stay(admin: Client) -> None:
    people = User.objects.count()
    admin.post(BASE, {"preset": "okta", "name": "Okta"})
    admin.post(BASE, {"preset": "okta", "name": "Okta"})
    assert set(SSOConnection.objects.values_list("slug", flat=True)) == {"okta", "okta-2"}
    admin.post(f"{place()}remove/")
    assert SSOConnection.objects.count() == 1
    assert User.objects.count() == people


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_administrators_may_see_or_change_any_of_it(
    admin: Client, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef, role: str
) -> None:
    admin.post(BASE, {"preset": "okta", "name": "Okta"})
    other = client_for(getattr(cast_a, role), tenant_a)
    for path in (BASE, f"{place()}"):
        assert other.get(path).status_code == 403
        assert admin.get(path).status_code == 200
    deeds = [BASE, f"{BASE}domains/", f"{BASE}required/"]
    deeds += [place() + deed for deed in ("provider/", "people/", "switch/", "try/", "remove/")]
    for path in deeds:
        assert other.post(path, {"preset": "okta", "name": "X"}).status_code == 403
    assert SSOConnection.objects.count() == 1


CONSOLES = {
    "okta": ("Single sign-on URL", "Audience URI (SP Entity ID)", "Metadata URL", "user.email", "Single Logout URL"),
    "entra": (
        "Reply URL (Assertion",
        "Identifier (Entity ID)",
        "App Federation Metadata Url",
        "user.mail",
        "Logout Url",
    ),
    "google": ("ACS URL", "Entity ID", "Download metadata", "Primary email", ""),
    "aws": ("Application ACS URL", "Application SAML audience", "SAML metadata file", "${user:email}", ""),
    "adfs": (
        "SAML 2.0 SSO service URL",
        "Relying party trust identifier",
        "FederationMetadata.xml",
        "E-Mail",
        "SAML Logout",
    ),
    "keycloak": (
        "Master SAML Processing URL",
        "Client ID",
        "Identity Provider Metadata",
        "User Property",
        "Logout Service",
    ),
    "other": (
        "Assertion Consumer Service",
        "Entity ID / Audience",
        "The address of its metadata",
        "email",
        "Single Logout",
    ),
}


@pytest.mark.parametrize("preset", CONSOLES)
def test_each_field_is_called_what_the_console_calls_it(admin: Client, preset: str) -> None:
    *before, sls = CONSOLES[preset]
    page = admin.get(admin.post(BASE, {"preset": preset, "kind": "saml", "name": "One"})["Location"]).content.decode()
    for words in before:
        assert words in page
    admin.post(f"{place()}provider/", {"metadata": metadata()})
    SAMLProvider.objects.update(logout_url="https://idp.example/slo")
    admin.post(f"{place()}key/", {"deed": "make"})
    page = admin.get(place()).content.decode()
    assert "/sls/" in page
    assert sls in page.split("Sign-out in both places")[1]
