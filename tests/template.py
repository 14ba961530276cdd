"""Makes the template database: run as `python -m tests.template` with PRISM_TEST_DATABASE set."""

from uuid import UUID

import django

TENANT_A = UUID("0190a000-0000-7000-8000-00000000000a")
TENANT_B = UUID("0190b000-0000-7000-8000-00000000000b")
PASSWORD = "correct horse battery staple"


def make() -> None:
    """Migrate everything and provision two organizations with one person of each role, all with equal ids in both."""
    from apps.accounts.capabilities import RoleName
    from apps.accounts.models import User
    from apps.kernel.tenancy.context import inside
    from apps.tenants.services.migrate import migrate_all_schemas
    from apps.tenants.services.provision import provision_tenant

    migrate_all_schemas(announce=lambda _: None)
    for slug, tenant_id in (("alpha", TENANT_A), ("beta", TENANT_B)):
        tenant = provision_tenant(
            slug, name=f"{slug.title()} Investigations", domain=f"{slug}.localhost", tenant_id=tenant_id
        )
        with inside(tenant):
            for number, role in enumerate(("viewer", "analyst", "team_lead", "org_admin"), start=1):
                user = User(
                    id=UUID(int=(0x0190C000 << 96) | (7 << 76) | (2 << 62) | number),
                    email=f"{role}@example.com",
                    name=role.replace("_", " ").title(),
                )
                user.role = RoleName(role)
                user.set_password(PASSWORD)
                user.save()


if __name__ == "__main__":
    django.setup()
    make()
