"""The schema is named to PostgreSQL once, and again whenever PostgreSQL says that it works in another one.

Each way in which a connection loses its schema is played; with that way forgotten, alpha would be shown the rows of beta.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.kernel.tenancy.backend import base as engine
from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside


def name_seen() -> str:
    return User.objects.get(role="analyst").name


@pytest.fixture
def named(committed_tenants: Any) -> tuple[TenantRef, TenantRef]:
    """Both organizations, each with an analyst who bears its name."""
    for tenant in committed_tenants:
        with inside(tenant):
            User.objects.filter(role="analyst").update(name=f"of {tenant.slug}")
    return committed_tenants


@contextmanager
def namings() -> Iterator[list[str]]:
    """How often the schema is named before a query meanwhile; what a checkout says is not among them."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as asked:
        yield found
    found += [query["sql"] for query in asked if query["sql"].startswith("SET search_path")]


def run(statement: str) -> None:
    """By hand on the open connection, as a library might."""
    connection.connection.execute(statement)


def by_hand(beta: TenantRef) -> None:
    run(f"SET search_path = {beta.schema_name}")


def by_hand_for_a_transaction(beta: TenantRef) -> None:
    with transaction.atomic():
        assert name_seen() == "of alpha"
        run(f"SET LOCAL search_path = {beta.schema_name}")
        assert name_seen() == "of alpha"


def by_a_function(beta: TenantRef) -> None:
    run(f"SELECT set_config('search_path', '{beta.schema_name}', false)")


def by_reset(beta: TenantRef) -> None:
    run(
        f'ALTER ROLE CURRENT_USER IN DATABASE "{connection.settings_dict["NAME"]}" SET search_path = {beta.schema_name}'
    )
    run("RESET search_path")


def by_discarding_all(beta: TenantRef) -> None:
    run("DISCARD ALL")


def by_a_rolled_back_transaction(beta: TenantRef) -> None:
    with inside(beta):
        assert name_seen() == "of beta"
    with suppress(ZeroDivisionError), transaction.atomic():
        assert name_seen() == "of alpha"
        raise ZeroDivisionError


def by_a_rolled_back_savepoint(beta: TenantRef) -> None:
    with inside(beta):
        name_seen()
        with transaction.atomic():
            point = transaction.savepoint()
            with in_control_plane(), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            assert name_seen() == "of beta"
            transaction.savepoint_rollback(point)
            assert name_seen() == "of beta"


def by_a_rollback_by_hand(beta: TenantRef) -> None:
    with inside(beta):
        name_seen()
    run("BEGIN")
    assert name_seen() == "of alpha"
    run("ROLLBACK")


def by_a_failed_statement(beta: TenantRef) -> None:
    with inside(beta):
        name_seen()
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        assert name_seen() == "of alpha"
        cursor.execute("SELECT 1 / 0")


def by_going_back_to_the_pool(beta: TenantRef) -> None:
    with inside(beta):
        assert name_seen() == "of beta"
        connection.close()


def by_being_cut(beta: TenantRef) -> None:
    with inside(beta):
        name_seen()
        run_elsewhere = f"SELECT pg_terminate_backend({connection.connection.info.backend_pid})"
    with suppress(DatabaseError, Exception):
        run(run_elsewhere)
    connection.close()


WAYS: list[Callable[[TenantRef], None]] = [
    by_hand,
    by_hand_for_a_transaction,
    by_a_function,
    by_reset,
    by_discarding_all,
    by_a_rolled_back_transaction,
    by_a_rolled_back_savepoint,
    by_a_rollback_by_hand,
    by_a_failed_statement,
    by_going_back_to_the_pool,
    by_being_cut,
]


@pytest.mark.parametrize("reports", [True, False], ids=["a server that reports", "a server that does not"])
@pytest.mark.parametrize("lose", WAYS, ids=lambda way: way.__name__)
def test_however_a_connection_loses_its_schema_one_reads_ones_own(
    named: Any, monkeypatch: pytest.MonkeyPatch, lose: Callable[[TenantRef], None], reports: bool
) -> None:
    """PostgreSQL reports its search path from version 18 on; an older one is told before every query."""
    if not reports:
        monkeypatch.setattr(engine, "_REPORTED", b"nothing_of_this_name")
    alpha, beta = named
    with inside(alpha):
        assert name_seen() == "of alpha"
        lose(beta)
        assert name_seen() == "of alpha"
        with transaction.atomic():
            assert name_seen() == "of alpha"
            with inside(beta):
                assert name_seen() == "of beta"
            assert name_seen() == "of alpha"
        with inside(beta):
            assert name_seen() == "of beta"
        assert name_seen() == "of alpha"


