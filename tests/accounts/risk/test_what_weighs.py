"""What weighs, seen over HTTP: attempts, passwords, accounts, places, hours, and the note that a browser keeps."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.choices import RiskMode
from apps.accounts.models import BrowserSession, JudgedSignIn, User
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import inside
from tests.accounts.risk.conftest import (
    BERLIN,
    COUNTRY_ONLY,
    EDGE,
    FIREFOX,
    MUNICH,
    NOWHERE,
    PARIS,
    browser_at,
    set_risk,
    sign_in,
)

CODE = "/sign-in/mailed-code/"
ENFORCE = RiskMode.ENFORCE


def last() -> JudgedSignIn:
    row = JudgedSignIn.objects.first()
    assert row is not None
    return row


def mailed() -> str:
    """The code in the newest message."""
    found = re.search(r"^(\d{4} \d{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group(1)


def reasons() -> dict[str, float]:
    return {reason["signal"]: reason["weight"] for reason in last().reasons}


def test_failed_attempts_before_it_weigh_and_are_forgiven_by_a_good_one(laptop: Client, clock: Any) -> None:
    set_risk(ENFORCE)
    for _ in range(6):
        sign_in(laptop, password="wrong")
    assert sign_in(laptop)["Location"] == CODE
    assert reasons() == {"failed_on_account": 0.35}
    laptop.post(CODE, {"code": mailed()})
    laptop.post("/sign-out/")
    assert sign_in(laptop)["Location"] == "/"


def test_many_sign_ins_from_several_networks_weigh(laptop: Client, clock: Any, moved_to: Any) -> None:
    set_risk(RiskMode.OBSERVE)
    for number in range(6):
        moved_to(laptop, f"203.0.113.{number}" if number % 2 else f"203.0.114.{number}")
        sign_in(laptop)
        laptop.post("/sign-out/")
    moved_to(laptop, NOWHERE)
    sign_in(laptop)
    assert reasons() == {"many_networks": 0.20, "many_sign_ins": 0.15}


def test_a_common_password_weighs(clock: Any, cast_a: Any, tenant_a: Any) -> None:
    cast_a.analyst.set_password("iloveyou1")
    cast_a.analyst.save()
    sign_in(browser_at(tenant_a, BERLIN), password="iloveyou1")
    assert reasons()["known_password"] == 0.40
    assert "iloveyou1" not in str([entry.detail for entry in AuditEntry.objects.all()])


@pytest.mark.parametrize(
    ("role", "more", "signal"),
    [
        ("org_admin", {}, "powerful_role"),
        ("analyst", {"has_emergency_access": True}, "emergency_access"),
        ("viewer", {"last_seen": None}, "fresh_account"),
    ],
)
def test_what_the_account_is_weighs(
    clock: Any, cast_a: Any, tenant_a: Any, role: str, more: dict[str, Any], signal: str
) -> None:
    from apps.kernel.clock import now

    set_risk(RiskMode.OBSERVE, requires_sso="has_emergency_access" in more)
    User.objects.filter(role=role).update(created_at=now() - timedelta(days=1), **more)
    sign_in(browser_at(tenant_a, BERLIN), role)
    assert signal in reasons()


def test_an_account_that_slept_for_a_quarter_weighs(laptop: Client, clock: Any) -> None:
    clock.shift(timedelta(days=100))
    sign_in(laptop)
    assert reasons() == {"dormant_account": 0.20}


def test_the_hour_is_the_persons(laptop: Client, clock: Any, cast_a: Any) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    clock.shift(timedelta(hours=4))
    sign_in(laptop)
    assert "unusual_hour" in reasons()


def test_a_place_without_position_is_a_country_all_the_same(laptop: Client, clock: Any, moved_to: Any) -> None:
    clock.shift(timedelta(hours=1))
    moved_to(laptop, COUNTRY_ONLY)
    sign_in(laptop)
    assert reasons() == {"new_country": 0.35}
    assert (last().country, last().latitude) == ("BR", None)


def test_within_a_country_one_travels_as_fast_as_one_can(laptop: Client, clock: Any, moved_to: Any) -> None:
    clock.shift(timedelta(hours=1))
    moved_to(laptop, MUNICH)
    sign_in(laptop)
    assert reasons() == {}
    assert (last().country, last().latitude) == ("DE", 48.1)


def test_the_note_of_a_browser_is_kept_safe(laptop: Client) -> None:
    cookie = laptop.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == 400 * 24 * 3600
    assert last().device_mark not in cookie.value


def test_a_note_that_was_forged_is_none(laptop: Client, clock: Any) -> None:
    laptop.cookies["device"] = laptop.cookies["device"].value[:-1] + "x"
    laptop.defaults["HTTP_USER_AGENT"] = EDGE
    sign_in(laptop)
    assert reasons() == {"new_device": 0.25}


def test_who_cleared_the_cookies_looks_half_as_new(laptop: Client, clock: Any) -> None:
    del laptop.cookies["device"]
    sign_in(laptop)
    assert reasons() == {"new_device": 0.10}
    laptop.post("/sign-out/")
    sign_in(laptop)
    assert reasons() == {}


def test_a_browser_is_known_to_each_of_its_people_alone(laptop: Client, clock: Any, cast_a: Any) -> None:
    sign_in(laptop, "viewer")
    assert reasons()["new_device"] == 0.25


def test_a_note_of_one_organization_means_nothing_in_another(laptop: Client, clock: Any, tenant_b: Any) -> None:
    neighbour = browser_at(tenant_b, BERLIN, EDGE)
    with inside(tenant_b):
        assert sign_in(browser_at(tenant_b, BERLIN, FIREFOX))["Location"] == "/"
        neighbour.cookies["device"] = laptop.cookies["device"].value
        sign_in(neighbour)
        assert reasons()["new_device"] == 0.25
        neighbour.post("/sign-out/")
        sign_in(neighbour)
        assert "new_device" not in reasons(), "its own note is worth something there"
        assert JudgedSignIn.objects.count() == 3
    assert JudgedSignIn.objects.count() == 1


def test_a_half_sign_in_of_one_organization_gets_no_code_in_another(
    laptop: Client, clock: Any, moved_to: Any, tenant_b: Any, cast_b: Any
) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    abroad = browser_at(tenant_b, PARIS)
    abroad.cookies["sessionid"] = laptop.cookies["sessionid"].value
    assert abroad.post(CODE, {"code": mailed()})["Location"] == "/sign-in/"
    assert laptop.post(CODE, {"code": mailed()}).status_code == 302


def test_the_session_says_where_it_began(laptop: Client) -> None:
    sign_in(laptop)
    assert BrowserSession.objects.get(person__role="analyst").country == "DE"
    assert "DE 203.0.113.7" in laptop.get("/profile/").content.decode()
    assert laptop.get("/api/v2/sessions/").json()["results"][0]["country"] == "DE"


def test_judging_costs_two_queries_and_the_next_page_none(laptop: Client, clock: Any) -> None:
    def asked(deed: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert deed().status_code in {200, 302}
        return len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]])

    def queries(mode: RiskMode) -> tuple[int, int]:
        set_risk(mode)
        counts = asked(lambda: sign_in(laptop)), asked(lambda: laptop.get("/api/v2/me/"))
        laptop.post("/sign-out/")
        return counts

    queries(RiskMode.OFF)
    off, watching, enforcing = queries(RiskMode.OFF), queries(RiskMode.OBSERVE), queries(RiskMode.ENFORCE)
    assert (watching[0] - off[0], enforcing[0] - off[0]) == (2, 2)
    assert off[1] == watching[1] == enforcing[1]
