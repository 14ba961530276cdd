"""What honest providers send is believed: their shapes of tokens, keys and answers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import AnsweredSignIn, ExternalIdentity, OIDCProvider, SSOConnection, User
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.oidc.conftest import Browser, connect, state_in
from tests.doubles.openid_forge import signing_key
from tests.doubles.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIDProvider, Reply, openid_provider

DIRECTORY = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"


def test_somebody_new_signs_in_and_is_led_where_they_wanted(browser: Browser, op: OpenIDProvider) -> None:
    url = browser.begin("/profile/")
    answer = browser.come_back(code=op.code_for(url), state=state_in(url), iss=op.issuer)
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert browser.is_signed_in()
    identity = ExternalIdentity.objects.get()
    assert (identity.subject, identity.person.email, identity.person.name) == (
        "op-lena", "lena@example.com", "Lena Lang",
    )  # fmt: skip
    assert actions()[-2:] == ["person.joined_by_sso", "person.signed_in_by_sso"]
    assert not AnsweredSignIn.objects.exists(), "what was said is not kept"


def test_the_code_is_sent_with_our_secret_and_the_proof_that_we_asked(
    answer_with: Callable[..., Any], op: OpenIDProvider
) -> None:
    assert answer_with().status_code == 302
    form = op.forms[0]
    assert form.keys() == {"grant_type", "code", "redirect_uri", "code_verifier"}
    assert form["redirect_uri"] == "http://alpha.localhost:8000/oidc/okta/callback/"
    assert len(form["code_verifier"]) >= 43
    assert CLIENT_SECRET not in op.authorizations[0]


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    answer_with: Callable[..., Any], op: OpenIDProvider
) -> None:
    op.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post", "private_key_jwt"]
    assert answer_with().status_code == 302
    assert (op.forms[0]["client_id"], op.forms[0]["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
    assert op.authorizations == [""]


@pytest.mark.parametrize(("algorithm", "kind"), [("RS256", "rsa"), ("PS256", "rsa"), ("ES256", "ec"), ("EdDSA", "ed")])
def test_each_allowed_algorithm_is_understood(
    answer_with: Callable[..., Any], op: OpenIDProvider, algorithm: str, kind: str
) -> None:
    op.keys = [signing_key("ec384"), signing_key(kind)]
    op.discovery["id_token_signing_alg_values_supported"] = [algorithm]
    assert answer_with(algorithm=algorithm, key=signing_key(kind)).status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {"auth_time": 1, "amr": ["pwd", "mfa"], "idp": "00o1", "jti": "ID.x", "ver": 1, "preferred_username": "lena"},
        {"azp": CLIENT_ID, "hd": "example.com", "picture": "https://x.example/y", "locale": "de"},
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "account"], "azp": CLIENT_ID, "typ": "ID", "session_state": "x", "acr": "1", "sid": "y"},
        {"at_hash": None},
        {"nbf": 0, "exp": 4102444800.5},
        {"realm_access": {"roles": ["a", "b"]}, "resource_access": {"account": {"roles": ["c"]}}, "address": {}},
        {"sub": "auth0|5f7c8ec7c33c6c004bbafe82"},
        {"sub": "x" * 255},
    ],
    ids=["Okta", "Google", "list of one", "Keycloak", "no at_hash", "numbers", "nested claims", "Auth0", "long subject"],
)  # fmt: skip
def test_shapes_of_tokens_that_providers_send(answer_with: Callable[..., Any], claims: dict[str, Any]) -> None:
    assert answer_with(claims=claims).status_code == 302


@pytest.mark.parametrize("header", [{"typ": None}, {"typ": "jwt"}, {"x5t": "abc"}, {"kid": None}])
def test_shapes_of_headers_that_providers_send(answer_with: Callable[..., Any], header: dict[str, Any]) -> None:
    assert answer_with(header=header).status_code == 302


@pytest.mark.parametrize("seconds", [-55, 55])
def test_a_clock_may_be_wrong_by_a_minute(answer_with: Callable[..., Any], seconds: int) -> None:
    at_s = int(now().timestamp()) + seconds
    assert answer_with(claims={"iat": at_s, "nbf": at_s, "exp": at_s + 5}).status_code == 302


def test_what_the_token_leaves_out_is_asked_for(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    op.user_info |= {"name": "Lena of the provider"}
    assert answer_with(claims={"email": None, "email_verified": None, "name": None}).status_code == 302
    assert User.objects.get(email_key="lena@example.com").name == "Lena of the provider"
    assert op.asked.count("userinfo") == 1


def test_nothing_is_asked_for_when_the_token_says_it_all(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    assert answer_with().status_code == 302
    assert "userinfo" not in op.asked


def test_a_provider_without_user_info_does_with_its_token(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    op.discovery["userinfo_endpoint"] = None
    assert answer_with(claims={"name": None}).status_code == 302


def test_groups_give_roles_by_their_usual_name_or_by_a_path(
    answer_with: Callable[..., Any], provider: OIDCProvider
) -> None:
    connection = provider.connection
    connection.rules.create(group="leads", role="team_lead")
    connection.follows_groups = True
    connection.save()
    assert answer_with(claims={"groups": ["leads", "others"]}).status_code == 302
    person = User.objects.get(email_key="lena@example.com")
    assert person.role == "team_lead"
    connection.groups_attribute = "realm_access.roles"
    connection.save()
    assert answer_with(claims={"groups": ["leads"], "realm_access": {"roles": ["nobody"]}}).status_code == 302
    person.refresh_from_db()
    assert person.role == "viewer"


def test_a_person_is_known_by_subject_whatever_their_address_becomes(
    answer_with: Callable[..., Any], cast_a: Any
) -> None:
    assert answer_with().status_code == 302
    changed = {"email": cast_a.org_admin.email, "preferred_username": cast_a.org_admin.email, "name": "Other"}
    assert answer_with(claims=changed).status_code == 302
    assert list(ExternalIdentity.objects.values_list("person__email", flat=True)) == ["lena@example.com"]


def test_new_keys_are_learned_while_people_sign_in(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    assert answer_with().status_code == 302
    op.keys = [signing_key("rsa", "rotated")]
    assert answer_with().status_code == 302, "its id is new, so the keys are read again"
    assert answer_with().status_code == 302
    assert op.asked.count("jwks") == 2
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert answer_with().status_code == 302
    assert (op.asked.count("jwks"), op.asked.count("openid-configuration")) == (3, 2)


def test_what_a_provider_publishes_is_kept_for_ten_minutes(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    for _ in range(3):
        assert answer_with().status_code == 302
    assert (op.asked.count("jwks"), op.asked.count("openid-configuration")) == (1, 1)


def test_other_keys_beside_ours_do_no_harm(answer_with: Callable[..., Any], op: OpenIDProvider) -> None:
    def published() -> Any:
        odd = [
            {"kty": "oct", "k": "AAAA", "kid": "rsa-1"},
            {"kty": "post-quantum", "kid": "pq"},
            {"kty": "RSA"},
            "text",
            signing_key("rsa", "enc").jwk(use="enc"),
            signing_key("rsa1024").jwk(),
            {**signing_key("ec384").jwk(), "key_ops": ["sign"]},
        ]
        return Reply(json.dumps({"keys": [*odd, signing_key().jwk(alg="RS256", key_ops=["verify"])]}).encode())

    op.replies["jwks"] = published
    assert answer_with().status_code == 302


def test_an_issuer_with_a_path_and_a_slash_is_taken_to_the_letter(
    settings: Any, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    with openid_provider("/realms/one") as op:
        settings.OUTBOUND_ALLOWED = [op.place]
        op.discovery["issuer"] = f"{op.issuer}/"
        connect(f"{op.issuer}/", "keycloak", preset="keycloak")
        browser = Browser(anonymous_client(tenant_a), "keycloak")
        url = browser.begin()
        code = op.code_for(url, claims={"iss": f"{op.issuer}/"})
        assert browser.come_back(code=code, state=state_in(url), iss=f"{op.issuer}/").status_code == 302


def entra(op: OpenIDProvider, **more: Any) -> dict[str, Any]:
    """As Entra's v2.0 tokens are: no email_verified, another `sub` in each application, an object id."""
    return {"claims": {
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": DIRECTORY, "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474",
        "ver": "2.0", "email_verified": None, "xms_edov": True, "preferred_username": "lena@example.com", "at_hash": None,
        "rh": "0.A", "uti": "x", "aio": "y", **more,
    }}  # fmt: skip


