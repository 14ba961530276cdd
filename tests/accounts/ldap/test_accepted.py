"""Whom a directory knows comes in: every usual shape of people, names, servers and groups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import (
    BrowserSession,
    ExternalIdentity,
    GroupRule,
    Invitation,
    LDAPDirectory,
    Membership,
    SSOConnection,
    Team,
    User,
)
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.ldap.conftest import connect, is_in, sign_in
from tests.doubles.certificates import authority, server_certificate
from tests.doubles.slapd import BASE, GROUPS, PASSWORD, PEOPLE, Slapd, slapd


def test_somebody_new_comes_in_with_the_password_of_the_directory(
    company: Slapd, directory: LDAPDirectory, browser: Client
) -> None:
    company.person("lena")
    page = browser.get("/ldap/company/?next=/profile/").content.decode()
    assert "Sign in with Company" in page
    answer = sign_in(browser, "lena", next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert is_in(browser)
    person = User.objects.get(email_key="lena@example.com")
    assert (person.name, person.role, person.has_usable_password()) == ("Lena", "viewer", False)
    assert actions()[-2:] == ["person.joined_by_sso", "person.signed_in_by_sso"]
    session = BrowserSession.objects.get(person=person)
    assert (session.way, session.connection_name) == ("directory", "Company")


def test_whoever_is_in_already_goes_on(company: Slapd, directory: LDAPDirectory, browser: Client) -> None:
    company.person("lena")
    assert browser.get("/ldap/company/").status_code == 200
    sign_in(browser, "lena")
    assert browser.get("/ldap/company/?next=/profile/")["Location"] == "/profile/"
    assert browser.get("/ldap/company/?next=//evil.example/")["Location"] == "/"


def test_the_password_is_nowhere_afterwards(
    company: Slapd, directory: LDAPDirectory, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection

    secret = "not-to-be-kept-4711"
    company.person("lena", userPassword=secret)
    with caplog.at_level(0):
        assert sign_in(browser, "lena", secret).status_code == 302
        sign_in(browser, "lena", "wrong-" + secret)
    assert secret not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', [f"%{secret}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), (table, column)
    session = browser.session
    assert secret not in str(dict(session.items()))


@pytest.mark.parametrize("name", ["lena", "LENA", "  lena ", "lena@example.com", "Lena@Example.COM"])
def test_people_are_found_by_name_or_address_however_they_write_it(
    company: Slapd, directory: LDAPDirectory, browser: Client, name: str
) -> None:
    company.person("lena")
    assert sign_in(browser, name).status_code == 302
    assert is_in(browser)


@pytest.mark.parametrize("name", ["ada", "ada@corp.example.com", "ada@example.com", "CORP\\ada"])
def test_active_directory_knows_people_by_four_names(
    company: Slapd, tenant_a: TenantRef, browser: Client, name: str
) -> None:
    connect(company.tls_server, preset="active_directory")
    company.ad_person("ada", objectGUID=bytes(range(16)))
    assert sign_in(browser, name).status_code == 302
    identity = ExternalIdentity.objects.get()
    assert identity.subject == "03020100-0504-0706-0809-0a0b0c0d0e0f", "as Windows writes these sixteen bytes"
    assert identity.person.name == "Ada"


def test_a_person_stays_themselves_under_another_name_address_and_place(
    company: Slapd, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    connect(company.tls_server, preset="active_directory")
    dn = company.ad_person("ada")
    sign_in(anonymous_client(tenant_a), "ada")
    before = ExternalIdentity.objects.get().person
    with company.as_root() as root:
        root.modify_dn(dn, "cn=ada lovelace")
    company.change(f"cn=ada lovelace,{PEOPLE}", sAMAccountName="lovelace", mail="lovelace@elsewhere.example")
    assert sign_in(anonymous_client(tenant_a), "lovelace").status_code == 302
    assert ExternalIdentity.objects.get().person == before
    assert User.objects.filter(email_key="lovelace@elsewhere.example").count() == 0


@pytest.mark.parametrize("transport", ["ldaps", "starttls"])
def test_both_ways_of_tls_lead_in(company: Slapd, tenant_a: TenantRef, browser: Client, transport: str) -> None:
    server = company.tls_server if transport == "ldaps" else company.server
    connect(server, transport=transport)
    company.person("lena")
    assert sign_in(browser, "lena").status_code == 302


def test_a_server_may_be_named_by_its_address_if_its_certificate_names_it(
    company: Slapd, tenant_a: TenantRef, browser: Client
) -> None:
    connect(f"127.0.0.1:{company.tls_port}")
    company.person("lena")
    assert sign_in(browser, "lena").status_code == 302


def test_without_tls_only_this_machine_and_only_if_the_operator_says_so(
    company: Slapd, tenant_a: TenantRef, browser: Client, settings: Any
) -> None:
    connect(company.server, transport="plain")
    company.person("lena")
    assert sign_in(browser, "lena").status_code == 503
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
    assert sign_in(browser, "lena").status_code == 302


def test_the_second_server_answers_when_the_first_one_is_off(
    company: Slapd, tenant_a: TenantRef, browser: Client, tmp_path: Path
) -> None:
    with slapd(tmp_path / "first") as first:
        connect(first.tls_server, company.tls_server)
        company.person("lena")
        first.stop()
        assert sign_in(browser, "lena").status_code == 302
        assert is_in(browser)


def test_a_self_signed_certificate_that_was_pasted_is_trusted(
    tenant_a: TenantRef, loopback: None, browser: Client, tmp_path: Path
) -> None:
    own = server_certificate(signed_by=None)
    with slapd(tmp_path / "own", certificate=own) as server:
        connect(server.tls_server, ca_certificates=authority("Another").pem + own.pem)
        server.person("lena")
        assert sign_in(browser, "lena").status_code == 302


@pytest.mark.parametrize(
    "password", ["pässwörd mit Länge", "with space ", "\u00adsoft", "日本語のパスワード", "*()\\\x00"]
)
def test_a_password_goes_to_the_directory_exactly_as_it_was_typed(
    company: Slapd, directory: LDAPDirectory, browser: Client, password: str
) -> None:
    company.person("lena", userPassword=password)
    assert sign_in(browser, "lena", password + "x").status_code == 400
    answer = sign_in(browser, "lena", password)
    assert answer.status_code == (400 if "\x00" in password else 302), "no form takes a NUL"


@pytest.mark.parametrize("name", ["o'brien", "müller", "a*b", "smith (jr)", "back\\slash", 'weiß,komma=+<>#;"', "日本"])
def test_odd_names_are_only_names(company: Slapd, directory: LDAPDirectory, browser: Client, name: str) -> None:
    company.person("odd", dn=f"cn=odd,{PEOPLE}", uid=name)
    company.person("decoy")
    assert sign_in(browser, name).status_code == 302
    assert User.objects.filter(email_key="odd@example.com").exists()


def rules(directory: LDAPDirectory, **meanings: Any) -> None:
    SSOConnection.objects.update(follows_groups=True)
    for group, meaning in meanings.items():
        role, team = ("", meaning) if isinstance(meaning, Team) else (meaning, None)
        GroupRule.objects.create(connection=directory.connection, group=group, role=role, team=team)


def test_groups_in_an_attribute_give_roles_and_teams(company: Slapd, directory: LDAPDirectory, browser: Client) -> None:
    team = Team.objects.create(name="Fraud")
    dn = company.person("lena")
    company.group("leads", dn)
    company.group("fraud", dn)
    rules(directory, **{f"CN=Leads, OU=Groups,{BASE.upper()}": "team_lead", f"cn=fraud,{GROUPS}": team})
    sign_in(browser, "lena")
    person = User.objects.get(email_key="lena@example.com")
    assert person.role == "team_lead", "however the name is spelled"
    assert Membership.objects.filter(user=person, team=team).exists()


@pytest.mark.parametrize("kind", ["groupOfNames", "groupOfUniqueNames"])
def test_groups_that_name_their_members_give_roles(
    company: Slapd, tenant_a: TenantRef, browser: Client, kind: str
) -> None:
    attribute = "member" if kind == "groupOfNames" else "uniqueMember"
    found = connect(company.tls_server, group_source="search", group_base=GROUPS, member_attribute=attribute)
    company.group("analysts", company.person("lena"), kind=kind)
    rules(found, analysts="analyst")
    sign_in(browser, "lena")
    assert User.objects.get(email_key="lena@example.com").role == "analyst"


def test_a_short_name_means_a_group_only_where_groups_are_said_to_be(
    company: Slapd, tenant_a: TenantRef, browser: Client
) -> None:
    found = connect(company.tls_server, group_base=GROUPS)
    company.group("leads", company.person("mallory"), below=PEOPLE)
    rules(found, leads="team_lead")
    sign_in(browser, "mallory")
    assert User.objects.get(email_key="mallory@example.com").role == "viewer"
    LDAPDirectory.objects.update(group_base=PEOPLE)
    sign_in(browser, "mallory")
    assert User.objects.get(email_key="mallory@example.com").role == "team_lead", "now an administrator has said so"


def test_a_group_that_is_left_takes_its_role_with_it(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    dn = company.person("lena")
    group = company.group("leads", dn, company.person("other"))
    rules(directory, **{f"cn=leads,{GROUPS}": "team_lead"})
    sign_in(anonymous_client(tenant_a), "lena")
    company.change(group, member=f"uid=other,{PEOPLE}")
    sign_in(anonymous_client(tenant_a), "lena")
    assert User.objects.get(email_key="lena@example.com").role == "viewer"
    assert "person.role_followed" in actions()


def test_an_invitation_and_an_account_that_are_there_are_used(
    company: Slapd,
    directory: LDAPDirectory,
    cast_a: Any,
    anonymous_client: Callable[[TenantRef], Client],
    tenant_a: TenantRef,
) -> None:
    from apps.accounts.capabilities import RoleName
    from apps.accounts.services.invite import invite_person

    SSOConnection.objects.update(admits_new_people=False)
    invite_person(cast_a.org_admin, email="new@example.com", role=RoleName.ANALYST, name="New")
    company.person("new")
    company.person("old", mail=cast_a.analyst.email)
    assert sign_in(anonymous_client(tenant_a), "new").status_code == 302
    assert Invitation.objects.get(email_key="new@example.com").accepted_at is not None
    assert sign_in(anonymous_client(tenant_a), "old").status_code == 302
    assert ExternalIdentity.objects.filter(person=cast_a.analyst).exists()


def test_a_good_sign_in_forgives_the_bad_ones_before_it(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> None:
    company.person("lena")
    for _round in range(2):
        for _number in range(8):
            assert sign_in(anonymous_client(tenant_a), "lena", "wrong").status_code == 400
        assert sign_in(anonymous_client(tenant_a), "lena", PASSWORD).status_code == 302
