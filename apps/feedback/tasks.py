"""The stage of this room in the main job."""

from apps.feedback.services.draft_items import draft_items
from apps.kernel.jobs.stages import StageContext, stage


@stage("feedback.draft", queue="analysis", time_limit_s=60)
def draft(context: StageContext) -> None:
    """Put the findings to people."""
    with context.fenced():
        draft_items(context.subject_id)
