"""Rate limits: counted for each caller, told with every answer, alike in every process, and still there without Valkey."""

import logging
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from redis import Redis

from apps.accounts.call_limits import count_call, quotas_of_person
from apps.accounts.capabilities import Capability
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.kernel.clock import now
from apps.kernel.tenancy.context import carrying, in_control_plane, inside
from apps.tenants.models import OperatorEntry
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
        assert answer["RateLimit-Policy"] == '"calls";q=3;w=60, "organization";q=30000;w=60'
        assert answer["RateLimit"] == f'"calls";r={left};t=50, "organization";r={29_997 + left};t=50'
    refused = analyst.get(ME)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert (refused["Retry-After"], refused.json()["retry_after_s"]) == ("50", 50)
    assert refused["RateLimit"] == '"calls";r=0;t=50, "organization";r=29997;t=50', "a refused call costs nobody else"
    three_a_minute.shift(timedelta(seconds=int(refused["Retry-After"])))
    assert analyst.get(ME).status_code == 200


def test_all_keys_tokens_and_browsers_of_a_person_share_the_persons_calls(
    analyst: Any, viewer: Any, cast_a: Any, tenant_a: Any, three_a_minute: Any
) -> None:
    first, second = (f"Bearer {key_of(cast_a.analyst)}" for _ in range(2))
    pair = issue_tokens(cast_a.analyst, device=device_of("tool/1", ""))
    program = CommittingClient(tenant_a)
    assert _statuses(analyst, 1) == [200]
    assert _statuses(program, 1, Authorization=first) == [200]
    assert _statuses(program, 1, Authorization=f"Bearer {pair.access}") == [200]
    assert _statuses(program, 1, Authorization=second) == [429]
    assert _statuses(program, 1, Authorization=f"Bearer {pair.access}") == [429]
    assert _statuses(analyst, 1) == [429]
    assert _statuses(viewer, 4) == [200, 200, 200, 429], "another person"


def test_a_key_that_runs_wild_leaves_its_person_the_rest(
    analyst: Any, cast_a: Any, tenant_a: Any, settings: Any, three_a_minute: Any
) -> None:
    settings.API_CALLS_PER_KEY_PER_MINUTE = 1
    wild, tame = (f"Bearer {key_of(cast_a.analyst)}" for _ in range(2))
    program = CommittingClient(tenant_a)
    assert _statuses(program, 5, Authorization=wild) == [200, 429, 429, 429, 429]
    answer = program.get(ME, headers={"Authorization": tame})
    assert answer.status_code == 200
    assert answer["RateLimit"] == '"key";r=0;t=50, "calls";r=1;t=50, "organization";r=29998;t=50'
    assert _statuses(analyst, 2) == [200, 429]


def test_an_organization_has_so_many_calls_in_all(
    analyst: Any, viewer: Any, anonymous_client: Any, tenant_a: Any, settings: Any, three_a_minute: Any
) -> None:
    settings.API_CALLS_PER_ORGANIZATION_PER_MINUTE = 4
    nobody = anonymous_client(tenant_a)
    assert _statuses(nobody, 3) == [401, 401, 401], "strangers use up none of them"
    assert _statuses(analyst, 3) == [200, 200, 200]
    assert _statuses(viewer, 2) == [200, 429]
    assert viewer.get(ME)["Retry-After"] == "50"


def test_an_operator_gives_one_organization_another_limit(
    analyst: Any, cast_a: Any, client_for: Any, cast_b: Any, tenant_b: Any, three_a_minute: Any
) -> None:
    call_command("set_call_limit", "alpha", "2", stdout=StringIO())
    assert _statuses(analyst, 3) == [200, 200, 429]
    assert _statuses(client_for(cast_b.analyst, tenant_b), 3) == [200, 200, 200]
    call_command("set_call_limit", "alpha", stdout=StringIO())
    assert analyst.get(ME)["RateLimit-Policy"].endswith('"organization";q=30000;w=60')
    with in_control_plane():
        said = OperatorEntry.objects.filter(action="tenant.call_limit_set").values_list("detail", flat=True)
        assert sorted(entry["calls_per_minute"] for entry in said) == ["2", "default"]
    for refused in (["alpha", "0"], ["nobody", "5"]):
        with pytest.raises(CommandError):
            call_command("set_call_limit", *refused, stdout=StringIO())


