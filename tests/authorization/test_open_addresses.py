"""Addresses that ask nobody for a capability and are opened by something else: a mailed link, a provider's answer.

What opens one in one organization is at the other as good as nonsense, to the byte.
"""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.capabilities import Door, OpenedBy
from apps.accounts.choices import ConnectionKind
from apps.accounts.management.declared_routes import DeclaredRoute, declared_routes
from apps.accounts.models import AnsweredSignIn, SSOConnection
from apps.kernel.tenancy.context import inside
from tests.authorization.conftest import Stage
from tests.authorization.expected import Answer, meaning
from tests.isolation.asking import NOBODYS_KEY
from tests.isolation.stage import Furnished


def _slug(home: Furnished) -> dict[str, Any]:
    with inside(home.tenant):
        return {"slug": SSOConnection.objects.get(name=home.canary, kind=ConnectionKind.SAML).slug}


def _directory(home: Furnished) -> dict[str, Any]:
    with inside(home.tenant):
        return {"slug": SSOConnection.objects.get(name=home.canary, kind=ConnectionKind.LDAP).slug}


def _open_id(home: Furnished) -> dict[str, Any]:
    with inside(home.tenant):
        return {"slug": SSOConnection.objects.get(name=home.canary, kind=ConnectionKind.OIDC).slug}


def _collected(home: Furnished) -> dict[str, Any]:
    with inside(home.tenant):
        return {**_slug(home), "answer_id": AnsweredSignIn.objects.get(request_id=home.canary).pk}


# What opens each of them, in this organization.
KEYS: dict[str, Callable[[Furnished], dict[str, Any]]] = {
    "accounts:password_reset": lambda home: {"token": home.reset_token},
    "accounts:invitation": lambda home: {"token": home.invitation_token},
    "accounts:saml_metadata": _slug,
    "accounts:saml_login": _slug,
    "accounts:saml_acs": _slug,
    "accounts:saml_collect": _collected,
    "accounts:saml_sls": _slug,
    "accounts:ldap_login": _directory,
    "accounts:oidc_login": _open_id,
    "accounts:oidc_callback": _open_id,
    "accounts:oidc_back_channel_logout": _open_id,
}
_FORM = {"name": "New", "password": "a long enough secret 17", "again": "a long enough secret 17"}
# A provider's address refuses an answer that is none.
_OWN: dict[OpenedBy | None, set[Answer]] = {
    OpenedBy.MAILED_LINK: {Answer.GIVEN, Answer.SIGN_IN},
    OpenedBy.PROVIDER: {Answer.GIVEN, Answer.REFUSED},
}
_NOWHERE: dict[str, Any] = {"token": "nonsense:of:nobody", "slug": "nowhere", "answer_id": NOBODYS_KEY}
# Besides its key it wants the cookie of the browser that began: tests/accounts/saml has that.
# It reads what the provider says of itself first: tests/accounts/oidc has one.
_ASKS_THE_PROVIDER = {"accounts:oidc_login"}
_NOT_BY_KEY_ALONE = {"accounts:saml_collect"}


def _opened_by_keys() -> list[DeclaredRoute]:
    return [route for route in declared_routes() if route.door == Door.OPEN and route.parameters]


@pytest.mark.parametrize("route", _opened_by_keys(), ids=lambda route: f"{route.method} {route.name}")
def test_what_opens_it_here_is_nonsense_there(stage: Stage, route: DeclaredRoute) -> None:
    home, neighbour = stage.warehouse.home, stage.warehouse.neighbour
    own, theirs = KEYS[route.name](home), KEYS[route.name](neighbour)
    nowhere = {name: _NOWHERE[name] for name in own}
    for asker in stage.askers:
        asked = {}
        keys = {"own": own, "theirs": theirs, "nowhere": nowhere}
        if route.name in _ASKS_THE_PROVIDER:
            del keys["own"]
        for place, key in keys.items():
            asked[place] = stage.ask(asker, route.method, _url(route, key), key, body=_FORM)
        assert _without(asked["theirs"].plain(), theirs) == _without(asked["nowhere"].plain(), nowhere), asker.name
        assert not asked["theirs"].holds(neighbour.canary), asker.name
        assert asked["nowhere"].status in {400, 404, 410}, (asker.name, asked["nowhere"].status)
        if route.name not in _NOT_BY_KEY_ALONE | _ASKS_THE_PROVIDER:
            assert asked["own"].plain() != asked["nowhere"].plain(), asker.name
            assert meaning(asked["own"]) in _OWN[route.opened_by], (asker.name, asked["own"].status)


def test_each_way_of_opening_is_asked_for() -> None:
    used = {route.opened_by for route in declared_routes() if route.door == Door.OPEN}
    assert used == set(OpenedBy)


def _url(route: DeclaredRoute, keys: dict[str, Any]) -> str:
    from django.urls import reverse

    return reverse(route.name, kwargs=keys)


def _without(plain: tuple[object, ...], keys: dict[str, Any]) -> str:
    """The answer without the key that was asked for: links back to this very page hold it."""
    from urllib.parse import quote

    text = repr(plain)
    for value in keys.values():
        for form in {str(value), quote(str(value))}:
            text = text.replace(form, "<key>")
    return text