@pytest.fixture
def entra_browser(settings: Any, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]) -> Any:
    with openid_provider(f"/{DIRECTORY}/v2.0") as op:
        settings.OUTBOUND_ALLOWED = [op.place]
        op.discovery |= {
            "code_challenge_methods_supported": None,
            "authorization_response_iss_parameter_supported": None,
        }
        connect(op.issuer, "entra", preset="entra")
        yield Browser(anonymous_client(tenant_a), "entra"), op


def test_entra_knows_people_by_directory_and_object(entra_browser: Any) -> None:
    browser, op = entra_browser
    for subject in ("one", "another"):
        url = browser.begin()
        answer = browser.come_back(code=op.code_for(url, **entra(op, sub=subject)), state=state_in(url))
        assert answer.status_code == 302
    assert ExternalIdentity.objects.get().subject == "690222be-ff1a-4d56-abd1-7e4f7d38e474"


def test_a_hosted_domain_is_a_hint_that_proves_nothing(
    op: OpenIDProvider, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    connect(op.issuer, "google", preset="google")
    browser = Browser(anonymous_client(tenant_a), "google")
    url = browser.begin()
    assert "hd=example.com" in url
    stranger = op.code_for(url, claims={"email": "lena@elsewhere.example", "hd": "example.com"})
    assert browser.come_back(code=stranger, state=state_in(url), iss=op.issuer).status_code == 403
    url = browser.begin()
    assert browser.come_back(code=op.code_for(url), state=state_in(url), iss=op.issuer).status_code == 302


def test_the_sign_in_page_offers_the_connection(browser: Browser) -> None:
    page = browser.client.get("/sign-in/?next=/profile/").content.decode()
    assert 'href="/oidc/okta/login/?next=/profile/"' in page
    SSOConnection.objects.update(is_enabled=False)
    assert "/oidc/okta/" not in browser.client.get("/sign-in/").content.decode()
    assert browser.client.get("/oidc/okta/login/").status_code == 404
