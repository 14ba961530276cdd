"""Guesses by the thousand: from one network or five hundred, on one account or many, at whichever door.

`benchmarks/bench_sign_in.py` does the same with ten thousand, at the price of real hashing.
"""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.capabilities import Capability
from apps.accounts.errors import SignInRefusedError, TooManyAttemptsError
from apps.accounts.limits import ATTEMPTS_A_CODE, ATTEMPTS_A_NETWORK, ATTEMPTS_AN_ACCOUNT
from apps.accounts.models.api_key import new_token
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.sign_in import sign_in
from tests.accounts.counted_hashing import computed_by
from tests.accounts.saml.conftest import Browser, connect
from tests.accounts.saml.conftest import sign_in as sign_in_by_sso
from tests.accounts.second_factors import code_of, set_up_app
from tests.conftest import PASSWORD, CommittingClient

MANY = 1_500
WRONG = "wrong horse battery staple"


def _one_network(number: int) -> str:
    return f"203.0.113.{number % 256}"


def _five_hundred_networks(number: int) -> str:
    return f"10.{number % 500 // 250}.{number % 250}.{number // 500 + 1}"


def _one_ipv6_network(number: int) -> str:
    return f"2001:db8:1:2:{number:x}::{number % 7:x}"


def _one_account(number: int) -> str:
    return "analyst@example.com"


def _many_accounts(number: int) -> str:
    return f"person{number}@example.com"


SPRAYS: dict[str, tuple[Callable[[int], str], Callable[[int], str], int]] = {
    "one account, one network": (_one_account, _one_network, ATTEMPTS_AN_ACCOUNT),
    "one account, 500 networks": (_one_account, _five_hundred_networks, ATTEMPTS_AN_ACCOUNT),
    "many accounts, one network": (_many_accounts, _one_network, ATTEMPTS_A_NETWORK),
    "many accounts, one IPv6 network": (_many_accounts, _one_ipv6_network, ATTEMPTS_A_NETWORK),
}


@pytest.mark.parametrize("spray", SPRAYS)
def test_of_all_guesses_next_to_none_is_looked_at(tenant_a: Any, cast_a: Any, settings: Any, spray: str) -> None:
    """The right password is among them, from the hundredth on: it opens nothing, and the rest costs no hashing."""
    settings.PASSWORD_HASHERS = ["tests.accounts.counted_hashing.CountedHasher"]
    account, address, most = SPRAYS[spray]

    def guess() -> list[type[Exception]]:
        found: list[type[Exception]] = []
        for number in range(MANY):
            try:
                sign_in(account(number), password=PASSWORD if number >= 100 else WRONG, address=address(number))
            except (SignInRefusedError, TooManyAttemptsError) as error:
                found.append(type(error))
        return found

    hashed, found = computed_by(guess)
    assert len(found) == MANY, "not one was accepted"
    assert found.count(SignInRefusedError) == most
    assert hashed == most
    assert found.count(TooManyAttemptsError) == MANY - most


def test_an_address_that_the_caller_names_makes_no_other_network(tenant_a: Any, cast_a: Any) -> None:
    client = CommittingClient(tenant_a)
    for number in range(ATTEMPTS_A_NETWORK + 1):
        spoofed = f"198.51.{number}.7"
        said = {"email": f"person{number}@example.com", "password": WRONG}
        answer = client.post(
            "/sign-in/",
            said,
            headers={"X-Forwarded-For": spoofed, "Forwarded": f"for={spoofed}", "X-Real-IP": spoofed},
        )
    assert answer.status_code == 429
    tokens = client.post(
        "/api/v2/tokens/", said, content_type="application/json", headers={"X-Forwarded-For": "198.51.200.7"}
    )
    assert tokens.status_code == 429, "the other door counts with it"


class Door:
    """A place where something secret is asked for, by a person or a program."""

    def __init__(self, tenant: Any, cast: Any, client_for: Any) -> None:
        self.tenant, self.person = tenant, cast.analyst
        self.browser = client_for(cast.analyst, tenant)
        self.stranger = CommittingClient(tenant)

    def sign_in(self, is_right: bool) -> int:
        said = {"email": self.person.email, "password": PASSWORD if is_right else WRONG}
        return int(self.stranger.post("/sign-in/", said).status_code)

    def tokens(self, is_right: bool) -> int:
        said = {"email": self.person.email, "password": PASSWORD if is_right else WRONG}
        return int(self.stranger.post("/api/v2/tokens/", said, content_type="application/json").status_code)

    def confirm(self, is_right: bool) -> int:
        return int(self.browser.post("/confirm/", {"current": PASSWORD if is_right else WRONG}).status_code)

    def change_password(self, is_right: bool) -> int:
        new = "nine quiet lanterns at dusk"
        said = {"current": PASSWORD if is_right else WRONG, "password": new, "again": new}
        return int(self.browser.post("/profile/password/", said).status_code)


