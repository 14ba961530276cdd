"""Write the reference pages that are generated from code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.management.reference_pages import reference_pages


class Command(BaseCommand):
    help = "Write docs/reference/*.md from the tables in the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when a page is not what it should be"
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        del args, options
        folder = Path(settings.ROOT) / "docs" / "reference"
        for name, page in reference_pages().items():
            place = folder / name
            if check:
                if not place.exists() or place.read_text(encoding="utf-8") != page:
                    message = f"{name} is out of date: run manage.py document_reference"
                    raise CommandError(message)
                continue
            folder.mkdir(parents=True, exist_ok=True)
            place.write_text(page, encoding="utf-8")
            self.stdout.write(f"docs/reference/{name}")
