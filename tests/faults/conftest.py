"""Installations that a test may break: with the shared PostgreSQL, or with one that it may stop as well."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests import servers
from tests.doubles.bedrock_wire import CREDENTIALS, BedrockWire, bedrock_wire
from tests.faults.processes import Installation, Person, installation


@contextmanager
def _short_folder() -> Iterator[Path]:
    """A folder whose name is short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="pf-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def on_shared(committed_tenants: Any) -> Iterator[Installation]:
    """Processes on the test's own database: what they write, the test reads with the ORM."""
    with (
        _short_folder() as folder,
        installation(
            folder, database=str(settings.DATABASES["default"]["NAME"]), servers=Path(settings.TEST_SERVERS)
        ) as built,
    ):
        yield built


@pytest.fixture(scope="session")
def breakable_cluster() -> Iterator[Path]:
    """A PostgreSQL that tests may stop; kept between runs like the shared one."""
    folder = Path(settings.TEST_SERVERS).parent / "faults"
    environment = {**os.environ, "PRISM_TEST_SERVERS": str(folder)}
    with servers.in_use(folder):
        with servers.one_at_a_time(folder):
            data = servers.ensure_postgres(folder)
            with psycopg.connect(host=str(data), user="postgres", dbname="postgres", autocommit=True) as connection:
                # Here a promise to have written is kept over a crash.
                connection.execute("ALTER SYSTEM SET synchronous_commit = on")
                connection.execute("SELECT pg_reload_conf()")
            servers.ensure_template(data, environment)
        yield folder


@pytest.fixture
def breakable(breakable_cluster: Path) -> Iterator[Installation]:
    """Processes on a PostgreSQL and a Valkey that may both be stopped."""
    data = servers.ensure_postgres(breakable_cluster)
    name = f"prism_fault_{os.getpid()}"
    servers.create_database(data, name, servers.ensure_template(data, dict(os.environ)))
    with _short_folder() as folder, installation(folder, database=name, servers=breakable_cluster) as built:
        yield built
    servers.drop_database(servers.ensure_postgres(breakable_cluster), name)


@pytest.fixture
def model() -> Iterator[BedrockWire]:
    """A Bedrock on loopback."""
    with bedrock_wire() as wire:
        yield wire


def with_model(built: Installation, wire: BedrockWire, **more: str) -> None:
    """Let the processes of this installation ask this model."""
    built.settings |= {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": wire.url,
        "PRISM_LLM_MODELS": "bedrock:some.model-v1:0",
        **more,
    }


def signed_in(built: Installation, role: str = "analyst") -> Person:
    """Somebody of alpha, signed in."""
    person = Person(built, role)
    assert person.sign_in().status_code == 302
    return person
