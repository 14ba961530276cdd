"""A real directory for the whole run, emptied before each test, and a connection of alpha to it."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import LDAPDirectory, SSOConnection, VerifiedDomain
from apps.accounts.sso.ldap_directory import PASSWORD_PURPOSE
from apps.accounts.sso.ldap_filter import USUAL_FILTERS, USUAL_IDENTIFIERS
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.storage.sealed_values import seal
from apps.kernel.tenancy.context import TenantRef
from tests.doubles.certificates import authority
from tests.doubles.slapd import PASSWORD, PEOPLE, SERVICE_DN, SERVICE_PASSWORD, Slapd, slapd

SLUG = "company"
ONE_ANSWER = "The user name or the password is wrong."
NO_ANSWER = "directory cannot be asked just now"


def connect(*servers: str, slug: str = SLUG, preset: str = "openldap", **changes: Any) -> LDAPDirectory:
    """A connection of the entered organization that makes accounts for people of example.com."""
    VerifiedDomain.objects.get_or_create(domain="example.com", defaults={"verified_at": now()})
    connection = SSOConnection.objects.create(
        kind="ldap", preset=preset, name="Company", slug=slug, is_enabled=True, admits_new_people=True
    )
    values: dict[str, Any] = {
        "servers": list(servers),
        "transport": "ldaps",
        "ca_certificates": authority().pem,
        "bind_dn": SERVICE_DN,
        "bind_password_sealed": seal(SERVICE_PASSWORD, purpose=PASSWORD_PURPOSE),
        "search_base": PEOPLE,
        "user_filter": USUAL_FILTERS[preset],  # type: ignore[index]
        "id_attribute": USUAL_IDENTIFIERS[preset],  # type: ignore[index]
        **changes,
    }
    return LDAPDirectory.objects.create(connection=connection, **values)


def sign_in(client: Client, name: str, password: str = PASSWORD, *, slug: str = SLUG, **more: str) -> Any:
    """Type a name and a password on the directory's page."""
    return client.post(f"/ldap/{slug}/", {"user_name": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/profile/").status_code == 200)


def last_reason(action: str = "sso.directory_refused") -> str:
    """Why the newest sign-in came to nothing."""
    return str(AuditEntry.objects.filter(action=action).latest("id").detail["reason"])


def unavailable(answer: Any, reason: str) -> bool:
    text = answer.content.decode()
    assert (answer.status_code, last_reason("sso.directory_failed")) == (503, reason)
    assert NO_ANSWER in text
    assert ONE_ANSWER not in text
    return True


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd(tmp_path_factory.mktemp("slapd")) as directory:
        yield directory


@pytest.fixture
def company(running: Slapd, loopback: None) -> Slapd:
    """The directory, with nobody in it."""
    running.empty()
    return running


@pytest.fixture
def loopback(settings: Any) -> None:
    """This machine is a network that directories may be in."""
    settings.DIRECTORY_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def directory(company: Slapd, tenant_a: TenantRef) -> LDAPDirectory:
    """Alpha's connection to it."""
    return connect(company.tls_server)


@pytest.fixture
def browser(anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef) -> Client:
    return anonymous_client(tenant_a)
