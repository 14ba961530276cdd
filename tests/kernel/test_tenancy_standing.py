"""Whether an organization may still work, as long work asks it again and again."""

from typing import Any

import pytest
from django.db import transaction

from apps.kernel.tenancy.context import in_control_plane
from apps.kernel.tenancy.standing import Standing, standing, standing_until_commit
from apps.tenants.models import Tenant


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("active", Standing.ACTIVE),
        ("suspended", Standing.SUSPENDED),
        ("deleting", Standing.GONE),
        ("provisioning", Standing.GONE),
    ],
)
def test_it_stands_as_its_row_says(tenant_a: Any, state: str, expected: Standing) -> None:
    with in_control_plane():
        Tenant.objects.filter(pk=tenant_a.id).update(state=state)
    assert standing() == expected
    with transaction.atomic():
        assert standing_until_commit() == expected


def test_one_without_a_row_is_gone(tenant_a: Any) -> None:
    with in_control_plane():
        Tenant.objects.filter(pk=tenant_a.id).delete()
    assert standing() == Standing.GONE