@pytest.mark.parametrize("door", ["sign_in", "tokens", "confirm", "change_password"])
def test_at_no_door_helps_the_right_password_after_ten_wrong_ones(
    tenant_a: Any, cast_a: Any, client_for: Any, door: str
) -> None:
    ask = getattr(Door(tenant_a, cast_a, client_for), door)
    assert [ask(False) for _ in range(ATTEMPTS_AN_ACCOUNT)] == [400] * ATTEMPTS_AN_ACCOUNT
    assert ask(True) == 429


@pytest.mark.parametrize(
    ("door", "good"), [("sign_in", 302), ("tokens", 201), ("confirm", 302), ("change_password", 302)]
)
def test_after_nine_wrong_ones_it_does(tenant_a: Any, cast_a: Any, client_for: Any, door: str, good: int) -> None:
    ask = getattr(Door(tenant_a, cast_a, client_for), door)
    assert [ask(False) for _ in range(ATTEMPTS_AN_ACCOUNT - 1)] == [400] * (ATTEMPTS_AN_ACCOUNT - 1)
    assert ask(True) == good


def test_the_two_doors_of_a_password_count_together(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    door = Door(tenant_a, cast_a, client_for)
    for _ in range(ATTEMPTS_AN_ACCOUNT // 2):
        assert (door.sign_in(False), door.tokens(False)) == (400, 400)
    assert (door.sign_in(True), door.tokens(True)) == (429, 429)


def test_a_second_factor_is_guessed_five_times(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    seed, _codes = set_up_app(client_for(cast_a.analyst, tenant_a))
    client = CommittingClient(tenant_a)
    client.post("/sign-in/", {"email": cast_a.analyst.email, "password": PASSWORD})
    page = "/sign-in/second-factor/"
    wrong = str((int(code_of(seed)) + 1) % 1_000_000).zfill(6)
    tried = [client.post(page, {"code": wrong}).status_code for _ in range(ATTEMPTS_A_CODE)]
    assert tried == [400] * ATTEMPTS_A_CODE
    assert client.post(page, {"code": code_of(seed)}).status_code == 429


@pytest.mark.parametrize("mark", ["aip_", "aip_scim_"])
def test_keys_are_guessed_slowly(tenant_a: Any, cast_a: Any, settings: Any, mark: str) -> None:
    settings.API_CALLS_PER_MINUTE = 5
    client = CommittingClient(tenant_a)
    url = "/api/v2/me/" if mark == "aip_" else "/scim/v2/Users"
    tried = [client.get(url, headers={"Authorization": f"Bearer {new_token(mark)}"}).status_code for _ in range(8)]
    assert tried == [401] * 5 + [429] * 3


def test_no_other_way_takes_a_password(tenant_a: Any, cast_a: Any) -> None:
    """Basic authentication, a password in an address, the socket's door: none of them looks at one."""
    client = CommittingClient(tenant_a)
    basic = client.get("/api/v2/me/", headers={"Authorization": "Basic YW5hbHlzdEBleGFtcGxlLmNvbTpjb3JyZWN0"})
    assert (basic.status_code, basic["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    for url in ("/", "/admin/", "/stream/"):
        asked = client.get(url, {"email": cast_a.analyst.email, "password": PASSWORD})
        assert asked.status_code in {302, 401, 403}, url
    assert client.post("/admin/login/", {"username": cast_a.analyst.email, "password": PASSWORD}).status_code != 200
    assert "sessionid" not in client.cookies
    key = issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    assert client.get("/api/v2/me/", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert client.get("/", headers={"Authorization": f"Bearer {key}"}).status_code == 302, "a key opens no page"


def test_somebody_who_is_locked_out_by_others_still_comes_by_single_sign_on(tenant_a: Any, cast_a: Any) -> None:
    connect()
    client = CommittingClient(tenant_a)
    for number in range(ATTEMPTS_A_NETWORK + 1):
        said = {"email": f"lena{number % 2}@example.com", "password": WRONG}
        answer = client.post("/sign-in/", said)
    assert answer.status_code == 429
    sign_in_by_sso(Browser(client))
    assert client.get("/profile/").status_code == 200
