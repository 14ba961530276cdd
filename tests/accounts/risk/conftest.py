"""A database of places, people who have signed in before, and browsers that come from somewhere."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from apps.accounts.choices import RiskMode
from apps.accounts.models import SignInPolicy, User
from apps.accounts.services.issue_api_key import issue_api_key
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import PASSWORD, CommittingClient

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/139.0 Safari/537.36 Edg/139.0"
BERLIN, MUNICH, PARIS, SYDNEY, COUNTRY_ONLY, NOWHERE = (
    "203.0.113.7",
    "203.0.114.7",
    "198.51.100.7",
    "192.0.2.7",
    "198.18.0.7",
    "10.1.2.3",
)
_PLACES = {
    "203.0.113.0/24": ("DE", 52.5, 13.4),
    "203.0.114.0/24": ("DE", 48.1, 11.6),
    "198.51.100.0/24": ("FR", 48.9, 2.35),
    "192.0.2.0/24": ("AU", -33.9, 151.2),
    "2001:db8::/32": ("DE", 52.5, 13.4),
}


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real database file."""
    path = tmp_path_factory.mktemp("places") / "places.mmdb"
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoLite2-City")
    for network, (country, latitude, longitude) in _PLACES.items():
        location = {"latitude": latitude, "longitude": longitude}
        writer.insert_network(IPSet([network]), {"country": {"iso_code": country}, "location": location})
    writer.insert_network(IPSet(["198.18.0.0/24"]), {"registered_country": {"iso_code": "BR"}})
    writer.to_db_file(str(path))
    return path


@pytest.fixture
def clock(settings: Any, places: Path, cast_a: Any) -> Iterator[Any]:
    """Noon of a working day, with a database of places; everybody has been here for long."""
    settings.COUNTRY_DATABASE = str(places)
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    User.objects.update(created_at=long_ago)
    for person in cast_a.everyone:
        person.created_at = long_ago
    with time_machine.travel(datetime(2026, 6, 10, 12, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def set_risk(mode: RiskMode, **more: Any) -> None:
    SignInPolicy.objects.update_or_create(is_only=True, defaults={"risk_mode": mode, **more})


def browser_at(tenant: TenantRef, address: str, agent: str = FIREFOX) -> Client:
    return CommittingClient(tenant, REMOTE_ADDR=address, HTTP_USER_AGENT=agent)


def sign_in(client: Client, role: str = "analyst", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/sign-in/", {"email": f"{role}@example.com", "password": password, **extra})


def is_in(client: Client) -> bool:
    return bool(client.get("/api/v2/me/").status_code == 200)


@pytest.fixture
def laptop(clock: Any, cast_a: Any, tenant_a: TenantRef) -> Client:
    """The analyst's own browser in Berlin, known from an earlier sign-in; it has signed out."""
    client = browser_at(tenant_a, BERLIN)
    assert sign_in(client)["Location"] == "/"
    client.post("/sign-out/")
    return client


@pytest.fixture
def moved_to() -> Callable[[Client, str], None]:
    """moved_to(client, address): the same browser from another address."""

    def move(client: Client, address: str) -> None:
        client.defaults["REMOTE_ADDR"] = address

    return move


def program_of(person: Any, tenant: TenantRef, scopes: list[Any]) -> Client:
    """A client with an API key of this person."""
    key = issue_api_key(person, name="x", scopes=scopes, life_days=1)
    return CommittingClient(tenant, headers={"Authorization": f"Bearer {key.token}"})
