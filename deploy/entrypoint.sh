#!/bin/sh
# Play one role of AI-Prism. Each ends cleanly on SIGTERM: the process itself is number one, no shell stands before it.
set -eu

role="${1:-web}"
[ $# -eq 0 ] || shift
port="${PORT:-8000}"

case "$role" in
  web)
    exec granian --interface wsgi --host 0.0.0.0 --port "$port" --workers "${WEB_PROCESSES:-2}" \
      --blocking-threads "${PRISM_WEB_THREADS:-10}" --respawn-failed-workers --log-level warning "$@" config.wsgi:application
    ;;
  realtime)
    exec granian --interface asginl --ws --host 0.0.0.0 --port "$port" --workers "${REALTIME_PROCESSES:-1}" \
      --respawn-failed-workers --log-level warning "$@" config.asgi:application
    ;;
  worker)
    exec celery --quiet -A config worker --concurrency "${WORKER_PROCESSES:-2}" \
      --queues "${WORKER_QUEUES:-default,documents,analysis}" --loglevel warning --without-gossip --without-mingle "$@"
    ;;
  beat)
    # Kept in memory: it has short intervals and nothing to remember. Run one.
    exec celery --quiet -A config beat --scheduler celery.beat:Scheduler --pidfile= --loglevel warning "$@"
    ;;
  migrate)
    exec python manage.py migrate_tenants "$@"
    ;;
  *)
    exec python manage.py "$role" "$@"
    ;;
esac
