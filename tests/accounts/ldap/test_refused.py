"""Whom a real directory does not know, or has shut out, stays out: one answer for all of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import ExternalIdentity, LDAPDirectory, SSOConnection, User, VerifiedDomain
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.ldap.conftest import ONE_ANSWER, connect, is_in, last_reason, sign_in
from tests.doubles.slapd import BASE, PASSWORD, PEOPLE, SERVICE_DN, Slapd, slapd


def refused(answer: Any) -> bool:
    return answer.status_code == 400 and ONE_ANSWER in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lena", "wrong"),
        ("lena", PASSWORD.upper()),
        ("lena", PASSWORD + " "),
        ("lena", PASSWORD[:-1]),
        ("nobody", PASSWORD),
        ("nobody", "wrong"),
        ("lena@elsewhere.example", PASSWORD),
        (f"uid=lena,{PEOPLE}", PASSWORD),
        (SERVICE_DN, "service-password"),
        ("prism", "service-password"),
        ("admin", "root-password"),
        # A filter within a name.
        ("*", PASSWORD),
        ("len*", PASSWORD),
        ("lena)(uid=*", PASSWORD),
        ("*)(uid=*))(|(uid=*", PASSWORD),
        ("lena)(&)", PASSWORD),
        ("\\6cena", PASSWORD),
        ("lena\\2a", PASSWORD),
        ("{name}", PASSWORD),
        ("x)(|(objectClass=*", PASSWORD),
        ("lena\ufffd", PASSWORD),
        ("x" * 254, PASSWORD),
    ],
)
def test_whoever_is_not_known_by_exactly_this_gets_one_answer(
    company: Slapd, directory: LDAPDirectory, browser: Client, name: str, password: str
) -> None:
    company.person("lena")
    answer = sign_in(browser, name, password)
    assert refused(answer)
    assert last_reason() == "wrong name or password"
    assert name not in str(AuditEntry.objects.latest("id").detail) or name == "*"
    assert not is_in(browser)
    assert User.objects.filter(email_key="lena@example.com").count() == 0
    assert sign_in(browser, "lena").status_code == 302


def test_the_pages_for_known_and_unknown_names_are_equal(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    company.person("lena")
    company.person("off", userPassword=None)
    pages = set()
    for name in ("lena", "none", "off"):
        text = sign_in(anonymous_client(tenant_a), name, "wrong").content.decode()
        pages.add(re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text).replace(f'value="{name}"', ""))
    assert len(pages) == 1


@pytest.mark.parametrize("password", ["", " ", "\u00ad", "\u200b", "\u00ad\u00ad"])
def test_an_empty_password_in_any_disguise_is_never_an_anonymous_bind(
    company: Slapd, directory: LDAPDirectory, browser: Client, password: str
) -> None:
    """A bind with a name and no password succeeds at most servers: it signs nobody in and is taken for a yes by careless programs.

    The soft hyphen is one that preparing a password as RFC 4013 says leaves nothing of.
    """
    company.person("lena")
    answer = sign_in(browser, "lena", password)
    assert answer.status_code == 400
    assert not is_in(browser)
    assert sign_in(browser, "lena").status_code == 302


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"userAccountControl": "514"}, "disabled"),
        ({"userAccountControl": "66050"}, "disabled"),
        ({"nsAccountLock": "TRUE"}, "disabled"),
        ({"accountExpires": "1"}, "expired"),
        ({"accountExpires": "132000000000000000"}, "expired"),
        ({"msDS-User-Account-Control-Computed": "16"}, "locked"),
        ({"msDS-User-Account-Control-Computed": "8388608"}, "password_expired"),
        ({"accountExpires": "soon"}, "unclear"),
        ({"accountExpires": ["0", "9"]}, "unclear"),
        ({"accountExpires": "-9999999999999999999999"}, "unclear"),
    ],
)
def test_whom_active_directory_has_shut_out_gets_the_same_answer_also_with_the_right_password(
    company: Slapd, tenant_a: TenantRef, browser: Client, changes: dict[str, Any], reason: str
) -> None:
    connect(company.tls_server, preset="active_directory")
    dn = company.ad_person("ada", **changes)
    assert refused(sign_in(browser, "ada"))
    assert last_reason() == reason
    assert not User.objects.filter(email_key="ada@example.com").exists()
    company.change(dn, **dict.fromkeys(changes))
    assert sign_in(browser, "ada").status_code == 302


def test_an_account_that_ends_tomorrow_is_good_today(company: Slapd, tenant_a: TenantRef, browser: Client) -> None:
    connect(company.tls_server, preset="active_directory")
    since_1601 = now() + timedelta(days=1) - datetime(1601, 1, 1, tzinfo=UTC)
    ticks = int(since_1601.total_seconds()) * 10_000_000
    dn = company.ad_person("ada", accountExpires=str(ticks))
    assert sign_in(browser, "ada").status_code == 302
    company.change(dn, accountExpires=str(ticks - 2 * 86400 * 10_000_000))
    browser.post("/sign-out/")
    assert refused(sign_in(browser, "ada"))


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("shadowExpire", "1", "expired"),
        ("shadowExpire", "-1", ""),
        ("pwdAccountLockedTime", "000001010000Z", "disabled"),
    ],
)
def test_what_unix_says_of_an_account_is_heard(
    company: Slapd, directory: LDAPDirectory, browser: Client, attribute: str, value: str, reason: str
) -> None:
    dn = company.person("lena", objectClass=["inetOrgPerson", "shadowAccount"])
    company.change(dn, **{attribute: value})
    answer = sign_in(browser, "lena")
    if value == "-1":
        assert answer.status_code == 302
        return
    assert refused(answer)
    assert last_reason() == reason
    company.change(dn, **{attribute: None})
    assert sign_in(browser, "lena").status_code == 302


def test_a_name_that_finds_two_finds_nobody(company: Slapd, directory: LDAPDirectory, browser: Client) -> None:
    company.person("lena")
    second = company.person("twin", mail="lena")
    assert refused(sign_in(browser, "lena"))
    company.remove(second)
    assert sign_in(browser, "lena").status_code == 302


def test_only_people_below_the_search_base_come_in(company: Slapd, directory: LDAPDirectory, browser: Client) -> None:
    company.person("outside", dn=f"uid=outside,{BASE}")
    assert refused(sign_in(browser, "outside"))
    LDAPDirectory.objects.update(search_base=BASE)
    assert sign_in(browser, "outside").status_code == 302


def test_an_address_of_somebody_else_signs_nobody_in_as_them(
    company: Slapd, directory: LDAPDirectory, cast_a: Any, browser: Client
) -> None:
    company.person("mallory", mail=cast_a.org_admin.email)
    VerifiedDomain.objects.update(verified_at=None)
    answer = sign_in(browser, "mallory")
    assert answer.status_code == 403
    assert "you have no access here" in answer.content.decode()
    assert (
        AuditEntry.objects.filter(action="person.not_admitted").latest("id").detail["reason"] == "domain_not_verified"
    )
    assert not ExternalIdentity.objects.exists()
    VerifiedDomain.objects.update(verified_at=now())
    assert sign_in(browser, "mallory").status_code == 302


def test_whoever_is_deactivated_here_stays_out(company: Slapd, directory: LDAPDirectory, browser: Client) -> None:
    company.person("lena")
    sign_in(browser, "lena")
    User.objects.filter(email_key="lena@example.com").update(is_active=False)
    assert not is_in(browser)
    assert sign_in(browser, "lena").status_code == 403
    User.objects.filter(email_key="lena@example.com").update(is_active=True)
    assert sign_in(browser, "lena").status_code == 302


def test_a_connection_that_is_off_or_not_there_has_no_page(
    company: Slapd, directory: LDAPDirectory, browser: Client
) -> None:
    company.person("lena")
    SSOConnection.objects.update(is_enabled=False)
    assert browser.get("/ldap/company/").status_code == 404
    assert sign_in(browser, "lena").status_code == 404
    assert browser.get("/ldap/none/").status_code == 404
    assert "Continue with Company" not in browser.get("/sign-in/").content.decode()
    SSOConnection.objects.update(is_enabled=True)
    assert "Continue with Company" in browser.get("/sign-in/").content.decode()
    assert sign_in(browser, "lena").status_code == 302


def test_ten_tries_at_one_account_are_enough(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    company.person("lena")
    statuses = [sign_in(anonymous_client(tenant_a), "lena", "wrong").status_code for _ in range(12)]
    assert statuses == [400] * 10 + [429] * 2
    assert sign_in(anonymous_client(tenant_a), "lena").status_code == 429, "the right password as well"


def test_nobody_is_tried_more_often_by_using_all_their_names(
    company: Slapd, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    connect(company.tls_server, preset="active_directory")
    company.ad_person("ada")
    names = ["ada", "ada@example.com", "ada@corp.example.com", "x\\ada"]
    for number in range(10):
        assert refused(sign_in(anonymous_client(tenant_a), names[number % 4], "wrong"))
    answer = sign_in(anonymous_client(tenant_a), "ada")
    assert refused(answer), "not told apart, for a count of several names would say that they are one person's"
    assert last_reason() == "tried too often by several names"


def test_fifty_tries_from_one_network_are_enough_on_both_pages_together(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    client = anonymous_client(tenant_a)
    for number in range(25):
        assert refused(sign_in(client, f"name{number}", "wrong"))
        assert client.post("/sign-in/", {"email": f"n{number}@x.de", "password": "wrong"}).status_code == 400
    assert sign_in(client, "lena", "wrong").status_code == 429


def test_a_directory_of_one_organization_signs_nobody_in_at_another(
    company: Slapd,
    directory: LDAPDirectory,
    tenant_a: TenantRef,
    tenant_b: TenantRef,
    anonymous_client: Callable[[TenantRef], Client],
    browser: Client,
    tmp_path: Any,
) -> None:
    with slapd(tmp_path / "other") as other:
        company.person("lena")
        other.person("max")
        with inside(tenant_b):
            connect(other.tls_server)
        beta = anonymous_client(tenant_b)
        assert refused(sign_in(beta, "lena"))
        assert refused(sign_in(browser, "max"))
        assert sign_in(beta, "max").status_code == 302
        assert sign_in(browser, "lena").status_code == 302
        for mine, theirs, tenant in (("lena", "max", None), ("max", "lena", tenant_b)):
            with inside(tenant or tenant_a):
                assert User.objects.filter(email_key=f"{mine}@example.com").exists()
                assert not User.objects.filter(email_key=f"{theirs}@example.com").exists()
                assert ExternalIdentity.objects.count() == 1


def test_one_organizations_sealed_password_opens_nothing_in_another(
    company: Slapd, directory: LDAPDirectory, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    company.person("lena")
    with inside(tenant_b):
        connect(company.tls_server, bind_password_sealed=directory.bind_password_sealed)
    assert sign_in(anonymous_client(tenant_b), "lena").status_code == 503
    with inside(tenant_b):
        assert not User.objects.filter(email_key="lena@example.com").exists()
