"""What the tests of the programs' way in share: clients, a reviewed document, keys."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.call_limits import counters
from apps.accounts.capabilities import Capability
from apps.accounts.services.issue_api_key import issue_api_key
from apps.documents.word.builder import Heading, Paragraph, build
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast

API = "/api/v2"
PROBLEM = "application/problem+json"
WRITE_UP = build(
    [
        Heading("Executive Summary"),
        Paragraph("Many buyers were affected and several complained about the seller Nordlicht. TBD will follow soon."),
        Heading("Root Cause"),
        Paragraph("The analyst made a mistake. The control failed because nobody watched it."),
        Heading("Preventative Actions"),
        Paragraph("Training will be improved. The team will be more careful."),
    ]
)


@pytest.fixture(autouse=True)
def fresh_counters(django_db_setup: None) -> None:
    """No test inherits another one's calls."""
    cache.clear()
    counters.forget_fault()


@pytest.fixture
def analyst(client_for: Callable[..., Client], cast_a: Cast, tenant_a: TenantRef) -> Client:
    return client_for(cast_a.analyst, tenant_a)


@pytest.fixture
def viewer(client_for: Callable[..., Client], cast_a: Cast, tenant_a: TenantRef) -> Client:
    return client_for(cast_a.viewer, tenant_a)


@pytest.fixture
def team_lead(client_for: Callable[..., Client], cast_a: Cast, tenant_a: TenantRef) -> Client:
    return client_for(cast_a.team_lead, tenant_a)


@pytest.fixture
def admin(client_for: Callable[..., Client], cast_a: Cast, tenant_a: TenantRef) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def document(analyst: Client) -> dict[str, Any]:
    """A write-up of the analyst, reviewed by now."""
    return upload(analyst)


def upload(client: Client, name: str = "case 17.docx", **fields: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/documents/", {"file": SimpleUploadedFile(name, WRITE_UP), **fields})
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def items_of(client: Client, document: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    answer = client.get(document["_links"]["feedback"], asked)
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def send(client: Client, method: str, url: str, body: Any = None, **headers: str) -> Any:
    """A call with a JSON body; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = {"data": "" if body is None else body, "content_type": "application/json"} if method != "get" else {}
    return getattr(client, method)(url, headers=named, **content)


def key_of(person: Any, *scopes: Capability) -> str:
    return issue_api_key(
        person, name="Nightly import", scopes=scopes or [Capability.READ_DOCUMENTS], life_days=30
    ).token
