"""Measure the built-in reviewer on a folder of labelled write-ups. Reads files only; no organization's data."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.analysis.evaluation.labelled import read_folder
from apps.analysis.evaluation.metrics import evaluate
from apps.analysis.evaluation.report import json_of, lines_of
from apps.analysis.frameworks.reader import hawkeye
from apps.analysis.rules import reviewer
from apps.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Review every labelled write-up of a folder and print how often the reviewer agrees with the labels."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--engines", default="rules", choices=["rules"], help="the engine that is measured")
        parser.add_argument("--json", type=Path, help="where to write the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            documents = read_folder(options["folder"])
        except DomainError as error:
            message = f"{error} [{error.code}]"
            raise CommandError(message) from error
        figures = evaluate([(document, reviewer.review(document.sections, hawkeye())) for document in documents])
        if options["json"]:
            options["json"].write_text(json.dumps(json_of(figures), indent=1) + "\n", encoding="utf-8")
        for line in lines_of(figures):
            self.stdout.write(line)
