"""Every task carries its organization, or says that it belongs to the control plane."""

from apps.kernel.jobs.wake import RUN_STAGE
from apps.kernel.tenancy.tenant_task import PlatformTask, TenantTask
from config.celery import app


def test_no_task_runs_without_deciding_whose_it_is() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert ours, "the tasks were found"
    undecided = [name for name, task in ours.items() if not isinstance(task, TenantTask | PlatformTask)]
    assert undecided == []


def test_every_task_names_its_queue_and_its_time_limit() -> None:
    app.loader.import_default_modules()
    loose = [
        name
        for name, task in app.tasks.items()
        # A stage brings its own queue and limit; the decorator asks for both. Other tests of this process register tasks "test.…".
        if not name.startswith(("celery.", "test."))
        and name != RUN_STAGE
        and not (getattr(task, "queue", None) and task.time_limit)
    ]
    assert loose == []
