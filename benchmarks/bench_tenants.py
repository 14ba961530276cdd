"""Provisioning an organization, beside a bare CREATE SCHEMA and the migrations run in it; and what a thousand of them cost a request."""

import secrets
import time
from collections.abc import Callable

from benchmarks import SHORT, Figure
from benchmarks.stage import stage

_YARDSTICK = "CREATE SCHEMA and run the migrations"
_MANY = 1_000


def run() -> list[Figure]:
    """Seconds to provision, and the time of a host's look-up with two and with a thousand organizations."""
    with stage():
        migrated = _migrate_bare_schema()
        provisioned = min(_provision(f"bench{n}") for n in range(1 if SHORT else 3))
        few = _look_up()
        _add_organizations(_MANY)
        many = _look_up()
    return [
        ("bare schema, migrated", migrated, "s", 1.0, _YARDSTICK),
        ("provision an organization", provisioned, "s", provisioned / migrated, _YARDSTICK),
        (f"host look-up with {_MANY} organizations", many * 1000, "ms", many / few, "the same with a handful"),
    ]


def _migrate_bare_schema() -> float:
    from django.core.management import call_command
    from django.db import connection

    from apps.kernel.tenancy.context import in_control_plane
    from apps.kernel.tenancy.schema_switch import schema_switch

    name = "t_" + "".join(secrets.choice("abcdefghij") for _ in range(20))
    began = time.perf_counter()
    with in_control_plane():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(name)}")
        schema_switch.set_schema(name, include_public=False)
        call_command("migrate_plain", verbosity=0, interactive=False)
        schema_switch.set_schema_to_public()
    return time.perf_counter() - began


def _provision(slug: str) -> float:
    from apps.tenants.services.provision import provision_tenant

    began = time.perf_counter()
    provision_tenant(slug, name=slug.title())
    return time.perf_counter() - began


def _look_up() -> float:
    from apps.kernel.tenancy.hosts import tenant_for_host

    return _median(lambda: tenant_for_host("alpha.localhost"), rounds=200)


def _add_organizations(count: int) -> None:
    """Their rows alone: a request reads its own schema, whatever others there are."""
    from apps.kernel.tenancy.context import in_control_plane
    from apps.tenants.choices import TenantState
    from apps.tenants.models import Domain, Tenant

    with in_control_plane():
        made = Tenant.objects.bulk_create(
            Tenant(slug=f"many{n}", name=f"Many {n}", state=TenantState.ACTIVE) for n in range(count)
        )
        Domain.objects.bulk_create(Domain(domain=f"{one.slug}.localhost", tenant=one) for one in made)


def _median(work: Callable[[], object], *, rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[rounds // 2]
