"""Whoever works without an organization, or in the wrong thread, reads nothing: never another organization's rows.

Each test fails when its defence is taken away; what that would mean is said in its first line.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings as django_settings
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from apps.accounts.models import User
from apps.kernel.tenancy.context import (
    NoTenantError,
    TenantRef,
    active_tenant_by_id,
    carrying,
    current_tenant,
    in_control_plane,
    inside,
    tenant_or_none,
)
from apps.kernel.tenancy.in_thread import tenant_db
from apps.kernel.tenancy.middleware import TenantMiddleware
from apps.tenants.models import Tenant


def tenant_models() -> list[type[models.Model]]:
    own = {entry.rpartition(".")[0] if "AdminConfig" in entry else entry for entry in django_settings.TENANT_APPS}
    labels = {config.label for config in apps.get_app_configs() if config.name in own} | {"admin"}
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in labels]


def name_seen() -> str:
    return User.objects.get(role="analyst").name


def search_path() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return [part.strip('" ') for part in cursor.fetchone()[0].split(",")]


@pytest.fixture
def named(committed_tenants: Any) -> tuple[TenantRef, TenantRef]:
    """Both organizations, each with an analyst who bears its name."""
    for tenant in committed_tenants:
        with inside(tenant):
            User.objects.filter(role="analyst").update(name=f"of {tenant.slug}")
    return committed_tenants


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_without_an_organization_no_table_of_one_can_be_read(both_tenants: Any, model: type[models.Model]) -> None:
    """With a table of this name in the shared schema, code that forgot its organization would share one with everybody."""
    assert tenant_or_none() is None
    with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
        model._default_manager.first()  # type: ignore[attr-defined]
    with inside(both_tenants[0]):
        model._default_manager.first()  # type: ignore[attr-defined]


def test_without_an_organization_nothing_can_be_named(both_tenants: Any) -> None:
    """Keys of caches, groups and files begin with the organization; a default here would put them all in one place."""
    from apps.kernel.storage.object_keys import key_for
    from apps.kernel.tenancy.cache_keys import group_name, tenant_key

    deeds = (current_tenant, lambda: tenant_key("a"), lambda: group_name("a"), lambda: key_for("a", both_tenants[0].id))
    for deed in deeds:
        with pytest.raises(NoTenantError):
            deed()
    with inside(both_tenants[0]):
        for deed in deeds:
            assert str(both_tenants[0].id) in str(deed())


@pytest.mark.parametrize("way", ["thread", "pool", "to_thread", "not_thread_sensitive"])
def test_a_thread_that_was_not_told_the_organization_reads_nothing(named: Any, way: str) -> None:
    """A new thread's connection begins in the shared schema: with tables there, it would show somebody's rows to anybody."""
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(name_seen())
        except ProgrammingError:
            seen.append("nothing")
        finally:
            connection.close()

    with inside(named[0]):
        assert name_seen() == "of alpha"
        if way == "thread":
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        elif way == "pool":
            with ThreadPoolExecutor(1) as pool:
                pool.submit(look).result()
        elif way == "to_thread":
            asyncio.run(asyncio.to_thread(look))  # type: ignore[arg-type]
        else:
            asyncio.run(sync_to_async(look, thread_sensitive=False)())  # type: ignore[arg-type]
    assert seen == ["nothing"]


def test_two_coroutines_that_take_turns_each_read_their_own(named: Any) -> None:
    """Sockets share one database thread. Entering the organization in one call and asking in the next gave rows to the wrong one."""

    async def follow(tenant: TenantRef) -> set[str]:
        seen = set()
        with carrying(tenant):
            for _ in range(40):
                seen.add(await tenant_db(name_seen)())
                await asyncio.sleep(0)
        return seen

    async def both() -> list[set[str]]:
        return list(await asyncio.gather(*(follow(tenant) for tenant in (*named, *named))))

    assert asyncio.run(both()) == [{"of alpha"}, {"of beta"}] * 2


def test_code_on_an_event_loop_knows_its_organization_without_asking_the_connection(named: Any) -> None:
    """The connection of an event loop's thread says "public": a cache key made from it would be everybody's."""
    from apps.kernel.tenancy.cache_keys import tenant_key

    async def key(tenant: TenantRef) -> str:
        with carrying(tenant):
            await asyncio.sleep(0)
            return tenant_key("k")

    async def both() -> list[str]:
        return list(await asyncio.gather(*(key(tenant) for tenant in named)))

    assert asyncio.run(both()) == [f"t:{tenant.id}:k" for tenant in named]


def test_awaiting_without_an_organization_is_refused(named: Any) -> None:
    async def play() -> None:
        await tenant_db(name_seen)()

    with pytest.raises(NoTenantError):
        asyncio.run(play())


@pytest.mark.parametrize("is_atomic", [True, False])
def test_after_an_error_in_another_organization_one_is_back_in_ones_own(named: Any, is_atomic: bool) -> None:
    """Without the way back, the rest of a request would go on in the organization that was entered for a moment."""
    alpha, beta = named

    def fail_in(tenant: TenantRef) -> None:
        with inside(tenant), transaction.atomic() if is_atomic else nullcontext():
            assert name_seen() == f"of {tenant.slug}"
            raise ZeroDivisionError

    def fail_outside() -> None:
        with in_control_plane():
            assert search_path() == ["public"]
            raise ZeroDivisionError

    with inside(alpha):
        with pytest.raises(ZeroDivisionError):
            fail_in(beta)
        assert current_tenant() == alpha
        assert search_path() == [alpha.schema_name]
        assert name_seen() == "of alpha"
        with pytest.raises(ZeroDivisionError):
            fail_outside()
        assert search_path() == [alpha.schema_name]
    assert tenant_or_none() is None
    assert search_path() == ["public"]


def test_a_failed_statement_does_not_leave_the_connection_in_another_organization(named: Any) -> None:
    """PostgreSQL takes back a search path together with the transaction that set it: it has to be set anew afterwards."""
    alpha, beta = named

    def fail_in_beta() -> None:
        with inside(beta), transaction.atomic(), connection.cursor() as cursor:
            assert name_seen() == "of beta"
            cursor.execute("SELECT 1 / 0")

    with inside(alpha), transaction.atomic():
        assert name_seen() == "of alpha"
        with pytest.raises(DatabaseError):
            fail_in_beta()
        assert name_seen() == "of alpha"
        with inside(beta):
            assert name_seen() == "of beta"
    with inside(beta):
        assert name_seen() == "of beta"


def test_a_rolled_back_savepoint_leaves_nobody_in_the_wrong_organization(named: Any) -> None:
    """With the search path set once a connection (TENANT_LIMIT_SET_CALLS) the rollback showed alpha the rows of beta."""
    alpha, beta = named
    with inside(alpha), transaction.atomic():
        assert name_seen() == "of alpha"
        point = transaction.savepoint()
        with inside(beta):
            assert name_seen() == "of beta"
            transaction.savepoint_rollback(point)
            assert name_seen() == "of beta"
        assert name_seen() == "of alpha"
        assert search_path() == [alpha.schema_name]


@pytest.mark.parametrize("chunk_size", [1, 2, 100])
def test_rows_that_are_fetched_bit_by_bit_stay_those_of_one_organization(named: Any, chunk_size: int) -> None:
    """A server-side cursor is opened once and read later, perhaps after the connection has been elsewhere."""
    alpha, beta = named
    with inside(alpha), transaction.atomic():
        people = User.objects.order_by("role").iterator(chunk_size=chunk_size)
        seen = [next(people).pk]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '\\_django%'")
            assert cursor.fetchone() == (1,)
        with inside(beta):
            assert name_seen() == "of beta"
            names = [person.name for person in people]
    assert "of beta" not in names
    assert len(seen + names) == 4


def test_an_answer_that_is_streamed_is_read_in_the_organization_that_was_asked(named: Any) -> None:
    """The server asks for the next part after the request has left its organization, and another request may be in between."""

    def lines() -> Iterator[str]:
        for _ in range(3):
            yield name_seen()

    def answer(request: HttpRequest) -> HttpResponse:
        return StreamingHttpResponse(lines())  # type: ignore[return-value]

    middleware = TenantMiddleware(answer)
    streams = [
        iter(middleware(RequestFactory().get("/", HTTP_HOST=f"{tenant.slug}.localhost")))  # type: ignore[call-overload]
        for tenant in named
    ]
    seen = [next(stream) for _ in range(3) for stream in streams]
    assert seen == [b"of alpha", b"of beta"] * 3
    with inside(named[1]):
        late = iter(middleware(RequestFactory().get("/", HTTP_HOST="alpha.localhost")))  # type: ignore[call-overload]
        assert next(late) == b"of alpha"
        assert name_seen() == "of beta"


def test_without_its_schema_an_organization_fails_closed(named: Any) -> None:
    """PostgreSQL skips a schema that is missing. With tables in the shared schema behind it, a page would show those, with 200."""
    alpha = named[0]
    client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
    with inside(alpha):
        client.force_login(User.objects.get(role="org_admin"))
    assert client.get("/people/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER SCHEMA "{alpha.schema_name}" RENAME TO t_moved2away')
    for path in ("/people/", "/", "/api/v2/me/", "/stream/", "/admin/"):
        answer = client.get(path)
        assert answer.status_code == 500, path
        assert b"alpha" not in answer.content.lower()
    assert Client(HTTP_HOST="beta.localhost").get("/sign-in/").status_code == 200


def test_no_row_of_one_schema_points_at_a_row_of_another(both_tenants: Any) -> None:
    """A foreign key across schemas would let deleting or locking a shared row reach into every organization."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.conrelid::regclass, c.confrelid::regclass, count(*) OVER ()
            FROM pg_constraint c
            JOIN pg_class here ON here.oid = c.conrelid JOIN pg_class there ON there.oid = c.confrelid
            WHERE c.contype = 'f' AND here.relnamespace <> there.relnamespace""")
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
        assert cursor.fetchone()[0] > 50


def test_the_librarys_own_way_to_enter_is_closed(both_tenants: Any) -> None:
    """`with tenant:` keeps its way back in one list for all threads: of two, each came out in the other's organization."""
    tenant = Tenant.objects.get(slug="alpha")
    with pytest.raises(TypeError, match="inside"), tenant:
        pass
    with inside(tenant.as_ref()):
        assert current_tenant().slug == "alpha"


def test_only_active_organizations_are_entered_by_their_id(both_tenants: Any) -> None:
    alpha = both_tenants[0]
    assert active_tenant_by_id(alpha.id) == alpha
    for state in ("suspended", "deleting", "provisioning"):
        Tenant.objects.filter(pk=alpha.id).update(state=state)
        assert active_tenant_by_id(alpha.id) is None