def test_no_spelling_of_a_call_begins_anew(analyst: Any, three_a_minute: Any) -> None:
    assert _statuses(analyst, 3) == [200] * 3
    for method in ("get", "head", "options", "post", "put", "patch", "delete"):
        assert getattr(analyst, method)(ME).status_code == 429, method
    assert analyst.get(f"{ME}?x=1").status_code == 429
    assert analyst.generic("PROPFIND", ME).status_code == 429
    assert analyst.get(ME, headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 429
    for elsewhere in (f"{API}/me", f"{API}/ME/", f"{API}//me/"):
        assert analyst.get(elsewhere).status_code in {301, 404}, "no such address, no answer"
    for elsewhere in (f"{API}/sessions/", f"{API}/documents/"):
        assert analyst.get(elsewhere).status_code == 429


def test_of_many_calls_at_once_each_is_counted_once(tenant_a: Any, three_a_minute: Any) -> None:
    """Twenty threads, one counter in the server: exactly three are let through."""
    with inside(tenant_a):
        quotas = quotas_of_person(UUID(int=7))
    barrier, passed = threading.Barrier(20), []

    def call() -> None:
        with carrying(tenant_a):
            barrier.wait(timeout=30)
            passed.append(not count_call(quotas).is_spent)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (passed.count(True), passed.count(False)) == (3, 17)


def test_a_counter_ends_with_its_window(analyst: Any, tenant_a: Any) -> None:
    analyst.get(ME)
    with Redis.from_url(django_settings.VALKEY_URL) as client:
        keys = list(client.scan_iter(match=f"{django_settings.CACHES['default']['KEY_PREFIX']}*:rate:*"))
        assert len(keys) == 2
        assert all(0 < client.ttl(key) <= 65 for key in keys)


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
    # The upload before has used up its own minute.
    with time_machine.travel(now().replace(second=10) + timedelta(minutes=5), tick=False):
        first, second = (analyst.post(document["_links"]["analyze"], content_type="application/json") for _ in range(2))
        assert first.status_code == 202
        assert first["RateLimit-Policy"] == '"runs";q=1;w=60, "organization";q=30000;w=60'
        assert second.status_code == 429
        assert analyst.get(ME).status_code == 200


def test_the_portal_and_all_keys_share_the_reviews_that_a_person_may_start(
    analyst: Any, viewer: Any, cast_a: Any, tenant_a: Any, document: dict[str, Any], settings: Any
) -> None:
    settings.API_RUNS_PER_MINUTE = 3
    page = f"/documents/{document['id']}"
    with time_machine.travel(now().replace(second=10) + timedelta(minutes=5), tick=False):
        analyst = CommittingClient(tenant_a)
        analyst.force_login(cast_a.analyst)
        assert analyst.post(f"{page}/again/").status_code == 302
        key = {"Authorization": f"Bearer {key_of(cast_a.analyst, Capability.READ_DOCUMENTS, Capability.RUN_ANALYSIS)}"}
        program = CommittingClient(tenant_a)
        again = document["_links"]["analyze"]
        assert program.post(again, content_type="application/json", headers=key).status_code == 202
        assert analyst.post("/documents/upload/", {}, headers={"Accept": "application/json"}).status_code == 400
        for address in ("/documents/upload/", f"{page}/retry/", f"{page}/again/"):
            refused = analyst.post(address)
            assert (refused.status_code, refused["Retry-After"]) == (429, "50"), address
        assert program.post(again, content_type="application/json", headers=key).status_code == 429
        assert analyst.get("/documents/upload/").status_code == 200, "looking costs nothing"
        upload = analyst.post(f"{API}/documents/", {})
        assert upload.status_code == 429


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
    with caplog.at_level(logging.WARNING, logger="apps.accounts.call_limits"):
        assert _statuses(analyst, 5) == [200, 200, 200, 429, 429]
    assert [line.message for line in caplog.records].count("rate_limits_local") == 1
