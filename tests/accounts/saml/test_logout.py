"""A provider ends sessions here by a signed word, and whoever signs out here is led to sign out there."""

import base64
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from apps.accounts.models import BrowserSession, ProviderSession, SAMLProvider, SSOConnection, TokenFamily
from apps.accounts.services.saml_keys import make_own_key
from apps.accounts.sso.saml_signature import refuse_against_schema
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import ORIGIN, SLO_URL, Browser, connect, sign_in
from tests.accounts.saml.logging_out import ANYBODY, SLS, by_redirect, logout, reason
from tests.doubles.saml_forge import EMAIL_FORMAT, MORE, Signing, key_pair
from tests.doubles.saml_logout_forge import (
    form_of,
    lower_escape,
    message_in,
    query_of,
    written_request,
    written_response,
)

SHAPES: dict[str, Callable[[], Any]] = {
    "okta, a form": lambda: ANYBODY.post(SLS, form_of(written_request(logout()), Signing(key_pair()))),
    "okta, a form with inclusive prefixes": lambda: ANYBODY.post(
        SLS, form_of(written_request(logout()), Signing(key_pair(), prefixes="xs"))
    ),
    "entra, small hexadecimal digits": lambda: by_redirect(
        query_of(written_request(logout(ends=None)), key_pair(), escape=lower_escape)
    ),
    "adfs, with a reason and a state": lambda: by_redirect(
        query_of(
            written_request(logout(reason="urn:oasis:names:tc:SAML:2.0:logout:user")),
            key_pair(),
            relay_state="a+b/c==",
            escape=lower_escape,
        )
    ),
    "keycloak, sha-512": lambda: by_redirect(
        query_of(written_request(logout()), key_pair(), method=f"{MORE}rsa-sha512")
    ),
    "keycloak, slashes not escaped": lambda: by_redirect(
        query_of(written_request(logout()), key_pair(), escape=lambda text: quote(text, safe="/:"))
    ),
    "shibboleth, no index: all sessions": lambda: by_redirect(
        query_of(written_request(logout(indexes=())), key_pair())
    ),
    "several indexes, ours among them": lambda: by_redirect(
        query_of(written_request(logout(indexes=("s0", "s1", "s2"))), key_pair())
    ),
    "another format of the same name": lambda: by_redirect(
        query_of(written_request(logout(name_id_format=EMAIL_FORMAT)), key_pair())
    ),
    "the order of the parameters is another": lambda: by_redirect(
        "&".join(reversed(query_of(written_request(logout()), key_pair(), relay_state="x").split("&")))
    ),
    "a parameter of somebody's proxy": lambda: by_redirect(
        query_of(written_request(logout()), key_pair()) + "&client-request-id=7"
    ),
    "the encoding is named": lambda: by_redirect(
        query_of(written_request(logout()), key_pair())
        + "&SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE"
    ),
    "an extension": lambda: by_redirect(
        query_of(
            written_request(logout(extra="<samlp:Extensions><x xmlns='urn:x'>1</x></samlp:Extensions>")), key_pair()
        )
    ),
    "its clock is 59 seconds ahead": lambda: by_redirect(query_of(written_request(logout(issued=59)), key_pair())),
    "its clock is 59 seconds behind and it gives no time": lambda: by_redirect(
        query_of(written_request(logout(issued=-59, ends=-58)), key_pair())
    ),
}


@pytest.mark.parametrize("send", SHAPES.values(), ids=SHAPES.keys())
def test_a_signed_request_in_the_form_of_a_provider_ends_the_session(
    signed_in: Browser, send: Callable[[], Any]
) -> None:
    answer = send()
    assert answer.status_code == 200, (answer.status_code, reason() if answer.status_code == 403 else "")
    assert "has ended your sessions here" in answer.content.decode()
    assert not signed_in.is_signed_in()
    assert actions()[-1] == "session.ended_by_provider"


def test_a_request_is_good_once(browser: Browser) -> None:
    query = query_of(written_request(logout()), key_pair())
    sign_in(browser)
    assert by_redirect(query).status_code == 200
    sign_in(browser)
    assert by_redirect(query).status_code == 403
    assert reason() == "used_before"
    assert browser.is_signed_in()


