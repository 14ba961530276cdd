"""What nobody may write stays as it is, whoever sends it along (API-04), and what nobody may read is in no answer (API-05)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import File
from django.db import transaction

from apps.accounts.capabilities import Door
from apps.accounts.management.declared_routes import DeclaredRoute, declared_routes
from apps.kernel.http.description import api_description
from apps.kernel.tenancy.context import inside
from tests.authorization.conftest import Stage
from tests.authorization.objects import OWNERS, Place, Subject
from tests.isolation.asking import NOBODYS_KEY
from tests.isolation.routes import OBJECTS, Route

# Columns that no body of any address sets: keys, owners, secrets, times, states that follow from deeds, and what an organization is.
FORBIDDEN = {
    "id": str(NOBODYS_KEY),
    "pk": str(NOBODYS_KEY),
    "tenant": "beta",
    "tenant_id": str(NOBODYS_KEY),
    "schema_name": "public",
    "owner": str(NOBODYS_KEY),
    "owner_id": str(NOBODYS_KEY),
    "author": str(NOBODYS_KEY),
    "author_id": str(NOBODYS_KEY),
    "uploaded_by": str(NOBODYS_KEY),
    "uploaded_by_id": str(NOBODYS_KEY),
    "person": str(NOBODYS_KEY),
    "person_id": str(NOBODYS_KEY),
    "invited_by": str(NOBODYS_KEY),
    "is_staff": True,
    "is_superuser": True,
    "session_epoch": 999,
    "password_hash": "x",
    "digest": "0" * 64,
    "prefix": "aip_00000000",
    "stored_key": "t/x",
    "fingerprint": "x",
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "last_seen": "2001-01-01T00:00:00Z",
    "last_used_at": "2001-01-01T00:00:00Z",
    "accepted_at": "2001-01-01T00:00:00Z",
    "expires_at": "2101-01-01T00:00:00Z",
    "state": "completed",
    "status": "completed",
    "cost_usd_cents": 0,
    "engine": "person",
    "has_emergency_access": True,
    "key_scopes": None,
    "email_key": "root@example.com",
}
# Said on the page of one organization's people by the administrator's own deed.
_SECRET = re.compile(
    r"^(password|digest|auth_hash|session_epoch|session_key|content|seed\w*|sealed\w*|\w*_sealed|secret\w*|client_secret"
    r"|private_key\w*|stored_key\w*|schema_name|email_key|token_hash|is_superuser|key_scopes)$"
)
# Shown once, to whoever made it, by this very answer.
_SHOWN_ONCE = {
    ("accounts_api:api_keys", "POST"),
    ("accounts_api:tokens", "POST"),
    ("accounts_api:refresh_tokens", "POST"),
}


def _writes(*doors: Door) -> list[DeclaredRoute]:
    return [route for route in declared_routes() if route.door in doors and route.method in {"POST", "PUT", "PATCH"}]


def _named(route: DeclaredRoute) -> str:
    return f"{route.method} {route.name}"


def _url(stage: Stage, route: DeclaredRoute) -> tuple[str, Any]:
    key = None
    if route.parameters:
        key = stage.warehouse.key(OBJECTS[route.parameters[0]], Subject(Place.HERE), whose=route.whose, name=route.name)
    return Route(route.name, route.parameters, None).url(key), key


def _fields_of_body(route: DeclaredRoute) -> set[str] | None:
    """What the description says that a body of this call may hold; None when it takes none."""
    from django.urls import resolve

    described = _description()
    for path, methods in described["paths"].items():
        said = methods.get(route.method.lower(), {})
        if "requestBody" in said and resolve(re.sub(r"\{\w+\}", str(NOBODYS_KEY), path)).view_name == route.name:
            schemas = [content["schema"] for content in said["requestBody"]["content"].values()]
            return {name for schema in schemas for name in _properties(schema, described["components"]["schemas"])}
    return None


def _description() -> dict[str, Any]:
    import json

    described: dict[str, Any] = json.loads(api_description("json"))
    return described


@pytest.mark.parametrize("route", _writes(Door.ENDPOINT), ids=_named)
def test_an_endpoint_names_each_field_that_it_does_not_take_and_does_nothing(
    stage: Stage, route: DeclaredRoute
) -> None:
    url, key = _url(stage, route)
    admin = stage.named("org_admin").client
    known = _fields_of_body(route)
    with transaction.atomic():
        before = _rows(stage, route, key)
        given = {"data": FORBIDDEN, "content_type": "application/json", "headers": {"X-Request-ID": "x"}}
        answer = getattr(admin, route.method.lower())(url, **given)
        if answer.status_code == 415:
            answer = admin.post(url, {name: str(value) for name, value in FORBIDDEN.items()})
        if known is not None:
            assert answer.status_code == 400, answer.content
        if known is not None and "errors" in answer.json():
            refused = {fault["pointer"].removeprefix("/") for fault in answer.json()["errors"]}
            assert set(FORBIDDEN) - refused <= known, set(FORBIDDEN) - refused
        assert {name: value for name, value in _rows(stage, route, key).items() if name in _KEPT} == {
            name: value for name, value in before.items() if name in _KEPT
        }
        transaction.set_rollback(True)


# What stays as it is through every deed on the object: a deed may end it, but gives it to nobody else.
_KEPT = {
    "id",
    "owner_id",
    "author_id",
    "uploaded_by_id",
    "person_id",
    "created_at",
    "digest",
    "prefix",
    "stored_key",
    "session_epoch",
}


# A key that is renewed has another secret.
_RENEWED = {"digest", "prefix"}


@pytest.mark.parametrize("route", [route for route in _writes(Door.PAGE) if route.parameters], ids=_named)
def test_a_page_takes_no_field_that_its_form_does_not_have(stage: Stage, route: DeclaredRoute) -> None:
    url, key = _url(stage, route)
    model = OBJECTS[route.parameters[0]]
    admin = stage.named("org_admin")
    with transaction.atomic():
        if model in OWNERS:
            stage.lead(admin, model, key, Subject(Place.HERE))()
        before = _rows(stage, route, key)
        given = {name: str(value) for name, value in FORBIDDEN.items()}
        answer = admin.client.post(url, {**stage.body(), **given})
        assert answer.status_code < 500 or answer.status_code == 503
        after = _rows(stage, route, key)
        changed = {
            name for name in after if name in _KEPT - {"session_epoch", *_RENEWED} and after[name] != before[name]
        }
        assert not changed, changed
        transaction.set_rollback(True)


def _rows(stage: Stage, route: DeclaredRoute, key: Any) -> dict[str, Any]:
    if key is None:
        return {}
    with inside(stage.warehouse.home.tenant):
        found = OBJECTS[route.parameters[0]]._default_manager.filter(pk=key).values().first() or {}
    return {name: value for name, value in found.items() if not isinstance(value, File)}


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names_in(inner)


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin"])
def test_each_role_reads_the_fields_that_are_described_and_no_secret(stage: Stage, role: str) -> None:
    """A role that may ask reads the same fields as every other one: what differs is which rows there are."""
    schemas, asker = _fields_described(), stage.named(role)
    read = 0
    for route in declared_routes():
        if route.door != Door.ENDPOINT or route.method != "GET" or route.name == "api_schema":
            continue
        url, key = _url(stage, route)
        cell = stage.ask(asker, "GET", url, key)
        if cell.status != 200 or "json" not in cell.headers.get("content-type", ""):
            continue
        import json

        body = json.loads(cell.body)
        rows = body["results"] if isinstance(body, dict) and "results" in body else [body]
        read += 1
        assert not [name for name in _names_in(body) if _SECRET.match(name)], route.path
        for row in rows:
            assert not schemas[route.name] or set(row) <= schemas[route.name], (
                route.path,
                set(row) - schemas[route.name],
            )
    assert read > 12


def _fields_described() -> dict[str, set[str]]:
    """What an answer of each endpoint's GET may hold, by the description: of a list, what one row may."""
    from django.urls import resolve

    described = _description()
    parts = described["components"]["schemas"]
    found = {}
    for path, methods in described["paths"].items():
        if "get" in methods:
            name = resolve(re.sub(r"\{\w+\}", str(NOBODYS_KEY), path)).view_name
            content = methods["get"]["responses"]["200"].get("content", {}).get("application/json", {})
            found[name] = _properties(content.get("schema", {}), parts)
    return found


def _properties(schema: dict[str, Any], parts: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _properties(parts[schema["$ref"].rpartition("/")[2]], parts)
    own = schema.get("properties", {})
    if "results" in own:
        return _properties(own["results"]["items"], parts)
    return set(own)
