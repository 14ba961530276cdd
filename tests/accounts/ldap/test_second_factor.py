"""A directory's password is a password: it shows no second factor, so the organization's rule holds as after ours."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import BrowserSession, LDAPDirectory, SignInPolicy, User
from apps.kernel.tenancy.context import TenantRef
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.accounts.ldap.conftest import is_in, sign_in
from tests.doubles.authenticator import Authenticator
from tests.doubles.slapd import Slapd


@pytest.fixture
def lena(company: Slapd, directory: LDAPDirectory, browser: Client) -> User:
    """Has come by the directory, and is in."""
    company.person("lena")
    sign_in(browser, "lena")
    return User.objects.get(email_key="lena@example.com")


def test_a_rule_for_everyone_asks_whoever_comes_by_the_directory(
    company: Slapd, directory: LDAPDirectory, browser: Client
) -> None:
    company.person("lena")
    SignInPolicy.objects.create(second_factor="everyone")
    assert sign_in(browser, "lena")["Location"] == "/sign-in/second-factor/set-up/"
    assert not is_in(browser)
    assert actions()[-1] == "person.directory_password_accepted"
    assert "person.signed_in_by_sso" not in actions(), "nobody is in yet"
    seed = phone.seed_on(browser.get("/sign-in/second-factor/set-up/"))
    assert browser.post("/sign-in/second-factor/set-up/", {"code": phone.code_of(seed)}).status_code == 200
    assert is_in(browser)
    session = BrowserSession.objects.get(person__email_key="lena@example.com")
    assert (session.way, session.connection_name) == ("second_factor", "Company")


@pytest.mark.parametrize("requires_sso", [False, True])
def test_a_code_is_asked_after_the_directorys_password(
    lena: User,
    browser: Client,
    anonymous_client: Callable[[TenantRef], Client],
    tenant_a: TenantRef,
    requires_sso: bool,
) -> None:
    seed, _codes = phone.set_up_app(browser)
    SignInPolicy.objects.create(requires_sso=requires_sso)
    other = anonymous_client(tenant_a)
    assert sign_in(other, "lena", next="/profile/")["Location"] == "/sign-in/second-factor/"
    assert not is_in(other)
    assert other.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 400
    assert other.post("/sign-in/second-factor/", {"code": phone.code_of(seed, steps=1)})["Location"] == "/profile/"
    assert is_in(other)


def test_where_single_sign_on_is_required_a_passkey_helps_after_the_directory_and_never_alone(
    lena: User, browser: Client, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    device = Authenticator()
    phone.register(browser, device)
    SignInPolicy.objects.create(requires_sso=True)
    alone = anonymous_client(tenant_a)
    assert phone.show(alone, device).status_code == 400
    assert not is_in(alone)
    after = anonymous_client(tenant_a)
    sign_in(after, "lena")
    assert phone.show(after, device).status_code == 302
    assert is_in(after)
    newest = BrowserSession.objects.filter(person=lena).latest("started_at")
    assert newest.connection_name == "Company"


def test_half_a_sign_in_is_worth_nothing_once_the_account_is_deactivated(
    lena: User, browser: Client, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    seed, _codes = phone.set_up_app(browser)
    half = anonymous_client(tenant_a)
    sign_in(half, "lena")
    User.objects.filter(pk=lena.pk).update(is_active=False)
    code = {"code": phone.code_of(seed, steps=1)}
    assert half.post("/sign-in/second-factor/", code)["Location"] == "/sign-in/"
    User.objects.filter(pk=lena.pk).update(is_active=True)
    assert half.post("/sign-in/second-factor/", code)["Location"] == "/"
