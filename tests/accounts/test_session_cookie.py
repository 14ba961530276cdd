"""The cookie of a session: fresh after signing in, worth nothing after signing out, and no neighbour's to plant."""

import asyncio
from typing import Any

import pytest

from apps.accounts.models import BrowserSession
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.services.sign_in import sign_out
from apps.kernel.events.socket_door import still_signed_in
from tests.accounts.conftest import actions
from tests.accounts.token_calls import issue, me
from tests.conftest import PASSWORD, CommittingClient

SIGN_IN = {"email": "analyst@example.com", "password": PASSWORD}


def _planted(tenant: Any) -> tuple[Any, str]:
    """A browser that holds a session which somebody else knows the key of."""
    client = CommittingClient(tenant)
    session = client.session
    session["planted"] = "yes"
    session.save()
    return client, str(session.session_key)


def test_the_key_from_before_signing_in_is_worth_nothing_afterwards(tenant_a: Any, cast_a: Any) -> None:
    client, known = _planted(tenant_a)
    assert client.post("/sign-in/", SIGN_IN).status_code == 302
    assert client.get("/profile/").status_code == 200
    other = CommittingClient(tenant_a)
    other.cookies["sessionid"] = known
    assert other.get("/profile/").status_code == 302
    assert not BrowserSession.objects.filter(pk=session_id_of(known)).exists()


def test_a_key_that_nobody_has_given_out_is_not_taken_on(tenant_a: Any, cast_a: Any) -> None:
    client = CommittingClient(tenant_a)
    client.cookies["sessionid"] = chosen = "c" * 32
    assert client.post("/sign-in/", SIGN_IN).status_code == 302
    assert client.cookies["sessionid"].value != chosen
    assert not BrowserSession.objects.filter(pk=session_id_of(chosen)).exists()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("__Host-session={key}", 200),
        ("session={key}", 302),
        ("__host-session={key}", 302),
        ("__HOST-session={key}", 302),
        ("=__Host-session={key}", 302),
        ("x__Host-session={key}", 302),
        ("sessionid={key}", 302),
    ],
)
def test_a_cookie_that_a_neighbour_could_plant_is_not_ours(
    tenant_a: Any, cast_a: Any, settings: Any, header: str, status: int
) -> None:
    """A browser lets nobody but this very host, over TLS, set one whose name begins with `__Host-`; names like it are no session."""
    settings.SESSION_COOKIE_NAME = "__Host-session"
    client = CommittingClient(tenant_a)
    client.force_login(cast_a.analyst)
    key = client.cookies["__Host-session"].value
    answer = CommittingClient(tenant_a).get("/profile/", HTTP_COOKIE=header.format(key=key))
    assert answer.status_code == status


def test_after_signing_out_neither_page_nor_socket_nor_token_knows_the_session(
    tenant_a: Any, cast_a: Any, client_for: Any
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    key = client.cookies["sessionid"].value
    tokens = client.post("/api/v2/tokens/", {}, content_type="application/json").json()
    page = client.get("/profile/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"], "going back shows nothing"
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    again = CommittingClient(tenant_a)
    again.cookies["sessionid"] = key
    assert again.get("/profile/").status_code == 302
    assert again.get("/stream/", headers={"Accept": "application/json"}).status_code in {302, 401, 403}
    bearer = {"Authorization": f"Bearer {tokens['access']}"}
    assert CommittingClient(tenant_a).get("/api/v2/me/", headers=bearer).status_code == 401
    renewed = CommittingClient(tenant_a).post(
        "/api/v2/tokens/refresh/", {"refresh": tokens["refresh"]}, content_type="application/json"
    )
    assert renewed.status_code == 401


def test_a_socket_that_asks_again_after_signing_out_is_nobodys(committed_tenants: Any) -> None:
    from django.db import close_old_connections, connection
    from django.test import Client

    from apps.accounts.models import User
    from apps.kernel.tenancy.context import inside

    alpha = committed_tenants[0]
    client = Client(HTTP_HOST="alpha.localhost")
    assert client.post("/sign-in/", SIGN_IN).status_code == 302
    key = client.cookies["sessionid"].value

    def asked() -> Any:
        return asyncio.run(still_signed_in(alpha, key))

    with inside(alpha):
        analyst = User.objects.get(role="analyst")
    found = asked()
    assert found is not None
    assert found.user_id == analyst.pk
    client.post("/sign-out/")
    assert asked() is None
    close_old_connections()
    connection.close()


def test_who_leaves_without_a_session_of_record_keeps_their_programs(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    sign_out(cast_a.analyst)
    assert me(tenant_a, pair["access"]).status_code == 200
    assert actions()[-1] == "person.signed_out"
