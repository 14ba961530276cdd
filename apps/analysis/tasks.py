"""The stage of this room in the main job."""

from apps.analysis.services.run_analysis import run_analysis
from apps.kernel.jobs.stages import StageContext, stage


@stage("analysis.run", queue="analysis", time_limit_s=900)
def run(context: StageContext) -> None:
    """Ask every engine about every section."""
    run_analysis(context)
