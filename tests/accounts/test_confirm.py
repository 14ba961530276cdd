"""Sensitive deeds ask once more who sits there: within ten minutes of a proof they go through."""

from typing import Any

import pytest
import time_machine

from apps.accounts.models import ApiKey, AuthenticatorApp, Passkey, SignInPolicy
from apps.kernel.clock import now
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.conftest import PASSWORD
from tests.doubles.authenticator import Authenticator

KEY = {"key_name": "Import", "scopes": ["read_documents"], "life_days": "30"}
API_KEY = {"name": "Import", "scopes": ["read_documents"], "life_days": 30}
POLICY = {"second_factor": "admins", "idle_minutes": "30", "longest_hours": "12"}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock: Any, client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.mark.parametrize(
    ("url", "data", "back"),
    [
        ("/profile/keys/", KEY, "/profile/"),
        ("/profile/second-factor/app/", {"code": "123456"}, "/profile/second-factor/"),
        ("/profile/second-factor/app/remove/", {}, "/profile/second-factor/"),
        ("/profile/second-factor/codes/", {}, "/profile/second-factor/"),
        ("/profile/passkeys/", {"credential": "{}"}, "/profile/second-factor/"),
        ("/profile/passkeys/options/", {}, "/profile/second-factor/"),
        ("/organization/sign-in/", POLICY, "/organization/sign-in/"),
        ("/organization/single-sign-on/required/", {"is_required": "no"}, "/organization/single-sign-on/"),
    ],
)
def test_a_deed_waits_for_a_proof_that_is_ten_minutes_old_at_most(
    client: Any, clock: Any, url: str, data: dict[str, Any], back: str
) -> None:
    clock.shift(600)
    assert not client.post(url, data).headers.get("Location", "").startswith("/confirm/")
    clock.shift(1)
    before = actions()
    answer = client.post(url, data)
    assert (answer.status_code, answer["Location"]) == (302, f"/confirm/?next={back.replace('/', '%2F')}")
    assert actions() == before
    refused = client.post(url, data, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "reauth_required")


def test_taking_away_somebodys_second_factors_waits_too(client: Any, clock: Any, cast_a: Any) -> None:
    clock.shift(601)
    answer = client.post(f"/people/{cast_a.viewer.pk}/second-factors/remove/")
    assert answer["Location"] == "/confirm/?next=%2Fpeople%2F"
    assert client.post("/confirm/", {"current": PASSWORD}).status_code == 302
    assert client.post(f"/people/{cast_a.viewer.pk}/second-factors/remove/")["Location"] == "/people/"


def test_reading_needs_no_proof(client: Any, clock: Any) -> None:
    clock.shift(1200)
    for url in ("/profile/", "/profile/second-factor/", "/organization/sign-in/", "/people/"):
        assert client.get(url).status_code == 200, url


def test_a_page_that_was_asked_for_is_shown_after_the_proof(client: Any, clock: Any) -> None:
    clock.shift(601)
    answer = client.get("/profile/second-factor/app/")
    assert answer["Location"] == "/confirm/?next=%2Fprofile%2Fsecond-factor%2Fapp%2F"
    page = client.get(answer["Location"])
    assert 'value="/profile/second-factor/app/"' in page.content.decode()
    assert "authenticator app" not in page.content.decode()
    answer = client.post("/confirm/", {"current": PASSWORD, "next": "/profile/second-factor/app/"})
    assert answer["Location"] == "/profile/second-factor/app/"
    assert client.get("/profile/second-factor/app/").status_code == 200
    assert actions() == ["person.reauthenticated"]


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", ""])
def test_one_goes_back_only_to_an_address_of_this_host(client: Any, wanted: str) -> None:
    assert client.post("/confirm/", {"current": PASSWORD, "next": wanted})["Location"] == "/"


def test_a_wrong_password_proves_nothing_and_cannot_be_guessed_without_end(client: Any, clock: Any) -> None:
    clock.shift(601)
    for _ in range(10):
        assert client.post("/confirm/", {"current": "wrong"}).status_code == 400
    assert client.post("/confirm/", {"current": PASSWORD}).status_code == 429
    assert client.post("/profile/keys/", KEY).status_code == 302
    assert not ApiKey.objects.exists()
    assert set(actions()) == {"person.reauthentication_failed"}


