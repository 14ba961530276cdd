"""Read the stored model replies of a document again, without asking any model."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from apps.analysis.services.request_replay import request_replay
from apps.kernel.errors import DomainError
from apps.kernel.jobs.choices import JobState
from apps.kernel.jobs.services import run_inline
from apps.kernel.tenancy.context import TenantRef
from apps.kernel.tenancy.tenant_command import TenantCommand


class Command(TenantCommand):
    help = (
        "Read the stored model replies of a document again, as the code of today understands them. No model is called."
    )
    allows_all_tenants = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("document", type=UUID, help="id of the document")

    def handle_tenant(self, tenant: TenantRef, /, **options: Any) -> None:
        try:
            job = run_inline(request_replay(options["document"]).id)
        except DomainError as error:
            message = f"{error} [{error.code}]"
            raise CommandError(message) from error
        if job.state != JobState.COMPLETED:
            message = f"the replies could not be read again [{job.error_code}]"
            raise CommandError(message)
        self.stdout.write(f"read again: {options['document']} in {tenant.slug}")
