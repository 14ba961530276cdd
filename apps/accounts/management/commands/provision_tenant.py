"""Provision an organization and invite its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import DomainError
from apps.tenants.services.provision import provision_tenant


class Command(BaseCommand):
    help = "Make an organization: its schema, its host, and an invitation for its first administrator. A half-made one is finished."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name", default="", help="shown to people; the slug by default")
        parser.add_argument("--domain", default="", help="host name; the slug under the base domain by default")
        parser.add_argument("--admin-email", default="", help="who gets the first invitation")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        try:
            provision_tenant(
                slug, name=options["name"] or slug, domain=options["domain"], admin_email=options["admin_email"]
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"provisioned {slug}")
