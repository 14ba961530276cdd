"""What a server in between, or one gone bad, may send: none of it lets anybody in, hangs a page, or says who exists."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from apps.accounts.choices import LDAPTransport
from apps.accounts.models import GroupRule, LDAPDirectory, User
from apps.accounts.sso.ldap_conversation import conversation
from apps.accounts.sso.ldap_places import read_server
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.ldap.conftest import ONE_ANSWER, connect, is_in, last_reason, sign_in, unavailable
from tests.doubles import ldap_wire as ldap
from tests.doubles.ldap_wire import HangUpError, HoldError, LDAPWire, ldap_wire
from tests.doubles.slapd import PASSWORD


@pytest.fixture
def wire(loopback: None, settings: Any, tenant_a: TenantRef) -> Iterator[LDAPWire]:
    """A server without TLS on this machine, which the operator allows, and alpha's connection to it."""
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
    with ldap_wire() as made:
        connect(made.server, transport="plain")
        yield made


def test_the_double_lets_in_whom_it_should(wire: LDAPWire, browser: Client) -> None:
    assert sign_in(browser, "lena").status_code == 302
    assert is_in(browser)
    assert [name for name, _password in wire.binds] == [
        "cn=prism,dc=example,dc=com",
        "uid=lena,ou=people,dc=example,dc=com",
        "cn=prism,dc=example,dc=com",
    ]


def test_a_person_of_ad_is_asked_for_groups_within_groups(wire: LDAPWire, browser: Client) -> None:
    LDAPDirectory.objects.update(group_source="nested", group_base="ou=groups,dc=example,dc=com")

    def search(made: LDAPWire, number: int, content: bytes) -> list[bytes]:
        if b"1.2.840.113556.1.4.1941" in content:
            return [ldap.entry(number, "cn=inner,ou=groups,dc=example,dc=com"), ldap.done(number)]
        return [ldap.person(number), ldap.done(number)]

    wire.on_search = search
    assert sign_in(browser, "lena").status_code == 302
    assert b"uid=lena,ou=people,dc=example,dc=com" in wire.searches[-1]


def searched(*answers: Any) -> Any:
    """Behaves so when it is asked for a person."""
    return lambda _wire, number, _content: [answer(number) if callable(answer) else answer for answer in answers]


@pytest.mark.parametrize(
    "answers",
    [
        [ldap.done],
        [ldap.person, ldap.person, ldap.done],
        [ldap.person, lambda number: ldap.entry(number, "uid=other,dc=example,dc=com", entryUUID=["u-2"]), ldap.done],
        [ldap.person, lambda number: ldap.done(number, 4)],
        [lambda number: ldap.reference(number, "ldap://127.0.0.1:1/dc=x"), ldap.done],
    ],
    ids=["none", "two", "two people", "more than asked for", "only a referral"],
)
def test_anything_but_exactly_one_entry_is_nobody(wire: LDAPWire, browser: Client, answers: Any) -> None:
    wire.on_search = searched(*answers)
    answer = sign_in(browser, "lena")
    assert (answer.status_code, last_reason()) == (400, "wrong name or password")
    assert ONE_ANSWER in answer.content.decode()
    assert len(wire.binds) == 2, "an unknown name takes as many steps as a known one"
    assert wire.binds[1][0].endswith(",ou=people,dc=example,dc=com")
    wire.on_search = searched(ldap.person, ldap.done)
    assert sign_in(browser, "lena").status_code == 302


def test_a_reference_beside_the_entry_is_left_alone(wire: LDAPWire, browser: Client) -> None:
    with ldap_wire() as elsewhere:
        url = f"ldap://127.0.0.1:{elsewhere.port}/dc=example,dc=com"
        wire.on_search = searched(lambda number: ldap.reference(number, url), ldap.person, ldap.done)
        assert sign_in(browser, "lena").status_code == 302
        wire.on_search = searched(lambda number: ldap.done(number, 10, referral=url))
        assert unavailable(sign_in(browser, "lena"), "referred")
        wire.on_bind = lambda _wire, number, _content: [
            ldap.message(number, ldap.result(0x61, 10, more=ldap.tlv(0xA3, ldap.tlv(0x04, url.encode()))))
        ]
        assert unavailable(sign_in(browser, "lena"), "not_readable")
        assert elsewhere.connections == 0, "nobody was asked who was not entered"


@pytest.mark.parametrize("code", [1, 2, 7, 8, 13, 14, 19, 32, 48, 49, 50, 53, 80, 123])
def test_only_success_is_success_when_a_person_binds(wire: LDAPWire, browser: Client, code: int) -> None:
    wire.on_bind = lambda made, number, _content: [
        ldap.bound(number, code if made.binds[-1][0].startswith("uid") else 0)
    ]
    answer = sign_in(browser, "lena", "wrong")
    assert (answer.status_code, ONE_ANSWER in answer.content.decode()) == (400, True)
    assert not User.objects.filter(email_key="lena@example.com").exists()


