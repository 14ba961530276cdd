"""Every address x method x role x {own, the neighbour's, nobody's}: what is the neighbour's looks like what is nowhere.

Read from the resolver: a new route is asked by itself, and one whose parameter is not declared in routes.py fails.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib import admin
from django.db import connection

from apps.kernel.tenancy.context import TenantRef
from tests.isolation.asking import BODY, NOBODYS_KEY, Cell
from tests.isolation.routes import ADMIN_WITHOUT_OBJECT, METHODS, OBJECTS, TOKENS, Route, all_routes
from tests.isolation.stage import ROLES, Furnished, furnish, keys_of

EVERYBODY = ("anonymous", *ROLES)


@pytest.fixture
def both(both_tenants: tuple[TenantRef, TenantRef], settings: Any) -> Iterator[tuple[Furnished, Furnished]]:
    settings.API_CALLS_PER_MINUTE = settings.API_RUNS_PER_MINUTE = 10_000_000
    settings.API_CALLS_PER_KEY_PER_MINUTE = settings.API_CALLS_PER_ORGANIZATION_PER_MINUTE = 10_000_000
    furnished = furnish(both_tenants[0]), furnish(both_tenants[1])
    # Time stands still, so that two answers differ in nothing but what they know.
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield furnished


def routes_of_objects() -> list[Route]:
    return [
        route
        for route in all_routes()
        if route.parameters and route.name not in TOKENS | ADMIN_WITHOUT_OBJECT and ":tenants_" not in route.name
    ]


def methods_for(route: Route, role: str) -> tuple[str, ...]:
    """All for an administrator; for the others those that have code behind them: what has none is refused before anybody is asked."""
    if role == "org_admin":
        return METHODS
    return tuple(method for method in METHODS if method != "HEAD" and route.implements(method))


def test_every_parameter_of_every_route_is_declared() -> None:
    """A new kind of object is asked for with the neighbour's keys only when the suite knows what its keys are."""
    routes = [route for route in all_routes() if route.name not in TOKENS | ADMIN_WITHOUT_OBJECT]
    undeclared = {
        (route.name, parameter)
        for route in routes
        if not route.is_admin
        for parameter in route.parameters
        if parameter not in OBJECTS
    }
    assert undeclared == set()
    assert [route.name for route in routes if len(route.parameters) > 1] == []
    assert [route for route in routes if not route.name or route.name.endswith(":")] == []
    assert len(routes) > 90


@pytest.mark.parametrize("turned", [False, True], ids=["alpha asks", "beta asks"])
def test_what_is_the_neighbours_looks_like_what_is_nowhere(both: Any, turned: bool) -> None:
    me, neighbour = reversed(both) if turned else both
    everybody = ("anonymous", "org_admin") if turned else EVERYBODY
    browsers = {role: me.browser(role) for role in everybody}
    wrong: list[str] = []
    asked = 0
    for route in routes_of_objects():
        assert route.model is not None
        own, theirs = keys_of(route.model, me), keys_of(route.model, neighbour)
        assert theirs - own, f"furnish a row of {route.model.__name__} that only one organization has"
        key = sorted(theirs - own, key=str)[0]
        nobodys = NOBODYS_KEY if isinstance(key, UUID) else 10**6
        for role in everybody:
            client = browsers[role]
            for method in methods_for(route, role):
                foreign, missing = (
                    Cell(client, method, route.url(key), key),
                    Cell(client, method, route.url(nobodys), nobodys),
                )
                asked += 1
                name = f"{method} {route.name} as {role}: {foreign.status}"
                if foreign.plain() != missing.plain():
                    wrong.append(f"{name}, but nobody's is {missing.status}")
                if foreign.holds(neighbour.canary):
                    wrong.append(f"{name} shows the neighbour's canary")
                if role == "org_admin" and route.implements(method) and not route.is_admin and foreign.status != 404:
                    wrong.append(f"{name}, not 404: extend BODY when the deed did not get as far as the object")
    assert wrong == []
    assert asked > len(routes_of_objects()) * (len(METHODS) + len(everybody) - 1)
    assert len(routes_of_objects()) > 60


def test_what_is_ones_own_is_there_and_shows_nothing_of_the_neighbours(both: Any) -> None:
    """The same cells with one's own keys: without this, a product that answers 404 to everything would pass."""
    me, neighbour = both
    browsers = {role: me.browser(role) for role in EVERYBODY}
    wrong: list[str] = []
    shown = 0
    for route in routes_of_objects():
        assert route.model is not None
        key = sorted(keys_of(route.model, me) - keys_of(route.model, neighbour), key=str)[0]
        for role in EVERYBODY:
            client = browsers[role]
            for method in METHODS if role == "org_admin" else ("GET",):
                cell = Cell(client, method, route.url(key), key)
                name = f"{method} {route.name} as {role}: {cell.status}"
                if cell.holds(neighbour.canary):
                    wrong.append(f"{name} shows the neighbour's canary")
                if cell.status >= 500:
                    wrong.append(name)
                if role == "org_admin" and method == "GET" and route.implements("GET") and cell.status == 404:
                    wrong.append(f"{name}: one's own is missing")
                shown += cell.holds(me.canary)
    assert wrong == []
    assert shown > 50


def test_lists_and_pages_without_a_key_show_nothing_of_the_neighbours(both: Any) -> None:
    me, neighbour = both
    browsers = {role: me.browser(role) for role in EVERYBODY}
    wrong: list[str] = []
    shown = set()
    for route in all_routes():
        if route.parameters or route.name in ADMIN_WITHOUT_OBJECT or ":tenants_" in route.name:
            continue
        for role in EVERYBODY:
            client = browsers[role]
            for method in METHODS if role == "org_admin" else ("GET",):
                cell = Cell(client, method, route.url())
                if cell.holds(neighbour.canary) or str(neighbour.tenant.id) in str(cell.plain()):
                    wrong.append(f"{method} {route.name} as {role} shows the neighbour's canary")
                if cell.status >= 500:
                    wrong.append(f"{method} {route.name} as {role}: {cell.status}")
                if cell.holds(me.canary):
                    shown.add(route.name)
    assert wrong == []
    assert {"feedback:library", "accounts:people", "documents_api:documents", "accounts_api:people"} <= shown


def test_asking_changes_nothing_at_the_neighbours(both: Any) -> None:
    """Deeds on the neighbour's keys, this time kept: not a row of theirs is another one afterwards."""
    me, neighbour = both

    def checksum() -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [neighbour.tenant.schema_name])
            tables = sorted(name for (name,) in cursor.fetchall())
            sums = []
            for table in tables:
                cursor.execute(
                    f'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), \'\')) FROM "{neighbour.tenant.schema_name}"."{table}" t'  # noqa: S608
                )
                sums.append((table, cursor.fetchone()[0]))
        return sums

    before = checksum()
    client = me.client("org_admin")
    for route in routes_of_objects():
        assert route.model is not None
        for key in sorted(keys_of(route.model, neighbour) - keys_of(route.model, me), key=str)[:3]:
            for method in ("POST", "PATCH", "DELETE"):
                is_api = route.url(key).startswith("/api/")
                content = {"content_type": "application/json"} if is_api else {}
                getattr(client, method.lower())(route.url(key), BODY if is_api or method == "POST" else None, **content)
    assert checksum() == before


def test_every_model_of_the_admin_site_is_asked(db: None) -> None:
    names = {route.name for route in routes_of_objects()}
    assert len(admin.site._registry) > 5
    for model in admin.site._registry:
        if model._meta.app_label != "tenants":
            assert f"admin:{model._meta.app_label}_{model._meta.model_name}_change" in names
