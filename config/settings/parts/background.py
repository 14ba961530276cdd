"""Celery and the jobs: queues, limits, the beat. The database is the truth; a lost message is found by the sweeper."""

from config.env import integer, text
from config.settings.parts.realtime import VALKEY_URL

CELERY_BROKER_URL = text("CELERY_BROKER_URL") or VALKEY_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = ("apps.kernel.tenancy.tenant_task.queue_of",)
# Longer than the longest task, so that the broker never hands out a task twice while it runs.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": integer("CELERY_VISIBILITY_TIMEOUT_S", 3600),
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "retry_on_timeout": True,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# None is for ever: a worker that gives up its broker has to be started by hand.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A stage goes on while the broker is away: the rows say who has it, and the message that comes again finds it taken.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_CONSUMER = "apps.kernel.jobs.consumer:PatientConsumer"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_TASK_SOFT_TIME_LIMIT = integer("CELERY_SOFT_TIME_LIMIT_S", 1500)
CELERY_TASK_TIME_LIMIT = integer("CELERY_TIME_LIMIT_S", 1800)
# A worker that is silent for so long is taken for dead. With a sweep every 15 s its work goes on within a minute.
JOBS_LEASE_S = integer("JOBS_LEASE_S", 40)
JOBS_SWEEP_INTERVAL_S = integer("JOBS_SWEEP_INTERVAL_S", 15)
DIRECTORY_CHECK_INTERVAL_S = integer("PRISM_DIRECTORY_CHECK_INTERVAL_S", 180)
CELERY_BEAT_SCHEDULE = {
    # One that was not begun before the next one comes is not needed any more.
    "sweep-jobs": {
        "task": "jobs.sweep",
        "schedule": JOBS_SWEEP_INTERVAL_S,
        "options": {"expires": 2 * JOBS_SWEEP_INTERVAL_S},
    },
    "prune-streams": {"task": "events.prune", "schedule": 3600},
    "remind-of-api-keys": {"task": "accounts.remind_of_keys", "schedule": 3600},
    "watch-providers": {"task": "accounts.watch_all_providers", "schedule": 3600, "options": {"expires": 3600}},
    "ask-directories": {
        "task": "accounts.ask_directories",
        "schedule": DIRECTORY_CHECK_INTERVAL_S,
        "options": {"expires": DIRECTORY_CHECK_INTERVAL_S},
    },
    "remove-expired-sign-ins": {"task": "accounts.remove_expired", "schedule": 3600},
}
