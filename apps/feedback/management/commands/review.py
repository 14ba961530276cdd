"""Review one file from the command line, by the same stages as in the portal."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.test.utils import override_settings

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.analysis.models import Run
from apps.analysis.selectors import finished_run_for, scorecard_of
from apps.documents.choices import Classification
from apps.documents.models import Document
from apps.documents.services.purge import purge_document
from apps.documents.services.upload import upload_document
from apps.feedback.report_json import report_of
from apps.feedback.selectors import items_of, review_for
from apps.feedback.services.export import snapshot_of, word_file_of
from apps.kernel.errors import DomainError
from apps.kernel.jobs.choices import JobState
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline
from apps.kernel.jobs.wake import calling_nobody
from apps.kernel.tenancy.context import TenantRef
from apps.kernel.tenancy.tenant_command import TenantCommand

_ENGINES = ("rules", "")


class Command(TenantCommand):
    help = (
        "Review a file: prints the scorecard, and writes JSON and the commented Word file where asked. "
        "The file does not stay in the organization's library unless --keep is given."
    )
    allows_all_tenants = False
    default_tenant = "demo"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--engines", default="", help="rules: leave the configured model out")
        parser.add_argument("--json", type=Path, help="where to write the review as JSON; - prints it")
        parser.add_argument("--docx", type=Path, help="where to write the Word file with every item as a comment")
        parser.add_argument("--keep", action="store_true", help="leave the document and its review in the library")

    def handle_tenant(self, tenant: TenantRef, /, **options: Any) -> None:
        if options["engines"] not in _ENGINES:
            message = "--engines takes rules, or nothing for rules and the configured model"
            raise CommandError(message)
        models = () if options["engines"] == "rules" else settings.LLM_MODELS
        author = _author()
        try:
            # No worker is called: it would review with its own settings, and whoever waits is here.
            with (
                override_settings(LLM_MODELS=models),
                calling_nobody(),
                _uploaded(author, options["file"], keeps=options["keep"]) as document,
            ):
                _run_stages(document)
                self._tell(author, document, **options)
        except DomainError as error:
            message = f"{error} [{error.code}]"
            raise CommandError(message) from error
        except OSError as error:
            message = f"{error.filename or options['file']}: {error.strerror} [file_error]"
            raise CommandError(message) from error

    def _tell(self, author: User, document: Document, **options: Any) -> None:
        run = finished_run_for(author, document.id)
        if options["docx"]:
            review = review_for(author, document.id, need="view")
            snapshot = snapshot_of(review, items_of(review).filter(is_hidden=False))
            with word_file_of(review, snapshot) as reviewed, options["docx"].open("wb") as docx:
                shutil.copyfileobj(reviewed, docx)
        if options["json"]:
            written = json.dumps(report_of(run), indent=1, ensure_ascii=False)
            if str(options["json"]) == "-":
                self.stdout.write(written)
                return
            options["json"].write_text(written + "\n", encoding="utf-8")
        self._print(run)

    def _print(self, run: Run) -> None:
        titles = run.framework.text().titles()
        for entry in scorecard_of(run):
            standing = f"{entry.status.replace('_', ' ')} {entry.risk}".strip()
            self.stdout.write(f"{entry.point:>2}  {standing:<16}{titles[entry.point]}: {entry.reason}")
        self.stdout.write(f"{run.findings.filter(is_hidden=False).count()} items by {', '.join(run.engines)}")
        if run.model_problem_code:
            self.stderr.write(
                f"the model did not answer for {run.sections_without_model} sections [{run.model_problem_code}]"
            )


def _author() -> User:
    may_upload = User.objects.people().filter(role__in=[RoleName.ANALYST, RoleName.ORG_ADMIN], is_active=True)
    author = may_upload.order_by("id").first()
    if author is None:
        message = "this organization has nobody who may upload"
        raise CommandError(message)
    return author


@contextmanager
def _uploaded(author: User, path: Path, *, keeps: bool) -> Iterator[Document]:
    """The file as a document of the organization; gone again at the end, with all that was made of it."""
    # What is only passing through is for its author's eyes.
    classification = Classification.INTERNAL if keeps else Classification.RESTRICTED
    with path.open("rb") as file:
        document = upload_document(
            author,
            file_name=path.name,
            content=file,
            size_bytes=path.stat().st_size,
            classification=classification,
        )
    try:
        yield document
    finally:
        if not keeps:
            purge_document(author, document_id=document.id, reason="reviewed from the command line")


def _run_stages(document: Document) -> None:
    job = latest_job(document.id)
    if job is None:
        message = "no review was started for the file [no_job]"
        raise CommandError(message)
    ended = run_inline(job.id)
    if ended.state != JobState.COMPLETED:
        message = f"{_sentence_of(ended)} [{ended.error_code}]"
        raise CommandError(message)


def _sentence_of(job: Job) -> str:
    """What a person is told of a job that ended badly: the sentence of its code's error, where a room has one."""
    known = [DomainError]
    for kind in known:
        known += kind.__subclasses__()
        if kind.code == job.error_code:
            return str(kind(**job.error_fields))
    return "The file could not be reviewed."
