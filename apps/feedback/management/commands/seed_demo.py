"""Make the demo organization and the platform's own, with people and write-ups."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.feedback.services.demo_write_ups import WriteUpError
from apps.feedback.services.seed_demo import OPERATOR, PEOPLE, seed_people, seed_write_ups
from apps.kernel.tenancy.context import TenantRef, active_tenant_by_id, inside, tenant_by_slug
from apps.tenants.errors import SlugTakenError
from apps.tenants.services.migrate import migrate_all_schemas
from apps.tenants.services.provision import provision_tenant

DEMO = "demo"
PASSWORD = "demo-hawkeye-2026"  # noqa: S105  the printed sign-in of a demo on loopback; production refuses this command


class Command(BaseCommand):
    help = "Make the demo organization with one person of each role and sample write-ups, two of them reviewed. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="bring every schema to the code's migrations first")
        parser.add_argument("--bare", action="store_true", help="organization and people only")
        parser.add_argument("--json", action="store_true", help="print the addresses and sign-ins as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRISM_SCHEME == "https":
            message = "the demo has known passwords, so it is not made in production"
            raise CommandError(message)
        # One process for both: starting Django costs more than either when nothing is to be done.
        if options["migrate"]:
            migrate_all_schemas(announce=lambda name: self._tell(f"migrated {name}"))
        with inside(self._tenant(settings.PLATFORM_TENANT_SLUG, "Platform")):
            seed_people((OPERATOR,), password=PASSWORD)
        with inside(self._tenant(DEMO, "Demo Investigations")):
            seed_people(PEOPLE, password=PASSWORD)
            if not options["bare"]:
                self._fill()
        if options["json"]:
            self.stdout.write(json.dumps(_sign_ins()))

    def _fill(self) -> None:
        try:
            new = seed_write_ups(Path(settings.ROOT) / "demo" / "write_ups", announce=self._tell)
        except WriteUpError as error:
            raise CommandError(str(error)) from error
        if new:
            self._tell(f"{new} write-ups added")

    def _tenant(self, slug: str, name: str) -> TenantRef:
        """The organization, ready to work; one whose making was interrupted is finished."""
        try:
            return provision_tenant(slug, name=name)
        except SlugTakenError as error:
            # Only one that may work is entered: not one that is suspended, half deleted, or still being made elsewhere.
            found = tenant_by_slug(slug)
            ready = active_tenant_by_id(found.id) if found is not None else None
            if ready is None:
                message = f"the organization {slug} is there but may not work now; resume or delete it, then try again"
                raise CommandError(message) from error
            return ready

    def _tell(self, words: str) -> None:
        """Progress goes beside the result."""
        self.stderr.write(words, self.style.SUCCESS)


def _sign_ins() -> dict[str, Any]:
    port = "" if settings.PRISM_PORT == 80 else f":{settings.PRISM_PORT}"
    return {
        "url": f"http://{DEMO}.{settings.PRISM_BASE_DOMAIN}{port}/",
        "platform_url": f"http://{settings.PLATFORM_TENANT_SLUG}.{settings.PRISM_BASE_DOMAIN}{port}/admin/",
        "password": PASSWORD,
        "people": [{"email": email, "name": name, "role": role.value} for email, name, role in PEOPLE],
        "operator": OPERATOR[0],
        "mail": settings.EMAIL_HOST or settings.EMAIL_FILE_PATH,
    }
