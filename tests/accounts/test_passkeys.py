"""Passkeys: good for signing in alone and after a password, and for this host's pages only."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client

from apps.accounts.models import Passkey, SignInPolicy, User
from apps.accounts.second_factor.passkeys import LONGEST_ANSWER
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.conftest import has_just_signed_in
from tests.doubles.authenticator import Authenticator

SIGN_IN = "/sign-in/passkey/"
OPTIONS = "/sign-in/passkey/options/"
REFUSED = "This passkey was not accepted."


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


@pytest.fixture
def browser(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


@pytest.fixture
def device(client: Any) -> Authenticator:
    """A device with a registered passkey of the analyst."""
    made = Authenticator()
    assert phone.register(client, made).status_code == 200
    return made


def test_the_options_for_signing_in_are_the_same_whoever_has_a_passkey(
    browser: Any, anonymous_client: Any, tenant_b: Any, device: Authenticator
) -> None:
    here, there = browser.post(OPTIONS).json(), anonymous_client(tenant_b).post(OPTIONS).json()
    for options in (here, there):
        assert len(options.pop("challenge")) >= 43
        options.pop("rpId")
    assert here == there
    assert "allowCredentials" not in here


def test_a_passkey_alone_signs_in(browser: Any, cast_a: Any, device: Authenticator) -> None:
    answer = phone.show(browser, device, next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)
    detail = AuditEntry.objects.order_by("id").last().detail  # type: ignore[union-attr]
    assert (detail["by"], detail["verdict"]) == ("passkey", "allow")
    assert Passkey.objects.get().last_used_at is not None


def test_the_session_gets_a_new_key(browser: Any, device: Authenticator) -> None:
    browser.post(OPTIONS)
    before = browser.session.session_key
    phone.show(browser, device)
    assert browser.session.session_key != before


def test_a_passkey_is_the_second_factor_after_a_password(browser: Any, cast_a: Any, device: Authenticator) -> None:
    assert phone.give_password(browser, next="/profile/")["Location"] == phone.CODE_URL
    assert "Use a passkey" in browser.get(phone.CODE_URL).content.decode()
    assert phone.show(browser, device)["Location"] == "/profile/"
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)


def test_who_has_a_passkey_alone_may_type_a_recovery_code_and_nothing_else(
    client: Any, browser: Any, cast_a: Any
) -> None:
    codes = phone.codes_on(phone.register(client, Authenticator()))
    phone.give_password(browser)
    for typed in ("123456", "", "x" * 41):
        assert browser.post(phone.CODE_URL, {"code": typed}).status_code == 400, typed
    assert SESSION_KEY not in browser.session
    assert browser.post(phone.CODE_URL, {"code": codes[0]}).status_code == 302
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)


def test_somebody_elses_passkey_in_the_same_browser_ends_the_session_before(
    client_for: Any, cast_a: Any, tenant_a: Any, device: Authenticator
) -> None:
    """Nothing of the viewer's session is left for the analyst."""
    shared = client_for(cast_a.viewer, tenant_a)
    session = shared.session
    session["of_the_viewer"] = "yes"
    session.save()
    assert phone.show(shared, device).status_code == 302
    assert shared.session[SESSION_KEY] == str(cast_a.analyst.pk)
    assert "of_the_viewer" not in shared.session


def test_somebody_elses_passkey_does_not_finish_a_sign_in(
    browser: Any, client_for: Any, cast_a: Any, tenant_a: Any, device: Authenticator
) -> None:
    theirs = Authenticator()
    phone.register(client_for(cast_a.viewer, tenant_a), theirs)
    phone.give_password(browser)
    answer = phone.show(browser, theirs)
    assert answer.status_code == 400
    assert REFUSED in answer.content.decode()
    assert SESSION_KEY not in browser.session
    assert phone.show(browser, device).status_code == 302


