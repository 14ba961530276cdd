"""Resume an organization."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import DomainError
from apps.tenants.services.suspend import resume_tenant


class Command(BaseCommand):
    help = "Resume an organization: its people may work again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            resume_tenant(options["slug"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"resumed {options['slug']}")
