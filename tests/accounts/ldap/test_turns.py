"""A directory that does not answer keeps a few threads, and leaves the others to everybody else's pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.accounts.sso.ldap_turns import MOST_EACH, Turns
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.ldap.conftest import connect, last_reason, sign_in
from tests.doubles import ldap_wire as ldap
from tests.doubles.ldap_wire import LDAPWire, ldap_wire


@pytest.fixture
def wire(loopback: None, settings: Any) -> Iterator[LDAPWire]:
    settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
    with ldap_wire() as made:
        yield made


def test_who_comes_while_it_is_silent_is_told_at_once_and_others_directories_go_on(
    committed_tenants: tuple[TenantRef, TenantRef], wire: LDAPWire, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    alpha, beta = committed_tenants
    held, go_on = threading.Semaphore(0), threading.Event()

    def hold(_wire: LDAPWire, number: int, _content: bytes) -> list[bytes]:
        held.release()
        go_on.wait(20)
        return [ldap.bound(number)]

    with inside(alpha):
        connect(wire.server, transport="plain")
    statuses: list[int] = []

    def wait_for_it() -> None:
        try:
            statuses.append(sign_in(anonymous_client(alpha), "lena").status_code)
        finally:
            database.close()

    wire.on_bind = hold
    waiting = [threading.Thread(target=wait_for_it) for _ in range(MOST_EACH)]
    for thread in waiting:
        thread.start()
    for _thread in waiting:
        assert held.acquire(timeout=20)
    assert sign_in(anonymous_client(alpha), "lena").status_code == 503
    with inside(alpha):
        assert last_reason("sso.directory_failed") == "crowded"
    with ldap_wire() as other:
        with inside(beta):
            connect(other.server, transport="plain")
        assert sign_in(anonymous_client(beta), "lena").status_code == 302
    go_on.set()
    for thread in waiting:
        thread.join(timeout=30)
    assert statuses == [302] * MOST_EACH
    assert sign_in(anonymous_client(alpha), "lena").status_code == 302, "the turns are given back"


def test_all_directories_together_have_so_many_turns() -> None:
    turns = Turns(most_each=2, most_all=3, wait_s=0)
    with ExitStack() as taken:
        for key in ("a", "a", "b"):
            taken.enter_context(turns.turn(key))
        for key in ("a", "b", "c"):
            with pytest.raises(LDAPFaultError, match="crowded"), turns.turn(key):
                pass
    with ExitStack() as taken:
        for key in ("c", "b", "c"):
            taken.enter_context(turns.turn(key))


def test_a_turn_is_given_back_after_a_fault() -> None:
    turns = Turns(most_each=1, most_all=1, wait_s=0)
    for _round in range(3):
        with pytest.raises(KeyError), turns.turn("a"):
            raise KeyError