def test_a_request_of_another_organization_ends_nothing_here(
    signed_in: Browser, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    with inside(tenant_b):
        connect()
    theirs = anonymous_client(tenant_b)
    for destination in (f"{ORIGIN}{SLS}", f"http://beta.localhost:8000{SLS}"):
        query = query_of(written_request(logout(destination=destination)), key_pair())
        answer = theirs.get(f"{SLS}?{query}")
        assert answer.status_code == (200 if "beta" in destination else 403)
    assert signed_in.is_signed_in()
    assert by_redirect(query_of(written_request(logout()), key_pair())).status_code == 200
    assert not signed_in.is_signed_in()


def test_another_connection_of_the_organization_ends_only_its_own_sessions(signed_in: Browser) -> None:
    connect("second")
    address = f"{ORIGIN}/saml/second/sls/"
    query = query_of(written_request(logout(destination=address)), key_pair())
    assert ANYBODY.get(f"/saml/second/sls/?{query}").status_code == 200
    assert signed_in.is_signed_in()


def test_only_the_sessions_that_are_named_end(
    signed_in: Browser, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    other = Browser(anonymous_client(tenant_a))
    sign_in(other, change=lambda xml: xml.replace('SessionIndex="s1"', 'SessionIndex="s2"'))
    stranger = Browser(anonymous_client(tenant_a))
    sign_in(stranger, name_id="00u2mara", attributes=(("email", ("mara@example.com",)),))
    by_redirect(query_of(written_request(logout(indexes=("s2",))), key_pair()))
    assert (signed_in.is_signed_in(), other.is_signed_in(), stranger.is_signed_in()) == (True, False, True)
    by_redirect(query_of(written_request(logout(indexes=())), key_pair()))
    assert (signed_in.is_signed_in(), stranger.is_signed_in()) == (False, True)


def test_a_password_session_of_the_same_person_stays(
    signed_in: Browser, client_for: Callable[..., Client], tenant_a: TenantRef
) -> None:
    person = BrowserSession.objects.get(provider_session__isnull=False).person
    other = client_for(person, tenant_a)
    by_redirect(query_of(written_request(logout(indexes=())), key_pair()))
    assert not signed_in.is_signed_in()
    assert other.get("/profile/").status_code == 200


def test_tokens_that_the_session_asked_for_end_with_it(signed_in: Browser) -> None:
    session = BrowserSession.objects.get(provider_session__isnull=False)
    values = {"device": "x", "current": uuid4(), "rotated_at": now(), "expires_at": now(), "epoch": 0}
    values |= {"person_id": session.person_id, "session_id": session.pk, "last_used_at": now()}
    family = TokenFamily.objects.create(**values)
    by_redirect(query_of(written_request(logout()), key_pair()))
    family.refresh_from_db()
    assert family.revoked_at is not None


def test_what_the_provider_calls_a_session_is_not_in_clear_beside_it(signed_in: Browser) -> None:
    row = ProviderSession.objects.values().get()
    assert "00u1lena" not in str(row)
    assert "s1" not in (row["index_digest"], row["words_sealed"])


def test_the_answer_is_signed_with_our_key_and_names_the_request(signed_in: Browser, keyed: SAMLProvider) -> None:
    asked = logout()
    answer = by_redirect(query_of(written_request(asked), key_pair(), relay_state="their state"))
    assert answer.status_code == 302
    url = answer["Location"]
    assert url.startswith(f"{SLO_URL}?SAMLResponse=")
    said = message_in(url, "SAMLResponse")
    assert said.get("InResponseTo") == asked.message_id
    assert said.get("Destination") == SLO_URL
    assert said.find("{*}Issuer").text == f"{ORIGIN}/saml/okta/metadata/"
    assert said.find(".//{*}StatusCode").get("Value").endswith(":Success")
    refuse_against_schema(said)
    assert parse_qs(urlsplit(url).query)["RelayState"] == ["their state"]
    assert _is_signed(url, "SAMLResponse", keyed.own_certificate)
    assert not _is_signed(url, "SAMLResponse", key_pair().certificate)


def _is_signed(url: str, parameter: str, certificate: str) -> bool:
    """As an independent implementation sees it."""
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    octets = "&".join(
        f"{name}={quote(given[name], safe='')}" for name in (parameter, "RelayState", "SigAlg") if name in given
    )
    return bool(
        OneLogin_Saml2_Utils.validate_binary_sign(
            octets.encode(), base64.b64decode(given["Signature"]), certificate, given["SigAlg"]
        )
    )


@pytest.mark.parametrize("state", ["x" * 81, "ü" * 41, "a\r\nSet-Cookie: b", "\u202eevil"])
def test_a_state_that_is_long_or_odd_does_not_go_back(signed_in: Browser, keyed: SAMLProvider, state: str) -> None:
    answer = by_redirect(query_of(written_request(logout()), key_pair(), relay_state=state))
    assert answer.status_code == 302
    assert "RelayState" not in answer["Location"]


def test_the_answer_goes_where_the_metadata_want_answers(signed_in: Browser, keyed: SAMLProvider) -> None:
    SAMLProvider.objects.update(logout_answer_url="https://idp.example/slo/done?tenant=1")
    answer = by_redirect(query_of(written_request(logout()), key_pair()))
    assert answer["Location"].startswith("https://idp.example/slo/done?tenant=1&SAMLResponse=")


def leave(browser: Browser) -> Any:
    answer = browser.client.post("/sign-out/")
    assert not browser.is_signed_in()
    return answer


def offered(answer: Any) -> str:
    found = re.search(r'href="(https://idp\.example/slo[^"]+)"', answer.content.decode())
    return unescape(found.group(1)) if found else ""


def test_who_signs_out_here_is_offered_to_sign_out_there_too(signed_in: Browser, keyed: SAMLProvider) -> None:
    answer = leave(signed_in)
    assert "Also sign out at Okta" in answer.content.decode()
    url = offered(answer)
    asked = message_in(url, "SAMLRequest")
    assert asked.find("{*}NameID").text == "00u1lena"
    assert asked.find("{*}SessionIndex").text == "s1"
    refuse_against_schema(asked)
    assert _is_signed(url, "SAMLRequest", keyed.own_certificate)
    done = written_response(at=now(), destination=f"{ORIGIN}{SLS}", in_response_to=asked.get("ID"))
    page = by_redirect(query_of(done, key_pair(), parameter="SAMLResponse", relay_state="https://evil.example/"))
    assert page.status_code == 200
    assert "You are signed out here and at Okta" in page.content.decode()
    assert "evil" not in page.content.decode()


def test_a_provider_that_gave_no_index_is_asked_without_one(browser: Browser, keyed: SAMLProvider) -> None:
    sign_in(browser, change=lambda xml: xml.replace(' SessionIndex="s1"', ""))
    asked = message_in(offered(leave(browser)), "SAMLRequest")
    assert asked.find("{*}NameID").text == "00u1lena"
    assert asked.find("{*}SessionIndex") is None
    refuse_against_schema(asked)


@pytest.mark.parametrize("status", ["Responder", "PartialLogout"])
def test_a_provider_that_could_not_end_all_is_believed(signed_in: Browser, keyed: SAMLProvider, status: str) -> None:
    asked = message_in(offered(leave(signed_in)), "SAMLRequest")
    said = written_response(at=now(), destination=f"{ORIGIN}{SLS}", in_response_to=asked.get("ID"), status=status)
    page = by_redirect(query_of(said, key_pair(), parameter="SAMLResponse"))
    assert "not everything there is signed out" in page.content.decode()


def test_an_answer_to_another_connection_is_none(signed_in: Browser, keyed: SAMLProvider) -> None:
    asked = message_in(offered(leave(signed_in)), "SAMLRequest")
    connect("second")
    said = written_response(at=now(), destination=f"{ORIGIN}/saml/second/sls/", in_response_to=asked.get("ID"))
    query = query_of(said, key_pair(), parameter="SAMLResponse")
    assert ANYBODY.get(f"/saml/second/sls/?{query}").status_code == 403
    assert reason() == "not_asked_for"


def test_nothing_is_offered_without_an_address_a_key_or_a_provider(
    browser: Browser,
    provider: SAMLProvider,
    keyed: SAMLProvider,
    cast_a: Any,
    client_for: Callable[..., Client],
    tenant_a: TenantRef,
) -> None:
    sign_in(browser)
    assert leave(browser).status_code == 200
    SAMLProvider.objects.update(logout_url="")
    sign_in(browser)
    assert leave(browser)["Location"] == "/sign-in/"
    SAMLProvider.objects.update(logout_url=SLO_URL, own_certificate="")
    sign_in(browser)
    assert leave(browser)["Location"] == "/sign-in/"
    assert client_for(cast_a.viewer, tenant_a).post("/sign-out/")["Location"] == "/sign-in/"


def test_metadata_announce_sign_out_once_there_is_a_key(browser: Browser, cast_a: Any) -> None:
    before = ANYBODY.get("/saml/okta/metadata/").content.decode()
    assert "SingleLogoutService" not in before
    make_own_key(cast_a.org_admin, connection_id=SSOConnection.objects.get().pk)
    after = ANYBODY.get("/saml/okta/metadata/").content.decode()
    assert after.count("SingleLogoutService") == 2
    assert after.count(f'Location="{ORIGIN}{SLS}"') == 2


def test_an_unknown_connection_has_no_sign_out_address(browser: Browser) -> None:
    assert ANYBODY.get("/saml/nobody/sls/").status_code == 404
    assert ANYBODY.get("/saml/okta/sls/").status_code == 403


def test_messages_that_are_refused_are_counted(browser: Browser) -> None:
    for _ in range(50):
        by_redirect("SAMLRequest=AAAA")
    assert by_redirect(query_of(written_request(logout()), key_pair())).status_code == 429
