"""Directories of alpha: an Okta and an Entra ID with a token each, and a caller that speaks as they do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import SSOConnection, VerifiedDomain
from apps.accounts.services.connect_sso import make_connection
from apps.accounts.services.scim_access import issue_scim_token
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import CommittingClient

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass
class Directory:
    """What a provider's provisioning service is to us: a token and requests."""

    connection: SSOConnection
    token: str
    tenant: TenantRef
    content_type: str = "application/scim+json"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.token}", **headers}}
        if body is not None:
            text = body if isinstance(body, bytes | str) else json.dumps(body)
            given |= {"data": text, "content_type": self.content_type}
        client = CommittingClient(self.tenant, raise_request_exception=False)
        return getattr(client, method.lower())(f"/scim/v2{path}", **given)

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def find(self, kind: str, expression: str) -> list[dict[str, Any]]:
        from urllib.parse import urlencode

        answer = self.ask("GET", f"/{kind}?{urlencode({'filter': expression})}")
        assert answer.status_code == 200, answer.content
        assert answer.json()["totalResults"] == len(answer.json()["Resources"])
        return list(answer.json()["Resources"])


@pytest.fixture
def connect_directory(cast_a: Any, tenant_a: TenantRef) -> Callable[..., Directory]:
    """connect_directory(preset): a connection of alpha with a token; example.com is proven."""

    def make(preset: ProviderPreset = ProviderPreset.OKTA, **changes: Any) -> Directory:
        VerifiedDomain.objects.get_or_create(domain="example.com", defaults={"verified_at": now()})
        connection = make_connection(cast_a.org_admin, preset=preset, name=str(preset.label))
        SSOConnection.objects.filter(pk=connection.pk).update(**changes)
        token = issue_scim_token(cast_a.org_admin, connection_id=connection.pk).token
        return Directory(SSOConnection.objects.get(pk=connection.pk), token, tenant_a)

    return make


@pytest.fixture
def okta(connect_directory: Callable[..., Directory]) -> Directory:
    return connect_directory()


@pytest.fixture
def entra(connect_directory: Callable[..., Directory]) -> Directory:
    return connect_directory(ProviderPreset.ENTRA)


def lena(**changes: Any) -> dict[str, Any]:
    """A person as Okta creates one."""
    return {
        "schemas": [USER],
        "userName": "lena@example.com",
        "name": {"givenName": "Lena", "familyName": "Lang"},
        "emails": [{"primary": True, "value": "lena@example.com", "type": "work"}],
        "displayName": "Lena Lang",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
        **changes,
    }
