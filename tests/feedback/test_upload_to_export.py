"""The main job through HTTP: upload, review, decide, export."""

from collections.abc import Callable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast


def test_the_library_is_empty_at_first_and_says_what_to_do(tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]) -> None:
    page = client_for(cast_a.analyst, tenant_a).get("/")
    assert page.status_code == 200
    assert "No documents yet" in page.content.decode()