def test_a_server_that_reports_is_told_once(named: Any) -> None:
    with inside(named[0]):
        connection.close()
        with namings() as told:
            for _ in range(5):
                name_seen()
        assert told == []
        with inside(named[1]), namings() as told:
            for _ in range(5):
                name_seen()
        assert len(told) == 1


def test_a_server_that_reports_nothing_is_told_before_every_query(named: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known for certain is said again."""
    monkeypatch.setattr(engine, "_REPORTED", b"nothing_of_this_name")
    with inside(named[0]):
        connection.close()
        name_seen()
        with namings() as told:
            for _ in range(5):
                name_seen()
    assert len(told) == 5


@pytest.fixture
def unpooled(named: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TenantRef, TenantRef]]:
    """Without a pool, as a script may set it: each connection is a new one."""
    connection.close()
    connection.close_pool()
    monkeypatch.delitem(connection.settings_dict["OPTIONS"], "pool")
    yield named
    connection.close()


def test_a_pooled_connection_that_was_cut_is_given_to_nobody(named: Any) -> None:
    """After a restart of the server every pooled connection is dead: the first request after it is answered all the same."""
    with inside(named[0]):
        assert name_seen() == "of alpha"
        cut = connection.connection.info.backend_pid
        connection.close()
        parameters = {key: value for key, value in connection.get_connection_params().items() if key != "pool"}
        with psycopg.connect(**parameters, autocommit=True) as operator:
            operator.execute("SELECT pg_terminate_backend(%s, 5000)", [cut])
        assert name_seen() == "of alpha"
        assert connection.connection.info.backend_pid != cut


def test_a_pooled_connection_brings_nothing_of_who_had_it_before(named: Any) -> None:
    alpha, beta = named
    with inside(beta):
        assert name_seen() == "of beta"
        held = connection.connection.info.backend_pid
        connection.close()
    with inside(alpha):
        assert name_seen() == "of alpha"
        assert connection.connection.info.backend_pid == held, "the same connection, told anew"


@pytest.mark.parametrize("hangs_up", [psycopg.OperationalError, psycopg.ProgrammingError, KeyboardInterrupt])
@pytest.mark.parametrize("source", ["named", "unpooled"])
def test_a_server_that_hangs_up_at_once_is_an_error_and_leaves_no_connection(
    request: Any, monkeypatch: pytest.MonkeyPatch, source: str, hangs_up: type[BaseException]
) -> None:
    alpha, _beta = request.getfixturevalue(source)
    connection.close()

    def refuse(*_: Any, **__: Any) -> None:
        raise hangs_up

    with inside(alpha):
        with monkeypatch.context() as broken:
            broken.setattr(psycopg.Connection, "execute", refuse)
            with pytest.raises((DatabaseError, KeyboardInterrupt)):
                name_seen()
        assert connection.connection is None
        assert name_seen() == "of alpha"


def test_a_connection_that_comes_back_inside_a_transaction_is_told_outside_of_one(named: Any) -> None:
    """Told inside, the name would go with that transaction's rollback."""
    alpha, beta = named
    with inside(beta):
        name_seen()
        connection.connection.autocommit = False
        connection.connection.execute("SELECT 1")
        connection.close()
    with inside(alpha):
        assert name_seen() == "of alpha"
        assert connection.connection.autocommit
        connection.connection.rollback()
        assert name_seen() == "of alpha"


def test_what_asks_while_the_schema_is_being_named_does_not_name_it_again(named: Any) -> None:
    """A wrapper of statements that asks something itself, as a tracer might."""
    asked: list[str] = []

    def tracer(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        if sql.startswith("SET search_path"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        return execute(sql, params, many, context)

    with inside(named[1]):
        name_seen()
        with inside(named[0]), connection.execute_wrapper(tracer):
            assert name_seen() == "of alpha"
    assert sum(sql.startswith("SET search_path") for sql in asked) == 1
    assert "SELECT 1" in asked


def test_in_a_transaction_that_has_failed_nothing_is_read_and_after_it_ones_own(named: Any) -> None:
    alpha, beta = named
    with inside(alpha):
        with transaction.atomic():
            assert name_seen() == "of alpha"
            by_hand(beta)
            with suppress(psycopg.Error):
                run("SELECT 1/0")
            with pytest.raises(DatabaseError):
                name_seen()
            transaction.set_rollback(True)
        assert name_seen() == "of alpha"
