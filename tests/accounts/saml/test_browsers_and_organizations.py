"""An answer belongs to one browser, one connection and one organization, and is collected once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection as database
from django.test import Client

from apps.accounts.models import AnsweredSignIn, SAMLProvider, SSOConnection
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import Browser, connect, last_reason, shape_for
from tests.doubles.saml_forge import forged, key_pair


def other_browser(browser: Browser) -> Browser:
    return Browser(Client(HTTP_HOST="alpha.localhost"), browser.slug)


def test_whoever_is_lured_into_posting_an_answer_is_not_signed_in_as_somebody_else(browser: Browser) -> None:
    answer = browser.post(forged(shape_for(browser.begin())))
    victim = other_browser(browser)
    assert victim.collect(answer).status_code == 403
    victim.begin()
    assert victim.collect(answer).status_code == 403, "a sign-in of their own that was begun does not help"
    assert not victim.is_signed_in()
    browser.collect(answer)
    assert browser.is_signed_in()


def test_an_answer_is_collected_once_and_soon(browser: Browser) -> None:
    answer = browser.post(forged(shape_for(browser.begin())))
    token = browser.client.cookies["sso"].value
    assert browser.collect(answer).status_code == 302
    browser.client.cookies["sso"] = token
    assert browser.collect(answer).status_code == 403
    late = browser.post(forged(shape_for(browser.begin())))
    with time_machine.travel(now() + timedelta(seconds=121)):
        assert browser.collect(late).status_code == 403
    assert browser.collect(late).status_code == 302


def test_a_changed_cookie_collects_nothing(browser: Browser) -> None:
    answer = browser.post(forged(shape_for(browser.begin())))
    good = browser.client.cookies["sso"].value
    for bad in ("", "x", good[:-2], good.replace(":", ".")):
        browser.client.cookies["sso"] = bad
        assert browser.collect(answer).status_code == 403
    browser.client.cookies["sso"] = good
    assert browser.collect(answer).status_code == 302


def test_a_request_is_good_for_ten_minutes(browser: Browser) -> None:
    request_id = browser.begin()
    with time_machine.travel(now() + timedelta(seconds=590)):
        in_time = forged(shape_for(request_id))
        assert browser.post(in_time).status_code == 302
    late_id = browser.begin()
    with time_machine.travel(now() + timedelta(seconds=605)):
        assert browser.post(forged(shape_for(late_id))).status_code == 403
        assert last_reason() == "not_asked_for"


def test_a_request_of_one_connection_is_not_answered_on_another(browser: Browser) -> None:
    connect("entra")
    other = Browser(browser.client, "entra")
    assert other.post(forged(shape_for(browser.begin(), slug="entra"))).status_code == 403
    assert last_reason() == "not_asked_for"
    assert other.post(forged(shape_for(other.begin(), slug="entra"))).status_code == 302


def test_an_answer_is_not_collected_on_another_connection(browser: Browser) -> None:
    connect("entra")
    answer = browser.post(forged(shape_for(browser.begin())))
    path = urlsplit(answer["Location"]).path
    assert browser.client.get(path.replace("okta", "entra")).status_code == 403
    assert browser.client.get(path).status_code == 302


def test_nothing_of_one_organization_is_good_in_another(
    browser: Browser, tenant_b: TenantRef, anonymous_client: Callable[[TenantRef], Client]
) -> None:
    with inside(tenant_b):
        connect()
    beta = Browser(anonymous_client(tenant_b))
    of_alpha = forged(shape_for(browser.begin()))
    assert beta.post(of_alpha).status_code == 403
    beta_shape = shape_for(
        browser.begin(),
        acs_url="http://beta.localhost:8000/saml/okta/acs/",
        audience="http://beta.localhost:8000/saml/okta/metadata/",
    )
    assert beta.post(forged(beta_shape)).status_code == 403, "addressed to beta, but asked for by alpha"
    answer = browser.post(of_alpha)
    assert answer.status_code == 302
    assert beta.client.get(urlsplit(answer["Location"]).path).status_code == 403
    with inside(tenant_b):
        assert set(actions()) == {"sso.answer_refused"}


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x",
        "http://beta.localhost:8000/",
        "/" + "x" * 10_000,
    ],
)
def test_wherever_somebody_wants_to_be_sent_it_stays_here(browser: Browser, goal: str) -> None:
    answer = browser.post(forged(shape_for(browser.begin(goal=goal))))
    landed = browser.collect(answer)
    assert landed.status_code == 302
    assert urlsplit(landed["Location"]).netloc == ""
    assert landed["Location"].startswith("/")
    assert browser.is_signed_in()


def test_a_connection_that_is_not_enabled_signs_nobody_in(browser: Browser) -> None:
    response = forged(shape_for(browser.begin()))
    answer = browser.post(response)
    SSOConnection.objects.update(is_enabled=False)
    assert browser.client.get("/saml/okta/login/").status_code == 404
    assert browser.collect(answer).status_code == 403
    SSOConnection.objects.update(is_enabled=True)
    assert browser.collect(answer).status_code == 302


def test_a_connection_that_is_not_there_is_not_told_from_one_that_is(browser: Browser) -> None:
    for path in ("/saml/none/metadata/", "/saml/none/login/"):
        assert browser.client.get(path).status_code == 404
    assert Client(HTTP_HOST="alpha.localhost").post("/saml/none/acs/").status_code == 404
    assert browser.client.get("/saml/okta/acs/").status_code == 405


def test_fifty_bad_answers_from_one_network_are_enough(browser: Browser) -> None:
    client = Client(HTTP_HOST="alpha.localhost")
    statuses = [client.post("/saml/okta/acs/", {"SAMLResponse": "x"}).status_code for _ in range(52)]
    assert statuses[:50] == [403] * 50
    assert statuses[50:] == [429, 429]
    assert AnsweredSignIn.objects.count() == 0, "what was not verified is not stored"


def test_good_answers_are_not_counted(browser: Browser) -> None:
    client = Client(HTTP_HOST="alpha.localhost")
    for _number in range(49):
        client.post("/saml/okta/acs/", {"SAMLResponse": "x"})
    for _number in range(3):
        assert browser.post(forged(shape_for(browser.begin()))).status_code == 302


def test_of_eight_who_post_one_answer_at_once_one_is_believed(committed_tenants: tuple[TenantRef, TenantRef]) -> None:
    alpha = committed_tenants[0]
    with inside(alpha):
        connect()
    browser = Browser(Client(HTTP_HOST="alpha.localhost"))
    with inside(alpha):
        response = forged(shape_for(browser.begin()))
    statuses: list[int] = []
    ready = threading.Barrier(8)

    def post() -> None:
        ready.wait()
        try:
            statuses.append(browser.post(response).status_code)
        finally:
            database.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [403] * 7


def test_a_key_of_another_providers_is_refused(browser: Browser, provider: SAMLProvider) -> None:
    connect("entra", certificates=[key_pair(bits=3072).certificate])
    refused = browser.post(forged(shape_for(browser.begin(), key=key_pair(bits=3072))))
    assert (refused.status_code, last_reason()) == (403, "wrong_signature")
