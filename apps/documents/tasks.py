"""The stages of this room in the main job."""

from apps.documents.services.divide import divide_text
from apps.documents.services.extract import extract_text
from apps.kernel.jobs.stages import StageContext, stage


@stage("documents.extract", queue="documents", time_limit_s=120)
def extract(context: StageContext) -> None:
    """Read the text."""
    extract_text(context.subject_id, writing=context.fenced)


@stage("documents.divide", queue="documents", time_limit_s=60)
def divide(context: StageContext) -> None:
    """Find the sections."""
    divide_text(context.subject_id, writing=context.fenced)
