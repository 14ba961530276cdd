"""Keys that come in a body or a question (API-06): the neighbour's is as good as nobody's, the whole call is refused, nothing is done."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.capabilities import Door
from apps.accounts.management.declared_routes import DeclaredRoute, declared_routes
from apps.accounts.models import User
from apps.documents.models import Section
from apps.kernel.http.description import api_description
from apps.kernel.tenancy.context import inside
from tests.authorization.conftest import Stage
from tests.authorization.objects import Place, Subject
from tests.isolation.asking import NOBODYS_KEY
from tests.isolation.routes import OBJECTS
from tests.isolation.stage import Furnished

Key = Callable[[Furnished], Any]


def _section(home: Furnished) -> Any:
    with inside(home.tenant):
        return Section.objects.filter(version__document_id=home.document_id).order_by("index")[0].pk


def _second_person(home: Furnished) -> Any:
    """Somebody whose key is not somebody's key at the neighbour's as well."""
    with inside(home.tenant):
        return User.objects.get(email_key=f"second{home.canary}@example.com").pk


def _analyst(home: Furnished) -> Any:
    """Somebody who may own documents."""
    return home.people["analyst"].pk


def _author(home: Furnished) -> Any:
    """Who uploaded the document."""
    return home.people["org_admin"].pk


# Every key of another object that a call may name, by (endpoint, method, name): how to find one's own, and the neighbour's.
REFERENCES: dict[tuple[str, str, str], tuple[Key, Key]] = {
    ("feedback_api:items", "POST", "section"): (_section, _section),
    ("feedback_api:items", "GET", "section"): (_section, _section),
    ("documents_api:documents", "GET", "uploaded_by"): (_author, _second_person),
    ("accounts_api:team_members", "POST", "person"): (_analyst, _second_person),
    ("accounts_api:belongings", "POST", "heir"): (_analyst, _second_person),
    ("accounts_api:service_accounts", "POST", "responsible"): (_analyst, _second_person),
    ("accounts_api:service_account", "PATCH", "responsible"): (_analyst, _second_person),
}
# The pages' forms have no description; these are the keys that they send.
FORMS: dict[tuple[str, str], Key] = {("feedback:remark", "section"): _section}
# What a page is about to make is named by the page itself; it is the key of nothing before.
_NAMES_ITS_OWN = {"batch_id"}
_FORM_KEYS = re.compile(r'name="(\w+)" value="[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"')


def _described() -> set[tuple[str, str, str]]:
    """Every name of a key in a body or a question, by the description of the API."""
    from django.urls import resolve

    described = json.loads(api_description("json"))
    parts = described["components"]["schemas"]
    found = set()
    for path, methods in described["paths"].items():
        name = resolve(re.sub(r"\{\w+\}", str(NOBODYS_KEY), path)).view_name
        for method, said in methods.items():
            keys = {
                part["name"] for part in said.get("parameters", []) if part["in"] == "query" and _is_key(part["schema"])
            }
            for content in said.get("requestBody", {}).get("content", {}).values():
                keys |= {field for field, schema in _fields(content["schema"], parts).items() if _is_key(schema)}
            found |= {(name, method.upper(), key) for key in keys}
    return found


def _fields(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    fields: dict[str, Any] = schema.get("properties", {})
    return fields


def _is_key(schema: dict[str, Any]) -> bool:
    return (
        schema.get("format") == "uuid" or _is_key(schema["items"])
        if "items" in schema
        else schema.get("format") == "uuid"
    )


def test_every_key_that_a_call_may_name_is_known() -> None:
    assert _described() - set(REFERENCES) == set(), "say in REFERENCES whose key it is"
    assert set(REFERENCES) - _described() == set(), "these are gone"


@pytest.mark.parametrize("reference", sorted(REFERENCES), ids="-".join)
def test_the_neighbours_key_in_a_call_is_nobodys(stage: Stage, reference: tuple[str, str, str]) -> None:
    from django.urls import reverse

    name, method, field = reference
    home, neighbour = stage.warehouse.home, stage.warehouse.neighbour
    route = next(route for route in declared_routes() if (route.name, route.method) == (name, method))
    url = reverse(name, args=[_key(stage, route)] if route.parameters else [])
    asker = stage.named("org_admin")
    answers = {}
    for whose, key in {
        "own": REFERENCES[reference][0](home),
        "theirs": REFERENCES[reference][1](neighbour),
        "nobody's": NOBODYS_KEY,
    }.items():
        if method == "GET":
            answers[whose] = stage.ask(asker, method, f"{url}?{field}={key}", key)
        else:
            answers[whose] = stage.ask(asker, method, url, key, body={**stage.body(), field: str(key)})
    assert answers["theirs"].plain() == answers["nobody's"].plain()
    assert not answers["theirs"].holds(neighbour.canary)
    assert answers["own"].plain() != answers["nobody's"].plain()
    if method != "GET":
        assert answers["theirs"].status in {400, 404}
        assert answers["own"].status in {200, 201}


def _key(stage: Stage, route: DeclaredRoute) -> Any:
    """The object of the call itself, of one's own."""
    if route.parameters == ("document_id",):
        return stage.warehouse.home.document_id
    model = OBJECTS[route.parameters[0]]
    return stage.warehouse.key(model, Subject(Place.HERE), whose=route.whose, name=route.name)


@pytest.mark.parametrize("form", sorted(FORMS), ids="-".join)
def test_the_neighbours_key_in_a_form_is_nobodys(stage: Stage, form: tuple[str, str]) -> None:
    from django.urls import reverse

    name, field = form
    home, neighbour = stage.warehouse.home, stage.warehouse.neighbour
    url, asker = reverse(name, args=[home.document_id]), stage.named("analyst")
    keys = {"own": FORMS[form](home), "theirs": FORMS[form](neighbour), "nobody's": NOBODYS_KEY}
    answers = {
        whose: stage.ask(asker, "POST", url, key, body={**stage.body(), field: str(key)}) for whose, key in keys.items()
    }
    assert answers["theirs"].plain() == answers["nobody's"].plain()
    assert (answers["theirs"].status, answers["own"].status) == (404, 302)


def test_every_key_that_a_pages_form_sends_is_known(stage: Stage) -> None:
    """Read from the pages themselves, as the administrator sees them: hidden fields and choices whose values are keys."""
    from django.urls import reverse

    known, found = {field for _name, field in FORMS} | _NAMES_ITS_OWN, set()
    for route in declared_routes():
        if route.door == Door.PAGE and route.method == "GET" and route.parameters in {(), ("document_id",)}:
            url = reverse(route.name, args=[stage.warehouse.home.document_id] if route.parameters else [])
            cell = stage.ask(stage.named("org_admin"), "GET", url)
            found |= set(_FORM_KEYS.findall(cell.body.decode("utf-8", "replace")))
    assert found - known == set(), "say in FORMS whose key it is"
