"""Migrate the shared tables, the template and every tenant."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import DomainError
from apps.kernel.tenancy.pooling_probe import is_pooled_by_transaction
from apps.tenants.services.migrate import migrate_all_schemas


class Command(BaseCommand):
    help = "Bring every schema to the code's migrations. Quick when nothing is to be done."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_pooled_by_transaction():
            message = (
                "a pooler in transaction mode stands before PostgreSQL: it would mix organizations. Use session mode."
            )
            raise CommandError(message)
        try:
            changed = migrate_all_schemas(announce=lambda name: self.stdout.write(f"migrated {name}"))
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{changed} schemas migrated")
