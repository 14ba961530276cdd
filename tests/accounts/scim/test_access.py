"""The token is the only way in: one's own organization's, whole, neither revoked nor replaced nor expired; shown once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from rest_framework.request import Request

from apps.accounts.api.scim.gate import HasToken, ProvisioningView, access_of
from apps.accounts.capabilities import Capability
from apps.accounts.models import SCIMAccess, SCIMPerson, SSOConnection, User
from apps.accounts.models.api_key import _checksum, is_well_formed
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.scim_access import MARK
from apps.kernel.clock import now
from apps.kernel.errors import NotAllowedError
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.scim.conftest import ERROR, Directory, lena

NOBODY = "01a00000-0000-7000-8000-00000000dead"
PLACES = [
    ("GET", "/Users"),
    ("POST", "/Users"),
    ("GET", f"/Users/{NOBODY}"),
    ("PUT", f"/Users/{NOBODY}"),
    ("PATCH", f"/Users/{NOBODY}"),
    ("DELETE", f"/Users/{NOBODY}"),
    ("GET", "/Groups"),
    ("POST", "/Groups"),
    ("GET", f"/Groups/{NOBODY}"),
    ("PUT", f"/Groups/{NOBODY}"),
    ("PATCH", f"/Groups/{NOBODY}"),
    ("DELETE", f"/Groups/{NOBODY}"),
    ("GET", "/ServiceProviderConfig"),
    ("GET", "/ResourceTypes"),
    ("GET", "/ResourceTypes/User"),
    ("GET", "/Schemas"),
    ("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
    ("POST", "/Bulk"),
    ("GET", "/Me"),
    ("POST", "/.search"),
    ("GET", "/"),
    ("GET", "/elsewhere"),
]


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: TenantRef) -> Client:
    client: Client = client_for(cast_a.org_admin, tenant_a)
    return client


def is_refused(answer: Any) -> bool:
    if answer.status_code != 401:
        return False
    assert answer["WWW-Authenticate"] == 'Bearer realm="scim"'
    assert answer.json() == {"schemas": [ERROR], "status": "401", "detail": "This provisioning token is not valid."}
    return True


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_every_address_wants_the_token(okta: Directory, tenant_b: TenantRef, method: str, path: str) -> None:
    body = lena() if method in {"POST", "PUT", "PATCH"} else None
    assert okta.ask(method, path, body).status_code not in {401, 403}
    for header in (
        "",
        "Bearer",
        f"Basic {okta.token}",
        f"Bearer {okta.token}x",
        f"Bearer {okta.token[:-1]}é",
        "Bearer aip_x",
    ):
        assert is_refused(okta.ask(method, path, body, Authorization=header)), header
    other = "0" if okta.token[30] != "0" else "1"
    assert is_refused(okta.ask(method, path, body, Authorization=f"Bearer {okta.token[:30]}{other}{okta.token[31:]}"))
    there = Directory(okta.connection, okta.token, tenant_b)
    assert is_refused(there.ask(method, path, body)), "a token of alpha is nothing on beta's host"


def test_a_whole_token_that_only_begins_like_the_good_one_is_refused(okta: Directory) -> None:
    assert okta.ask("GET", "/Users").status_code == 200
    body = SCIMAccess.objects.get().prefix + "a" * 43
    forged = body + _checksum(body)
    assert is_well_formed(forged, MARK)
    assert is_refused(okta.ask("GET", "/Users", Authorization=f"Bearer {forged}"))


def test_a_token_of_alpha_changes_and_notes_nothing_on_beta(okta: Directory, tenant_b: TenantRef) -> None:
    with inside(tenant_b):
        people = User.objects.count()
    assert is_refused(Directory(okta.connection, okta.token, tenant_b).ask("POST", "/Users", lena()))
    with inside(tenant_b):
        assert (User.objects.count(), SCIMAccess.objects.count(), SCIMPerson.objects.count()) == (people, 0, 0)
    assert okta.ask("POST", "/Users", lena()).status_code == 201


def test_neither_a_session_nor_an_api_key_opens_it_and_the_token_opens_nothing_else(
    okta: Directory, admin: Client, cast_a: Any, anonymous_client: Any, tenant_a: TenantRef
) -> None:
    assert admin.get("/profile/").status_code == 200
    assert admin.get("/scim/v2/Users").status_code == 401
    key = issue_api_key(cast_a.org_admin, name="n", scopes=[Capability.MANAGE_ORGANIZATION], life_days=1).token
    assert is_refused(okta.ask("GET", "/Users", Authorization=f"Bearer {key}"))
    program = anonymous_client(tenant_a)
    bearer = {"Authorization": f"Bearer {okta.token}"}
    assert program.get("/api/v2/people/", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert program.get("/api/v2/people/", headers=bearer).status_code == 401
    assert program.get("/people/", headers=bearer).status_code == 302


def test_an_expired_token_is_nothing(okta: Directory) -> None:
    assert okta.ask("GET", "/Users").status_code == 200
    SCIMAccess.objects.update(expires_at=now() - timedelta(seconds=1))
    assert is_refused(okta.ask("GET", "/Users"))


def test_an_administrator_makes_renews_and_revokes_it_on_the_page_and_sees_it_once(
    admin: Client, okta: Directory, tenant_a: TenantRef
) -> None:
    place = f"/organization/single-sign-on/{okta.connection.pk}/"
    made = admin.post(f"{place}provisioning/")
    assert made.status_code == 201
    found = re.search(r'value="(aip_scim_[0-9A-Za-z]+)"', made.content.decode())
    assert found
    renewed = Directory(okta.connection, found.group(1), tenant_a)
    assert renewed.ask("GET", "/Users").status_code == 200
    assert is_refused(okta.ask("GET", "/Users"))
    access = SCIMAccess.objects.get()
    assert access.last_used_at is not None
    assert renewed.token not in str(vars(access))
    page = admin.get(place).content.decode()
    assert renewed.token not in page
    assert access.prefix in page
    assert "http://alpha.localhost:8000/scim/v2" in page
    assert admin.post(f"{place}provisioning/subject/", {"source": "external_id"}).status_code == 302
    assert admin.post(f"{place}provisioning/subject/", {"source": "nonsense"}).status_code == 400
    assert SCIMAccess.objects.get().subject_source == "external_id"
    assert admin.post(f"{place}provisioning/revoke/").status_code == 302
    assert is_refused(renewed.ask("GET", "/Users"))
    assert admin.post(f"{place}provisioning/revoke/").status_code == 404
    wanted = ["scim.token_made", "scim.token_made", "scim.subject_changed", "scim.token_revoked"]
    assert [name for name in actions() if name.startswith("scim.")] == wanted


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_may(
    okta: Directory, client_for: Any, cast_a: Any, tenant_a: TenantRef, role: str
) -> None:
    place = f"/organization/single-sign-on/{okta.connection.pk}/provisioning/"
    client = client_for(getattr(cast_a, role), tenant_a)
    for path in (place, f"{place}revoke/", f"{place}subject/"):
        assert client.post(path, {"source": "external_id"}).status_code == 403
    assert okta.ask("GET", "/Users").status_code == 200


def test_without_a_token_there_is_nothing_to_revoke_or_to_choose(admin: Client, okta: Directory) -> None:
    SCIMAccess.objects.all().delete()
    place = f"/organization/single-sign-on/{okta.connection.pk}/provisioning/"
    assert admin.post(f"{place}revoke/").status_code == 404
    assert admin.post(f"{place}subject/", {"source": "external_id"}).status_code == 404
    assert admin.post(place).status_code == 201


def test_calls_are_counted_good_and_bad(okta: Directory, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    assert [okta.ask("GET", "/Users").status_code for _ in range(3)] == [200, 200, 429]
    spent = okta.ask("GET", "/Users")
    assert int(spent["Retry-After"]) <= 60
    assert (spent.json()["schemas"], spent.json()["status"]) == ([ERROR], "429")
    assert [okta.ask("GET", "/Users", Authorization="Bearer x").status_code for _ in range(3)] == [401, 401, 429]


def test_a_connection_that_is_removed_takes_its_token_along(admin: Client, okta: Directory) -> None:
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    assert admin.post(f"/organization/single-sign-on/{okta.connection.pk}/remove/").status_code == 302
    assert is_refused(okta.ask("GET", "/Users"))
    assert User.objects.get(pk=made).is_active
    assert not SSOConnection.objects.exists()


def test_a_view_that_is_reached_without_a_token_finds_no_access() -> None:
    request = Request(HttpRequest())
    request.auth = None
    with pytest.raises(NotAllowedError):
        access_of(request)
    assert not HasToken().has_permission(request, ProvisioningView())
