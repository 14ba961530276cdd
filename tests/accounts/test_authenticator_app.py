"""An authenticator app: set up with a code, asked for after the password, every code good once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client

from apps.accounts.errors import NeedsPersonError
from apps.accounts.models import AuthenticatorApp, BrowserSession, RecoveryCode, User
from apps.accounts.second_factor.one_time_codes import code_at, new_seed
from apps.accounts.services.authenticator_app import remove_app, set_up_app
from apps.accounts.services.recovery_codes import renew_recovery_codes
from apps.accounts.session_store import SessionStore
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.conftest import has_just_signed_in


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


@pytest.fixture
def browser(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


def test_an_app_is_set_up_with_its_own_code_and_recovery_codes_are_shown_once(client: Any, cast_a: Any) -> None:
    seed, codes = phone.set_up_app(client)
    assert len(set(codes)) == 10
    row = AuthenticatorApp.objects.get()
    assert (row.owner_id, seed in row.sealed_seed) == (cast_a.analyst.pk, False)
    assert actions() == ["authenticator_app.set_up", "recovery_codes.renewed"]
    assert phone.codes_on(client.get("/profile/second-factor/")) == []
    stored = list(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(stored) == 10
    assert not {code.replace("-", "") for code in codes} & set(stored)


def test_the_seed_is_never_stored_in_clear_not_even_before_it_is_confirmed(client: Any) -> None:
    seed = phone.seed_on(client.get(phone.APP_URL))
    assert phone.seed_on(client.get(phone.APP_URL)) == seed
    kept = [SessionStore().decode(session.content) for session in BrowserSession.objects.all()]
    assert any("authenticator_seed" in content for content in kept)
    assert seed not in str(kept)


def test_a_wrong_code_sets_nothing_up_and_keeps_the_seed(client: Any) -> None:
    seed = phone.seed_on(client.get(phone.APP_URL))
    answer = client.post(phone.APP_URL, {"code": "000000" if phone.code_of(seed) != "000000" else "000001"})
    assert answer.status_code == 400
    assert phone.seed_on(answer) == seed
    assert client.post(phone.APP_URL, {"code": ""}).status_code == 400
    assert not AuthenticatorApp.objects.exists()
    assert actions() == ["person.second_factor_failed"]


def test_after_the_password_the_code_is_asked_and_only_then_is_there_a_session(
    client: Any, browser: Any, cast_a: Any, clock: Any
) -> None:
    seed, _ = phone.set_up_app(client)
    clock.shift(60)
    answer = phone.give_password(browser, next="/profile/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, phone.CODE_URL)
    assert SESSION_KEY not in browser.session
    assert browser.get("/profile/").status_code == 302
    assert browser.get("/api/v2/me/").status_code == 401
    before = browser.session.session_key
    clock.shift(1)
    answer = browser.post(phone.CODE_URL, {"code": phone.code_of(seed)})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/?a=1")
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)
    assert browser.session.session_key != before
    assert browser.get(phone.CODE_URL)["Location"] == "/sign-in/"
    assert actions()[-2:] == ["person.password_accepted", "person.signed_in"]
    assert AuditEntry.objects.order_by("id").last().detail == {"by": "authenticator app"}  # type: ignore[union-attr]


@pytest.mark.parametrize("steps", [0, 1])
def test_a_code_is_good_once_and_no_older_one_after_it(
    client: Any, browser: Any, anonymous_client: Any, tenant_a: Any, clock: Any, steps: int
) -> None:
    seed, _ = phone.set_up_app(client)
    clock.shift(90)
    phone.give_password(browser)
    code, older = phone.code_of(seed, steps=steps), phone.code_of(seed, steps=steps - 1)
    assert browser.post(phone.CODE_URL, {"code": code}).status_code == 302
    second = anonymous_client(tenant_a)
    phone.give_password(second)
    for used in (code, older):
        assert second.post(phone.CODE_URL, {"code": used}).status_code == 400
    clock.shift(60)
    assert second.post(phone.CODE_URL, {"code": phone.code_of(seed)}).status_code == 302


def test_the_code_that_set_the_app_up_does_not_sign_in(client: Any, browser: Any, clock: Any) -> None:
    seed, _ = phone.set_up_app(client)
    phone.give_password(browser)
    assert browser.post(phone.CODE_URL, {"code": phone.code_of(seed)}).status_code == 400
    assert browser.post(phone.CODE_URL, {"code": phone.code_of(seed, steps=1)}).status_code == 302


def test_the_sixth_wrong_code_is_refused_and_the_right_one_after_it_too(
    client: Any, browser: Any, anonymous_client: Any, tenant_a: Any, clock: Any
) -> None:
    seed, _ = phone.set_up_app(client)
    clock.shift(60)
    phone.give_password(browser)
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in _near(seed))
    statuses = [browser.post(phone.CODE_URL, {"code": wrong}).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]
    other = anonymous_client(tenant_a)
    phone.give_password(other)
    assert other.post(phone.CODE_URL, {"code": phone.code_of(seed)}).status_code == 429


def _near(seed: str) -> set[str]:
    return {phone.code_of(seed, steps=steps) for steps in (-1, 0, 1)}


def test_a_half_sign_in_ends_after_five_minutes(client: Any, browser: Any, clock: Any) -> None:
    seed, _ = phone.set_up_app(client)
    phone.give_password(browser)
    clock.shift(timedelta(seconds=299))
    assert browser.get(phone.CODE_URL).status_code == 200
    clock.shift(timedelta(seconds=2))
    assert browser.get(phone.CODE_URL)["Location"] == "/sign-in/"
    assert browser.post(phone.CODE_URL, {"code": phone.code_of(seed)})["Location"] == "/sign-in/"
    assert SESSION_KEY not in browser.session


def test_a_half_sign_in_is_worth_nothing_on_another_browser_or_host(
    client: Any, browser: Any, anonymous_client: Any, tenant_a: Any, tenant_b: Any, clock: Any
) -> None:
    seed, _ = phone.set_up_app(client)
    clock.shift(60)
    phone.give_password(browser)
    other = anonymous_client(tenant_a)
    assert other.post(phone.CODE_URL, {"code": phone.code_of(seed)})["Location"] == "/sign-in/"
    abroad = anonymous_client(tenant_b)
    abroad.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert abroad.get(phone.CODE_URL)["Location"] == "/sign-in/"
    assert browser.get(phone.CODE_URL).status_code == 200


def test_a_half_sign_in_that_is_copied_into_another_organizations_session_is_worth_nothing(
    client: Any, browser: Any, anonymous_client: Any, tenant_b: Any
) -> None:
    phone.set_up_app(client)
    phone.give_password(browser)
    token = browser.session["half_sign_in"]
    abroad = anonymous_client(tenant_b)
    with inside(tenant_b):
        User.objects.filter(email_key="analyst@example.com").update(session_epoch=0)
        session = abroad.session
        session["half_sign_in"] = token
        session.save()
    assert abroad.get(phone.CODE_URL)["Location"] == "/sign-in/"


@pytest.mark.parametrize("change", [{"session_epoch": 7}, {"password": "x"}, {"is_active": False}])
def test_a_half_sign_in_dies_with_a_change_of_the_person(
    client: Any, browser: Any, cast_a: Any, change: dict[str, Any], clock: Any
) -> None:
    seed, _ = phone.set_up_app(client)
    clock.shift(60)
    phone.give_password(browser)
    assert browser.get(phone.CODE_URL).status_code == 200
    User.objects.filter(pk=cast_a.analyst.pk).update(**change)
    assert browser.post(phone.CODE_URL, {"code": phone.code_of(seed)})["Location"] == "/sign-in/"
    assert SESSION_KEY not in browser.session


def test_who_has_shown_nothing_learns_nothing_from_the_second_step(browser: Any, client: Any, cast_a: Any) -> None:
    phone.set_up_app(client)
    known = browser.post("/sign-in/", {"email": "analyst@example.com", "password": "wrong"})
    unknown = browser.post("/sign-in/", {"email": "nobody@example.com", "password": "wrong"})
    assert (known.status_code, unknown.status_code) == (400, 400)
    assert "The e-mail address or the password is wrong." in known.content.decode()
    assert len(known.content) == len(unknown.content) + len("analyst") - len("nobody")
    for address in (phone.CODE_URL, f"{phone.CODE_URL}set-up/"):
        assert browser.get(address)["Location"] == "/sign-in/"
        assert browser.post(address, {"code": "123456"})["Location"] == "/sign-in/"


def test_a_recovery_code_signs_in_once(
    client: Any, browser: Any, anonymous_client: Any, tenant_a: Any, cast_a: Any
) -> None:
    _, codes = phone.set_up_app(client)
    phone.give_password(browser)
    assert browser.post(phone.CODE_URL, {"code": f" {codes[3].upper().replace('-', ' ')} "}).status_code == 302
    assert browser.session[SESSION_KEY] == str(cast_a.analyst.pk)
    second = anonymous_client(tenant_a)
    phone.give_password(second)
    assert second.post(phone.CODE_URL, {"code": codes[3]}).status_code == 400
    assert second.post(phone.CODE_URL, {"code": codes[4]}).status_code == 302
    assert "recovery_code.used" in actions()


def test_new_recovery_codes_end_the_old_ones(client: Any, browser: Any) -> None:
    _, old = phone.set_up_app(client)
    new = phone.codes_on(client.post("/profile/second-factor/codes/"))
    assert len(new) == 10
    phone.give_password(browser)
    assert browser.post(phone.CODE_URL, {"code": old[0]}).status_code == 400
    assert browser.post(phone.CODE_URL, {"code": new[0]}).status_code == 302


def test_recovery_codes_are_for_those_who_have_a_factor(client: Any) -> None:
    assert client.post("/profile/second-factor/codes/").status_code == 409
    assert not RecoveryCode.objects.exists()


def test_somebody_elses_recovery_code_is_none(
    client: Any, client_for: Any, browser: Any, cast_a: Any, tenant_a: Any
) -> None:
    phone.set_up_app(client)
    _, theirs = phone.set_up_app(client_for(cast_a.viewer, tenant_a))
    phone.give_password(browser)
    assert browser.post(phone.CODE_URL, {"code": theirs[0]}).status_code == 400


def test_a_removed_app_is_not_asked_for_and_takes_its_recovery_codes_along(client: Any, browser: Any) -> None:
    phone.set_up_app(client)
    assert client.post("/profile/second-factor/app/remove/").status_code == 302
    assert phone.give_password(browser)["Location"] == "/"
    assert not RecoveryCode.objects.exists()
    assert client.post("/profile/second-factor/app/remove/").status_code == 404
    assert actions()[-2:] == ["authenticator_app.removed", "person.signed_in"]


def test_there_is_one_app_a_person(client: Any, cast_a: Any) -> None:
    phone.set_up_app(client)
    assert client.get(phone.APP_URL)["Location"] == "/profile/second-factor/"
    page = client.post(phone.APP_URL, {"code": "1"})
    seed = phone.seed_on(page)
    assert client.post(phone.APP_URL, {"code": phone.code_of(seed)}).status_code == 409
    assert AuthenticatorApp.objects.count() == 1


def test_a_new_password_by_mail_neither_signs_in_nor_skips_the_second_factor(
    client: Any, browser: Any, cast_a: Any
) -> None:
    from apps.accounts.services.reset_password import reset_token

    _, codes = phone.set_up_app(client)
    new = "nine quiet lanterns at dusk"
    answer = browser.post(f"/password/reset/{reset_token(cast_a.analyst)}/", {"password": new, "again": new})
    assert answer["Location"] == "/sign-in/"
    assert SESSION_KEY not in browser.session
    answer = browser.post("/sign-in/", {"email": "analyst@example.com", "password": new})
    assert answer["Location"] == phone.CODE_URL
    assert browser.post(phone.CODE_URL, {"code": codes[0]}).status_code == 302


def test_an_api_key_goes_on_without_a_code_but_changes_no_factor(
    client: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any
) -> None:
    from apps.accounts.capabilities import Capability
    from apps.accounts.services.issue_api_key import issue_api_key

    phone.set_up_app(client)
    token = issue_api_key(cast_a.analyst, name="x", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    program = anonymous_client(tenant_a)
    assert program.get("/api/v2/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    cast_a.analyst.key_scopes = frozenset({"read_documents"})
    with pytest.raises(NeedsPersonError):
        set_up_app(cast_a.analyst, seed=new_seed(), code="1", address="")
    with pytest.raises(NeedsPersonError):
        remove_app(cast_a.analyst)
    with pytest.raises(NeedsPersonError):
        renew_recovery_codes(cast_a.analyst)


def test_of_requests_with_one_code_at_once_one_succeeds(committed_tenants: Any) -> None:
    tenant = committed_tenants[0]
    with inside(tenant):
        person = User.objects.get(role="analyst")
        seed, at_s = new_seed(), int(now().timestamp())
        codes = set_up_app(person, seed=seed, code=code_at(seed, at_s), address="")
        browsers = [Client(HTTP_HOST="alpha.localhost") for _ in range(4)]
        for browser in browsers:
            assert phone.give_password(browser)["Location"] == phone.CODE_URL
        later = code_at(seed, int(now().timestamp()) + 30)
    for rows, pair, code in (
        (AuthenticatorApp.objects.all(), browsers[:2], later),
        (RecoveryCode.objects.all(), browsers[2:], codes[0]),
    ):
        assert phone.at_once(tenant, rows, pair, phone.CODE_URL, {"code": code}) == [302, 400]


def test_of_two_set_ups_at_once_one_is_kept(committed_tenants: Any) -> None:
    tenant = committed_tenants[0]
    with inside(tenant):
        person = User.objects.get(role="viewer")
        browser = Client(HTTP_HOST="alpha.localhost")
        browser.force_login(person)
        has_just_signed_in(browser)
        seed = phone.seed_on(browser.get(phone.APP_URL))
        twin = Client(HTTP_HOST="alpha.localhost")
        twin.cookies = browser.cookies.copy()
        code = phone.code_of(seed)
    owner = User.objects.filter(pk=person.pk)
    assert phone.at_once(tenant, owner, [browser, twin], phone.APP_URL, {"code": code}) == [200, 409]
    with inside(tenant):
        assert AuthenticatorApp.objects.count() == 1
        assert RecoveryCode.objects.count() == 10