def test_a_code_proves_it_for_those_who_have_an_app(client: Any, clock: Any) -> None:
    seed, codes = phone.set_up_app(client)
    clock.shift(601)
    assert client.post("/confirm/", {"current": PASSWORD, "code": "12345"}).status_code == 400
    assert client.post("/confirm/", {"code": "1" * 41}).status_code == 400
    assert client.post("/confirm/", {"code": phone.code_of(seed)}).status_code == 302
    assert client.post("/profile/keys/", KEY).status_code == 201
    clock.shift(601)
    assert client.post("/confirm/", {"code": codes[0]}).status_code == 302
    assert client.post("/profile/keys/", KEY).status_code == 201


def test_the_password_alone_proves_nothing_for_those_who_have_a_second_factor(client: Any, clock: Any) -> None:
    clock.shift(601)
    assert client.post("/confirm/", {"current": PASSWORD}).status_code == 302, "without a factor it is all there is"
    seed, _ = phone.set_up_app(client)
    clock.shift(601)
    assert 'name="current"' not in client.get("/confirm/").content.decode()
    for said in ({"current": PASSWORD}, {"current": PASSWORD, "code": " "}, {"current": PASSWORD, "code": "123"}):
        assert client.post("/confirm/", said).status_code == 400, said
        assert client.post("/profile/keys/", KEY).status_code == 302
    assert client.post("/confirm/", {"code": phone.code_of(seed)}).status_code == 302
    assert client.post("/profile/keys/", KEY).status_code == 201


def test_a_code_is_not_asked_of_those_who_have_none(client: Any, clock: Any) -> None:
    clock.shift(601)
    assert client.post("/confirm/", {"code": "123456"}).status_code == 400
    assert 'name="code"' not in client.get("/confirm/").content.decode()


def test_a_passkey_proves_it_and_only_ones_own(
    client: Any, client_for: Any, clock: Any, cast_a: Any, tenant_a: Any
) -> None:
    own, theirs = Authenticator(), Authenticator()
    phone.register(client, own)
    phone.register(client_for(cast_a.viewer, tenant_a), theirs)
    clock.shift(601)
    options = client.post("/sign-in/passkey/options/").json()
    assert client.post("/confirm/passkey/", {"credential": theirs.show(options)}).status_code == 400
    assert client.post("/profile/keys/", KEY).status_code == 302
    options = client.post("/sign-in/passkey/options/").json()
    answer = client.post("/confirm/passkey/", {"credential": own.show(options), "next": "/people/"})
    assert answer["Location"] == "/people/"
    assert client.post("/profile/keys/", KEY).status_code == 201


def test_a_session_that_has_just_begun_is_fresh(anonymous_client: Any, clock: Any, cast_a: Any, tenant_a: Any) -> None:
    browser = anonymous_client(tenant_a)
    phone.give_password(browser)
    assert browser.post("/profile/keys/", KEY).status_code == 201
    clock.shift(601)
    assert browser.post("/profile/keys/", KEY).status_code == 302


def test_a_session_that_notes_no_proof_or_one_of_the_future_is_not_fresh(client: Any) -> None:
    for noted in (None, "now", int(now().timestamp()) + 60):
        session = client.session
        session["proved_at_s"] = noted
        session.save()
        assert client.post("/profile/keys/", KEY)["Location"].startswith("/confirm/")
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("method", "url", "body", "status"),
    [
        ("post", "/api/v2/api-keys/", API_KEY, 201),
        ("patch", "/api/v2/sign-in-policy/", {"second_factor": "admins"}, 200),
        ("delete", "/api/v2/people/{viewer}/second-factors/", {}, 204),
    ],
)
def test_the_api_says_that_a_proof_is_required(
    client: Any, clock: Any, cast_a: Any, method: str, url: str, body: dict[str, Any], status: int
) -> None:
    def ask() -> Any:
        where = url.format(viewer=cast_a.viewer.pk)
        return getattr(client, method)(where, body, content_type="application/json")

    clock.shift(601)
    refused = ask()
    assert (refused.status_code, refused.json()["code"]) == (403, "reauth_required")
    assert [kind.objects.count() for kind in (ApiKey, SignInPolicy, AuthenticatorApp)] == [0, 0, 0]
    assert client.post("/confirm/", {"current": PASSWORD}).status_code == 302
    assert ask().status_code == status


def test_the_pages_say_nothing_to_nobody(anonymous_client: Any, tenant_a: Any) -> None:
    guest = anonymous_client(tenant_a)
    for url in ("/confirm/", "/profile/second-factor/", "/profile/second-factor/app/", "/organization/sign-in/"):
        assert guest.get(url)["Location"].startswith("/sign-in/"), url
    assert guest.post("/confirm/passkey/")["Location"].startswith("/sign-in/")
    assert not Passkey.objects.exists()