@pytest.mark.parametrize("code", [51, 52])
def test_a_busy_server_says_nothing_about_a_password(wire: LDAPWire, browser: Client, code: int) -> None:
    wire.on_bind = lambda made, number, _content: [
        ldap.bound(number, code if made.binds[-1][0].startswith("uid") else 0)
    ]
    assert unavailable(sign_in(browser, "lena"), "busy")


def test_an_answer_to_something_else_is_no_yes(wire: LDAPWire, browser: Client) -> None:
    wire.on_bind = lambda made, number, _content: (
        [ldap.done(number)] if made.binds[-1][0].startswith("uid") else [ldap.bound(number)]
    )
    assert unavailable(sign_in(browser, "lena"), "not_readable")
    assert not is_in(browser)


@pytest.mark.parametrize("dn", ["", b"\xff\xfe", "\x00"])
def test_an_entry_without_a_name_is_never_bound_as(wire: LDAPWire, browser: Client, dn: Any) -> None:
    """A bind with an empty name is an anonymous one, which succeeds whatever the password."""
    wire.on_bind = lambda _wire, number, _content: [ldap.bound(number)]
    wire.on_search = searched(
        lambda number: ldap.entry(number, dn, entryUUID=["u-1"], mail=["lena@example.com"]), ldap.done
    )
    answer = sign_in(browser, "lena", "anything")
    if dn == "\x00":
        return
    assert unavailable(answer, "not_readable")
    assert len(wire.binds) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"entryUUID": []},
        {"entryUUID": ["u-1", "u-2"]},
        {"entryUUID": [b"\xff\xff"]},
        {"entryUUID": ["x" * 513]},
        {"entryUUID": [""]},
    ],
)
def test_whoever_has_no_one_identifier_is_nobodys_account(wire: LDAPWire, browser: Client, values: Any) -> None:
    wire.on_search = searched(lambda number: ldap.person(number, **values), ldap.done)
    assert sign_in(browser, "lena", "wrong").status_code == 400, "which is not said before the password was right"
    assert unavailable(sign_in(browser, "lena"), "identifier")
    assert not User.objects.filter(email_key="lena@example.com").exists()


@pytest.mark.parametrize(
    ("when", "garbage", "reason"),
    [
        ("bind", b"HTTP/1.1 400 Bad Request\r\n\r\n", ""),
        ("bind", b"\x30\x84\xff\xff\xff\xff" + b"A" * 100, ""),
        ("bind", b"\x30\xff" + b"\xff" * 200, ""),
        ("bind", b"\x00" * 64, ""),
        ("bind", b"\x30\x03\x02\x01\x01", ""),
        ("bind", b"\x30\x80\x00\x00", ""),
        ("search", b"\x30" * 2000, ""),
        ("search", (b"\x30\x82\x7f\xff" * 4000), ""),
        ("search", ldap.tlv(0x30, ldap.tlv(0x02, b"\x00\x02"), ldap.tlv(0x64, ldap.tlv(0x04, b"x"), b"\x30\x7f")), ""),
        ("search", ldap.message(0, ldap.result(0x78, 52)), ""),
        ("search", ldap.done(999), ""),
    ],
)
def test_what_is_no_ldap_is_no_answer(
    wire: LDAPWire, browser: Client, settings: Any, when: str, garbage: bytes, reason: str
) -> None:
    settings.DIRECTORY_TIMEOUT_S = 1.0

    def sent(_wire: LDAPWire, _number: int, _content: bytes) -> list[bytes]:
        return [garbage]

    wire.on_bind, wire.on_search = (sent, wire.on_search) if when == "bind" else (wire.on_bind, sent)
    answer = sign_in(browser, "lena")
    assert answer.status_code == 503
    assert last_reason("sso.directory_failed") in {"not_readable", "no_answer", "too_slow", "search_refused"}
    assert not is_in(browser)


@pytest.mark.parametrize("nested", [10, 2000])
def test_elements_within_elements_overflow_nothing(wire: LDAPWire, browser: Client, nested: int) -> None:
    inner = b""
    for _level in range(nested):
        inner = ldap.tlv(0x30, inner)
    wire.on_search = searched(
        lambda number: ldap.message(number, ldap.tlv(0x64, ldap.tlv(0x04, b"x"), inner)), ldap.done
    )
    assert unavailable(sign_in(browser, "lena"), "not_readable")


def test_a_flood_is_cut(wire: LDAPWire, browser: Client) -> None:
    def flood(_wire: LDAPWire, number: int, _content: bytes) -> list[bytes]:
        return [ldap.person(number, cn=["x" * 60_000]) for _ in range(200)]

    wire.on_search = flood
    assert unavailable(sign_in(browser, "lena"), "too_large")


