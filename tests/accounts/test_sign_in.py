"""Signing in and out, and when a session ends."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY

from apps.accounts.limits import ATTEMPTS_A_NETWORK, ATTEMPTS_AN_ACCOUNT, network_of
from apps.accounts.models import SignInPolicy
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions
from tests.conftest import PASSWORD

URL = "/sign-in/"
IDLE_LIMIT_S = SignInPolicy().idle_limit_s


def _try(client: Any, email: str = "analyst@example.com", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(URL, {"email": email, "password": password, **extra})


@pytest.fixture
def client(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


def test_the_page_names_the_organization(client: Any) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert "Alpha Investigations" in answer.content.decode()


@pytest.mark.parametrize("email", ["analyst@example.com", " Analyst@EXAMPLE.com ", "ＡＮＡＬＹＳＴ@example.com"])
def test_the_right_password_signs_in_however_the_address_is_spelt(client: Any, cast_a: Any, email: str) -> None:
    answer = _try(client, email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session[SESSION_KEY] == str(cast_a.analyst.pk)
    assert actions() == ["person.signed_in"]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("analyst@example.com", "wrong horse battery staple"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ],
)
def test_every_wrong_sign_in_gets_the_same_answer(client: Any, cast_a: Any, email: str, password: str) -> None:
    answer = _try(client, email, password)
    assert answer.status_code == 400
    assert "The e-mail address or the password is wrong." in answer.content.decode()
    assert SESSION_KEY not in client.session
    assert actions() == ["person.sign_in_failed"]


def test_a_deactivated_person_gets_the_answer_of_a_wrong_password(client: Any, cast_a: Any) -> None:
    cast_a.analyst.is_active = False
    cast_a.analyst.save()
    answer = _try(client)
    assert answer.status_code == 400
    assert "The e-mail address or the password is wrong." in answer.content.decode()


def test_what_was_typed_is_not_recorded(client: Any, cast_a: Any) -> None:
    _try(client, "my-secret-password", "x")
    entry = AuditEntry.objects.get()
    assert "my-secret-password" not in str(entry.detail)
    assert entry.target_id is None


def test_a_password_is_the_same_however_its_letters_are_composed(client: Any, cast_a: Any) -> None:
    cast_a.analyst.set_password(unicodedata.normalize("NFC", "größere Wälder im Süden"))
    cast_a.analyst.save()
    assert _try(client, password=unicodedata.normalize("NFD", "größere Wälder im Süden")).status_code == 302


def test_a_password_is_never_cut(client: Any, cast_a: Any) -> None:
    cast_a.analyst.set_password("a" * 256)
    cast_a.analyst.save()
    assert _try(client, password="a" * 257).status_code == 400
    assert _try(client, password="a" * 256).status_code == 302


def test_the_session_gets_a_new_key(client: Any, cast_a: Any) -> None:
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    assert client.cookies["sessionid"].value == before
    _try(client)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    ("wanted", "goal"),
    [
        ("/profile/?a=1", "/profile/?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("http://alpha.localhost/profile/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_only_to_an_address_of_this_host(client: Any, cast_a: Any, wanted: str, goal: str) -> None:
    assert _try(client, next=wanted)["Location"] == goal
    assert client.get(URL, {"next": wanted})["Location"] == goal


def test_the_eleventh_try_on_an_account_is_refused_even_with_the_right_password(client: Any, cast_a: Any) -> None:
    for number in range(ATTEMPTS_AN_ACCOUNT):
        assert _try(client, password="wrong").status_code == 400, number
    assert _try(client).status_code == 429
    assert _try(client, "team_lead@example.com").status_code == 302


def test_an_unknown_account_is_limited_like_a_known_one(client: Any, cast_a: Any) -> None:
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        _try(client, "nobody@example.com", "wrong")
    assert _try(client, "nobody@example.com", "wrong").status_code == 429


def test_a_network_is_limited_whatever_account_it_tries(client: Any, cast_a: Any) -> None:
    for number in range(ATTEMPTS_A_NETWORK):
        client.post(URL, {"email": f"n{number}@example.com", "password": "x"}, REMOTE_ADDR=f"203.0.113.{number}")
    tried = {"email": "analyst@example.com", "password": PASSWORD}
    assert client.post(URL, tried, REMOTE_ADDR="203.0.113.200").status_code == 429
    assert client.post(URL, tried, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_forwarding_header_does_not_make_another_network(client: Any, cast_a: Any) -> None:
    for number in range(ATTEMPTS_A_NETWORK):
        client.post(
            URL, {"email": f"n{number}@example.com", "password": "x"}, HTTP_X_FORWARDED_FOR=f"198.51.{number}.7"
        )
    assert _try(client).status_code == 429


def test_a_good_sign_in_forgives_the_account(client: Any, cast_a: Any) -> None:
    for _ in range(ATTEMPTS_AN_ACCOUNT - 1):
        _try(client, password="wrong")
    assert _try(client).status_code == 302
    client.post("/sign-out/")
    assert _try(client, password="wrong").status_code == 400


def test_organizations_count_apart(client: Any, anonymous_client: Any, cast_a: Any, tenant_b: Any) -> None:
    for _ in range(ATTEMPTS_AN_ACCOUNT + 1):
        _try(client, password="wrong")
    assert _try(client).status_code == 429
    assert _try(anonymous_client(tenant_b)).status_code == 302


def test_tries_are_counted_when_the_cache_is_gone(client: Any, cast_a: Any, settings: Any) -> None:
    dead = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = {"default": dead}
    email = "team_lead@example.com"
    assert _try(client, email).status_code == 302
    client.post("/sign-out/")
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        assert _try(client, email, "wrong").status_code == 400
    assert _try(client, email).status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_one_network_is_what_one_attacker_owns(address: str, network: str) -> None:
    assert network_of(address) == network


def test_signing_out_ends_the_session_on_the_server(client: Any, client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    signed_in = client_for(cast_a.analyst, tenant_a)
    cookie = signed_in.cookies["sessionid"].value
    assert signed_in.get("/profile/").status_code == 200
    answer = signed_in.post("/sign-out/")
    assert answer["Location"] == URL
    client.cookies["sessionid"] = cookie
    assert client.get("/profile/")["Location"].startswith(URL)
    assert actions() == ["person.signed_out"]


def test_signing_out_needs_a_post(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    assert client_for(cast_a.analyst, tenant_a).get("/sign-out/").status_code == 405


def test_a_session_of_one_organization_is_nothing_in_another(
    client_for: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any, tenant_b: Any
) -> None:
    at_home = client_for(cast_a.analyst, tenant_a)
    assert at_home.get("/profile/").status_code == 200
    abroad = anonymous_client(tenant_b)
    abroad.cookies["sessionid"] = at_home.cookies["sessionid"].value
    assert abroad.get("/profile/")["Location"].startswith(URL)


def test_an_idle_session_ends(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client = client_for(cast_a.analyst, tenant_a)
        assert client.get("/profile/").status_code == 200
        clock.shift(IDLE_LIMIT_S - 1)
        assert client.get("/profile/").status_code == 200
        clock.shift(IDLE_LIMIT_S + 1)
        assert client.get("/profile/").status_code == 302


def test_a_busy_session_ends_after_twelve_hours(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client = client_for(cast_a.analyst, tenant_a)
        for _ in range(48):
            assert client.get("/profile/").status_code == 200
            clock.shift(timedelta(minutes=15))
        clock.shift(timedelta(minutes=1))
        assert client.get("/profile/").status_code == 302


def test_a_stale_epoch_ends_the_session_at_once(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    assert client.get("/profile/").status_code == 200
    with inside(tenant_a):
        cast_a.analyst.session_epoch += 1
        cast_a.analyst.save()
    assert client.get("/profile/").status_code == 302
