"""The Celery application; every task is a tenant's task unless it says otherwise."""

import os

from celery import Celery
from celery.signals import worker_init, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("prism", task_cls="apps.kernel.tenancy.tenant_task:TenantTask")
# Without this, `current_app` in any other thread is an empty application with a broker of its own.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_to_mix_tenants(**_: object) -> None:
    """A worker asks the same questions as a web process before it takes its first message."""
    from apps.kernel.tenancy.start_up import UnsafeStartError, refuse_unsafe_start

    try:
        refuse_unsafe_start()
    except UnsafeStartError as error:
        # Celery logs what a signal's receiver raises and goes on: only leaving the process keeps it from working.
        raise SystemExit(str(error)) from error


@worker_shutting_down.connect
def let_stages_stop(**_: object) -> None:
    """A stage may take longer than whoever restarts the worker will wait: it stops at its next step, and another worker goes on."""
    from apps.kernel.jobs.leaving import leave

    leave()
