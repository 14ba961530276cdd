"""The organization's rules for signing in: who needs a second factor, and who is led to set it up."""

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.accounts.errors import NeedsPersonError
from apps.accounts.models import AuthenticatorApp, Passkey, SignInPolicy
from apps.accounts.services.invite import invitation_token, invite_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.set_sign_in_policy import PolicyChange, set_sign_in_policy
from apps.kernel.audit.models import AuditEntry
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.doubles.authenticator import Authenticator

URL = "/organization/sign-in/"
API = "/api/v2/sign-in-policy/"
SET_UP = "/sign-in/second-factor/set-up/"
GOOD = {"second_factor": "everyone", "idle_minutes": "15", "longest_hours": "8"}


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def browser(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


def test_an_administrator_sets_the_rules(admin: Any) -> None:
    assert 'value="30"' in admin.get(URL).content.decode()
    assert admin.post(URL, GOOD)["Location"] == URL
    policy = SignInPolicy.objects.get()
    assert (policy.second_factor, policy.idle_limit_s, policy.absolute_limit_s) == ("everyone", 900, 28_800)
    assert policy.requires_sso is False
    assert actions() == ["sign_in_policy.changed"]
    assert AuditEntry.objects.get().detail["second_factor"] == "everyone"
    assert admin.post(URL, {**GOOD, "second_factor": "nobody"}).status_code == 302
    assert SignInPolicy.objects.get().second_factor == "nobody"


@pytest.mark.parametrize(
    "wrong",
    [
        {"second_factor": "some"},
        {"idle_minutes": "4"},
        {"idle_minutes": "721"},
        {"longest_hours": "0"},
        {"longest_hours": "169"},
        {"idle_minutes": "90", "longest_hours": "1"},
    ],
)
def test_what_is_not_sensible_is_refused_and_nothing_is_kept(admin: Any, wrong: dict[str, str]) -> None:
    assert admin.post(URL, {**GOOD, **wrong}).status_code == 400
    assert not SignInPolicy.objects.filter(second_factor="everyone").exists()
    assert actions() == []


def test_only_administrators_see_and_set_them(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    for person in (cast_a.viewer, cast_a.analyst, cast_a.team_lead):
        client = client_for(person, tenant_a)
        assert (client.get(URL).status_code, client.post(URL, GOOD).status_code) == (403, 403)
        assert client.get(API).status_code == 403
        assert client.patch(API, {"second_factor": "nobody"}, content_type="application/json").status_code == 403
    assert not SignInPolicy.objects.exists()


def test_the_api_reads_and_changes_them(admin: Any, cast_a: Any, anonymous_client: Any, tenant_a: Any) -> None:
    assert admin.get(API).json()["second_factor"] == "nobody"
    answer = admin.patch(API, {"second_factor": "admins"}, content_type="application/json")
    assert (answer.status_code, answer.json()["second_factor"], answer.json()["idle_limit_s"]) == (200, "admins", 1800)
    answer = admin.patch(API, {"idle_limit_s": 7200, "absolute_limit_s": 3600}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_policy")
    key = issue_api_key(cast_a.org_admin, name="x", scopes=[Capability.MANAGE_ORGANIZATION], life_days=1)
    program = anonymous_client(tenant_a, headers={"Authorization": f"Bearer {key.token}"})
    assert program.get(API).status_code == 200
    answer = program.patch(API, {"second_factor": "nobody"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
    assert SignInPolicy.objects.get().second_factor == "admins"


def test_whether_single_sign_on_is_the_only_way_is_shown_and_left_as_it_is(admin: Any) -> None:
    assert "People may also sign in" in admin.get(URL).content.decode()
    SignInPolicy.objects.create(requires_sso=True)
    assert "Single sign-on is the only way in" in admin.get(URL).content.decode()
    assert admin.post(URL, GOOD).status_code == 302
    assert SignInPolicy.objects.get().requires_sso is True
    said = {"requires_sso": False}
    assert admin.patch(API, said, content_type="application/json").status_code == 400
    assert SignInPolicy.objects.get().requires_sso is True


@pytest.mark.parametrize(
    ("rule", "role", "is_led"),
    [
        ("nobody", "org_admin", False),
        ("admins", "org_admin", True),
        ("admins", "team_lead", False),
        ("everyone", "viewer", True),
    ],
)
def test_who_must_have_a_second_factor_is_led_to_set_it_up(
    browser: Any, cast_a: Any, rule: str, role: str, is_led: bool
) -> None:
    SignInPolicy.objects.create(second_factor=rule)
    answer = phone.give_password(browser, f"{role}@example.com")
    assert answer["Location"] == (SET_UP if is_led else "/")
    assert (SESSION_KEY in browser.session) is not is_led


def test_setting_up_an_app_is_all_one_can_do_and_then_one_is_in(browser: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    phone.give_password(browser, next="/profile/")
    for url in ("/", "/profile/", "/profile/second-factor/app/", "/api/v2/me/"):
        assert browser.get(url).status_code in {302, 401}, url
    assert browser.get(phone.CODE_URL)["Location"] == "/sign-in/"
    seed = phone.seed_on(browser.get(SET_UP))
    assert browser.post(SET_UP, {"code": "1"}).status_code == 400
    assert browser.post(SET_UP, {}).status_code == 400
    answer = browser.post(SET_UP, {"code": phone.code_of(seed)})
    assert (answer.status_code, len(phone.codes_on(answer))) == (200, 10)
    assert 'href="/profile/"' in answer.content.decode()
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)
    assert AuthenticatorApp.objects.get().owner_id == cast_a.analyst.pk
    assert actions()[-1] == "person.signed_in"
    assert browser.get(SET_UP)["Location"] == "/sign-in/"


def test_setting_up_a_passkey_will_do_as_well(browser: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    phone.give_password(browser)
    browser.get(SET_UP)
    assert browser.post(f"{SET_UP}passkey/", {"credential": "{}"}).status_code == 400
    options = browser.post(f"{SET_UP}passkey/options/").json()
    answer = browser.post(f"{SET_UP}passkey/", {"credential": Authenticator().make(options), "name": "Phone"})
    assert (answer.status_code, len(phone.codes_on(answer))) == (200, 10)
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)
    assert Passkey.objects.get().name == "Phone"


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(
    browser: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    phone.register(client_for(cast_a.analyst, tenant_a), Authenticator())
    assert phone.give_password(browser)["Location"] == phone.CODE_URL
    for url in (SET_UP, f"{SET_UP}passkey/options/", f"{SET_UP}passkey/"):
        assert browser.post(url, {"code": "1"})["Location"] == "/sign-in/", url
    assert not AuthenticatorApp.objects.exists()


def test_an_invited_person_sets_it_up_before_anything_else(browser: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    invitation = invite_person(cast_a.org_admin, email="new@example.com", role=RoleName.VIEWER, name="New")
    new = {"name": "New", "password": "nine quiet lanterns at dusk", "again": "nine quiet lanterns at dusk"}
    assert browser.post(f"/invitation/{invitation_token(invitation)}/", new)["Location"] == SET_UP
    assert SESSION_KEY not in browser.session


def test_the_last_factor_stays_where_the_organization_asks_for_one(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    phone.set_up_app(client)
    phone.register(client, Authenticator())
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    assert "Your organization asks you" in client.get("/profile/second-factor/").content.decode()
    assert client.post("/profile/second-factor/app/remove/").status_code == 302
    passkey = Passkey.objects.get()
    answer = client.post(f"/profile/passkeys/{passkey.pk}/remove/")
    assert answer.status_code == 409
    assert "Set up another one" in answer.content.decode()
    assert Passkey.objects.count() == 1
    phone.set_up_app(client)
    Passkey.objects.all().delete()
    assert client.post("/profile/second-factor/app/remove/").status_code == 409
    assert AuthenticatorApp.objects.count() == 1


def test_a_key_cannot_change_the_rules(cast_a: Any) -> None:
    cast_a.org_admin.key_scopes = frozenset({Capability.MANAGE_ORGANIZATION})
    change = PolicyChange(
        SecondFactorRule.NOBODY,
        idle_limit_s=600,
        absolute_limit_s=3600,
        risk_mode=RiskMode.OFF,
        step_up_risk=0.3,
        deny_risk=0.7,
    )
    with pytest.raises(NeedsPersonError):
        set_sign_in_policy(cast_a.org_admin, change=change)
