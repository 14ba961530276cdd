"""Two administrators who demote each other at the same moment: one of them stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.accounts.services.change_role import change_role
from apps.kernel.errors import DomainError
from apps.kernel.tenancy.context import inside


def test_two_administrators_who_demote_each_other_leave_one(committed_tenants: Any) -> None:
    tenant = committed_tenants[0]
    with inside(tenant):
        first = User.objects.get(role="org_admin")
        second = User.objects.create_person("second@example.com", name="Second", role=RoleName.ORG_ADMIN)
    together = Barrier(2)

    def demote(actor: User, other: User) -> str:
        try:
            with inside(tenant):
                together.wait(timeout=10)
                change_role(actor, person_id=other.pk, role=RoleName.VIEWER)
                return "done"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(demote, (first, second), (second, first)))
    with inside(tenant):
        left = User.objects.filter(role="org_admin", is_active=True).count()
    assert (left, outcomes) == (1, ["done", "not_allowed"])
