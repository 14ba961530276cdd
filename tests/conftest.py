"""The cast and the stage: two organizations with equal ids, one person of each role, real PostgreSQL and Valkey."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.test import Client
from django.test.testcases import TestCase
from django.utils import translation

from apps.kernel.tenancy.context import TenantRef
from tests import servers
from tests.template import PASSWORD, TENANT_A, TENANT_B

__all__ = ["PASSWORD"]


def _folder() -> Path:
    return Path(settings.TEST_SERVERS)


def pytest_configure() -> None:
    """A run that is told to end ends as by Ctrl-C: fixtures put away what they started. A busy machine makes no example wrong."""
    hypothesis.settings.register_profile(
        "prism", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("prism")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def database_template() -> Iterator[str]:
    """The name of the migrated template; servers are up while it is used."""
    with servers.in_use(_folder()):
        with servers.one_at_a_time(_folder()):
            data = servers.ensure_postgres(_folder())
            servers.ensure_valkey(_folder())
            name = servers.ensure_template(data, dict(os.environ))
        yield name


@pytest.fixture(scope="session")
def django_db_setup(database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """This process's own copy of the template."""
    name = settings.DATABASES["default"]["NAME"]
    with servers.one_at_a_time(_folder()):
        servers.create_database(_folder() / "postgres", name, database_template)
    yield
    with django_db_blocker.unblock():
        _close_connections()
    with servers.one_at_a_time(_folder()):
        servers.drop_database(_folder() / "postgres", name)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker that was killed stopped nothing: who started it looks after it."""
    if not hasattr(session.config, "workerinput") and _folder().exists():
        servers.stop_unused(_folder())


def _close_connections() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request in another language must not leave it to the next test: nothing takes it back after the answer."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@dataclass(frozen=True)
class Cast:
    """One person of each role in one organization."""

    viewer: Any
    analyst: Any
    team_lead: Any
    org_admin: Any

    @property
    def everyone(self) -> tuple[Any, ...]:
        return (self.viewer, self.analyst, self.team_lead, self.org_admin)


class CommittingClient(Client):
    """A client of one organization's host. What a request does after commit happens, although the test's own transaction goes on."""

    def __init__(self, tenant: TenantRef, **defaults: Any) -> None:
        super().__init__(HTTP_HOST=f"{tenant.slug}.localhost", **defaults)

    def request(self, **request: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


def _tenant(tenant_id: Any) -> TenantRef:
    from apps.kernel.tenancy.context import active_tenant_by_id

    tenant = active_tenant_by_id(tenant_id)
    assert tenant is not None
    return tenant


def _cast(tenant: TenantRef) -> Cast:
    from apps.accounts.models import User
    from apps.kernel.tenancy.context import inside

    with inside(tenant):
        people = {person.role: person for person in User.objects.all()}
        return Cast(**{role: people[role] for role in ("viewer", "analyst", "team_lead", "org_admin")})


@pytest.fixture
def both_tenants(db: None) -> tuple[TenantRef, TenantRef]:
    """The two organizations, none of them entered."""
    return _tenant(TENANT_A), _tenant(TENANT_B)


@pytest.fixture
def tenant_a(both_tenants: tuple[TenantRef, TenantRef]) -> Iterator[TenantRef]:
    """Organization alpha, entered for the whole test."""
    from apps.kernel.tenancy.context import inside

    with inside(both_tenants[0]) as tenant:
        yield tenant


@pytest.fixture
def tenant_b(both_tenants: tuple[TenantRef, TenantRef]) -> TenantRef:
    """Organization beta, not entered."""
    return both_tenants[1]


@pytest.fixture
def cast_a(tenant_a: TenantRef) -> Cast:
    """The people of alpha."""
    return _cast(tenant_a)


@pytest.fixture
def cast_b(tenant_b: TenantRef) -> Cast:
    """The people of beta: equal ids, equal addresses."""
    return _cast(tenant_b)


@pytest.fixture
def anonymous_client() -> Callable[[TenantRef], Client]:
    """A client of an organization's host that nobody has signed in on."""
    return CommittingClient


def has_just_signed_in(client: Client) -> None:
    """force_login() sees no page: this notes what the sign-in page would have noted."""
    from apps.accounts.second_factor.session_notes import note_proof

    session = client.session
    note_proof(session)
    session.save()


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """client_for(user, tenant): a client that this person has signed in on."""

    def make(user: Any, tenant: TenantRef, **defaults: Any) -> Client:
        from apps.kernel.tenancy.context import inside

        client = CommittingClient(tenant, **defaults)
        with inside(tenant):
            client.force_login(user)
            has_just_signed_in(client)
        return client

    return make


@pytest.fixture
def committed(django_db_setup: None, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """Real commits, visible to other threads and processes; the database is made anew afterwards."""
    with django_db_blocker.unblock():
        yield
        _close_connections()
    with servers.one_at_a_time(_folder()):
        servers.create_database(_folder() / "postgres", settings.DATABASES["default"]["NAME"], database_template)


@pytest.fixture
def committed_tenants(committed: None) -> tuple[TenantRef, TenantRef]:
    """The two organizations in a database where commits are real; none is entered."""
    return _tenant(TENANT_A), _tenant(TENANT_B)
