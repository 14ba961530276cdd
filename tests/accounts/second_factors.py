"""What a person with a phone does, over HTTP."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client

from apps.accounts.second_factor.one_time_codes import code_at
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.conftest import PASSWORD
from tests.doubles.authenticator import UP, UV, Authenticator

CODE_URL = "/sign-in/second-factor/"
APP_URL = "/profile/second-factor/app/"

# Whatever else is right: another page, another host, a device that has not seen its owner, a page inside another one.
WRONG: list[dict[str, Any]] = [
    {"origin": "http://beta.localhost"},
    {"origin": "http://localhost"},
    {"origin": "http://evil.alpha.localhost"},
    {"origin": "https://alpha.localhost"},
    {"origin": "http://alpha.localhost:8001"},
    {"host": "beta.localhost"},
    {"host": "localhost"},
    {"flags": UP},
    {"flags": UV},
    {"is_framed": True},
]


def seed_on(page: Any) -> str:
    """The key that the set-up page shows."""
    found = re.search(r'class="typed-key">([A-Z2-7 ]+)<', page.content.decode())
    assert found, page.content.decode()
    return found.group(1).replace(" ", "")


def codes_on(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page.content.decode())


def code_of(seed: str, *, steps: int = 0) -> str:
    """What the app shows now, or that many steps away."""
    return code_at(seed, int(now().timestamp()) + 30 * steps)


def set_up_app(client: Any) -> tuple[str, list[str]]:
    """Set up an app on the profile; its seed and the recovery codes."""
    seed = seed_on(client.get(APP_URL))
    answer = client.post(APP_URL, {"code": code_of(seed)})
    assert answer.status_code in {200, 302}, answer.status_code
    return seed, codes_on(answer)


def register(client: Any, device: Authenticator, name: str = "Laptop") -> Any:
    """Register a passkey on the profile."""
    options = client.post("/profile/passkeys/options/").json()
    return client.post("/profile/passkeys/", {"credential": device.make(options), "name": name})


def give_password(client: Any, email: str = "analyst@example.com", **extra: Any) -> Any:
    return client.post("/sign-in/", {"email": email, "password": PASSWORD, **extra})


def show(client: Any, device: Authenticator, **said: Any) -> Any:
    """Sign in with the passkey."""
    options = client.post("/sign-in/passkey/options/").json()
    return client.post("/sign-in/passkey/", {"credential": device.show(options), **said})


def at_once(
    tenant: TenantRef, rows: "QuerySet[Any]", clients: list[Client], url: str, data: dict[str, str]
) -> list[int]:
    """The statuses of requests that all wait for these rows before any of them may go on: they decide at the same moment."""

    def send(client: Client) -> int:
        try:
            return client.post(url, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        with inside(tenant), transaction.atomic():
            assert len(rows.select_for_update()) > 0
            answers = [pool.submit(send, client) for client in clients]
            deadline = time.monotonic() + 30
            while _waiting() < len(clients):
                assert time.monotonic() < deadline
                time.sleep(0.02)
        return sorted(answer.result(timeout=30) for answer in answers)


def _waiting() -> int:
    with connection.cursor() as cursor:
        # Within a transaction the view shows what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
