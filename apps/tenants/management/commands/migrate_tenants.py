"""Migrate the shared tables, the template and every tenant."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.tenants.services.migrate import migrate_all_schemas


class Command(BaseCommand):
    help = "Bring every schema to the code's migrations. Quick when nothing is to be done."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = migrate_all_schemas(announce=lambda name: self.stdout.write(f"migrated {name}"))
        self.stdout.write(f"{changed} schemas migrated")
