"""Whose host it is, is remembered for a moment: long enough to save a question a request, too short to let a suspended one in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.kernel.clock import now
from apps.kernel.tenancy import host_memory
from apps.kernel.tenancy.context import in_control_plane
from apps.tenants.models import Domain, Tenant
from apps.tenants.services.provision import provision_tenant
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from config.settings.parts.database import HOST_ANSWERS_KEPT_S


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> Any:
    settings.HOST_ANSWERS_KEPT_S = HOST_ANSWERS_KEPT_S
    host_memory._kept.clear()
    yield
    host_memory._kept.clear()


def _status(host: str) -> int:
    return Client(HTTP_HOST=host).get("/sign-in/").status_code


def _questions(host: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        _status(host)
    return sum("tenants_domain" in query["sql"] for query in asked)


def test_the_second_request_does_not_ask_again(both_tenants: Any) -> None:
    with time_machine.travel(now(), tick=False):
        assert (_questions("alpha.localhost"), _questions("alpha.localhost")) == (1, 0)
        assert (_questions("beta.localhost"), _questions("ALPHA.localhost.:8000")) == (1, 0)


def test_a_suspension_and_its_end_are_felt_within_the_promised_time(both_tenants: Any) -> None:
    assert HOST_ANSWERS_KEPT_S < 5
    with time_machine.travel(now(), tick=False) as clock:
        assert _status("alpha.localhost") == 200
        suspend_tenant("alpha")
        clock.shift(timedelta(seconds=HOST_ANSWERS_KEPT_S))
        assert (_status("alpha.localhost"), _status("beta.localhost")) == (403, 200)
        resume_tenant("alpha")
        clock.shift(timedelta(seconds=HOST_ANSWERS_KEPT_S))
        assert _status("alpha.localhost") == 200


def test_a_host_that_moves_or_goes_is_noticed(both_tenants: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert _status("alpha.localhost") == 200
        with in_control_plane():
            Domain.objects.filter(domain="alpha.localhost").delete()
        clock.shift(timedelta(seconds=HOST_ANSWERS_KEPT_S))
        assert _status("alpha.localhost") == 404
        assert "alpha.localhost" not in host_memory._kept


def test_an_unknown_host_is_not_remembered_so_a_new_organization_is_found_at_once(both_tenants: Any) -> None:
    with time_machine.travel(now(), tick=False):
        for number in range(20):
            assert _status(f"made-up-{number}.localhost") == 404
        assert _status("gamma.localhost") == 404
        assert host_memory._kept == {}
        provision_tenant("gamma", name="Gamma")
        assert _status("gamma.localhost") == 200
        with in_control_plane():
            assert Tenant.objects.filter(slug="gamma").exists()


def test_a_clock_that_is_put_back_makes_no_answer_last(both_tenants: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert _status("alpha.localhost") == 200
        suspend_tenant("alpha")
        clock.shift(timedelta(hours=-1))
        assert _status("alpha.localhost") == 403


def test_the_memory_does_not_grow_without_end(both_tenants: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_memory, "_MOST_HOSTS", 1)
    with time_machine.travel(now(), tick=False):
        for host in ("alpha.localhost", "beta.localhost", "alpha.localhost"):
            assert _status(host) == 200
            assert list(host_memory._kept) == [host]
