"""A rule that is tightened holds for those who are in already, from their next page on."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.accounts.choices import SecondFactorRule
from apps.accounts.models import SignInPolicy
from apps.kernel.clock import now
from tests.accounts import second_factors as phone
from tests.conftest import PASSWORD
from tests.doubles.authenticator import Authenticator


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(clock: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any) -> Client:
    client: Client = anonymous_client(tenant_a)
    assert phone.give_password(client)["Location"] == "/"
    return client


def _ask(rule: SecondFactorRule) -> None:
    SignInPolicy.objects.update_or_create(is_only=True, defaults={"second_factor": rule})


def test_the_next_page_is_the_one_where_a_factor_is_set_up_and_then_all_is_as_before(browser: Client) -> None:
    assert browser.get("/profile/").status_code == 200
    _ask(SecondFactorRule.EVERYONE)
    assert browser.get("/profile/")["Location"] == "/profile/second-factor/"
    assert browser.post("/profile/", {"name": "X"})["Location"] == "/profile/second-factor/"
    assert browser.get("/profile/second-factor/").status_code == 200
    phone.set_up_app(browser)
    assert browser.get("/profile/").status_code == 200


def test_a_passkey_does_as_well(browser: Client) -> None:
    _ask(SecondFactorRule.EVERYONE)
    assert phone.register(browser, Authenticator()).status_code in {200, 302}
    assert browser.get("/profile/").status_code == 200


def test_a_program_that_uses_the_session_is_told_so(browser: Client) -> None:
    assert browser.get("/api/v2/me/").status_code == 200
    _ask(SecondFactorRule.EVERYONE)
    answer = browser.get("/api/v2/me/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_owed")


def test_who_set_up_a_factor_elsewhere_shows_it(
    browser: Client, client_for: Any, cast_a: Any, tenant_a: Any, clock: Any
) -> None:
    seed, _ = phone.set_up_app(client_for(cast_a.analyst, tenant_a))
    clock.shift(60)
    assert browser.get("/profile/").status_code == 200, "nobody is asked before the rule says so"
    _ask(SecondFactorRule.EVERYONE)
    answer = browser.get("/profile/?a=1")
    assert answer["Location"] == "/confirm/?next=%2Fprofile%2F%3Fa%3D1"
    assert browser.post("/profile/", {"name": "X"})["Location"] == "/confirm/?next=%2F"
    assert browser.post("/confirm/", {"current": PASSWORD}).status_code == 400
    assert (
        browser.post("/confirm/", {"code": phone.code_of(seed), "next": "/profile/?a=1"})["Location"] == "/profile/?a=1"
    )
    assert browser.get("/profile/").status_code == 200


def test_a_rule_for_administrators_leaves_the_others_alone(
    browser: Client, anonymous_client: Any, tenant_a: Any
) -> None:
    admin = anonymous_client(tenant_a)
    phone.give_password(admin, "org_admin@example.com")
    _ask(SecondFactorRule.ADMINS)
    assert browser.get("/profile/").status_code == 200
    assert admin.get("/people/")["Location"] == "/profile/second-factor/"
    assert admin.get("/admin/")["Location"] == "/profile/second-factor/"


def test_one_can_always_leave_and_confirm(browser: Client, clock: Any) -> None:
    _ask(SecondFactorRule.EVERYONE)
    clock.shift(601)
    answer = browser.get("/profile/second-factor/app/")
    assert answer["Location"].startswith("/confirm/")
    assert browser.post("/confirm/", {"current": PASSWORD, "next": "/profile/second-factor/app/"}).status_code == 302
    assert browser.get("/profile/second-factor/app/").status_code == 200
    assert browser.get("/profile/")["Location"] == "/profile/second-factor/", "a password is not more than a password"
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"


def test_a_neighbours_rule_is_not_ours(browser: Client, tenant_b: Any) -> None:
    from apps.kernel.tenancy.context import inside

    with inside(tenant_b):
        _ask(SecondFactorRule.EVERYONE)
    assert browser.get("/profile/").status_code == 200
