"""Who has left the directory is out within minutes; a directory that cannot be asked puts nobody out."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from apps.accounts.capabilities import RoleName
from apps.accounts.models import BrowserSession, ExternalIdentity, LDAPDirectory, SSOConnection, User
from apps.accounts.services.follow_directory import USUAL_LEAVERS, follow_directory
from apps.accounts.tasks import ask_every_directory
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.ldap.conftest import connect, is_in, sign_in
from tests.doubles import ldap_wire as ldap
from tests.doubles.ldap_wire import LDAPWire, ldap_wire
from tests.doubles.slapd import BASE, PEOPLE, Slapd

Browsers = dict[str, Client]


def follow() -> int:
    return follow_directory(SSOConnection.objects.get().pk)


def active() -> set[str]:
    """The active people who came by the directory."""
    known = ExternalIdentity.objects.filter(person__is_active=True)
    return set(known.values_list("person__name", flat=True))


def why(action: str = "person.deprovisioned") -> str:
    return str(AuditEntry.objects.filter(action=action).latest("id").detail["reason"])


@pytest.fixture
def signed_in(
    company: Slapd, directory: LDAPDirectory, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef
) -> Browsers:
    """Three people of the directory, each in a browser."""
    browsers = {}
    for name in ("lena", "max", "nora"):
        company.person(name)
        browsers[name] = anonymous_client(tenant_a)
        assert sign_in(browsers[name], name).status_code == 302
    return browsers


def test_whoever_is_still_there_stays(signed_in: Browsers) -> None:
    before = actions()
    assert follow() == 0
    assert active() == {"Lena", "Max", "Nora"}
    assert actions() == before, "nothing has happened"
    assert all(is_in(browser) for browser in signed_in.values())
    assert ExternalIdentity.objects.filter(last_seen_there_at=None).count() == 0


def test_whoever_is_gone_is_out(company: Slapd, signed_in: Browsers) -> None:
    company.remove(f"uid=lena,{PEOPLE}")
    assert follow() == 1
    assert active() == {"Max", "Nora"}
    assert (why(), actions()[-1]) == ("missing", "person.deprovisioned")
    assert not is_in(signed_in["lena"])
    assert is_in(signed_in["max"])
    assert follow() == 0, "once"


def moved(company: Slapd) -> None:
    with company.as_root() as root:
        root.modify_dn(f"uid=lena,{PEOPLE}", "uid=lena", new_superior=BASE)


@pytest.mark.parametrize(
    ("leaves", "reason"),
    [
        (lambda company: company.change(f"uid=lena,{PEOPLE}", pwdAccountLockedTime="000001010000Z"), "disabled"),
        (moved, "missing"),
    ],
    ids=["disabled", "moved out of the search base"],
)
def test_whoever_is_shut_out_or_moved_away_is_out(
    company: Slapd, signed_in: Browsers, leaves: Callable[[Slapd], None], reason: str
) -> None:
    leaves(company)
    assert follow() == 1
    assert (active(), why()) == ({"Max", "Nora"}, reason)
    assert not is_in(signed_in["lena"])


def test_whom_the_filter_does_not_find_any_more_is_out(company: Slapd, signed_in: Browsers) -> None:
    group = company.group("prism", *(f"uid={name},{PEOPLE}" for name in ("lena", "max", "nora")))
    template = f"(&(memberOf={group})(uid={{name}}))"
    LDAPDirectory.objects.update(user_filter=template)
    assert follow() == 0
    company.change(group, member=f"uid=max,{PEOPLE}")
    with company.as_root() as root:
        root.modify(group, {"member": [("MODIFY_ADD", [f"uid=nora,{PEOPLE}"])]})
    assert follow() == 1
    assert active() == {"Max", "Nora"}


def test_active_directory_is_asked_by_guid_and_its_bits_are_heard(
    company: Slapd, tenant_a: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    connect(company.tls_server, preset="active_directory")
    dns = {
        name: company.ad_person(name, objectGUID=bytes([42, number, 40, 92]) * 4)
        for number, name in enumerate(("ada", "bob", "cy"))
    }
    browsers = {name: anonymous_client(tenant_a) for name in dns}
    for name, browser in browsers.items():
        assert sign_in(browser, name).status_code == 302
    company.change(dns["ada"], userAccountControl="514")
    company.change(dns["bob"], msDS_User_Account_Control_Computed="16")
    assert follow() == 1
    assert (active(), why()) == ({"Bob", "Cy"}, "disabled"), "a lock goes by itself, and takes nobody's account away"
    assert not is_in(browsers["ada"])


def test_a_server_that_cannot_be_reached_changes_nothing(company: Slapd, signed_in: Browsers) -> None:
    company.remove(f"uid=lena,{PEOPLE}")
    LDAPDirectory.objects.update(servers=["localhost:1025"])
    for _round in range(3):
        assert follow() == 0
    assert is_in(signed_in["lena"])
    assert actions().count("sso.directory_failed") == 1, "said once, not every round"
    assert why("sso.directory_failed") == "no_answer"
    LDAPDirectory.objects.update(servers=[company.tls_server])
    assert follow() == 1
    assert "sso.directory_asked" in actions()
    assert not is_in(signed_in["lena"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"bind_dn": "cn=nobody,dc=example,dc=com"}, "service_account"),
        ({"search_base": "ou=elsewhere,dc=example,dc=com"}, "no_base"),
        ({"user_filter": "(&(uid={name})(description=none))"}, "many_missing"),
        ({"ca_certificates": ""}, "certificate_not_trusted"),
    ],
)
def test_a_directory_that_is_described_wrongly_puts_nobody_out(
    company: Slapd, signed_in: Browsers, changes: dict[str, str], reason: str
) -> None:
    good = LDAPDirectory.objects.values().get()
    LDAPDirectory.objects.update(**changes)
    assert follow() == 0
    assert why("sso.directory_failed") == reason
    assert active() == {"Lena", "Max", "Nora"}
    LDAPDirectory.objects.update(**{name: good[name] for name in changes})
    company.remove(f"uid=lena,{PEOPLE}")
    assert follow() == 1


@pytest.mark.parametrize(
    "answers",
    [
        lambda number: [ldap.done(number, 3)],
        lambda number: [ldap.done(number, 11)],
        lambda number: [ldap.person(number), ldap.done(number, 4)],
        lambda number: [ldap.done(number, 10, referral="ldap://127.0.0.1:1/")],
        lambda number: [ldap.person(number, entryUUID=["u-1", "u-2"]), ldap.done(number)],
    ],
    ids=["time limit", "administrative limit", "size limit", "referral", "unclear"],
)
def test_an_answer_that_is_not_whole_puts_nobody_out(
    loopback: None, settings: Any, tenant_a: TenantRef, browser: Client, answers: Callable[[int], list[bytes]]
) -> None:
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
    with ldap_wire() as wire:
        connect(wire.server, transport="plain")
        sign_in(browser, "lena")
        wire.on_search = lambda _wire, number, _content: answers(number)
        assert follow() == 0
        assert is_in(browser)
        wire.on_search = lambda _wire, number, _content: [ldap.done(number)]
        assert follow() == 1
        assert not is_in(browser)


def people_of_the_directory(number: int, connection: SSOConnection) -> None:
    for index in range(number):
        person = User.objects.create_person(f"p{index}@example.com", name=f"P{index}", role=RoleName.VIEWER)
        ExternalIdentity.objects.create(connection=connection, subject=f"u-{index:03}", person=person)


@pytest.mark.parametrize(
    ("people", "missing", "is_usual"),
    [(1, 1, True), (2, 2, False), (6, 5, True), (6, 6, False), (20, 6, False), (60, 12, True), (60, 13, False)],
)
def test_when_suddenly_many_are_missing_an_administrator_looks_first(
    loopback: None, settings: Any, tenant_a: TenantRef, people: int, missing: int, is_usual: bool
) -> None:
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True

    def search(_wire: LDAPWire, number: int, content: bytes) -> list[bytes]:
        asked = {int(found) for found in re.findall(rb"u-(\d{3})", content)}
        there = [index for index in range(missing, people) if index in asked]
        return [
            *(ldap.entry(number, f"uid=p{index}", entryUUID=[f"u-{index:03}"]) for index in there),
            ldap.done(number),
        ]

    with ldap_wire() as wire:
        directory = connect(wire.server, transport="plain")
        people_of_the_directory(people, directory.connection)
        wire.on_search = search
        assert follow() == (missing if is_usual else 0)
        assert len(wire.searches) == -(-people // 50)
    directory.refresh_from_db()
    assert directory.trouble == ("" if is_usual else "many_missing")
    assert USUAL_LEAVERS == 5


def test_the_last_administrator_stays_one_but_is_signed_out(
    company: Slapd, directory: LDAPDirectory, cast_a: Any, browser: Client
) -> None:
    company.person("boss", mail=cast_a.org_admin.email)
    sign_in(browser, "boss")
    assert is_in(browser)
    company.remove(f"uid=boss,{PEOPLE}")
    assert follow() == 1
    cast_a.org_admin.refresh_from_db()
    assert cast_a.org_admin.is_active
    assert not is_in(browser)
    assert actions()[-1] == "person.sessions_ended_by_directory"
    assert not BrowserSession.objects.filter(person=cast_a.org_admin).exists()
    assert follow() == 0
    assert actions().count("person.sessions_ended_by_directory") == 1


def test_nobody_is_asked_about_where_nobody_came_by_the_directory(tenant_a: TenantRef, loopback: None) -> None:
    with ldap_wire() as wire:
        connect(wire.server)
        assert follow() == 0
        assert wire.connections == 0


def test_a_connection_that_is_off_asks_nobody(company: Slapd, signed_in: Browsers) -> None:
    company.remove(f"uid=lena,{PEOPLE}")
    SSOConnection.objects.update(is_enabled=False)
    assert follow() == 0
    assert follow_directory(UUID(int=0)) == 0
    assert "Lena" in active()
    SSOConnection.objects.update(is_enabled=True)
    assert follow() == 1


def test_the_beat_asks_every_organizations_own_directory(
    company: Slapd,
    signed_in: Browsers,
    tenant_b: TenantRef,
    anonymous_client: Callable[[TenantRef], Client],
    loopback: None,
) -> None:
    with inside(tenant_b):
        connect(company.tls_server)
    beta = anonymous_client(tenant_b)
    assert sign_in(beta, "lena").status_code == 302
    with inside(tenant_b):
        ExternalIdentity.objects.update(subject="of nobody there")
    ask_every_directory()
    assert is_in(signed_in["lena"])
    assert not is_in(beta), "gone at beta's directory, and there alone"


def test_reactivating_is_an_administrators_deed(company: Slapd, signed_in: Browsers, cast_a: Any) -> None:
    from apps.accounts.services.reactivate import reactivate_person

    entry_uuid = ExternalIdentity.objects.get(person__name="Lena").subject
    company.remove(f"uid=lena,{PEOPLE}")
    follow()
    company.person("lena")
    assert sign_in(signed_in["lena"], "lena").status_code == 403, "a new entry with an old name is somebody else"
    person = User.objects.get(email_key="lena@example.com")
    reactivate_person(cast_a.org_admin, person_id=person.pk)
    assert sign_in(signed_in["lena"], "lena").status_code == 403, "still somebody else by what never changes"
    assert ExternalIdentity.objects.get(person=person).subject == entry_uuid
