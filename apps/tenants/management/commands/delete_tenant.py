"""Delete an organization with all its data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import DomainError
from apps.tenants.services.delete import delete_tenant, deletion_of


class Command(BaseCommand):
    help = "Delete an organization: its schema, files and hosts. Says what it would do unless --confirm repeats the short name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--confirm", default="", help="the short name once more")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, even with --confirm")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        try:
            if options["dry_run"] or not options["confirm"]:
                going = deletion_of(slug)
                hosts = ", ".join(going.hosts) or "no host"
                self.stdout.write(
                    f"would delete {slug} ({going.name}; {hosts}) with all its people, documents and files"
                )
                self.stdout.write(f"to do it: delete_tenant {slug} --confirm {slug}")
                return
            delete_tenant(slug, confirmation=options["confirm"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"deleted {slug}")
