"""Honest answers, in the forms in which providers give them, sign people in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import SAMLProvider, SSOConnection, User
from apps.accounts.sso.saml_settings import KEY_PURPOSE
from apps.kernel.storage.sealed_values import seal
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import Browser, connect, shape_for
from tests.doubles import saml_forge
from tests.doubles.saml_forge import EMAIL_FORMAT, MORE, encrypted, forged, key_pair


def test_the_whole_way_from_the_sign_in_page_and_back(browser: Browser) -> None:
    answer = browser.post(forged(shape_for(browser.begin(goal="/people/"))))
    assert answer.status_code == 302
    assert not answer.cookies, "the way in sets nothing: it cannot know whose browser this is"
    collected = browser.collect(answer)
    assert (collected.status_code, collected["Location"]) == (302, "/people/")
    assert browser.is_signed_in()
    person = User.objects.get(email_key="lena@example.com")
    assert (person.name, person.role) == ("Lena Lang", "viewer")
    assert actions()[-2:] == ["person.joined_by_sso", "person.signed_in_by_sso"]


def test_the_request_says_who_asks_and_where_the_answer_goes(browser: Browser) -> None:
    answer = browser.client.get("/saml/okta/login/")
    request = saml_forge.request_in(answer["Location"])
    assert request.get("AssertionConsumerServiceURL") == "http://alpha.localhost:8000/saml/okta/acs/"
    assert request.find("{*}Issuer").text == "http://alpha.localhost:8000/saml/okta/metadata/"


def test_our_metadata_are_there_before_the_connection_is_enabled(browser: Browser) -> None:
    SSOConnection.objects.update(is_enabled=False)
    answer = browser.client.get("/saml/okta/metadata/")
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert b"http://alpha.localhost:8000/saml/okta/acs/" in answer.content


ENTRA = {
    "attributes": (
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", ("lena@example.com",)),
        ("http://schemas.microsoft.com/identity/claims/displayname", ("Lena Lang",)),
    ),
    "ends": 3600,
    "begins": -300,
}
SHAPES: dict[str, dict[str, Any]] = {
    "only the assertion is signed": {},
    "only the response is signed": {"signed": ("response",)},
    "both are signed": {"signed": ("assertion", "response")},
    "entra, with its own attribute names and an hour of conditions": ENTRA,
    "okta, with inclusive prefixes": {"signing": {"prefixes": "xs"}},
    "no destination when only the assertion is signed": {"destination": None},
    "rsa-sha384": {"signing": {"method": f"{MORE}rsa-sha384", "digest": f"{MORE}sha384"}},
    "rsa-sha512": {"signing": {"method": f"{MORE}rsa-sha512", "digest": "http://www.w3.org/2001/04/xmlenc#sha512"}},
    "no certificate in the message": {"signing": {"with_certificate": False}},
    "the subject is the address": {
        "name_id": "lena@example.com",
        "name_id_format": EMAIL_FORMAT,
        "attributes": (),
    },
    "no format of the subject": {
        "name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    },
    "many groups": {
        "attributes": (
            ("email", ("lena@example.com",)),
            ("groups", tuple(f"group {number}" for number in range(500))),
        )
    },
    "several audiences, ours among them": {
        "audiences": (("https://other.example/", "http://alpha.localhost:8000/saml/okta/metadata/"),)
    },
    "two restrictions, ours in both": {
        "audiences": (
            ("http://alpha.localhost:8000/saml/okta/metadata/",),
            ("http://alpha.localhost:8000/saml/okta/metadata/", "https://other.example/"),
        )
    },
    "one time use": {"extra_condition": "<saml:OneTimeUse/>"},
    "its clock is 59 seconds ahead": {"issued": 59, "begins": 54, "confirmed_until": 359, "authenticated": 59},
    "its clock is 59 seconds behind and it gives no time": {
        "issued": -59,
        "begins": -64,
        "confirmed_until": -58,
        "ends": -58,
    },
    "a session that ends later": {"session_ends": 3600},
    "authenticated hours ago": {"authenticated": -7200},
    "umlauts, emoji and an escaped ampersand": {
        "attributes": (("email", ("lena@example.com",)), ("displayName", ("Lena &amp; Jörg 😀",))),
    },
    "line breaks between elements": {"change": lambda xml: xml.replace("><", ">\n  <")},
    "times without fractions": {
        "change": lambda xml: __import__("re").sub(r"\.\d{3}Z", "Z", xml),
    },
    "times with seven digits of fraction": {
        "change": lambda xml: __import__("re").sub(r"\.(\d{3})Z", r".\g<1>0000Z", xml)
    },
    "a subject that names us": {
        "change": lambda xml: xml.replace(
            "<saml:NameID ", '<saml:NameID SPNameQualifier="http://alpha.localhost:8000/saml/okta/metadata/" '
        )
    },
}


@pytest.mark.parametrize("changes", SHAPES.values(), ids=SHAPES.keys())
def test_a_legitimate_shape_signs_in(
    browser: Browser, provider: SAMLProvider, answer_with: Callable[..., Any], changes: dict[str, Any]
) -> None:
    if changes is ENTRA:
        SSOConnection.objects.update(preset="entra")
    answer = answer_with(**changes)
    assert answer.status_code == 302, answer.content[-400:]
    browser.collect(answer)
    assert browser.is_signed_in()


def test_an_xml_declaration_and_wrapped_base64_are_what_some_providers_send(browser: Browser) -> None:
    data = b'<?xml version="1.0" encoding="UTF-8"?>\n' + forged(shape_for(browser.begin()))
    packed = saml_forge.posted(data)["SAMLResponse"]
    wrapped = "\r\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))
    client = Client(HTTP_HOST="alpha.localhost")
    answer = client.post("/saml/okta/acs/", {"SAMLResponse": wrapped, "RelayState": "https://evil.example/"})
    assert answer.status_code == 302
    assert browser.collect(answer)["Location"] == "/"


def test_elliptic_curves_sign_too(browser: Browser, provider: SAMLProvider) -> None:
    provider.certificates = [key_pair("ec").certificate]
    provider.save()
    shape = shape_for(browser.begin(), key=key_pair("ec"), signing={"method": f"{MORE}ecdsa-sha256"})
    assert browser.post(forged(shape)).status_code == 302


def test_while_certificates_roll_over_both_are_good(browser: Browser, provider: SAMLProvider) -> None:
    provider.certificates = [key_pair().certificate, key_pair(bits=3072).certificate]
    provider.save()
    for key in (key_pair(), key_pair(bits=3072)):
        assert browser.post(forged(shape_for(browser.begin(), key=key))).status_code == 302
    provider.certificates = [key_pair(bits=3072).certificate]
    provider.save()
    assert browser.post(forged(shape_for(browser.begin()))).status_code == 403


@pytest.mark.parametrize("signed", [("assertion",), ("response",), ("assertion", "response")])
def test_an_encrypted_assertion_is_opened(browser: Browser, provider: SAMLProvider, signed: tuple[str, ...]) -> None:
    own = key_pair(bits=2049)
    provider.own_certificate, provider.own_key_sealed = own.certificate, seal(own.private, purpose=KEY_PURPOSE)
    provider.wants_encryption = True
    provider.save()
    shape = shape_for(browser.begin(), signed=tuple(part for part in signed if part == "assertion"))
    response = encrypted(forged(shape), own.certificate)
    if "response" in signed:
        root = saml_forge.etree.fromstring(response)
        saml_forge.sign(root, saml_forge.Signing(key_pair()))
        response = saml_forge.etree.tostring(root)
    answer = browser.post(response)
    assert answer.status_code == 302, answer.content[-300:]
    browser.collect(answer)
    assert browser.is_signed_in()
    assert browser.post(forged(shape_for(browser.begin()))).status_code == 403, "an open one is not what was agreed"


def test_sign_in_that_begins_at_the_provider_is_confirmed_by_the_person(
    browser: Browser, provider: SAMLProvider
) -> None:
    unasked = {"response_in_response_to": None, "confirmation_in_response_to": None}
    assert browser.post(forged(shape_for(None, **unasked))).status_code == 403, "off unless the organization says so"
    provider.accepts_unasked = True
    provider.save()
    answer = browser.post(forged(shape_for(None, **unasked)))
    assert answer.status_code == 302
    page = browser.collect(answer)
    assert "lena@example.com" in page.content.decode()
    assert not browser.is_signed_in(), "a page that somebody was lured to signs nobody in"
    confirmed = browser.client.post(saml_forge.urlsplit(answer["Location"]).path)
    assert confirmed["Location"] == "/"
    assert browser.is_signed_in()


def test_two_organizations_may_use_the_same_provider(
    browser: Browser, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    from apps.kernel.tenancy.context import inside

    with inside(tenant_b):
        connect()
        people = User.objects.count()
    browser.collect(browser.post(forged(shape_for(browser.begin()))))
    assert browser.is_signed_in()
    with inside(tenant_b):
        assert User.objects.count() == people
