"""A stage that ends its worker, for documents whose name says so; only in the installations of these tests."""

import os
import signal

from django.apps import AppConfig

from apps.kernel.jobs.leaving import is_leaving
from apps.kernel.jobs.stages import StageContext, stage
from tests.faults.processes import until


@stage("test.poison", queue="analysis", time_limit_s=60)
def poison(context: StageContext) -> None:
    """Die without a word when the document is called poison; have the whole worker told to end when it is called terminated."""
    from apps.documents.models import Document

    name = Document.objects.get(pk=context.subject_id).name
    if name.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("terminated"):
        os.kill(os.getppid(), signal.SIGTERM)
        until(is_leaving, within_s=20, what="this process hears of it")


class PoisonConfig(AppConfig):
    """Registers the stage by being loaded."""

    name = "tests.faults"
    label = "faults"
    default = True

    def ready(self) -> None:
        """Nothing: importing was enough."""
