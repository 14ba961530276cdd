"""An administrator connects an OpenID provider: copy, paste, try, switch on."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.accounts.models import AnsweredSignIn, OIDCProvider, SeenAssertion, SSOConnection, User, VerifiedDomain
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.storage.sealed_values import unseal
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.oidc.conftest import Browser, connect, state_in
from tests.doubles.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIDProvider, Reply, openid_provider

BASE = "/organization/single-sign-on/"


def place() -> str:
    """The page of the one connection."""
    return f"{BASE}{SSOConnection.objects.order_by('created_at')[0].pk}/"


def registration(op: OpenIDProvider, **changes: str) -> dict[str, str]:
    return {"address": op.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scopes": "", **changes}


@pytest.fixture
def admin(cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def made(admin: Client) -> Client:
    """A connection that is named and nothing more."""
    admin.post(BASE, {"preset": "okta", "kind": "oidc", "name": "Okta"})
    return admin


def test_from_nothing_to_people_who_sign_in(
    admin: Client, op: OpenIDProvider, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    VerifiedDomain.objects.create(domain="example.com", verified_at=now())
    made = admin.post(BASE, {"preset": "okta", "kind": "oidc", "name": "Okta"})
    page = admin.get(made["Location"]).content.decode()
    assert 'value="http://alpha.localhost:8000/oidc/okta/callback/"' in page
    assert "Sign-in redirect URIs" in page, "the provider's own word for it"
    assert admin.post(f"{place()}switch/", {"is_enabled": "yes"}).status_code == 409, "its provider is not known"
    assert admin.post(f"{place()}open-id/", registration(op)).status_code == 302
    admin.post(
        f"{place()}people/", {"admits_new_people": "on", "default_role": "analyst", "rules": "leads = team_lead"}
    )

    leaving = admin.post(f"{place()}try/").content.decode()
    found = re.search(r'href="(http://127[^"]+)"', leaving)
    assert found
    tester, url = Browser(admin), unescape(found.group(1))
    code = op.code_for(url, claims={"groups": ["leads"]})
    came = tester.come_back(code=code, state=state_in(url), iss=op.issuer)
    shown = admin.get(came["Location"]).content.decode()
    assert "An account would be made for lena@example.com, as team_lead" in shown
    for claim in ("email_verified", "op-lena", "Lena Lang"):
        assert claim in shown
    assert not User.objects.filter(email_key="lena@example.com").exists(), "trying makes nobody"

    browser = Browser(anonymous_client(tenant_a))
    assert browser.client.get("/oidc/okta/login/").status_code == 404, "not switched on yet"
    admin.post(f"{place()}switch/", {"is_enabled": "yes"})
    url = browser.begin()
    assert browser.come_back(code=op.code_for(url), state=state_in(url), iss=op.issuer).status_code == 302
    assert User.objects.get(email_key="lena@example.com").role == "analyst"
    assert {"sso.connection_made", "sso.connection_changed"} <= set(actions())


def test_the_secret_is_sealed_and_never_shown_again(made: Client, op: OpenIDProvider) -> None:
    assert made.post(f"{place()}open-id/", registration(op)).status_code == 302
    provider = OIDCProvider.objects.get()
    assert CLIENT_SECRET not in provider.client_secret_sealed
    assert unseal(provider.client_secret_sealed, purpose="oidc_client_secret") == CLIENT_SECRET
    refused = made.post(f"{place()}open-id/", registration(op, address="x", client_secret="another secret"))
    for page in (made.get(place()), refused):
        text = unescape(page.content.decode())
        assert CLIENT_SECRET not in text
        assert "another secret" not in text
        assert provider.client_secret_sealed not in text
    assert CLIENT_SECRET not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert CLIENT_SECRET not in repr(provider.__dict__)


def test_without_a_new_secret_the_known_one_stays(made: Client, op: OpenIDProvider) -> None:
    assert made.post(f"{place()}open-id/", registration(op, client_secret="")).status_code == 400
    assert not OIDCProvider.objects.exists()
    made.post(f"{place()}open-id/", registration(op))
    sealed = OIDCProvider.objects.get().client_secret_sealed
    assert made.post(f"{place()}open-id/", registration(op, client_secret="", scopes="groups email")).status_code == 302
    provider = OIDCProvider.objects.get()
    assert (provider.client_secret_sealed, provider.scopes) == (sealed, "openid groups email")
    made.post(f"{place()}open-id/", registration(op, client_secret="new"))
    assert unseal(OIDCProvider.objects.get().client_secret_sealed, purpose="oidc_client_secret") == "new"
    changes = AuditEntry.objects.filter(action="sso.connection_changed").order_by("id").values_list("detail", flat=True)
    assert [detail["what"] for detail in changes] == [
        "the provider and its secret", "the provider", "the provider and its secret",
    ]  # fmt: skip


@pytest.mark.parametrize("tail", ["", "/", "/.well-known/openid-configuration"])
def test_issuer_and_discovery_address_do_alike(made: Client, op: OpenIDProvider, tail: str) -> None:
    assert made.post(f"{place()}open-id/", registration(op, address=op.issuer + tail)).status_code == 302
    provider = OIDCProvider.objects.get()
    assert (provider.issuer, provider.discovered["token_endpoint"]) == (op.issuer, f"{op.issuer}/token")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"issuer": "https://evil.example"}, "issuer"),
        ({"issuer": None}, "issuer"),
        ({"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}, "multi_tenant"),
        ({"authorization_endpoint": None}, "authorization_endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"token_endpoint": "http://10.0.0.1/token"}, "token_endpoint"),
        ({"token_endpoint": 1}, "token_endpoint"),
        ({"jwks_uri": "https://[::1]/jwks"}, "jwks_uri"),
        ({"userinfo_endpoint": "http://metadata/"}, "userinfo_endpoint"),
        ({"response_types_supported": ["id_token token"]}, "response_type"),
        ({"response_types_supported": "code"}, "response_types_supported"),
        ({"code_challenge_methods_supported": ["plain"]}, "pkce"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none", "RS512"]}, "algorithms"),
        ({"token_endpoint_auth_methods_supported": ["none", "tls_client_auth"]}, "client_authentication"),
    ],
)
def test_a_provider_that_cannot_be_used_is_refused_and_changes_nothing(
    made: Client, op: OpenIDProvider, change: dict[str, Any], problem: str
) -> None:
    op.discovery = change
    answer = made.post(f"{place()}open-id/", registration(op))
    assert answer.status_code == 400
    assert f"({problem})" in answer.content.decode()
    assert not OIDCProvider.objects.exists()
    op.discovery = {}
    assert made.post(f"{place()}open-id/", registration(op)).status_code == 302


@pytest.mark.parametrize(
    ("place_there", "reply", "words"),
    [
        ("openid-configuration", Reply(b"{}", 404), "(not_found)"),
        ("openid-configuration", Reply(b"<html>"), "(not_json)"),
        ("openid-configuration", Reply(b"[]"), "(not_json)"),
        ("openid-configuration", Reply(b"x" * 300_000), "too large"),
        ("openid-configuration", Reply(b"", 301, {"Location": "https://other.example/"}), "points to another address"),
        ("jwks", Reply(b"{}"), "(keys)"),
        ("jwks", Reply(b'{"keys": [{"kty": "oct", "k": "AAAA"}]}'), "(keys)"),
        ("jwks", Reply(b"not json"), "(keys)"),
    ],
)
def test_a_provider_that_answers_oddly_is_told_in_words(
    made: Client, op: OpenIDProvider, place_there: str, reply: Reply, words: str
) -> None:
    op.replies[place_there] = reply
    answer = made.post(f"{place()}open-id/", registration(op))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not OIDCProvider.objects.exists()
    op.replies.clear()
    assert made.post(f"{place()}open-id/", registration(op)).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""),
        ("address", "http://169.254.169.254/"),
        ("address", "https://localhost"),
        ("address", "file:///etc/passwd"),
        ("address", "/.well-known/openid-configuration"),
        ("address", "https://login.example.com?x=y"),
        ("client_id", ""),
        ("client_id", "ü"),
        ("client_secret", "a\tb"),
        ("scopes", 'openid "quoted"'),
        ("scopes", "öpenid"),
    ],
)
def test_what_cannot_be_meant_is_refused(made: Client, op: OpenIDProvider, field: str, value: str) -> None:
    assert made.post(f"{place()}open-id/", registration(op, **{field: value})).status_code == 400
    assert not OIDCProvider.objects.exists()
    assert made.post(f"{place()}open-id/", registration(op)).status_code == 302


def test_an_entra_issuer_stands_for_one_directory(admin: Client, settings: Any) -> None:
    admin.post(BASE, {"preset": "entra", "kind": "oidc", "name": "Entra"})
    for path, status in (
        ("/common/v2.0", 400),
        ("/organizations/v2.0", 400),
        ("", 400),
        ("/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0", 302),
    ):
        with openid_provider(path) as op:
            settings.OUTBOUND_ALLOWED = [op.place]
            answer = admin.post(f"{place()}open-id/", registration(op))
            assert answer.status_code == status, path
            assert status == 302 or "(multi_tenant)" in answer.content.decode()


def test_another_issuer_needs_a_connection_of_its_own_once_people_came(
    admin: Client, op: OpenIDProvider, settings: Any, tenant_a: TenantRef
) -> None:
    """The same subject there is somebody else."""
    connect(op.issuer)
    browser = Browser(Client(HTTP_HOST="alpha.localhost"))
    with openid_provider() as other:
        settings.OUTBOUND_ALLOWED = [op.place, other.place]
        assert admin.post(f"{place()}open-id/", registration(other)).status_code == 302, "nobody came yet"
        assert admin.post(f"{place()}open-id/", registration(op)).status_code == 302
        url = browser.begin()
        assert browser.come_back(code=op.code_for(url), state=state_in(url), iss=op.issuer).status_code == 302
        answer = admin.post(f"{place()}open-id/", registration(other))
        assert answer.status_code == 400
        assert "Make a new one" in answer.content.decode()
        assert admin.post(f"{place()}open-id/", registration(op, client_secret="")).status_code == 302


def test_a_trial_of_a_provider_that_is_away_is_told_on_the_page(
    made: Client, op: OpenIDProvider, settings: Any
) -> None:
    assert made.post(f"{place()}try/")["Location"] == place(), "there is nothing to try yet"
    made.post(f"{place()}open-id/", registration(op))
    OIDCProvider.objects.update(discovered_at=None)
    settings.OUTBOUND_ALLOWED = []
    answer = made.post(f"{place()}try/")
    assert answer.status_code == 403
    assert "does not answer as it should" in answer.content.decode()


def test_what_a_trial_brought_is_shown_once_and_to_administrators_alone(
    made: Client, op: OpenIDProvider, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef
) -> None:
    made.post(f"{place()}open-id/", registration(op))
    found = re.search(r'href="(http://127[^"]+)"', made.post(f"{place()}try/").content.decode())
    assert found
    url = unescape(found.group(1))
    came = Browser(made).come_back(code=op.code_for(url), state=state_in(url), iss=op.issuer)
    where = urlsplit(came["Location"]).path
    assert "not proven" in made.get(where).content.decode()
    assert client_for(cast_a.team_lead, tenant_a).get(where).status_code == 403
    assert Client(HTTP_HOST="alpha.localhost").get(where).status_code == 302
    assert SeenAssertion.objects.count() == AnsweredSignIn.objects.count() == 1
    assert "lena@example.com" not in AnsweredSignIn.objects.get().claims_sealed


def test_a_saml_connection_takes_no_open_id_provider(admin: Client, op: OpenIDProvider) -> None:
    admin.post(BASE, {"preset": "okta", "kind": "saml", "name": "Okta"})
    assert admin.post(f"{place()}open-id/", registration(op)).status_code == 404
    assert admin.post(BASE, {"preset": "okta", "kind": "gopher", "name": "Okta"}).status_code == 400


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_administrators_may_describe_a_provider(
    made: Client, op: OpenIDProvider, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef, role: str
) -> None:
    other = client_for(getattr(cast_a, role), tenant_a)
    assert other.post(f"{place()}open-id/", registration(op)).status_code == 403
    assert op.asked == []
    assert made.post(f"{place()}open-id/", registration(op)).status_code == 302


def test_a_connection_of_another_organization_is_not_there(
    made: Client, op: OpenIDProvider, cast_b: Any, client_for: Callable[..., Client], tenant_b: TenantRef
) -> None:
    path = f"{place()}open-id/"
    with inside(tenant_b):
        foreign = client_for(cast_b.org_admin, tenant_b)
    assert foreign.post(path, registration(op)).status_code == 404
    assert op.asked == []
    assert made.post(path, registration(op)).status_code == 302
