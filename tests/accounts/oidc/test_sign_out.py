"""A provider ends its sessions here, and only its own; whoever signs out here is shown the way to sign out there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import BrowserSession, OIDCProvider
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.oidc.conftest import Browser, connect, state_in
from tests.doubles.openid_forge import forged, signing_key
from tests.doubles.openid_provider import CLIENT_ID, OpenIDProvider

EVENT = "http://schemas.openid.net/event/backchannel-logout"
PATH = "/oidc/okta/back-channel-logout/"


def logout_token(op: OpenIDProvider, *, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
    """An honest one, with changes; None leaves a claim out."""
    at_s = int(now().timestamp())
    claims = {
        "iss": op.issuer,
        "aud": CLIENT_ID,
        "iat": at_s,
        "exp": at_s + 120,
        "jti": "logout-1",
        "sub": "op-lena",
        "sid": "session-1",
        "events": {EVENT: {}},
        **changes,
    }
    signer = key or signing_key()
    return forged(
        {name: value for name, value in claims.items() if value is not None},
        algorithm="RS256",
        key=signer.private,
        header={"kid": "rsa-1", "typ": "logout+jwt", **(header or {})},
    )


def say(token: str, host: str = "alpha.localhost") -> int:
    """The provider itself posts: no browser, no cookie."""
    return Client(HTTP_HOST=host, enforce_csrf_checks=True).post(PATH, {"logout_token": token}).status_code


@pytest.fixture
def lena(browser: Browser, op: OpenIDProvider) -> Browser:
    """Signed in in session-1 of the provider."""
    return signed_in(browser, op)


def signed_in(browser: Browser, op: OpenIDProvider, sid: str = "session-1", **claims: Any) -> Browser:
    url = browser.begin()
    code = op.code_for(url, claims={"sid": sid, **claims})
    assert browser.come_back(code=code, state=state_in(url), iss=op.issuer).status_code == 302
    assert browser.is_signed_in()
    return browser


def another(op: OpenIDProvider, sid: str, **claims: Any) -> Browser:
    return signed_in(Browser(Client(HTTP_HOST="alpha.localhost")), op, sid, **claims)


def test_a_provider_ends_the_session_that_it_names(lena: Browser, op: OpenIDProvider) -> None:
    phone, eve = another(op, "session-2"), another(op, "session-3", sub="op-eve", email="eve@example.com")
    assert say(logout_token(op)) == 200
    assert (lena.is_signed_in(), phone.is_signed_in(), eve.is_signed_in()) == (False, True, True)
    assert "session.ended_by_provider" in actions()
    assert say(logout_token(op, jti="logout-2", sid=None)) == 200, "without a session all of the person's"
    assert (phone.is_signed_in(), eve.is_signed_in()) == (False, True)
    assert say(logout_token(op, jti="logout-3", sid="session-3", sub=None)) == 200, "a session alone"
    assert not eve.is_signed_in()
    assert say(logout_token(op, jti="logout-4")) == 200, "what is over already may be ended"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"header": {"typ": "JWT"}}, "type"),
        ({"header": {"typ": "at+jwt"}}, "type"),
        ({"header": {"kid": "unknown"}}, "unknown_key"),
        ({"header": {"jku": "https://evil.example/"}}, "header"),
        ({"key": signing_key("rsa", "evil")}, "wrong_signature"),
        ({"nonce": "x"}, "not_a_logout"),
        ({"events": None}, "not_a_logout"),
        ({"events": {}}, "not_a_logout"),
        ({"events": [EVENT]}, "not_a_logout"),
        ({"events": {EVENT: "x"}}, "not_a_logout"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": 4102444800}, "lives_too_long"),
        ({"iat": 4102444800}, "issued_in_future"),
        ({"jti": None}, "no_session"),
        ({"jti": 7}, "jti"),
        ({"sub": None, "sid": None}, "no_session"),
        ({"sub": ["op-lena"]}, "sub"),
        ({"sid": "x" * 256}, "sid"),
    ],
)
def test_what_is_no_honest_logout_token_changes_nothing(
    lena: Browser, op: OpenIDProvider, changes: dict[str, Any], reason: str
) -> None:
    assert say(logout_token(op, **changes)) == 400
    refused = AuditEntry.objects.get(action="sso.logout_refused")
    assert refused.detail["reason"] == reason
    assert lena.is_signed_in()
    assert say(logout_token(op)) == 200
    assert not lena.is_signed_in()


def test_an_id_token_is_no_logout_token(lena: Browser, op: OpenIDProvider) -> None:
    for token in (op.id_token(op.grants[op.code_for(lena.begin())]), "", "x.y.z"):
        assert say(token) == 400
    assert lena.is_signed_in()


def test_a_logout_token_is_good_once(lena: Browser, op: OpenIDProvider) -> None:
    token = logout_token(op)
    assert say(token) == 200
    again = signed_in(lena, op)
    assert say(token) == 400
    assert again.is_signed_in()


def test_a_logout_token_of_another_person_or_organization_ends_nothing(
    lena: Browser, op: OpenIDProvider, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    with inside(tenant_b):
        connect(op.issuer)
    theirs = signed_in(Browser(anonymous_client(tenant_b)), op)
    assert say(logout_token(op, sub="op-eve", sid=None)) == 200
    assert lena.is_signed_in()
    assert say(logout_token(op, jti="logout-2"), "beta.localhost") == 200
    assert (lena.is_signed_in(), theirs.is_signed_in()) == (True, False)
    with inside(tenant_b):
        assert say(logout_token(op, jti="logout-3")) == 200
    assert not lena.is_signed_in()


def test_forged_tokens_do_not_make_us_ask_the_provider(lena: Browser, op: OpenIDProvider) -> None:
    asked = len(op.asked)
    for number in range(7):
        assert say(logout_token(op, header={"kid": f"unknown-{number}"})) == 400
    assert len(op.asked) == asked
    assert OIDCProvider.objects.get().missed_key_ids == []


def test_many_bad_tokens_from_one_network_are_stopped(lena: Browser, op: OpenIDProvider) -> None:
    for _ in range(50):
        assert say("x") == 400
    assert say(logout_token(op)) == 429
    assert lena.is_signed_in()


def test_whoever_signs_out_here_is_shown_the_way_to_sign_out_there(
    browser: Browser, op: OpenIDProvider, provider: OIDCProvider
) -> None:
    op.discovery["end_session_endpoint"] = f"{op.issuer}/logout?x=y"
    signed_in(browser, op)
    page = browser.client.post("/sign-out/")
    assert f'href="{op.issuer}/logout?x=y&amp;client_id=prism+client%2F1"' in page.content.decode()
    assert not browser.is_signed_in()
    assert not BrowserSession.objects.filter(person__isnull=False).exists()


def test_where_the_provider_has_no_sign_out_there_is_nothing_to_offer(lena: Browser) -> None:
    assert lena.client.post("/sign-out/")["Location"] == "/sign-in/"


def test_a_session_name_that_is_none_is_not_kept(browser: Browser, op: OpenIDProvider) -> None:
    signed_in(browser, op, "x" * 256)
    assert say(logout_token(op, sid="x" * 200)) == 200
    assert browser.is_signed_in()
    assert say(logout_token(op, jti="logout-2", sid=None)) == 200
    assert not browser.is_signed_in()
