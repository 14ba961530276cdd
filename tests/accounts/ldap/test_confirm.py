"""Whoever came by a directory confirms that it is them with the only password that they have."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import ExternalIdentity, LDAPDirectory, SSOConnection, User
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.ldap.conftest import connect, last_reason, sign_in
from tests.conftest import PASSWORD as OURS
from tests.doubles.slapd import PASSWORD, PEOPLE, Slapd

LONG_AGO = 1


@pytest.fixture
def lena(company: Slapd, directory: LDAPDirectory, browser: Client) -> Client:
    """In by the directory, and long ago."""
    company.person("lena")
    company.person("max", userPassword="another one")
    sign_in(browser, "lena")
    session = browser.session
    session["proved_at_s"] = LONG_AGO
    session.save()
    return browser


def confirm(client: Client, password: str) -> int:
    return int(client.post("/confirm/", {"current": password, "next": "/profile/"}).status_code)


def is_fresh(client: Client) -> bool:
    return bool(client.session["proved_at_s"] > LONG_AGO)


def test_the_directorys_password_is_enough(lena: Client) -> None:
    assert confirm(lena, PASSWORD) == 302
    assert is_fresh(lena)
    assert actions()[-1] == "person.reauthenticated"


@pytest.mark.parametrize("password", ["wrong", "another one", "", "\u00ad", "x" * 257, "service-password"])
def test_no_other_one_is(lena: Client, password: str) -> None:
    assert confirm(lena, password) == 400
    assert not is_fresh(lena)
    assert confirm(lena, PASSWORD) == 302


@pytest.mark.parametrize(
    "leaves",
    [
        lambda company: company.change(f"uid=lena,{PEOPLE}", pwdAccountLockedTime="000001010000Z"),
        lambda company: company.remove(f"uid=lena,{PEOPLE}"),
        lambda company: (company.remove(f"uid=lena,{PEOPLE}"), company.person("lena")),
    ],
    ids=["disabled", "gone", "another entry of the same name"],
)
def test_whom_the_directory_has_shut_out_confirms_nothing(
    company: Slapd, lena: Client, leaves: Callable[[Slapd], None]
) -> None:
    leaves(company)
    assert confirm(lena, PASSWORD) == 400
    assert not is_fresh(lena)


def test_a_directory_that_is_off_or_away_confirms_nothing(company: Slapd, lena: Client) -> None:
    SSOConnection.objects.update(is_enabled=False)
    assert confirm(lena, PASSWORD) == 400
    SSOConnection.objects.update(is_enabled=True)
    LDAPDirectory.objects.update(servers=["localhost:1025"])
    assert confirm(lena, PASSWORD) == 503
    assert last_reason("sso.directory_failed") == "no_answer"
    assert not is_fresh(lena)
    LDAPDirectory.objects.update(servers=[company.tls_server])
    assert confirm(lena, PASSWORD) == 302


def test_whoever_did_not_come_by_the_directory_is_not_asked_for_there(
    company: Slapd, directory: LDAPDirectory, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef
) -> None:
    company.person("analyst", mail=cast_a.analyst.email)
    client = client_for(cast_a.analyst, tenant_a)
    assert confirm(client, PASSWORD + "x") == 400
    assert confirm(client, OURS) == 302
    assert not ExternalIdentity.objects.exists()
    assert User.objects.get(pk=cast_a.analyst.pk).has_usable_password()


def test_active_directorys_people_are_found_by_their_guid(company: Slapd, tenant_a: TenantRef, browser: Client) -> None:
    connect(company.tls_server, preset="active_directory")
    company.ad_person("ada", objectGUID=bytes(range(16)))
    sign_in(browser, "ada")
    assert confirm(browser, PASSWORD + "x") == 400
    assert confirm(browser, PASSWORD) == 302
