"""Where one is signed in: the list, ending one, ending all, how long a session lives, and whose pages may speak for it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.device_names import device_name
from apps.accounts.models import AnsweredSignIn, BrowserSession, SeenAssertion, SignInPolicy, SSOConnection, User
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.selectors import sessions_of
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.session_store import SessionStore
from apps.accounts.tasks import remove_expired_everywhere
from apps.kernel.clock import now
from apps.kernel.events import consumers
from apps.kernel.events.models import OutboxEvent
from apps.kernel.tenancy.context import inside
from config.routing import websocket_application
from tests.accounts.conftest import actions
from tests.conftest import PASSWORD, CommittingClient
from tests.doubles.socket_client import SocketClient

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
API = "/api/v2/sessions/"


def signed_in(tenant: Any, role: str = "analyst", *, agent: str = FIREFOX, address: str = "203.0.113.7") -> Any:
    client = CommittingClient(tenant, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"email": f"{role}@example.com", "password": PASSWORD}).status_code == 302
    return client


def key_of(client: Any) -> str:
    return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)


def id_of(client: Any) -> str:
    return str(session_id_of(key_of(client)))


def is_in(client: Any) -> bool:
    return bool(client.get("/profile/").status_code == 200)


def test_the_profile_lists_every_browser_and_marks_this_one(tenant_a: Any, cast_a: Any) -> None:
    here, phone = signed_in(tenant_a), signed_in(tenant_a, agent=IPHONE, address="198.51.100.9")
    page = here.get("/profile/").content.decode()
    assert "Firefox on Linux <span" in page, "this one is marked"
    assert "Safari on iPhone</div>" in page, "the other one is not"
    assert "198.51.100.9" in page
    assert f"/profile/sessions/{id_of(phone)}/end/" in page
    assert f"/profile/sessions/{id_of(here)}/end/" not in page


def test_a_key_is_nowhere_in_the_database(tenant_a: Any, cast_a: Any) -> None:
    client = signed_in(tenant_a)
    row = BrowserSession.objects.get(pk=id_of(client))
    assert (row.person, row.device, row.address, row.way) == (
        cast_a.analyst,
        "Firefox on Linux",
        "203.0.113.7",
        "password",
    )
    stored = " ".join(str(value) for value in BrowserSession.objects.values_list().get(pk=row.pk))
    assert key_of(client) not in stored


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15)", "macOS"),
        ("Firefox/140.0", "Firefox"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", ""),
        ('x"><img src=x onerror=alert(1)>', "x"),
        ("", ""),
    ],
)
def test_a_device_has_a_short_name_of_our_own_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_a_user_agent_that_is_a_page_shows_as_text_of_ours(tenant_a: Any, cast_a: Any) -> None:
    client = signed_in(tenant_a, agent="<script>alert(1)</script>")
    page = client.get("/profile/").content.decode()
    assert "Unknown device" in page
    assert "alert(1)" not in page
    BrowserSession.objects.update(device="<b>bold</b>", connection_name="<i>idp</i>")
    page = client.get("/profile/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page, "what stands in the row is escaped as well"
    assert "<i>idp</i>" not in page


def test_an_ended_session_is_nobodys_at_its_next_request(tenant_a: Any, cast_a: Any) -> None:
    here, phone = signed_in(tenant_a), signed_in(tenant_a, agent=IPHONE)
    assert is_in(phone)
    assert here.post(f"/profile/sessions/{id_of(phone)}/end/")["Location"] == "/profile/"
    assert not is_in(phone)
    assert is_in(here)
    assert actions()[-1] == "session.ended"
    assert OutboxEvent.objects.filter(name="person.sessions_ended").count() == 1


def test_ending_the_session_one_sits_in_leads_to_the_sign_in_page(tenant_a: Any, cast_a: Any) -> None:
    here = signed_in(tenant_a)
    assert here.post(f"/profile/sessions/{id_of(here)}/end/")["Location"] == "/sign-in/"
    assert not is_in(here)


def test_somebody_elses_session_is_not_there(tenant_a: Any, cast_a: Any) -> None:
    here, other = signed_in(tenant_a), signed_in(tenant_a, "team_lead")
    assert here.post(f"/profile/sessions/{id_of(other)}/end/").status_code == 404
    assert here.delete(f"{API}{id_of(other)}/").status_code == 404
    assert is_in(other)


def test_all_others_end_and_this_one_goes_on(tenant_a: Any, cast_a: Any) -> None:
    here, phone, laptop, other = (
        signed_in(tenant_a),
        signed_in(tenant_a, agent=IPHONE),
        signed_in(tenant_a),
        signed_in(tenant_a, "team_lead"),
    )
    answer = here.post("/profile/sessions/end-others/", follow=True)
    assert "2 other sessions are ended." in answer.content.decode()
    assert [is_in(client) for client in (here, phone, laptop, other)] == [True, False, False, True]
    assert actions().count("session.others_ended") == 1
    here.post("/profile/sessions/end-others/")
    assert actions().count("session.others_ended") == 1, "nothing to end is no deed"


def test_signing_out_removes_the_row(tenant_a: Any, cast_a: Any) -> None:
    client = signed_in(tenant_a)
    row = id_of(client)
    assert BrowserSession.objects.filter(pk=row).exists()
    client.post("/sign-out/")
    assert not BrowserSession.objects.filter(pk=row).exists()


def test_an_administrator_signs_a_person_out_everywhere(tenant_a: Any, cast_a: Any) -> None:
    admin, here, phone = signed_in(tenant_a, "org_admin"), signed_in(tenant_a), signed_in(tenant_a, agent=IPHONE)
    assert "Sign out everywhere" in admin.get("/people/").content.decode()
    admin.post(f"/people/{cast_a.analyst.pk}/sign-out/")
    assert [is_in(client) for client in (admin, here, phone)] == [True, False, False]
    assert actions()[-1] == "session.all_ended"
    assert is_in(signed_in(tenant_a)), "the person may sign in again"


def test_nobody_else_signs_people_out(tenant_a: Any, cast_a: Any) -> None:
    lead, here = signed_in(tenant_a, "team_lead"), signed_in(tenant_a)
    assert lead.post(f"/people/{cast_a.analyst.pk}/sign-out/").status_code == 403
    assert lead.delete(f"/api/v2/people/{cast_a.analyst.pk}/sessions/").status_code == 403
    assert is_in(here)


def test_an_administrator_may_not_sign_an_operator_out(tenant_a: Any, cast_a: Any) -> None:
    operator = User.objects.create_person("op@example.com", name="Op", role=RoleName.SYSTEM_ADMIN)
    admin = signed_in(tenant_a, "org_admin")
    answer = admin.post(f"/people/{operator.pk}/sign-out/")
    assert answer.status_code == 403
    operator.refresh_from_db()
    assert operator.session_epoch == 0


def test_the_api_lists_and_ends(tenant_a: Any, cast_a: Any) -> None:
    here, phone, laptop = signed_in(tenant_a), signed_in(tenant_a, agent=IPHONE), signed_in(tenant_a)
    rows = here.get(API).json()["results"]
    assert {row["id"]: row["is_current"] for row in rows} == {
        id_of(here): True,
        id_of(phone): False,
        id_of(laptop): False,
    }
    assert "content" not in rows[0]
    assert here.delete(f"{API}{id_of(phone)}/").status_code == 204
    assert [is_in(client) for client in (here, phone, laptop)] == [True, False, True]
    assert here.delete(API).status_code == 204
    assert [is_in(client) for client in (here, laptop)] == [True, False]
    admin = signed_in(tenant_a, "org_admin")
    assert admin.delete(f"/api/v2/people/{cast_a.analyst.pk}/sessions/").status_code == 204
    assert not is_in(here)


def test_a_key_neither_sees_nor_ends_sessions(tenant_a: Any, cast_a: Any) -> None:
    here = signed_in(tenant_a)
    key = issue_api_key(cast_a.analyst, name="n", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    program = CommittingClient(tenant_a, headers={"Authorization": f"Bearer {key}"})
    for answer in (program.get(API), program.delete(API), program.delete(f"{API}{id_of(here)}/")):
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
    assert is_in(here)


def test_sessions_of_an_older_password_are_not_listed(tenant_a: Any, cast_a: Any) -> None:
    here, _phone = signed_in(tenant_a), signed_in(tenant_a, agent=IPHONE)
    new = {"current": PASSWORD, "password": "another long enough 17", "again": "another long enough 17"}
    assert here.post("/profile/password/", new).status_code == 302
    cast_a.analyst.refresh_from_db()
    assert [str(row.pk) for row in sessions_of(cast_a.analyst)] == [id_of(here)]


def test_the_organizations_own_idle_limit_holds(tenant_a: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(idle_limit_s=300)
    with time_machine.travel(now(), tick=False) as clock:
        client = signed_in(tenant_a)
        clock.shift(299)
        assert is_in(client)
        clock.shift(301)
        assert sessions_of(cast_a.analyst).count() == 0
        assert not is_in(client)


def test_the_organizations_own_longest_session_holds_and_a_shorter_one_at_once(tenant_a: Any, cast_a: Any) -> None:
    policy = SignInPolicy.objects.create(absolute_limit_s=3600, idle_limit_s=1200)
    with time_machine.travel(now(), tick=False) as clock:
        client, second = signed_in(tenant_a), signed_in(tenant_a)
        for _ in range(3):
            clock.shift(timedelta(minutes=15))
            assert is_in(client)
            assert is_in(second)
        policy.absolute_limit_s = 2000
        policy.save()
        assert not is_in(second)
        policy.absolute_limit_s = 3600
        policy.save()
        clock.shift(timedelta(minutes=16))
        assert not is_in(client)


def test_limits_cost_no_query(tenant_a: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(idle_limit_s=600)
    client = signed_in(tenant_a)
    client.get("/api/v2/me/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v2/me/").status_code == 200
    about = [query["sql"] for query in asked if "browsersession" in query["sql"] or "signinpolicy" in query["sql"]]
    assert len(about) == 1


def test_use_is_noted_once_a_minute(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        client = signed_in(tenant_a)
        seen = BrowserSession.objects.get(pk=id_of(client)).last_seen_at
        clock.shift(59)
        is_in(client)
        assert BrowserSession.objects.get(pk=id_of(client)).last_seen_at == seen
        clock.shift(1)
        is_in(client)
        assert BrowserSession.objects.get(pk=id_of(client)).last_seen_at == seen + timedelta(seconds=60)


def test_whoever_is_here_was_seen_from_the_first_page_on(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False):
        client = signed_in(tenant_a)
        is_in(client)
        cast_a.analyst.refresh_from_db()
        assert cast_a.analyst.last_seen == now()


def test_an_answer_that_is_still_on_its_way_does_not_bring_an_ended_session_back(tenant_a: Any, cast_a: Any) -> None:
    client = signed_in(tenant_a)
    store = SessionStore(key_of(client))
    store["last"] = "words"
    store.save()
    BrowserSession.objects.all().delete()
    store["last"] = "more words"
    with pytest.raises(UpdateError):
        store.save()
    assert not BrowserSession.objects.exists()


def test_what_is_over_is_removed_and_what_is_not_stays(tenant_a: Any, cast_a: Any) -> None:
    connection_row = SSOConnection.objects.create(slug="idp", name="IdP", kind="saml")
    with time_machine.travel(now(), tick=False) as clock:
        old = signed_in(tenant_a)
        visitor = SessionStore()
        visitor.create()
        AnsweredSignIn.objects.create(
            connection=connection_row, request_id="1", claims_sealed="", expires_at=now() + timedelta(minutes=9)
        )
        SeenAssertion.objects.create(
            connection=connection_row, assertion_id="1", expires_at=now() + timedelta(minutes=9)
        )
        remove_expired_everywhere()
        with inside(tenant_a):
            assert BrowserSession.objects.count() == 2
            assert (AnsweredSignIn.objects.count(), SeenAssertion.objects.count()) == (1, 1)
        clock.shift(timedelta(minutes=31))
        new = signed_in(tenant_a)
        remove_expired_everywhere()
        kept = {str(pk) for pk in BrowserSession.objects.values_list("pk", flat=True)}
        assert kept == {id_of(new), str(session_id_of(str(visitor.session_key)))}
        assert id_of(old) not in kept
        assert (AnsweredSignIn.objects.count(), SeenAssertion.objects.count()) == (0, 0)
        clock.shift(timedelta(hours=13))
        SessionStore.clear_expired()
        assert not BrowserSession.objects.exists()


def test_a_page_of_a_sibling_organization_cannot_write(tenant_a: Any, cast_a: Any) -> None:
    """Siblings are one site to a browser, so a cookie comes along: the exact origin decides, on forms as on the API."""
    client = CommittingClient(tenant_a, enforce_csrf_checks=True)
    client.force_login(cast_a.analyst)
    page = client.get("/profile/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    own, sibling, sub = "http://alpha.localhost", "http://beta.localhost", "http://x.alpha.localhost"
    for origin in (sibling, sub, "http://alpha.localhost:81", "https://alpha.localhost", "null"):
        headers = {"Origin": origin, "X-CSRFToken": token}
        assert client.post("/profile/sessions/end-others/", headers=headers).status_code == 403
        assert client.delete(API, headers=headers).json()["code"] == "csrf_failed"
    headers = {"Origin": own, "X-CSRFToken": token}
    assert client.post("/profile/sessions/end-others/", headers=headers).status_code == 302
    assert client.delete(API, headers=headers).status_code == 204


@pytest.mark.parametrize("end", ["ended", "idle", "signed out everywhere"])
def test_an_open_socket_closes_when_its_session_is_over(
    committed_tenants: Any, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    assert consumers.StreamConsumer.ask_again_s < 10
    monkeypatch.setattr(consumers.StreamConsumer, "ask_again_s", 0.1)
    alpha = committed_tenants[0]
    client = CommittingClient(alpha)
    with inside(alpha):
        client.force_login(User.objects.get(role="analyst"))
        admin = User.objects.get(role="org_admin")

    def over() -> None:
        with inside(alpha):
            if end == "ended":
                client.post(f"/profile/sessions/{id_of(client)}/end/")
            elif end == "idle":
                BrowserSession.objects.update(last_seen_at=now() - timedelta(minutes=31))
            else:
                by = CommittingClient(alpha)
                by.force_login(admin)
                by.post(f"/people/{User.objects.get(role='analyst').pk}/sign-out/")

    async def play() -> None:
        host = b"alpha.localhost:8000"
        cookie = f"{django_settings.SESSION_COOKIE_NAME}={key_of(client)}".encode()
        headers = [(b"host", host), (b"origin", b"http://" + host), (b"cookie", cookie)]
        line = SocketClient(websocket_application, "/ws/", headers=headers)
        assert (await line.connect(timeout=10))[0]
        await line.send_json({"type": "resume", "last_seq": None})
        await line.receive_json(timeout=10)
        await asyncio.to_thread(over)
        closed = await line.receive_output(timeout=10)
        while closed["type"] != "websocket.close":
            closed = await line.receive_output(timeout=10)
        assert closed["code"] == 4401

    asyncio.run(play())
