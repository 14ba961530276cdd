"""An answer belongs to one request, one browser, one connection, one provider and one organization, and is good once."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection as database
from django.test import Client

from apps.accounts.models import ExternalIdentity, OIDCProvider, SSOConnection, User
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.oidc.conftest import Browser, connect, last_reason, refusals, state_in
from tests.doubles.openid_provider import OpenIDProvider, openid_provider


def good(url: str, op: OpenIDProvider, **more: Any) -> dict[str, Any]:
    """What an honest provider sends back for this request."""
    return {"code": op.code_for(url), "state": state_in(url), "iss": op.issuer, **more}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": None}, "state"),
        ({"state": ""}, "state"),
        ({"state": "x" * 43}, "state"),
        ({"state": "ünïcode"}, "state"),
        ({"iss": None}, "other_provider"),
        ({"iss": "https://evil.example"}, "other_provider"),
        ({"iss": "SLASH"}, "other_provider"),
        ({"code": None}, "no_code"),
        ({"code": ""}, "no_code"),
        ({"code": "x" * 8193}, "no_code"),
        ({"code": "a\x00b"}, "no_code"),
        ({"code": "unknown"}, "code_refused"),
        ({"code": ["one", "two"]}, "repeated_parameter"),
        ({"iss": ["ISSUER", "https://evil.example"]}, "repeated_parameter"),
        ({"error": "access_denied"}, "denied"),
        ({"error": "login_required"}, "denied"),
        ({"error": "invalid_request"}, "request_refused"),
        ({"error": "<script>alert(1)</script>"}, "request_refused"),
    ],
)  # fmt: skip
def test_an_answer_with_one_thing_changed_is_refused_and_the_whole_one_is_good(
    browser: Browser, op: OpenIDProvider, change: dict[str, Any], reason: str
) -> None:
    url = browser.begin()
    if change.get("iss") == "SLASH":
        change = {"iss": f"{op.issuer}/"}
    if isinstance(change.get("iss"), list):
        change = {"iss": [op.issuer, "https://evil.example"]}
    answer = browser.come_back(**good(url, op, **change))
    assert answer.status_code == 403
    assert (last_reason(), refusals()) == (reason, 1)
    assert not browser.is_signed_in()
    assert b"<script>alert" not in answer.content
    assert browser.come_back(**good(url, op)).status_code == 302


def test_an_error_of_the_provider_is_told_in_words(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    denied = browser.come_back(state=state_in(url), iss=op.issuer, error="access_denied", error_description="Go away")
    assert "did not let you in" in denied.content.decode()
    refused = browser.come_back(state=state_in(url), iss=op.issuer, error="unauthorized_client")
    assert "tell an administrator" in refused.content.decode()
    assert "Go away" not in denied.content.decode()


def test_a_provider_that_does_not_name_itself_may_leave_its_name_out_but_not_be_another(
    browser: Browser, op: OpenIDProvider
) -> None:
    op.discovery["authorization_response_iss_parameter_supported"] = None
    url = browser.begin()
    assert browser.come_back(**good(url, op, iss="https://evil.example")).status_code == 403
    assert last_reason() == "other_provider"
    assert browser.come_back(**good(url, op, iss=None)).status_code == 302


def test_an_answer_in_another_browser_signs_nobody_in(browser: Browser, op: OpenIDProvider) -> None:
    """Code injection and login forgery, in both directions."""
    mine = good(browser.begin(), op)
    victim = Browser(Client(HTTP_HOST="alpha.localhost"))
    assert victim.come_back(**mine).status_code == 403
    assert last_reason() == "not_begun_here"
    theirs = state_in(victim.begin())
    assert victim.come_back(**mine).status_code == 403, "a sign-in of their own that was begun does not help"
    assert last_reason() == "state"
    assert victim.come_back(**{**mine, "state": theirs}).status_code == 403, (
        "nor does its state: the code is not theirs"
    )
    assert last_reason() == "code_refused"
    assert not victim.is_signed_in()
    url = browser.begin()
    assert browser.come_back(**good(url, op)).status_code == 302


def test_an_answer_is_good_once(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    answer, note = good(url, op), browser.client.cookies["sso"].value
    assert browser.come_back(**answer).status_code == 302
    browser.client.post("/sign-out/")
    assert browser.come_back(**answer).status_code == 403, "the browser has forgotten what it asked for"
    assert last_reason() == "not_begun_here"
    browser.client.cookies["sso"] = note
    assert browser.come_back(**answer).status_code == 403
    assert last_reason() == "code_refused"
    assert browser.come_back(**good(url, op)).status_code == 403, "a new code does not renew a used state"
    assert last_reason() == "used_before"
    assert not browser.is_signed_in()
    assert browser.come_back(**good(browser.begin(), op)).status_code == 302


def test_a_request_is_good_for_ten_minutes(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    with time_machine.travel(now() + timedelta(seconds=601)):
        assert browser.come_back(**good(url, op)).status_code == 403
        assert last_reason() == "not_begun_here"
    url = browser.begin()
    with time_machine.travel(now() + timedelta(seconds=590)):
        assert browser.come_back(**good(url, op)).status_code == 302


def test_a_changed_note_is_worth_nothing(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    note = browser.client.cookies["sso"].value
    for bad in ("", "x", note[:-2], note.replace("false", "true"), note.replace(":", ".")):
        browser.client.cookies["sso"] = bad
        assert browser.come_back(**good(url, op)).status_code == 403
    browser.client.cookies["sso"] = note
    assert browser.come_back(**good(url, op)).status_code == 302


def test_every_request_is_new_and_hides_what_only_the_browser_knows(browser: Browser) -> None:
    first, second = (parse_qs(urlsplit(browser.begin()).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name][0]) >= 43
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://alpha.localhost:8000/oidc/okta/callback/"]
    note = browser.client.cookies["sso"]
    assert (note["httponly"], note["samesite"]) == (True, "Lax")
    assert not any(second[name][0] in note.value for name in ("state", "nonce"))


@pytest.fixture
def evil(op: OpenIDProvider, settings: Any) -> Iterator[OpenIDProvider]:
    """A second provider of the same organization, with the same client id and secret; its operator is dishonest."""
    with openid_provider() as double:
        settings.OUTBOUND_ALLOWED = [op.place, double.place]
        connect(double.issuer, "evil", preset="other")
        yield double


def test_mix_up_sends_no_code_to_the_other_provider(browser: Browser, op: OpenIDProvider, evil: OpenIDProvider) -> None:
    """Begun at the honest provider, answered at the address of the dishonest one, and the other way round."""
    answer = good(browser.begin(), op)
    other = Browser(browser.client, "evil")
    assert other.come_back(**answer).status_code == 403
    assert last_reason() == "other_connection"
    assert evil.forms == []
    begun = other.begin()
    assert browser.come_back(**{**answer, "state": state_in(begun)}).status_code == 403
    assert last_reason() == "other_connection"
    assert other.come_back(**{**answer, "state": state_in(begun)}).status_code == 403, "it names the honest one"
    assert last_reason() == "other_provider"
    assert evil.forms == op.forms == []
    assert other.come_back(**good(other.begin(), evil)).status_code == 302


def test_the_same_subject_at_another_provider_is_somebody_else(
    browser: Browser, op: OpenIDProvider, evil: OpenIDProvider
) -> None:
    assert browser.come_back(**good(browser.begin(), op)).status_code == 302
    lena = ExternalIdentity.objects.get().person
    other = Browser(Client(HTTP_HOST="alpha.localhost"), "evil")
    url = other.begin()
    code = evil.code_for(url, claims={"email": "eve@example.com"})
    assert other.come_back(code=code, state=state_in(url), iss=evil.issuer).status_code == 302
    eve = User.objects.get(email_key="eve@example.com")
    assert set(ExternalIdentity.objects.values_list("subject", "person_id")) == {
        ("op-lena", lena.pk),
        ("op-lena", eve.pk),
    }


def test_nothing_of_one_organization_is_good_in_another(
    browser: Browser, op: OpenIDProvider, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    with inside(tenant_b):
        connect(op.issuer)
    beta = Browser(anonymous_client(tenant_b))
    url = browser.begin()
    beta.client.cookies["sso"] = browser.client.cookies["sso"].value
    assert beta.come_back(**good(url, op)).status_code == 403
    with inside(tenant_b):
        assert last_reason() == "not_begun_here"
    begun = beta.begin()
    assert beta.come_back(**{**good(url, op), "state": state_in(begun)}).status_code == 403, "the code is alpha's"
    assert beta.come_back(**good(begun, op)).status_code == 302
    assert browser.come_back(**good(url, op)).status_code == 302
    with inside(tenant_b):
        assert ExternalIdentity.objects.count() == 1
    assert ExternalIdentity.objects.count() == 1


def test_what_one_organization_knows_of_a_provider_is_not_anothers(
    browser: Browser, op: OpenIDProvider, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    browser.begin()
    with inside(tenant_b):
        connect(op.issuer)
        Browser(anonymous_client(tenant_b)).begin()
    assert op.asked.count("openid-configuration") == 2


def test_a_connection_that_is_switched_off_lets_nobody_in(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    SSOConnection.objects.update(is_enabled=False)
    assert browser.come_back(**good(url, op)).status_code == 403
    assert last_reason() == "switched_off"
    assert op.forms == []
    SSOConnection.objects.update(is_enabled=True)
    assert browser.come_back(**good(url, op)).status_code == 302


@pytest.mark.parametrize("slug", ["nobody", "saml"])
def test_where_there_is_no_connection_there_is_nothing(browser: Browser, slug: str) -> None:
    SSOConnection.objects.create(kind="saml", name="SAML", slug="saml", is_enabled=True)
    assert browser.client.get(f"/oidc/{slug}/login/").status_code == 404
    assert browser.client.get(f"/oidc/{slug}/callback/").status_code == 404
    assert browser.client.get("/oidc/okta/login/").status_code == 302


@pytest.mark.parametrize(
    "goal",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "%2F%2Fevil.example", "\t//evil.example"],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in(browser: Browser, op: OpenIDProvider, goal: str) -> None:
    url = browser.begin(goal)
    assert browser.come_back(**good(url, op))["Location"] == "/"


def test_other_methods_are_not_taken(browser: Browser) -> None:
    for path in ("/oidc/okta/login/", "/oidc/okta/callback/"):
        assert browser.client.post(path).status_code == 405


def test_many_bad_answers_from_one_network_are_stopped(browser: Browser, op: OpenIDProvider) -> None:
    for _ in range(50):
        assert browser.come_back(state="x").status_code == 403
    assert browser.come_back(state="x").status_code == 429
    assert refusals() == 50


def test_a_person_who_is_not_expected_is_told_so(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin()
    code = op.code_for(url, claims={"email": "mallory@elsewhere.example"})
    answer = browser.come_back(code=code, state=state_in(url), iss=op.issuer)
    assert answer.status_code == 403
    assert "you have no access here" in answer.content.decode()
    assert actions()[-1] == "person.not_admitted"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"tid": "00000000-0000-0000-0000-000000000000"}, "other_directory"),
        ({"tid": None}, "other_directory"),
        ({"oid": None}, "no_object_id"),
        ({"oid": 7}, "no_object_id"),
    ],
)
def test_entra_must_say_which_directory_and_which_object(
    settings: Any,
    tenant_a: TenantRef,
    anonymous_client: Callable[[TenantRef], Client],
    claims: dict[str, Any],
    reason: str,
) -> None:
    directory = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"
    with openid_provider(f"/{directory}/v2.0") as op:
        settings.OUTBOUND_ALLOWED = [op.place]
        connect(op.issuer, "entra", preset="entra")
        browser = Browser(anonymous_client(tenant_a), "entra")
        whole = {"tid": directory, "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474"}
        for said, status in (({**whole, **claims}, 403), (whole, 302)):
            url = browser.begin()
            code = op.code_for(url, claims=said)
            assert browser.come_back(code=code, state=state_in(url), iss=op.issuer).status_code == status
        assert last_reason() == reason


def test_entra_vouches_for_an_address_by_its_own_claim_alone(
    settings: Any, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    directory = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"
    with openid_provider(f"/{directory}/v2.0") as op:
        settings.OUTBOUND_ALLOWED = [op.place]
        connect(op.issuer, "entra", preset="entra")
        browser = Browser(anonymous_client(tenant_a), "entra")
        whole = {"tid": directory, "oid": "690222be", "email_verified": None}
        for edov, status in ((None, 403), (False, 403), ("false", 403), (0, 403), (2, 403), ("1", 302)):
            url = browser.begin()
            code = op.code_for(url, claims={**whole, "xms_edov": edov})
            assert browser.come_back(code=code, state=state_in(url), iss=op.issuer).status_code == status, edov


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"issuer": "https://evil.example"}, "discovery_issuer"),
        ({"issuer": "SLASH"}, "discovery_issuer"),
        ({"token_endpoint": "http://169.254.169.254/token"}, "discovery_token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "discovery_jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "discovery_authorization_endpoint"),
        ({"code_challenge_methods_supported": ["plain"]}, "discovery_pkce"),
        ({"response_types_supported": ["id_token"]}, "discovery_response_type"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "discovery_algorithms"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "discovery_client_authentication"),
    ],
)
def test_a_provider_that_changes_what_it_says_of_itself_is_not_followed(
    browser: Browser, op: OpenIDProvider, change: dict[str, Any], reason: str
) -> None:
    """It was honest when the browser left; ten minutes on, what it says is read again."""
    with time_machine.travel(now() - timedelta(minutes=11), tick=False):
        browser.begin()
    url = browser.begin()
    OIDCProvider.objects.update(discovered_at=now() - timedelta(minutes=11))
    answer = good(url, op)
    op.discovery = {name: f"{op.issuer}/" if value == "SLASH" else value for name, value in change.items()}
    assert browser.come_back(**answer).status_code == 403
    assert last_reason() == reason
    assert op.forms == []
    op.discovery = {}
    OIDCProvider.objects.update(failed_at=None)
    assert browser.come_back(**answer).status_code == 302


def test_a_provider_that_is_away_is_told_and_asked_again_after_a_while(
    browser: Browser, op: OpenIDProvider, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = []
    answer = browser.client.get("/oidc/okta/login/")
    assert answer.status_code == 403
    assert "does not answer as it should" in answer.content.decode()
    settings.OUTBOUND_ALLOWED = [op.place]
    assert browser.client.get("/oidc/okta/login/").status_code == 403
    assert op.asked == [], "a provider that fails is left alone for half a minute"
    with time_machine.travel(now() + timedelta(seconds=31)):
        assert browser.client.get("/oidc/okta/login/").status_code == 302


def test_of_many_at_once_one_answer_is_good(committed_tenants: tuple[TenantRef, TenantRef], settings: Any) -> None:
    tenant = committed_tenants[0]
    with openid_provider() as op:
        settings.OUTBOUND_ALLOWED = [op.place]
        with inside(tenant):
            connect(op.issuer)
        first = Browser(Client(HTTP_HOST="alpha.localhost"))
        url = first.begin()
        note = first.client.cookies["sso"].value
        answers = [good(url, op) for _ in range(6)]
        ready, statuses = threading.Barrier(6), []

        def come(answer: dict[str, Any]) -> None:
            twin = Browser(Client(HTTP_HOST="alpha.localhost"))
            twin.client.cookies["sso"] = note
            ready.wait()
            try:
                statuses.append(twin.come_back(**answer).status_code)
            finally:
                database.close()

        threads = [threading.Thread(target=come, args=(answer,)) for answer in answers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [302] + [403] * 5
        with inside(tenant):
            assert ExternalIdentity.objects.count() == 1