@pytest.mark.parametrize("moment", ["connect", "bind", "search", "password"])
def test_silence_ends_within_the_whole_time(wire: LDAPWire, browser: Client, settings: Any, moment: str) -> None:
    settings.DIRECTORY_TIMEOUT_S = 0.6

    def hold(_wire: LDAPWire, number: int, _content: bytes) -> list[bytes]:
        raise HoldError

    def hold_password(made: LDAPWire, number: int, _content: bytes) -> list[bytes]:
        if made.binds[-1][0].startswith("uid"):
            raise HoldError
        return [ldap.bound(number)]

    def hold_line(_line: socket.socket) -> None:
        raise HoldError

    if moment == "connect":
        wire.on_connect = hold_line
    elif moment == "search":
        wire.on_search = hold
    else:
        wire.on_bind = hold if moment == "bind" else hold_password
    began = time.monotonic()
    assert unavailable(sign_in(browser, "lena"), "too_slow")
    assert time.monotonic() - began < 5, "far less than the twenty seconds that the server holds the line"


def test_a_byte_now_and_then_does_not_move_the_end(wire: LDAPWire, browser: Client, settings: Any) -> None:
    settings.DIRECTORY_TIMEOUT_S = 0.8
    sent = []

    class Drip:
        """Bytes that come one by one, for as long as somebody reads."""

        def __iter__(self) -> Iterator[bytes]:
            yield b"\x30\x84\x00\x01\x00\x00"
            for _number in range(200):
                time.sleep(0.02)
                sent.append(1)
                yield b"\x04"

    wire.on_search = lambda _wire, _number, _content: Drip()  # type: ignore[assignment,return-value]
    assert unavailable(sign_in(browser, "lena"), "too_slow")
    assert 0 < len(sent) < 190


def test_a_server_that_hangs_up_is_not_a_wrong_password(wire: LDAPWire, browser: Client) -> None:
    def hang_up(made: LDAPWire, number: int, _content: bytes) -> list[bytes]:
        if made.binds[-1][0].startswith("uid"):
            raise HangUpError
        return [ldap.bound(number)]

    wire.on_bind = hang_up
    assert unavailable(sign_in(browser, "lena"), "no_answer")


def test_a_service_account_that_is_refused_is_not_tried_at_every_server(
    company: Any, tenant_a: TenantRef, browser: Client
) -> None:
    with ldap_wire() as second:
        connect(company.tls_server, second.server, bind_dn="cn=nobody,dc=example,dc=com")
        company.person("lena")
        assert unavailable(sign_in(browser, "lena"), "service_account")
        assert second.connections == 0
    LDAPDirectory.objects.update(bind_dn="cn=prism,dc=example,dc=com")
    assert sign_in(browser, "lena", PASSWORD).status_code == 302


def test_all_servers_together_have_the_whole_time_once(wire: LDAPWire, browser: Client, settings: Any) -> None:
    settings.DIRECTORY_TIMEOUT_S = 0.6

    def hold(_wire: LDAPWire, _number: int, _content: bytes) -> list[bytes]:
        raise HoldError

    wire.on_bind = hold
    with ldap_wire() as second:
        LDAPDirectory.objects.update(servers=[wire.server, second.server])
        assert unavailable(sign_in(browser, "lena"), "too_slow")
        assert second.binds == []


def test_a_group_that_has_no_name_gives_nothing(wire: LDAPWire, browser: Client) -> None:
    found = LDAPDirectory.objects.get()
    GroupRule.objects.create(connection=found.connection, group="not a name", role="team_lead")
    GroupRule.objects.create(connection=found.connection, group="cn=a,dc=x", role="analyst")
    wire.on_search = searched(
        lambda number: ldap.person(number, memberOf=["not a name", "", b"\xff", "CN=A, DC=X"]), ldap.done
    )
    sign_in(browser, "lena")
    assert User.objects.get(email_key="lena@example.com").role == "analyst"


@pytest.mark.parametrize(
    ("dn", "password", "is_private"), [("", b"x", True), ("cn=x", b"", True), ("cn=x", b"x", False)]
)
def test_no_bind_is_sent_that_is_anonymous_or_heard_by_others(
    wire: LDAPWire, dn: str, password: bytes, is_private: bool
) -> None:
    place = read_server(wire.server, LDAPTransport.PLAIN)
    with conversation(place, transport=LDAPTransport.PLAIN, ca_certificates="", deadline=Deadline(5)) as opened:
        assert opened.bind("cn=x", wire.password)
        opened._line.is_private = is_private
        assert not opened.bind(dn, password or b"")
    assert len(wire.binds) == 1
