"""kill -9 in the middle of a deed: an organization is whole or not there, and running the command again finishes it."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from apps.kernel.events.models import OutboxEvent
from apps.kernel.storage.tenant_files import store
from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside, tenant_by_slug
from apps.tenants.models import Domain, Tenant
from apps.tenants.services.migrate import migrate_all_schemas
from apps.tenants.services.provision import provision_tenant
from tests.tenants.catalogue import description, schema_names
from tests.tenants.processes import ROOT, environment, killed_at


def schemas_of_rows() -> set[str]:
    with in_control_plane():
        return set(Tenant.objects.filter(state="active").values_list("schema_name", flat=True))


def is_active(slug: str) -> bool:
    """Was it made whole, whatever happened to the process after that?"""
    with in_control_plane():
        return Tenant.objects.filter(slug=slug, state="active").exists()


def test_provisioning_that_is_killed_anywhere_leaves_a_whole_organization_or_none(committed_tenants: Any) -> None:
    points = {f"acme{number}": number for number in (0, *range(1, 24, 2), 30, 40, 45, 50)}
    endings = killed_at("provision", points)
    assert endings == {slug: "killed" if number else "finished" for slug, number in points.items()}
    assert sum(not is_active(slug) for slug in points) > 10, "nearly all were killed on the way"
    assert schema_names() == {"public", "t_template"} | schemas_of_rows()
    whole = description("t_template")
    for slug, ending in endings.items():
        before = tenant_by_slug(slug)
        if ending == "killed" and not is_active(slug):
            call_command("provision_tenant", slug, admin_email="ada@example.org")
        tenant = tenant_by_slug(slug)
        assert tenant is not None
        assert before is None or before == tenant, "what was claimed before is finished, not made a second time"
        assert description(tenant.schema_name) == whole
        with inside(tenant):
            assert OutboxEvent.objects.filter(name="organization.provisioned").count() == 1
        with in_control_plane():
            assert Domain.objects.filter(tenant__slug=slug).count() == 1
    assert schema_names() == {"public", "t_template"} | schemas_of_rows()


def test_provisioning_that_is_killed_while_the_schema_is_cloned_is_finished_later(committed_tenants: Any) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "provision_tenant", "acme"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    with in_control_plane(), connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT clone_schema%' AND state = 'active'"
            )
            if cursor.fetchone():
                break
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(timeout=10) == -signal.SIGKILL
    provision_tenant("acme", name="Acme")
    tenant = tenant_by_slug("acme")
    assert tenant is not None
    assert description(tenant.schema_name) == description("t_template")
    assert schema_names() == {"public", "t_template"} | schemas_of_rows()


def test_deleting_that_is_killed_anywhere_is_finished_by_a_second_run(committed_tenants: Any, settings: Any) -> None:
    points = {f"gone{number}": number for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}
    tenants: dict[str, TenantRef] = {}
    for slug in points:
        tenants[slug] = provision_tenant(slug, name=slug)
        with inside(tenants[slug]):
            store("originals", tenants[slug].id, io.BytesIO(b"what they wrote"))
    endings = killed_at("delete", points)
    assert list(endings.values())[:6] == ["killed"] * 6
    files = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    for slug, tenant in tenants.items():
        if tenant_by_slug(slug) is not None:
            call_command("delete_tenant", slug, confirm=slug)
        assert tenant_by_slug(slug) is None
        assert tenant.schema_name not in schema_names()
        assert not (files / "t" / str(tenant.id)).exists()


def test_a_migration_that_is_killed_goes_on_where_it_stopped(committed_tenants: Any) -> None:
    for tenant in committed_tenants:
        with inside(tenant), connection.cursor() as cursor:
            cursor.execute("DROP TABLE http_idempotentreply")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'http'")
    endings = killed_at("migrate", {"all": 30})
    assert endings == {"all": "killed"}
    announced: list[str] = []
    migrate_all_schemas(announce=announced.append)
    assert announced
    for tenant in committed_tenants:
        columns = description(tenant.schema_name)["columns"]
        assert columns == description("t_template")["columns"]
    assert migrate_all_schemas(announce=announced.append) == 0
