"""Management commands on tenants' data: they name their tenant, or say that they mean all."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.tenancy.context import TenantRef, active_tenants, inside, tenant_by_slug


class TenantCommand(BaseCommand):
    """Runs handle_tenant() inside each tenant asked for; exits non-zero and touches nothing without one."""

    allows_all_tenants = True
    default_tenant: str | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --tenant and, where it makes sense, --all-tenants."""
        parser.add_argument("--tenant", default=self.default_tenant, help="slug of the organization")
        if self.allows_all_tenants:
            parser.add_argument("--all-tenants", action="store_true", help="every active organization")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enter each tenant and work there."""
        for tenant in self._chosen(options):
            with inside(tenant):
                self.handle_tenant(tenant, **options)

    def handle_tenant(self, tenant: TenantRef, /, **options: Any) -> None:
        """Work inside one tenant; `options` hold the slug under the same name."""
        raise NotImplementedError

    def _chosen(self, options: dict[str, Any]) -> list[TenantRef]:
        if options.get("all_tenants"):
            return active_tenants()
        slug = options.get("tenant")
        if not slug:
            message = "say which organization: --tenant SLUG" + (" or --all-tenants" if self.allows_all_tenants else "")
            raise CommandError(message)
        tenant = tenant_by_slug(slug)
        if tenant is None:
            message = f"there is no organization {slug!r}"
            raise CommandError(message)
        return [tenant]
