"""A stage that kills its worker, for documents whose name says so; only in the installations of these tests."""

import os
import signal

from django.apps import AppConfig

from apps.kernel.jobs.stages import StageContext, stage


@stage("test.poison", queue="analysis", time_limit_s=60)
def poison(context: StageContext) -> None:
    """Die without a word when the document is called poison."""
    from apps.documents.models import Document

    if Document.objects.get(pk=context.subject_id).name.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)


class PoisonConfig(AppConfig):
    """Registers the stage by being loaded."""

    name = "tests.faults"
    label = "faults"
    default = True

    def ready(self) -> None:
        """Nothing: importing was enough."""
