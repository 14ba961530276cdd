"""A provider's directory comes with its connection's token: it sees what this connection has sent, and nothing else opens the door."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.capabilities import Door
from apps.accounts.choices import ProviderPreset
from apps.accounts.management.declared_routes import DeclaredRoute, declared_routes
from apps.accounts.models import SCIMAccess, SCIMGroup, SCIMPerson, SSOConnection, User
from apps.accounts.services.connect_sso import make_connection
from apps.accounts.services.scim_access import issue_scim_token
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.authorization.conftest import Stage
from tests.authorization.expected import Answer, meaning
from tests.authorization.people import Asker
from tests.isolation.asking import NOBODYS_KEY
from tests.isolation.stage import Furnished

# What a parameter is the key of: a row of the connection's, or a word of the standard.
KINDS = {"user_id": "person", "group_id": "group", "name": "word", "urn": "word"}
_WORDS = {"name": "User", "urn": "urn:ietf:params:scim:schemas:core:2.0:User"}
# Views that say of a feature that it is not there.
_NOT_THERE = {"NotSupported": 501, "Nothing": 404}


@dataclass
class Directory:
    """One connection, its token, and one person and one group of it."""

    connection: SSOConnection
    token: str
    keys: dict[str, Any] = field(default_factory=dict)


def _directory(home: Furnished, name: str) -> Directory:
    with inside(home.tenant):
        admin = home.people["org_admin"]
        connection = make_connection(admin, preset=ProviderPreset.OKTA, name=name)
        token = issue_scim_token(admin, connection_id=connection.pk).token
        person, _new = User.objects.get_or_create(
            email_key=f"{name}@example.com", defaults={"email": f"{name}@example.com", "name": home.canary}
        )
        row = SCIMPerson.objects.create(connection=connection, person=person, user_name=home.canary)
        group = SCIMGroup.objects.create(connection=connection, display_name=home.canary)
        row.groups.add(group)
        return Directory(connection, token, {"person": person.pk, "group": group.pk})


@dataclass
class Directories:
    """The one that asks, another one of the same organization, and the neighbour's."""

    own: Directory
    other: Directory
    neighbours: Directory


@pytest.fixture(scope="module")
def directories(stage: Stage) -> Directories:
    home, neighbour = stage.warehouse.home, stage.warehouse.neighbour
    return Directories(_directory(home, "okta"), _directory(home, "second"), _directory(neighbour, "theirs"))


def _routes() -> list[DeclaredRoute]:
    return [route for route in declared_routes() if route.door == Door.PROVISIONING]


def _url(route: DeclaredRoute, key: Any = None) -> str:
    if route.name == "scim:nothing":
        return "/scim/v2/Nothing"
    return reverse(route.name, kwargs={route.parameters[0]: key} if route.parameters else None)


def _key(route: DeclaredRoute, directory: Directory) -> Any:
    if not route.parameters:
        return None
    kind = KINDS[route.parameters[0]]
    return _WORDS[route.parameters[0]] if kind == "word" else directory.keys[kind]


def _body(route: DeclaredRoute, method: str) -> dict[str, Any]:
    """What the standard asks for, so that the deed gets as far as the row."""
    if method == "PATCH":
        operation = {"op": "replace", "path": "displayName", "value": "Changed"}
        return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
    if "user" in route.name:
        name = {"givenName": "Changed", "familyName": "Name"}
        mail = [{"value": "changed@example.com", "primary": True}]
        return {"schemas": [_WORDS["urn"]], "userName": "changed@example.com", "name": name, "emails": mail}
    return {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Changed"}


def _asker(stage: Stage, token: str) -> Asker:
    return Asker("a directory", stage.named("anonymous").client, headers={"Authorization": f"Bearer {token}"})


def test_a_directory_reaches_what_its_own_connection_has_sent(stage: Stage, directories: Directories) -> None:
    wrong, asked = [], 0
    asker = _asker(stage, directories.own.token)
    for route in _routes():
        cell = stage.ask(
            asker, route.method, _url(route, key := _key(route, directories.own)), key, body=_body(route, route.method)
        )
        asked += 1
        wanted = _NOT_THERE.get(route.view.__name__)
        if (cell.status != wanted) if wanted else (meaning(cell) != Answer.GIVEN):
            wrong.append(f"{route.method} {route.path} with its own: expected {wanted or 'given'}, got {cell.status}")
        if route.parameters and KINDS[route.parameters[0]] != "word":
            body = _body(route, route.method)
            nowhere = stage.ask(asker, route.method, _url(route, NOBODYS_KEY), NOBODYS_KEY, body=body)
            for whose in (directories.other, directories.neighbours):
                foreign = stage.ask(asker, route.method, _url(route, key := _key(route, whose)), key, body=body)
                asked += 1
                if foreign.status != 404 or foreign.plain() != nowhere.plain():
                    wrong.append(
                        f"{route.method} {route.path} of {whose.connection}: got {foreign.status}, not nobody's"
                    )
    assert not wrong, "\n" + "\n".join(wrong)
    assert asked > 30


def test_nothing_but_a_good_token_of_this_organization_opens_the_door(stage: Stage, directories: Directories) -> None:
    home = stage.warehouse.home
    expired, revoked, off = (_directory(home, name) for name in ("expired", "revoked", "off"))
    with inside(home.tenant):
        at = now()
        SCIMAccess.objects.filter(connection=expired.connection).update(expires_at=at - timedelta(seconds=1))
        SCIMAccess.objects.filter(connection=revoked.connection).update(revoked_at=at)
        SSOConnection.objects.filter(pk=off.connection.pk).delete()
    tokens = [expired.token, revoked.token, off.token, directories.neighbours.token, directories.own.token[:-1] + "x"]
    askers = [*stage.askers, *(_asker(stage, token) for token in tokens)]
    wrong = []
    for route in _routes():
        for asker in askers:
            cell = stage.ask(asker, route.method, _url(route, key := _key(route, directories.own)), key)
            if cell.status != 401 or cell.holds(home.canary):
                wrong.append(
                    f"{route.method} {route.path} | {asker.name} {asker.headers}: expected 401, got {cell.status}"
                )
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_directory_is_nobody_on_pages_and_in_the_api(stage: Stage, directories: Directories) -> None:
    asker = _asker(stage, directories.own.token)
    for route in declared_routes():
        if route.door in {Door.PAGE, Door.ENDPOINT} and not route.parameters:
            got = meaning(stage.ask(asker, route.method, reverse(route.name)))
            wanted = Answer.SIGN_IN if route.door == Door.PAGE else Answer.NOBODY
            assert got == wanted, f"{route.method} {route.path}: expected {wanted}, got {got}"
