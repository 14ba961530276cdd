"""What the tests of this room share."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from redis import Redis

from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import TenantRef


@pytest.fixture(autouse=True)
def fresh_counters(django_db_setup: None) -> Iterator[None]:
    """No test inherits another one's failed attempts."""
    _forget_cached()
    yield
    _forget_cached()


def _forget_cached() -> None:
    """Only what this process keeps: the server is shared with the other test processes, and clear() would empty theirs too."""
    with Redis.from_url(settings.VALKEY_URL) as client:
        if keys := list(client.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}*")):
            client.delete(*keys)


@pytest.fixture
def operator(platform_tenant: TenantRef) -> Any:
    """A platform operator; the platform's organization is entered."""
    from apps.accounts.capabilities import RoleName
    from apps.accounts.models import User

    return User.objects.create_person(
        "operator@example.com", name="Operator", role=RoleName.SYSTEM_ADMIN, password="correct horse battery staple"
    )


@pytest.fixture
def platform_tenant(both_tenants: tuple[TenantRef, TenantRef], settings: Any) -> Iterator[TenantRef]:
    """Organization alpha plays the platform's own organization, and is entered."""
    from apps.kernel.tenancy.context import inside

    settings.PLATFORM_TENANT_SLUG = both_tenants[0].slug
    with inside(both_tenants[0]) as tenant:
        yield tenant


def mailed_path(to: str) -> str:
    """The path of the link in the newest message to this address."""
    message = next(message for message in reversed(mail.outbox) if message.to == [to])
    found = re.search(r"http://[a-z.]+:8000(/\S+)", str(message.body))
    assert found, message.body
    return found.group(1)


def actions() -> list[str]:
    """The recorded deeds of the entered organization, oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
