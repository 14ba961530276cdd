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
        and not (getattr(task, "runs_on", "") and task.time_limit)
    ]
    assert loose == []


def test_every_task_can_be_sent_and_is_asked_to_stop_before_it_is_ended() -> None:
    app.loader.import_default_modules()
    # Celery refuses to send a task whose soft limit is above its hard one; beat then only logs that.
    limits = {name: (task.soft_time_limit, task.time_limit) for name, task in app.tasks.items()}
    assert {name: (soft, hard) for name, (soft, hard) in limits.items() if not 0 < soft < hard} == {}


def test_what_beat_asks_for_is_there() -> None:
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert asked
    assert asked - set(app.tasks) == set()


def test_a_task_is_sent_to_the_queue_that_it_names() -> None:
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if getattr(task, "runs_on", "") and not name.startswith("test.")]
    assert ours, "the tasks were found"
    for task in ours:
        routed = app.amqp.router.route({}, task.name, task_type=task)
        assert routed["queue"].name == task.runs_on, task.name
        assert "queue" not in vars(type(task)), "Celery gives this attribute up"
    chosen = app.amqp.router.route({"queue": "analysis"}, RUN_STAGE, task_type=app.tasks[RUN_STAGE])
    assert chosen["queue"].name == "analysis", "a stage brings its own"
