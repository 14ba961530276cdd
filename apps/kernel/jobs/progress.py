"""What browsers hear of a job: started, progress, completed, failed, cancelled. A side view of the rows."""

from typing import Literal

from django.conf import settings

from apps.kernel.events.stream import emit
from apps.kernel.jobs.models import Job, StageRun

Moment = Literal["started", "progress", "completed", "failed", "cancelled"]


def announce(moment: Moment, *, job: Job, stage: StageRun | None) -> None:
    """Write one line about the job into the tenant's stream; call it last in the transaction that changed the rows."""
    prefix = settings.PIPELINE_STREAM.get(job.pipeline, f"job.{job.pipeline}")
    subject = str(job.subject_id)
    emit(
        f"{prefix}.{moment}",
        {
            "subject_id": subject,
            "document_id": subject,
            "job_id": str(job.id),
            "stage": stage.name if stage else "",
            "done": stage.done if stage else 0,
            "total": stage.total if stage else 0,
            "note": stage.note if stage else "",
            "state": job.state,
            "error": job.error_code,
        },
    )
