"""The stages of this room in the main job."""

from apps.analysis.services import run_analysis
from apps.kernel.jobs.stages import StageContext, stage


@stage("analysis.run", queue="analysis", time_limit_s=900)
def run(context: StageContext) -> None:
    """Let the built-in reviewer read every section."""
    run_analysis.review_by_rules(context)


@stage("analysis.ask_model", queue="analysis", time_limit_s=1_500)
def ask_model(context: StageContext) -> None:
    """Ask the configured model about every section."""
    run_analysis.ask_model(context)


@stage("analysis.replay", queue="analysis", time_limit_s=300)
def replay(context: StageContext) -> None:
    """Read the stored replies again."""
    run_analysis.replay_run(context)
