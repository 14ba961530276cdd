"""A task without its organization's genuine, living message is refused, and nothing is written anywhere.

The usual library logs that the switch failed and runs the task in the shared schema all the same.
"""

from typing import Any

import pytest
from celery import current_app, shared_task
from django.db import connection

from apps.kernel.clock import now
from apps.kernel.events.models import OutboxEvent
from apps.kernel.signing import sign
from apps.kernel.tenancy.context import NoTenantError, TenantRef, current_tenant, inside
from apps.kernel.tenancy.tenant_task import HEADER, PlatformTask, TenantTask
from apps.tenants.models import Tenant
from tests.isolation.counting import rows_everywhere
from tests.isolation.messages import header_for


@shared_task(base=TenantTask, name="test.write")
def write() -> str:
    """A task that leaves a trace."""
    OutboxEvent.objects.create(name="test.written", not_before=now())
    return current_tenant().slug


@shared_task(base=TenantTask, name="test.other")
def other() -> None:
    """Another one, whose messages must not open the first."""


def apply(task: Any, header: Any, *arguments: object) -> Any:
    """Run the task as a worker does, with this header in its message."""
    return task.apply(args=arguments, headers={} if header is None else {HEADER: header})


def headers_that_are_no_good(alpha: TenantRef, beta: TenantRef, name: str) -> dict[str, tuple[Any, str]]:
    genuine, theirs = header_for(alpha, name), header_for(beta, name)
    unknown = "0190a000-0000-7000-8000-0000000000ff"
    return {
        "none": (None, "task_signature_invalid"),
        "empty": ({}, "task_signature_invalid"),
        "a list": ([], "task_signature_invalid"),
        "a word": ("alpha", "task_signature_invalid"),
        "no proof": ({"id": genuine["id"]}, "task_signature_invalid"),
        "no id": ({"proof": genuine["proof"]}, "task_signature_invalid"),
        "an id that is none": ({**genuine, "id": "1 OR 1=1"}, "task_signature_invalid"),
        "a made-up proof": ({**genuine, "proof": f"{name}:x:y"}, "task_signature_invalid"),
        "a number as proof": ({**genuine, "proof": 7}, "task_signature_invalid"),
        "a neighbour's proof": ({**genuine, "proof": theirs["proof"]}, "task_signature_invalid"),
        "a proof of another purpose": (
            {**genuine, "proof": sign(name, purpose="link", tenant_id=alpha.id)},
            "task_signature_invalid",
        ),
        "another task's message": (header_for(alpha, f"not.{name}"), "task_tenant_refused"),
        "an unknown organization": (
            {
                "id": unknown,
                "proof": sign(name, purpose="task", tenant_id=TenantRef(**{**_plain(alpha), "id": unknown}).id),
            },
            "task_tenant_refused",
        ),
    }


def _plain(tenant: TenantRef) -> dict[str, Any]:
    return {"id": tenant.id, "slug": tenant.slug, "name": tenant.name, "schema_name": tenant.schema_name}


def tenant_tasks() -> list[str]:
    current_app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    return sorted(name for name, task in ours.items() if isinstance(task, TenantTask))


def test_every_task_is_declared_as_an_organizations_or_the_platforms(db: None) -> None:
    """A new task of the platform enters organizations by itself, so it has to be looked at: then name it here."""
    current_app.loader.import_default_modules()
    others = {
        name
        for name, task in current_app.tasks.items()
        if not name.startswith("celery.") and not isinstance(task, TenantTask)
    }
    assert others == {
        "accounts.ask_directories",
        "accounts.remind_of_keys",
        "accounts.remove_expired",
        "accounts.watch_all_providers",
        "jobs.sweep",
        "events.prune",
    }
    assert all(isinstance(current_app.tasks[name], PlatformTask) for name in others)
    assert current_app.Task.__base__ is TenantTask or issubclass(current_app.Task, TenantTask)


@pytest.mark.parametrize("name", tenant_tasks())
def test_no_task_runs_for_a_message_that_is_not_genuine(both_tenants: Any, name: str, caplog: Any) -> None:
    task = current_app.tasks[name]
    caplog.set_level("WARNING", logger="apps.kernel.tenancy.tenant_task")
    before = rows_everywhere()
    for what, (header, code) in headers_that_are_no_good(*both_tenants, name).items():
        caplog.clear()
        refused = apply(task, header, "0190a000-0000-7000-8000-00000000dead")
        assert (refused.state, refused.result.reason, refused.result.requeue) == ("REJECTED", code, False), what
        assert code in caplog.text, what
    assert rows_everywhere() == before


def test_a_genuine_message_is_worked_on_in_its_organization_alone(both_tenants: Any) -> None:
    for tenant in both_tenants:
        before = rows_everywhere()
        assert apply(write, header_for(tenant, "test.write")).result == tenant.slug
        after = rows_everywhere()
        assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
            f"{tenant.schema_name}.events_outboxevent": 1
        }


@pytest.mark.parametrize("state", ["suspended", "deleting", "provisioning"])
def test_an_organization_that_may_not_work_has_no_tasks(both_tenants: Any, state: str) -> None:
    """The library ran the task of a deleted organization in the shared schema and called it a success."""
    alpha = both_tenants[0]
    header = header_for(alpha, "test.write")
    assert apply(write, header).state == "SUCCESS"
    Tenant.objects.filter(pk=alpha.id).update(state=state)
    before = rows_everywhere()
    refused = apply(write, header)
    assert (refused.state, refused.result.reason) == ("REJECTED", "task_tenant_refused")
    assert rows_everywhere() == before


def test_an_organization_whose_schema_is_missing_has_no_tasks(both_tenants: Any) -> None:
    """PostgreSQL skips a missing schema silently: the database itself is asked where it is before the task begins."""
    alpha = both_tenants[0]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER SCHEMA "{alpha.schema_name}" RENAME TO t_moved2away')
    before = rows_everywhere()
    refused = apply(write, header_for(alpha, "test.write"))
    assert (refused.state, refused.result.reason) == ("REJECTED", "task_schema_missing")
    assert rows_everywhere() == before


def test_nothing_is_sent_for_nobody(both_tenants: Any) -> None:
    with pytest.raises(NoTenantError):
        write.delay()
    with inside(both_tenants[0]):
        assert write.delay().result == "alpha"


def test_a_task_ends_in_the_organization_where_it_began(both_tenants: Any) -> None:
    """Tasks that run in the same process, one inside the other, must not leave the outer one in the inner one's rows."""
    alpha, beta = both_tenants
    with inside(beta):
        assert apply(write, header_for(alpha, "test.write")).result == "alpha"
        assert current_tenant() == beta
        assert OutboxEvent.objects.count() == 0
    assert other.name == "test.other"
