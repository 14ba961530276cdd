"""API keys: shown once, narrow, ending, of one organization, dead when revoked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.accounts.capabilities import Capability
from apps.accounts.errors import InvalidKeyError, NeedsPersonError, ScopeNotYoursError, TooManyKeysError
from apps.accounts.models import ApiKey
from apps.accounts.models.api_key import digest_of, is_well_formed, new_token
from apps.accounts.services.issue_api_key import MOST_KEYS_A_PERSON, issue_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions

ME = "/api/v2/me/"
READ = [Capability.READ_DOCUMENTS]


@pytest.fixture
def program(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _key(person: Any, *scopes: Capability, days: int = 30) -> Any:
    return issue_api_key(person, name="Nightly import", scopes=scopes or READ, life_days=days)


def test_a_key_is_shown_once_and_stored_as_a_digest(client: Any) -> None:
    answer = client.post("/profile/keys/", {"key_name": "Import", "scopes": ["read_documents"], "life_days": "30"})
    assert answer.status_code == 201
    row = ApiKey.objects.get()
    page = answer.content.decode()
    token = next(word for word in page.replace('"', " ").split() if is_well_formed(word))
    assert digest_of(token) == row.digest
    assert token not in str(ApiKey.objects.values().get())
    again = client.get("/profile/").content.decode()
    assert token not in again
    assert row.prefix in again
    assert actions() == ["api_key.issued"]


def test_a_key_acts_for_its_owner_within_its_scopes(program: Any, cast_a: Any) -> None:
    token = _key(cast_a.org_admin, Capability.READ_DOCUMENTS).token
    body = program.get(ME, headers=_bearer(token)).json()
    assert (body["id"], body["capabilities"]) == (str(cast_a.org_admin.pk), ["read_documents"])
    refused = program.get("/api/v2/people/", headers=_bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    wide = _key(cast_a.org_admin, Capability.MANAGE_ORGANIZATION).token
    assert program.get("/api/v2/people/", headers=_bearer(wide)).status_code == 200


def test_a_key_loses_what_its_owner_loses(program: Any, cast_a: Any) -> None:
    token = _key(cast_a.org_admin, Capability.READ_DOCUMENTS, Capability.MANAGE_ORGANIZATION).token
    cast_a.org_admin.role = "viewer"
    cast_a.org_admin.save()
    assert program.get(ME, headers=_bearer(token)).json()["capabilities"] == ["read_documents"]
    assert program.get("/api/v2/people/", headers=_bearer(token)).status_code == 403


def test_a_key_is_useless_on_another_organizations_host(
    anonymous_client: Any, program: Any, cast_a: Any, tenant_b: Any
) -> None:
    token = _key(cast_a.analyst).token
    assert program.get(ME, headers=_bearer(token)).status_code == 200
    answer = anonymous_client(tenant_b).get(ME, headers=_bearer(token))
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_api_key"


def test_a_revoked_key_is_unknown(client: Any, program: Any, cast_a: Any) -> None:
    issued = _key(cast_a.analyst)
    assert program.get(ME, headers=_bearer(issued.token)).status_code == 200
    assert client.post(f"/profile/keys/{issued.key.pk}/revoke/").status_code == 302
    assert program.get(ME, headers=_bearer(issued.token)).status_code == 401
    assert client.post(f"/profile/keys/{issued.key.pk}/revoke/").status_code == 404
    assert actions() == ["api_key.issued", "api_key.revoked"]


def test_a_key_ends_on_its_day(program: Any, cast_a: Any) -> None:
    token = _key(cast_a.analyst, days=1).token
    with time_machine.travel(now() + timedelta(hours=23), tick=False):
        assert program.get(ME, headers=_bearer(token)).status_code == 200
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        assert program.get(ME, headers=_bearer(token)).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token[:20],
        lambda token: token + "x",
    ],
)
def test_a_mistyped_key_is_refused(program: Any, cast_a: Any, change: Any) -> None:
    token = _key(cast_a.analyst).token
    assert program.get(ME, headers=_bearer(token)).status_code == 200
    assert program.get(ME, headers=_bearer(change(token))).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer aip_ünsinn", "Bearer", "Bearer something-else", "Basic YTpi", "Bearer aip_" + "0" * 57]
)
def test_other_credentials_are_nobody(program: Any, header: str) -> None:
    answer = program.get(ME, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_well_formed_key_that_was_never_issued_is_refused(program: Any) -> None:
    assert program.get(ME, headers=_bearer(new_token())).status_code == 401


def test_the_scheme_is_blind_to_case_and_needs_no_csrf_token(cast_a: Any, tenant_a: Any) -> None:
    from tests.conftest import CommittingClient

    strict = CommittingClient(tenant_a, enforce_csrf_checks=True)
    token = _key(cast_a.analyst).token
    answer = strict.patch(
        ME, {"theme": "dark"}, content_type="application/json", headers={"Authorization": f"bearer {token}"}
    )
    assert (answer.status_code, answer.json()["theme"]) == (200, "dark")


def test_a_session_needs_the_csrf_token(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a, enforce_csrf_checks=True)
    assert client.get(ME).status_code == 200
    assert client.patch(ME, {"theme": "dark"}, content_type="application/json").status_code == 403


def test_use_is_noted_once_a_minute(program: Any, cast_a: Any) -> None:
    issued = _key(cast_a.analyst)
    with time_machine.travel(now(), tick=False) as clock:
        first = now()
        program.get(ME, headers=_bearer(issued.token))
        clock.shift(30)
        program.get(ME, headers=_bearer(issued.token))
        issued.key.refresh_from_db()
        assert issued.key.last_used_at == first
        clock.shift(31)
        program.get(ME, headers=_bearer(issued.token))
        issued.key.refresh_from_db()
        assert issued.key.last_used_at == now()


def test_a_scope_that_the_owner_lacks_is_refused(cast_a: Any, client: Any) -> None:
    with pytest.raises(ScopeNotYoursError):
        _key(cast_a.analyst, Capability.READ_DOCUMENTS, Capability.MANAGE_ORGANIZATION)
    assert (
        client.post(
            "/profile/keys/", {"key_name": "K", "scopes": ["manage_organization"], "life_days": "30"}
        ).status_code
        == 400
    )
    answer = client.post(
        "/api/v2/api-keys/", {"name": "K", "scopes": ["manage_organization"]}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_yours")
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", READ, 30), (" ", READ, 30), ("x" * 101, READ, 30), ("K", [], 30), ("K", READ, 0), ("K", READ, 366)],
)
def test_a_key_needs_a_name_a_scope_and_an_end_within_a_year(
    cast_a: Any, name: str, scopes: list[Capability], days: int
) -> None:
    with pytest.raises(InvalidKeyError):
        issue_api_key(cast_a.analyst, name=name, scopes=scopes, life_days=days)
    assert issue_api_key(cast_a.analyst, name="K", scopes=READ, life_days=365).key.pk


def test_a_key_cannot_make_a_key(program: Any, cast_a: Any) -> None:
    token = _key(cast_a.analyst).token
    answer = program.post(
        "/api/v2/api-keys/",
        {"name": "K", "scopes": ["read_documents"]},
        content_type="application/json",
        headers=_bearer(token),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
    cast_a.analyst.key_scopes = frozenset({"read_documents"})
    with pytest.raises(NeedsPersonError):
        _key(cast_a.analyst)


def test_a_person_has_a_bounded_number_of_keys(cast_a: Any) -> None:
    for _ in range(MOST_KEYS_A_PERSON):
        issued = _key(cast_a.analyst)
    with pytest.raises(TooManyKeysError):
        _key(cast_a.analyst)
    revoke_api_key(cast_a.analyst, key_id=issued.key.pk)
    assert _key(cast_a.analyst).token


def test_one_revokes_ones_own_keys_and_an_administrator_everybodys(cast_a: Any) -> None:
    issued = _key(cast_a.analyst)
    with pytest.raises(NotFoundError):
        revoke_api_key(cast_a.team_lead, key_id=issued.key.pk)
    revoke_api_key(cast_a.org_admin, key_id=issued.key.pk)
    assert ApiKey.objects.get().revoked_at is not None


def test_a_key_of_another_organization_cannot_be_revoked(cast_a: Any, cast_b: Any, tenant_b: Any) -> None:
    with inside(tenant_b):
        issued = _key(cast_b.analyst)
    with pytest.raises(NotFoundError):
        revoke_api_key(cast_a.org_admin, key_id=issued.key.pk)
    with inside(tenant_b):
        assert ApiKey.objects.get().revoked_at is None
        assert issued.key.prefix in str(issued.key)


def test_the_api_makes_lists_and_revokes_keys(client: Any) -> None:
    made = client.post(
        "/api/v2/api-keys/",
        {"name": "K", "scopes": ["read_documents"], "life_days": 7},
        content_type="application/json",
    )
    assert made.status_code == 201
    assert is_well_formed(made.json()["key"])
    (listed,) = client.get("/api/v2/api-keys/").json()["results"]
    assert listed["prefix"] == made.json()["prefix"]
    assert "key" not in listed
    assert "digest" not in listed
    assert client.delete(f"/api/v2/api-keys/{listed['id']}/").status_code == 204
    assert client.get("/api/v2/api-keys/").json()["results"] == []
    assert client.delete(f"/api/v2/api-keys/{listed['id']}/").status_code == 404
