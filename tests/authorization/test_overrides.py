"""One method is asked for, and one is answered: no header and no field makes another one of it (API-03)."""

from typing import Any

import pytest

from apps.accounts.capabilities import Door
from apps.accounts.management.declared_routes import declared_routes
from apps.kernel.tenancy.context import inside
from tests.authorization.conftest import Stage
from tests.authorization.objects import Place, Subject
from tests.isolation.routes import OBJECTS, Route

_HEADERS = {
    "X-HTTP-Method-Override": "DELETE",
    "X-HTTP-Method": "DELETE",
    "X-Method-Override": "DELETE",
    "X-Original-URL": "/admin/",
    "X-Rewrite-URL": "/admin/",
    "X-Forwarded-Host": "beta.localhost",
    "X-Original-Method": "DELETE",
}
# Whoever calls says in the body who they are.
_IN_ITS_BODY = {"accounts_api:tokens"}


@pytest.mark.parametrize("role", ["viewer", "org_admin"])
def test_a_look_stays_a_look_whatever_is_written_beside_it(stage: Stage, role: str) -> None:
    wrong: list[str] = []
    asker = stage.named(role)
    for route in declared_routes():
        if route.method != "GET" or route.door not in {Door.PAGE, Door.ENDPOINT}:
            continue
        url, key = _url(stage, route)
        plain = stage.ask(asker, "GET", url, key)
        also = stage.ask(asker, "GET", url, key, headers=_HEADERS)
        if plain.plain() != also.plain():
            wrong.append(f"GET {route.path} as {role}: {plain.status} became {also.status}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_post_removes_nothing_by_a_word_in_its_form(stage: Stage) -> None:
    """Every endpoint that can DELETE: a POST with the other method's name leaves the row there."""
    asker = stage.named("org_admin")
    asked = 0
    for route in declared_routes():
        if route.method != "DELETE" or route.door != Door.ENDPOINT or not route.parameters:
            continue
        url, key = _url(stage, route)
        given: Any = {"_method": "DELETE", "method": "DELETE"}
        answer = asker.client.post(f"{url}?_method=DELETE", given, headers=_HEADERS)
        assert answer.status_code in {400, 403, 404, 405}, (route.path, answer.status_code)
        with inside(stage.warehouse.home.tenant):
            assert OBJECTS[route.parameters[0]]._default_manager.filter(pk=key).exists(), route.path
        asked += 1
    assert asked > 5


def test_the_methods_that_a_page_has_are_told_to_whoever_may_enter_alone(stage: Stage) -> None:
    for route in declared_routes():
        if route.door not in {Door.PAGE, Door.ENDPOINT}:
            continue
        url, key = _url(stage, route)
        anonymous = stage.ask(stage.named("anonymous"), "OPTIONS", url, key)
        closed = {401} if route.door == Door.ENDPOINT else {302}
        assert anonymous.status in (closed if route.name not in _IN_ITS_BODY else {200}), route.path
        admin = stage.ask(stage.named("org_admin"), "OPTIONS", url, key)
        assert admin.status in {200, 405}, (route.path, admin.status)
        assert not admin.holds(stage.warehouse.home.canary)
        trace = stage.ask(stage.named("org_admin"), "TRACE", url, key)
        assert trace.status == 405, route.path


def _url(stage: Stage, route: Any) -> tuple[str, Any]:
    key = None
    if route.parameters:
        key = stage.warehouse.key(OBJECTS[route.parameters[0]], Subject(Place.HERE), whose=route.whose, name=route.name)
    return Route(route.name, route.parameters, None).url(key), key
