"""Review one file from the command line, by the same stages as in the portal."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.test.utils import override_settings

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.analysis.models import Run
from apps.analysis.selectors import finished_run_for
from apps.documents.services.upload import upload_document
from apps.feedback.report_json import report_of
from apps.feedback.selectors import items_of, review_for
from apps.feedback.services.export import snapshot_of, word_file_of
from apps.kernel.errors import DomainError
from apps.kernel.jobs.choices import JobState
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline
from apps.kernel.tenancy.context import TenantRef
from apps.kernel.tenancy.tenant_command import TenantCommand


class Command(TenantCommand):
    help = "Review a file: prints the scorecard, and writes JSON and the commented Word file where asked."
    allows_all_tenants = False
    default_tenant = "demo"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--engines", default="", help="rules: leave the configured model out")
        parser.add_argument("--json", type=Path, help="where to write the review as JSON")
        parser.add_argument("--docx", type=Path, help="where to write the Word file with every item as a comment")

    def handle_tenant(self, tenant: TenantRef, **options: Any) -> None:
        if options["engines"] not in {"", "rules"}:
            message = "--engines takes rules, or nothing for rules and the configured model"
            raise CommandError(message)
        models = () if options["engines"] == "rules" else settings.LLM_MODELS
        try:
            with override_settings(LLM_MODELS=models):
                self._review(**options)
        except DomainError as error:
            message = f"{error} [{error.code}]"
            raise CommandError(message) from error

    def _review(self, **options: Any) -> None:
        path: Path = options["file"]
        author = (
            User.objects.filter(role__in=[RoleName.ANALYST, RoleName.ORG_ADMIN], is_active=True).order_by("id").first()
        )
        if author is None:
            message = "this organization has nobody who may upload"
            raise CommandError(message)
        try:
            with path.open("rb") as file:
                document = upload_document(author, file_name=path.name, content=file, size_bytes=path.stat().st_size)
        except OSError as error:
            message = f"{path} cannot be read: {error.strerror}"
            raise CommandError(message) from error
        job = latest_job(document.id)
        ended = run_inline(job.id) if job else None
        if ended is None or ended.state != JobState.COMPLETED:
            message = f"the file could not be reviewed [{ended.error_code if ended else 'no_job'}]"
            raise CommandError(message)
        run = finished_run_for(author, document.id)
        if options["json"]:
            options["json"].write_text(json.dumps(report_of(run), indent=1, ensure_ascii=False), encoding="utf-8")
        if options["docx"]:
            review = review_for(author, document.id, need="view")
            snapshot = snapshot_of(review, items_of(review).filter(is_hidden=False))
            options["docx"].write_bytes(word_file_of(review, snapshot))
        self._print(run)

    def _print(self, run: Run) -> None:
        titles = run.framework.text().titles()
        for entry in run.scorecard.order_by("point"):
            risk = f" {entry.risk}" if entry.risk else ""
            self.stdout.write(f"{entry.point:>2}  {entry.status}{risk:<8}  {titles[entry.point]}: {entry.reason}")
        self.stdout.write(f"{run.findings.filter(is_hidden=False).count()} items by {', '.join(run.engines)}")