@pytest.mark.parametrize("wrong", phone.WRONG, ids=str)
def test_an_answer_from_another_page_or_host_or_without_its_owner_is_refused(
    browser: Any, device: Authenticator, wrong: dict[str, Any]
) -> None:
    right = {name: getattr(device, name) for name in wrong}
    for name, value in wrong.items():
        setattr(device, name, value)
    answer = phone.show(browser, device)
    assert answer.status_code == 400
    assert REFUSED in answer.content.decode()
    assert SESSION_KEY not in browser.session
    assert actions()[-1] == "person.second_factor_failed"
    for name, value in right.items():
        setattr(device, name, value)
    assert phone.show(browser, device).status_code == 302


def test_a_passkey_of_one_organization_is_nothing_in_another(
    anonymous_client: Any, tenant_b: Any, device: Authenticator
) -> None:
    """Also when its device believes to be there: the people have equal ids in both."""
    device.origin, device.host = "http://beta.localhost", "beta.localhost"
    abroad = anonymous_client(tenant_b)
    answer = phone.show(abroad, device)
    assert answer.status_code == 400
    assert SESSION_KEY not in abroad.session


def test_behind_a_proxy_the_origin_is_that_of_the_installation(
    browser: Any, device: Authenticator, settings: Any
) -> None:
    settings.PRISM_SCHEME = "https"
    assert phone.show(browser, device).status_code == 400
    device.origin = "https://alpha.localhost"
    assert phone.show(browser, device).status_code == 302


def test_a_challenge_is_good_once_and_in_its_own_browser(
    browser: Any, anonymous_client: Any, tenant_a: Any, device: Authenticator
) -> None:
    options = browser.post(OPTIONS).json()
    shown = {"credential": device.show(options)}
    other = anonymous_client(tenant_a)
    other.post(OPTIONS)
    assert other.post(SIGN_IN, shown).status_code == 400
    assert browser.post(SIGN_IN, shown).status_code == 302
    browser.post("/sign-out/")
    assert browser.post(SIGN_IN, shown).status_code == 400
    assert SESSION_KEY not in browser.session


def test_a_challenge_that_was_answered_wrongly_is_gone(browser: Any, device: Authenticator) -> None:
    options = browser.post(OPTIONS).json()
    assert browser.post(SIGN_IN, {"credential": "{}"}).status_code == 400
    assert browser.post(SIGN_IN, {"credential": device.show(options)}).status_code == 400
    assert phone.show(browser, device).status_code == 302


def test_a_challenge_ends_after_five_minutes(browser: Any, device: Authenticator) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        options = browser.post(OPTIONS).json()
        clock.shift(timedelta(seconds=299))
        early = Authenticator(key=device.key, credential_id=device.credential_id, handle=device.handle, counter=5)
        assert browser.post(SIGN_IN, {"credential": early.show(options)}).status_code == 302
        browser.post("/sign-out/")
        options = browser.post(OPTIONS).json()
        clock.shift(timedelta(seconds=301))
        late = Authenticator(key=device.key, credential_id=device.credential_id, handle=device.handle, counter=9)
        assert browser.post(SIGN_IN, {"credential": late.show(options)}).status_code == 400


def test_a_challenge_for_registering_is_none_for_signing_in_and_the_other_way(
    client: Any, device: Authenticator
) -> None:
    making = client.post("/profile/passkeys/options/").json()
    assert client.post("/confirm/passkey/", {"credential": device.show(making)}).status_code == 400
    asking = client.post(OPTIONS).json()
    answer = Authenticator().make({**making, "challenge": asking["challenge"]})
    assert client.post("/profile/passkeys/", {"credential": answer}).status_code == 400
    assert Passkey.objects.count() == 1


def test_an_answer_to_making_is_none_to_signing_in(browser: Any, device: Authenticator) -> None:
    options = browser.post(OPTIONS).json()
    said = device.show(options, kind="webauthn.create")
    assert browser.post(SIGN_IN, {"credential": said}).status_code == 400


@pytest.mark.parametrize("step", [0, -1])
def test_a_counter_that_does_not_go_forward_is_refused_and_recorded(
    browser: Any, device: Authenticator, step: int
) -> None:
    assert phone.show(browser, device).status_code == 302
    browser.post("/sign-out/")
    device.step = step
    assert phone.show(browser, device).status_code == 400
    assert SESSION_KEY not in browser.session
    assert actions()[-2:] == ["passkey.counter_went_back", "person.second_factor_failed"]
    assert AuditEntry.objects.get(action="passkey.counter_went_back").target_id == Passkey.objects.get().pk


