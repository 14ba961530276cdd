"""Rate limits: counted for each caller, told with every answer, alike in every process, and still there without Valkey."""

import logging
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings

from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.api.conftest import API, key_of
from tests.conftest import CommittingClient

ME = f"{API}/me/"


@pytest.fixture
def three_a_minute(settings: Any) -> Any:
    """Three calls, at a time that does not run into the next window."""
    settings.API_CALLS_PER_MINUTE = 3
    with time_machine.travel(now().replace(second=10, microsecond=0), tick=False) as clock:
        yield clock


def _statuses(client: Any, count: int, **headers: str) -> list[int]:
    return [client.get(ME, headers=headers).status_code for _ in range(count)]


def test_every_answer_says_what_is_left(analyst: Any, three_a_minute: Any) -> None:
    for left in (2, 1, 0):
        answer = analyst.get(ME)
        assert answer["RateLimit-Policy"] == '"calls";q=3;w=60'
        assert answer["RateLimit"] == f'"calls";r={left};t=50'
    refused = analyst.get(ME)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert (refused["Retry-After"], refused.json()["retry_after_s"]) == ("50", 50)
    assert refused["RateLimit"] == '"calls";r=0;t=50'
    three_a_minute.shift(timedelta(seconds=int(refused["Retry-After"])))
    assert analyst.get(ME).status_code == 200


def test_each_person_and_each_key_has_calls_of_its_own(
    analyst: Any, viewer: Any, cast_a: Any, tenant_a: Any, three_a_minute: Any
) -> None:
    first, second = (f"Bearer {key_of(cast_a.analyst)}" for _ in range(2))
    program = CommittingClient(tenant_a)
    assert _statuses(analyst, 4) == [200, 200, 200, 429]
    assert _statuses(program, 4, Authorization=first) == [200, 200, 200, 429]
    assert _statuses(program, 4, Authorization=second) == [200, 200, 200, 429]
    assert _statuses(viewer, 4) == [200, 200, 200, 429]


def test_organizations_do_not_use_up_each_others_calls(
    analyst: Any, client_for: Any, cast_b: Any, tenant_b: Any, three_a_minute: Any
) -> None:
    """The people of both have equal ids."""
    assert _statuses(analyst, 4)[-1] == 429
    with inside(tenant_b):
        other = client_for(cast_b.analyst, tenant_b)
    assert _statuses(other, 3) == [200] * 3


def test_calls_that_are_refused_count_too(
    viewer: Any, anonymous_client: Any, tenant_a: Any, three_a_minute: Any
) -> None:
    assert [viewer.get(f"{API}/people/").status_code for _ in range(4)] == [403, 403, 403, 429]
    nobody = anonymous_client(tenant_a)
    assert _statuses(nobody, 4) == [401, 401, 401, 429]


def test_guessing_keys_is_slow(anonymous_client: Any, tenant_a: Any, three_a_minute: Any) -> None:
    from apps.accounts.models.api_key import new_token

    nobody = anonymous_client(tenant_a)
    tried = [nobody.get(ME, headers={"Authorization": f"Bearer {new_token()}"}).status_code for _ in range(4)]
    assert tried == [401, 401, 401, 429]


def test_starting_reviews_has_a_limit_of_its_own(analyst: Any, document: dict[str, Any], settings: Any) -> None:
    settings.API_RUNS_PER_MINUTE = 1
    with time_machine.travel(now().replace(second=10), tick=False):
        first, second = (analyst.post(document["_links"]["analyze"], content_type="application/json") for _ in range(2))
        assert (first.status_code, first["RateLimit-Policy"]) == (202, '"runs";q=1;w=60')
        assert second.status_code == 429
        assert analyst.get(ME).status_code == 200


def test_another_process_counts_along(analyst: Any, cast_a: Any, tenant_a: Any, three_a_minute: Any) -> None:
    """Two calls are counted elsewhere, in the server that both share."""
    key = f"{django_settings.CACHES['default']['KEY_PREFIX']}:t:{tenant_a.id}:rate:calls:person:{cast_a.analyst.pk}:{int(now().timestamp() // 60)}"
    script = f"from redis import Redis; Redis.from_url({django_settings.VALKEY_URL!r}).incr({key!r}, 2)"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert _statuses(analyst, 2) == [200, 429]


def test_without_valkey_this_process_counts_alone_and_nobody_waits(
    analyst: Any, settings: Any, three_a_minute: Any, caplog: Any
) -> None:
    settings.VALKEY_URL = "redis://127.0.0.1:1/0"
    with caplog.at_level(logging.WARNING, logger="apps.accounts.api.rate_limit"):
        assert _statuses(analyst, 5) == [200, 200, 200, 429, 429]
    assert [line.message for line in caplog.records].count("rate_limits_local") == 1
