"""Set how many API calls one organization may make in a minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.errors import DomainError
from apps.tenants.services.set_call_limit import set_call_limit


class Command(BaseCommand):
    help = "Set how many API calls an organization may make in a minute; without a number it is what everybody has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("calls_per_minute", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            set_call_limit(options["slug"], calls_per_minute=options["calls_per_minute"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['slug']}: {options['calls_per_minute'] or 'default'} calls a minute")
