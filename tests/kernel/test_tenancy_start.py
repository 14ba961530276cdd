"""A process does not begin with settings, or behind a pooler, that were measured to mix organizations."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection

from apps.kernel.tenancy.pooling_probe import is_pooled_by_transaction
from apps.kernel.tenancy.start_up import UnsafeStartError, refuse_unsafe_start

ROOT = Path(__file__).resolve().parents[2]
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


def change(settings: Any, patch: pytest.MonkeyPatch, name: str) -> None:
    """One dangerous setting."""
    match name:
        case "lists":
            settings.TENANT_APPS = [*settings.TENANT_APPS, settings.SHARED_APPS[0]]
        case "order":
            settings.MIDDLEWARE = [
                "django.contrib.sessions.middleware.SessionMiddleware",
                *(entry for entry in settings.MIDDLEWARE if "SessionMiddleware" not in entry),
            ]
        case "no_middleware":
            settings.MIDDLEWARE = [entry for entry in settings.MIDDLEWARE if "TenantMiddleware" not in entry]
        case "kept":
            patch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 600)
        case "set_once":
            settings.TENANT_LIMIT_SET_CALLS = True
        case "cache":
            settings.CACHES = {
                "default": {**settings.CACHES["default"], "KEY_FUNCTION": "django_tenants.cache.make_key"}
            }
        case "SESSION_COOKIE_DOMAIN" | "CSRF_COOKIE_DOMAIN" | "LANGUAGE_COOKIE_DOMAIN":
            setattr(settings, name, ".example.org")
        case "pickle":
            settings.CELERY_ACCEPT_CONTENT = ["json", "pickle"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("lists", "prism.E001"),
        ("order", "prism.E002"),
        ("no_middleware", "prism.E002"),
        ("kept", "prism.E003"),
        ("set_once", "prism.E004"),
        ("cache", "prism.E005"),
        ("SESSION_COOKIE_DOMAIN", "prism.E006"),
        ("CSRF_COOKIE_DOMAIN", "prism.E006"),
        ("LANGUAGE_COOKIE_DOMAIN", "prism.E006"),
        ("pickle", "prism.E007"),
    ],
)
def test_a_dangerous_setting_keeps_the_process_from_starting(
    both_tenants: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    """Each of these was measured to show one organization's rows to another, or to exhaust the database."""
    refuse_unsafe_start()
    change(settings, monkeypatch, name)
    with pytest.raises(UnsafeStartError, match=code):
        refuse_unsafe_start()
    assert code in {message.id for message in run_checks()}


def test_the_product_as_it_is_passes_its_own_checks(both_tenants: Any) -> None:
    ours = [message for message in run_checks(databases=["default"]) if str(message.id).startswith("prism.")]
    assert ours == []


def test_a_web_process_with_a_dangerous_setting_ends_at_once(both_tenants: Any) -> None:
    """The question is asked when the application is made, not only by a command that somebody may forget."""
    program = "import django.conf; django.conf.settings.TENANT_LIMIT_SET_CALLS = {value}; import config.wsgi; print('serving')"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    ended = [
        subprocess.run(
            [sys.executable, "-c", program.format(value=value)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for value in (False, True)
    ]
    assert (ended[0].returncode, ended[0].stdout.strip()) == (0, "serving"), ended[0].stderr
    assert ended[1].returncode != 0
    assert "prism.E004" in ended[1].stderr


def test_without_a_database_the_process_starts_and_says_that_it_could_not_ask(
    django_db_setup: None, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    caplog.set_level("WARNING", logger="apps.kernel.tenancy.start_up")
    refuse_unsafe_start()
    assert "pooler_not_asked" in caplog.text


@contextmanager
def pooler(mode: str, folder: Path) -> Iterator[str]:
    """PgBouncer before this test's PostgreSQL; yields the folder of its socket."""
    database = connection.settings_dict
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "ini").write_text(
        f"""[databases]
{database["NAME"]} = host={database["HOST"]} dbname={database["NAME"]} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_addr =
listen_port = 6432
auth_type = trust
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = 8
server_reset_query = DISCARD ALL
ignore_startup_parameters = options
client_login_timeout = 5
"""
    )
    for file in folder.iterdir():
        file.chmod(0o644)
    process = subprocess.Popen(
        # It refuses to be root, and PostgreSQL's socket lies in a folder of PostgreSQL's own user.
        [str(PGBOUNCER), *(["-u", Path(database["HOST"]).owner()] if os.geteuid() == 0 else []), str(folder / "ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                psycopg.connect(host=str(folder), port=6432, user="postgres", dbname=database["NAME"]).close()
                break
            except psycopg.OperationalError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
        yield str(folder)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.skipif(PGBOUNCER is None, reason="NOT TESTED: PgBouncer is not installed (apt-get install pgbouncer)")
@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler_in_transaction_mode_is_found_and_one_in_session_mode_is_not(
    committed_tenants: Any, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Behind transaction pooling a quarter of all answers held another organization's rows: the search path went to somebody else."""
    assert not is_pooled_by_transaction()
    with TemporaryDirectory() as place, pooler(mode, Path(place)) as host, monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", host)
        patch.setitem(connection.settings_dict, "PORT", "6432")
        assert is_pooled_by_transaction() == (mode == "transaction")
        if mode == "transaction":
            with pytest.raises(UnsafeStartError, match=r"prism\.E010"):
                refuse_unsafe_start()
        else:
            refuse_unsafe_start()
