"""The Celery application; every task is a tenant's task unless it says otherwise."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("prism", task_cls="apps.kernel.tenancy.tenant_task:TenantTask")
# Without this, `current_app` in any other thread is an empty application with a broker of its own.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