def test_a_passkey_that_does_not_count_is_good(client: Any, browser: Any) -> None:
    """Passkeys that are kept in a cloud always say nought."""
    device = Authenticator(counter=0, step=0)
    phone.register(client, device)
    for _ in range(2):
        assert phone.show(browser, device).status_code == 302
        browser.post("/sign-out/")


def test_the_owner_that_an_answer_names_is_its_owner(browser: Any, device: Authenticator, cast_a: Any) -> None:
    options = browser.post(OPTIONS).json()
    said = device.show(options, handle=cast_a.org_admin.pk.bytes)
    assert browser.post(SIGN_IN, {"credential": said}).status_code == 400


def test_another_key_does_not_answer_for_a_passkey(browser: Any, device: Authenticator) -> None:
    forged = Authenticator(credential_id=device.credential_id, handle=device.handle, counter=50)
    assert phone.show(browser, forged).status_code == 400


def test_an_unknown_passkey_and_one_of_somebody_deactivated_get_the_same_answer(
    browser: Any, device: Authenticator, cast_a: Any
) -> None:
    unknown = phone.show(browser, Authenticator(credential_id=b"nobodys", handle=device.handle))
    User.objects.filter(pk=cast_a.analyst.pk).update(is_active=False)
    inactive = phone.show(browser, device)
    assert (unknown.status_code, inactive.status_code) == (400, 400)
    assert len(unknown.content) == len(inactive.content)
    assert REFUSED in inactive.content.decode()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '{"id":"a","rawId":"a","type":"public-key","response":{}}',
        '{"id":"a","rawId":"!","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}',
        '{"id":"a","rawId":"YQ","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}',
        "[" * 10_000,
        "x" * (LONGEST_ANSWER + 1),
    ],
)
def test_what_is_no_answer_is_refused(client: Any, browser: Any, device: Authenticator, answer: str) -> None:
    browser.post(OPTIONS)
    assert browser.post(SIGN_IN, {"credential": answer}).status_code == 400
    client.post("/profile/passkeys/options/")
    assert client.post("/profile/passkeys/", {"credential": answer, "name": "x"}).status_code == 400
    assert Passkey.objects.count() == 1


def test_an_organization_with_single_sign_on_only_takes_no_passkey_but_in_an_emergency(
    browser: Any, device: Authenticator, cast_a: Any
) -> None:
    SignInPolicy.objects.create(requires_sso=True)
    assert phone.show(browser, device).status_code == 400
    assert phone.give_password(browser).status_code == 400
    User.objects.filter(pk=cast_a.analyst.pk).update(has_emergency_access=True)
    assert phone.show(browser, device).status_code == 302


def test_a_network_asks_for_fifty_challenges_at_most_and_good_answers_do_not_count(
    browser: Any, device: Authenticator
) -> None:
    for _ in range(49):
        assert browser.post(OPTIONS).status_code == 200
    assert phone.show(browser, device).status_code == 302
    assert browser.post(OPTIONS).status_code == 200
    answer = browser.post(OPTIONS, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")


def test_of_two_requests_with_one_answer_at_once_one_signs_in(committed_tenants: Any) -> None:
    """Also for a passkey that does not count: its challenge is used up with it."""
    with inside(committed_tenants[0]):
        person = User.objects.get(role="analyst")
        home = Client(HTTP_HOST="alpha.localhost")
        home.force_login(person)
        has_just_signed_in(home)
        device = Authenticator(counter=0, step=0)
        assert phone.register(home, device).status_code == 200
        browser = Client(HTTP_HOST="alpha.localhost")
        shown = device.show(browser.post(OPTIONS).json())
    twin = Client(HTTP_HOST="alpha.localhost")
    twin.cookies = browser.cookies.copy()
    said = {"credential": shown}
    assert phone.at_once(committed_tenants[0], Passkey.objects.all(), [browser, twin], SIGN_IN, said) == [302, 400]
