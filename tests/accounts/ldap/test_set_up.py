"""An administrator connects a directory: describe, ask, say who may come, look somebody up, switch on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import ExternalIdentity, GroupRule, LDAPDirectory, SSOConnection, User, VerifiedDomain
from apps.accounts.services.describe_directory import DirectoryFacts, describe_directory
from apps.accounts.sso.ldap_directory import PASSWORD_PURPOSE
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.storage.sealed_values import unseal
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.ldap.conftest import sign_in
from tests.doubles.certificates import authority
from tests.doubles.slapd import BASE, GROUPS, PEOPLE, SERVICE_DN, SERVICE_PASSWORD, Slapd

HOME = "/organization/single-sign-on/"


@pytest.fixture
def admin(cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


def place() -> str:
    """The page of the one connection."""
    return f"{HOME}{SSOConnection.objects.get().pk}/"


def described(server: str, **changes: str) -> dict[str, str]:
    """What an administrator fills in."""
    return {
        "servers": server,
        "transport": "ldaps",
        "ca_certificates": authority().pem,
        "bind_dn": SERVICE_DN,
        "bind_password": SERVICE_PASSWORD,
        "search_base": PEOPLE,
        "user_filter": "(&(objectClass=inetOrgPerson)(|(uid={name})(mail={name})))",
        "id_attribute": "entryUUID",
        "group_source": "member_of",
        "group_base": GROUPS,
        "member_attribute": "member",
        **changes,
    }


@pytest.fixture
def made(admin: Client, company: Slapd) -> Client:
    """The administrator, who has described the directory."""
    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    assert admin.post(f"{place()}directory/", described(company.tls_server)).status_code == 302
    return admin


def test_from_nothing_to_people_who_sign_in(admin: Client, company: Slapd, browser: Client) -> None:
    company.group("analysts", company.person("lena"))
    made = admin.post(HOME, {"preset": "openldap", "name": "Company"})
    page = admin.get(made["Location"]).content.decode()
    assert "1. Describe your directory" in page
    assert "(uid={name})(mail={name})" in page, "what is usual stands there already"
    assert "SCIM" not in page
    switched = admin.post(f"{place()}switch/", {"is_enabled": "yes"})
    assert (switched.status_code, "Describe the directory first" in switched.content.decode()) == (409, True)

    assert admin.post(f"{place()}directory/", described(company.tls_server)).status_code == 302
    page = admin.get(place()).content.decode()
    assert company.tls_server in page
    assert SERVICE_PASSWORD not in page
    asked = admin.post(f"{place()}directory/try/")
    assert (asked.status_code, "The filter finds one person" in asked.content.decode()) == (200, True)

    VerifiedDomain.objects.create(domain="example.com", verified_at=now())
    admin.post(
        f"{place()}people/", {"admits_new_people": "on", "default_role": "viewer", "rules": "analysts = analyst"}
    )
    shown = admin.post(f"{place()}directory/look-up/", {"user_name": "lena"}).content.decode()
    assert "An account would be made for lena@example.com, as analyst" in shown
    assert f"cn=analysts,{GROUPS}" in shown
    assert "userPassword" not in shown
    assert not User.objects.filter(email_key="lena@example.com").exists(), "looking makes nobody"

    assert browser.get("/ldap/company/").status_code == 404, "not switched on yet"
    admin.post(f"{place()}switch/", {"is_enabled": "yes"})
    assert 'href="/ldap/company/"' in browser.get("/sign-in/").content.decode()
    assert sign_in(browser, "lena").status_code == 302
    assert User.objects.get(email_key="lena@example.com").role == "analyst"
    assert {"sso.connection_made", "sso.connection_changed"} <= set(actions())


def test_the_filled_in_words_are_active_directorys_where_that_is_chosen(admin: Client) -> None:
    made = admin.post(HOME, {"preset": "active_directory", "name": "AD", "kind": "saml"})
    page = admin.get(made["Location"]).content.decode()
    assert SSOConnection.objects.get().kind == "ldap"
    assert "(sAMAccountName={name})(userPrincipalName={name})(mail={name})" in page
    assert 'value="objectGUID"' in page
    assert "user principal name" in page
    assert 'placeholder="displayName"' in page


@pytest.mark.parametrize(
    "changes",
    [
        {"servers": ""},
        {"servers": "dc 1.example.com"},
        {"servers": "ldapi:///var/run/ldapi"},
        {"servers": "dc1.example.com:25"},
        {"servers": "dc1.example.com:99999"},
        {"servers": "user@dc1.example.com"},
        {"servers": "dc1.example.com/dc=x"},
        {"servers": "\n".join(f"dc{n}.example.com" for n in range(7))},
        {"transport": "plain"},
        {"transport": "none"},
        {"ca_certificates": "not a certificate"},
        {"ca_certificates": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
        {"bind_dn": ""},
        {"bind_dn": "prism"},
        {"bind_password": ""},
        {"search_base": ""},
        {"search_base": "people"},
        {"group_base": "groups"},
        {"group_source": "guess"},
        {"id_attribute": ""},
        {"id_attribute": "entryUUID)(uid=*"},
        {"member_attribute": "owner"},
        {"user_filter": ""},
        {"user_filter": "(uid=lena)"},
        {"user_filter": "uid={name}"},
        {"user_filter": "(uid={name}"},
        {"user_filter": "(uid=a{name})"},
        {"user_filter": "(uid={name}*)"},
        {"user_filter": "(uid>={name})"},
        {"user_filter": "(uid:caseExactMatch:={name})"},
        {"user_filter": "(!(uid={name}))"},
        {"user_filter": "(&(objectClass=person)(!(|(uid={name})(mail={name}))))"},
        {"user_filter": "(&(uid={name})(cn={other}))"},
        {"user_filter": "(uid={name})(mail={name})"},
    ],
    ids=str,
)
def test_what_describes_no_directory_is_refused_and_changes_nothing(
    admin: Client, company: Slapd, changes: dict[str, str]
) -> None:
    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    answer = admin.post(f"{place()}directory/", described(company.tls_server, **changes))
    assert answer.status_code == 400
    assert not LDAPDirectory.objects.exists()
    assert SERVICE_PASSWORD not in answer.content.decode()
    assert admin.post(f"{place()}directory/", described(company.tls_server)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("DC1.Example.com", ["dc1.example.com:636"]),
        ("ldaps://dc1.example.com/", ["dc1.example.com:636"]),
        ("dc1.example.com\n\n dc2.example.com:3269 ", ["dc1.example.com:636", "dc2.example.com:3269"]),
        ("dc1.example.com\ndc1.example.com:636", ["dc1.example.com:636"]),
        ("10.1.2.3:1636", ["10.1.2.3:1636"]),
        ("[2001:db8::1]", ["[2001:db8::1]:636"]),
    ],
)
def test_servers_may_be_written_as_people_know_them(admin: Client, company: Slapd, typed: str, kept: list[str]) -> None:
    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    admin.post(f"{place()}directory/", described(typed))
    assert LDAPDirectory.objects.get().servers == kept


def test_without_tls_is_offered_only_where_the_operator_allows_it(admin: Client, company: Slapd, settings: Any) -> None:
    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    assert "Without TLS" not in admin.get(place()).content.decode()
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
    assert "Without TLS" in admin.get(place()).content.decode()
    values = described("localhost", transport="plain", bind_dn="prism@corp.example.com")
    assert admin.post(f"{place()}directory/", values).status_code == 302
    assert LDAPDirectory.objects.get().servers == ["localhost:389"]


def test_the_password_is_sealed_and_stays_while_nothing_around_it_changes(made: Client, company: Slapd) -> None:
    sealed = LDAPDirectory.objects.get().bind_password_sealed
    assert SERVICE_PASSWORD not in sealed
    assert unseal(sealed, purpose=PASSWORD_PURPOSE) == SERVICE_PASSWORD
    assert made.post(f"{place()}directory/", described(company.tls_server, bind_password="")).status_code == 302
    kept = described(company.tls_server, bind_password="", search_base=BASE)
    assert made.post(f"{place()}directory/", kept).status_code == 302
    assert LDAPDirectory.objects.get().bind_password_sealed == sealed
    assert AuditEntry.objects.latest("id").detail["what"] == "search_base"
    assert SERVICE_PASSWORD not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "changes",
    [{"servers": "evil.example.com"}, {"transport": "starttls"}, {"ca_certificates": ""}, {"bind_dn": f"cn=x,{BASE}"}],
    ids=str,
)
def test_the_stored_password_is_not_sent_elsewhere_by_whoever_does_not_know_it(
    made: Client, company: Slapd, changes: dict[str, str]
) -> None:
    before = LDAPDirectory.objects.values().get()
    answer = made.post(f"{place()}directory/", described(company.tls_server, bind_password="", **changes))
    assert answer.status_code == 400
    assert "password" in answer.content.decode()
    assert LDAPDirectory.objects.values().get() == before
    assert made.post(f"{place()}directory/", described(company.tls_server, **changes)).status_code == 302


def test_another_identifying_attribute_forgets_who_was_known_by_the_old_one(
    made: Client, company: Slapd, browser: Client
) -> None:
    company.person("lena", employeeNumber="77")
    VerifiedDomain.objects.create(domain="example.com", verified_at=now())
    SSOConnection.objects.update(is_enabled=True, admits_new_people=True)
    sign_in(browser, "lena")
    before = ExternalIdentity.objects.get()
    made.post(f"{place()}directory/", described(company.tls_server, id_attribute="employeeNumber"))
    assert not ExternalIdentity.objects.exists()
    browser.post("/sign-out/")
    assert sign_in(browser, "lena").status_code == 302
    after = ExternalIdentity.objects.get()
    assert (after.person, after.subject) == (before.person, "77")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bind_password": "wrong"}, "refuses the service account"),
        ({"ca_certificates": ""}, "not signed by an authority that is trusted here"),
        ({"search_base": "ou=none,dc=example,dc=com"}, "no such search base"),
        ({"servers": "10.0.0.1"}, "its operator can allow it"),
        ({"servers": "localhost:1025"}, "does not answer"),
    ],
)
def test_a_trial_says_what_stands_in_the_way(
    made: Client, company: Slapd, changes: dict[str, str], sentence: str
) -> None:
    made.post(f"{place()}directory/", described(company.tls_server, **changes))
    for step in ("try/", "look-up/"):
        answer = made.post(f"{place()}directory/{step}", {"user_name": "lena"})
        assert (answer.status_code, sentence in answer.content.decode()) == (503, True)


@pytest.mark.parametrize("name", ["nobody", "*", "len*", "", "x" * 300, "a\x07b"])
def test_whoever_is_not_found_is_not_shown(made: Client, company: Slapd, name: str) -> None:
    company.person("lena")
    assert made.post(f"{place()}directory/look-up/", {"user_name": name}).status_code == 400
    assert made.post(f"{place()}directory/look-up/", {"user_name": "lena"}).status_code == 200


def test_looking_up_tells_what_would_become_of_somebody(made: Client, company: Slapd, cast_a: Any) -> None:
    company.person("lena")
    company.person("boss", mail=cast_a.org_admin.email)
    company.change(company.person("off"), pwdAccountLockedTime="000001010000Z")

    def look(name: str) -> str:
        return str(made.post(f"{place()}directory/look-up/", {"user_name": name}).content.decode())

    assert "is not proven" in look("lena")
    VerifiedDomain.objects.create(domain="example.com", verified_at=now())
    assert "no account and no invitation" in look("lena")
    assert f"{cast_a.org_admin.name} would be signed in" in look("boss")
    assert "somebody who is shut out" in look("off")
    assert not ExternalIdentity.objects.exists()


def test_people_are_counted_no_further_than_the_server_answers(made: Client, company: Slapd) -> None:
    with company.as_root() as root:
        for number in range(501):
            root.add(
                f"uid=n{number},{PEOPLE}",
                attributes={"objectClass": "inetOrgPerson", "uid": f"n{number}", "cn": "N", "sn": "N"},
            )
    assert "finds 500 people or more" in made.post(f"{place()}directory/try/").content.decode()


def test_trouble_with_asking_for_leavers_is_shown(made: Client) -> None:
    assert "could not be asked who has left" not in made.get(place()).content.decode()
    LDAPDirectory.objects.update(trouble="many_missing")
    page = made.get(place()).content.decode()
    assert "could not be asked who has left" in page
    assert "Suddenly many people are missing" in page


def test_a_directory_is_no_saml_connection_and_the_other_way_round(made: Client, company: Slapd) -> None:
    assert made.post(f"{place()}try/")["Location"] == place()
    facts = {"entity_id": "https://idp.example/", "sso_url": "https://idp.example/sso", "certificates": authority().pem}
    assert made.post(f"{place()}provider/", facts).status_code == 404
    assert made.post(f"{place()}provisioning/").status_code == 404
    SSOConnection.objects.all().delete()
    made.post(HOME, {"preset": "okta", "name": "Okta"})
    assert made.post(f"{place()}provisioning/").status_code == 201
    assert made.post(f"{place()}directory/", described(company.tls_server)).status_code == 404
    assert made.post(f"{place()}directory/try/").status_code == 404
    assert made.post(f"{place()}directory/look-up/", {"user_name": "x"}).status_code == 404


def test_describing_asks_who_it_is_after_ten_minutes(
    admin: Client, company: Slapd, cast_a: Any, tenant_a: TenantRef
) -> None:
    from datetime import timedelta

    import time_machine

    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    with time_machine.travel(now() + timedelta(minutes=11)):
        answer = admin.post(f"{place()}directory/", described(company.tls_server))
        assert answer["Location"].startswith("/confirm/")
    assert not LDAPDirectory.objects.exists()
    assert admin.post(f"{place()}directory/", described(company.tls_server))["Location"] == place()


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_administrators_may_see_or_change_any_of_it(
    made: Client, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef, company: Slapd, role: str
) -> None:
    other = client_for(getattr(cast_a, role), tenant_a)
    assert other.get(place()).status_code == 403
    before = LDAPDirectory.objects.values().get()
    for deed in ("directory/", "directory/try/", "directory/look-up/", "switch/"):
        assert other.post(place() + deed, described(company.tls_server, search_base=BASE)).status_code == 403
    assert LDAPDirectory.objects.values().get() == before


def test_what_is_not_described_is_not_tried_and_what_is_no_directory_not_described(
    admin: Client, cast_a: Any, company: Slapd
) -> None:
    admin.post(HOME, {"preset": "openldap", "name": "Company"})
    assert admin.post(f"{place()}directory/try/").status_code == 409
    assert admin.post(f"{place()}directory/look-up/", {"user_name": "lena"}).status_code == 409
    SSOConnection.objects.all().delete()
    admin.post(HOME, {"preset": "okta", "name": "Okta"})
    facts = DirectoryFacts(("dc1:636",), "ldaps", "", SERVICE_DN, PEOPLE, "(uid={name})", "entryUUID", "member_of")
    with pytest.raises(NotFoundError):
        describe_directory(cast_a.org_admin, connection_id=SSOConnection.objects.get().pk, facts=facts, password="x")
    assert not LDAPDirectory.objects.exists()


def test_a_directory_goes_with_its_connection(made: Client) -> None:
    GroupRule.objects.create(connection=SSOConnection.objects.get(), group="x", role="viewer")
    made.post(f"{place()}remove/")
    assert not LDAPDirectory.objects.exists()
