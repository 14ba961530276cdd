"""What one organization has given out is worth nothing at the other one: sessions, keys, links, sockets, files, exports."""

import ast
import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail

from apps.accounts.models import ApiKey, BrowserSession, Invitation, User
from apps.accounts.models.browser_session import session_id_of
from apps.documents.models import Version
from apps.feedback.models import Export
from apps.kernel.errors import NotFoundError
from apps.kernel.events.catalogue import known_events
from apps.kernel.events.stream import emit
from apps.kernel.storage.attachment import attachment
from apps.kernel.storage.tenant_files import open_stored
from apps.kernel.tenancy.context import TenantRef, carrying, inside
from apps.kernel.tenancy.in_thread import tenant_db
from config.routing import websocket_application
from tests.conftest import CommittingClient
from tests.doubles.socket_client import SocketClient
from tests.isolation.stage import Furnished, furnish, keys_of

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough secret 17"


@pytest.fixture
def both(both_tenants: tuple[TenantRef, TenantRef]) -> tuple[Furnished, Furnished]:
    return furnish(both_tenants[0]), furnish(both_tenants[1])


def test_a_session_of_one_organization_is_nobodys_at_the_other(both: Any) -> None:
    """People have equal ids in both: a session that carried over would sign somebody in as somebody else."""
    me, neighbour = both
    client = me.client("org_admin")
    assert me.canary in client.get("/people/").content.decode()
    before = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    answer = client.get("/people/", HTTP_HOST=f"{neighbour.tenant.slug}.localhost")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    api = client.get("/api/v2/me/", HTTP_HOST=f"{neighbour.tenant.slug}.localhost")
    assert api.status_code == 401
    with inside(me.tenant):
        assert BrowserSession.objects.filter(pk=session_id_of(before)).exists()
    with inside(neighbour.tenant):
        assert not BrowserSession.objects.filter(pk=session_id_of(before)).exists()


def test_a_key_of_one_organization_is_unknown_at_the_other(both: Any) -> None:
    me, neighbour = both
    bearer = {"Authorization": f"Bearer {me.api_token}"}
    assert CommittingClient(me.tenant).get("/api/v2/me/", headers=bearer).status_code == 200
    nonsense = {"Authorization": f"Bearer {me.api_token[:-1]}x"}
    there = CommittingClient(neighbour.tenant, HTTP_X_REQUEST_ID="the-same-for-all")
    foreign, wrong = there.get("/api/v2/me/", headers=bearer), there.get("/api/v2/me/", headers=nonsense)
    assert (foreign.status_code, foreign.content) == (401, wrong.content)
    with inside(neighbour.tenant):
        assert not ApiKey.objects.exclude(last_used_at=None).exists()


@pytest.mark.parametrize("kind", ["password/reset", "invitation"])
def test_a_link_that_one_organization_has_mailed_opens_nothing_at_the_other(both: Any, kind: str) -> None:
    me, neighbour = both
    token = me.reset_token if kind == "password/reset" else me.invitation_token
    given = {"name": "New", "password": PASSWORD, "again": PASSWORD}
    there = CommittingClient(neighbour.tenant)
    with inside(neighbour.tenant):
        people = list(User.objects.order_by("pk").values_list("pk", "password", "session_epoch"))
    for answer in (there.get(f"/{kind}/{token}/"), there.post(f"/{kind}/{token}/", given)):
        nonsense = there.get(f"/{kind}/{token[:-3]}abc/")
        assert answer.status_code == nonsense.status_code
        assert b'name="password"' not in answer.content
        assert me.canary.encode() not in answer.content
    with inside(neighbour.tenant):
        assert list(User.objects.order_by("pk").values_list("pk", "password", "session_epoch")) == people
        assert not Invitation.objects.exclude(accepted_at=None).exists()
    here = CommittingClient(me.tenant)
    assert b'name="password"' in here.get(f"/{kind}/{token}/").content
    assert here.post(f"/{kind}/{token}/", given).status_code == 302


def test_a_forgotten_password_is_mailed_to_the_asked_organizations_person_alone(both: Any) -> None:
    """The same address is a person of both."""
    me, neighbour = both
    mail.outbox.clear()
    CommittingClient(me.tenant).post("/password/forgotten/", {"email": "analyst@example.com"})
    assert [message.to for message in mail.outbox] == [["analyst@example.com"]]
    body = str(mail.outbox[0].body)
    assert f"{me.tenant.slug}.localhost" in body
    assert me.canary in body
    assert neighbour.canary not in body
    assert neighbour.tenant.slug not in body
    path = re.search(r"(/password/reset/\S+)", body)
    assert path
    CommittingClient(me.tenant).post(path.group(1), {"password": PASSWORD, "again": PASSWORD})
    with inside(neighbour.tenant):
        assert not User.objects.get(email="analyst@example.com").check_password(PASSWORD)
    with inside(me.tenant):
        assert User.objects.get(email="analyst@example.com").check_password(PASSWORD)


def stored_kinds() -> set[str]:
    """The kinds of files that the source stores."""
    found = set()
    for path in (ROOT / "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "store" and node.args:
                kind = node.args[0]
                found.add(kind.value if isinstance(kind, ast.Constant) else ast.unparse(kind))
    return found


def test_every_kind_of_file_is_under_its_organizations_name_and_closed_to_the_other(both: Any) -> None:
    """A new kind of stored file fails here until it is declared with a row that holds its key."""
    declared = {"originals": (Version, "stored_key"), "exports": (Export, "stored_key")}
    assert stored_kinds() == set(declared)
    me, neighbour = both
    for kind, (model, field) in declared.items():
        with inside(me.tenant):
            keys = list(model._default_manager.values_list(field, flat=True))
            assert keys
            for key in keys:
                assert key.startswith(f"t/{me.tenant.id}/{kind}/")
                with open_stored(key) as file:
                    assert file.read(1)
        with inside(neighbour.tenant):
            for key in keys:
                with pytest.raises(NotFoundError), open_stored(key):
                    pass
                with pytest.raises(NotFoundError):
                    attachment(key, file_name="x", size_bytes=1)


def test_an_export_holds_its_own_organizations_words_alone(both: Any) -> None:
    import io
    import zipfile

    me, neighbour = both
    (key,) = keys_of(Export, me)
    client = me.client("org_admin")
    for address in (f"/exports/{key}/", f"/api/v2/exports/{key}/file/"):
        answer = client.get(address)
        assert answer.status_code == 200
        parts = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        words = b"".join(parts.read(name) for name in parts.namelist())
        assert me.canary.encode() in words
        assert neighbour.canary.encode() not in words
        assert me.canary in answer["Content-Disposition"]


def _socket(of: TenantRef, at: TenantRef, cookie: str) -> SocketClient:
    del of
    host = f"{at.slug}.localhost:8000"
    headers = [
        (b"host", host.encode()),
        (b"origin", f"http://{host}".encode()),
        (b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={cookie}".encode()),
    ]
    return SocketClient(websocket_application, "/ws/", headers=headers)


def test_sockets_carry_their_own_organizations_lines_alone(committed_tenants: Any) -> None:
    """Every type of line that there is, at equal numbers in both: only one's own arrive, live and when one comes back."""
    me, neighbour = committed_tenants
    types = sorted(
        {kind.stream_type for kind in known_events().values() if kind.stream_type} | {"document.analysis.progress"}
    )
    cookies = {}
    for tenant in committed_tenants:
        client = CommittingClient(tenant)
        with inside(tenant):
            client.force_login(User.objects.get(role="analyst"))
        cookies[tenant.slug] = client.cookies[django_settings.SESSION_COOKIE_NAME].value

    async def say(tenant: TenantRef, kind: str) -> None:
        with carrying(tenant):
            await tenant_db(emit)(kind, {"of": tenant.slug})

    async def lines(socket: SocketClient, count: int) -> list[tuple[str, str]]:
        received = [await socket.receive_json() for _ in range(count)]
        return [(line["type"], line["data"]["of"]) for line in received]

    async def play() -> None:
        refused = await _socket(me, neighbour, cookies[me.slug]).connect()
        assert refused == (False, 4401), "a session is nobody's at the other organization"
        mine, theirs = _socket(me, me, cookies[me.slug]), _socket(neighbour, neighbour, cookies[neighbour.slug])
        for socket in (mine, theirs):
            assert (await socket.connect())[0]
            await socket.send_json({"type": "resume", "last_seq": None})
            await socket.receive_json()
        for kind in types:
            await say(neighbour, kind)
            await say(me, kind)
        assert await lines(mine, len(types)) == [(kind, me.slug) for kind in types]
        assert await lines(theirs, len(types)) == [(kind, neighbour.slug) for kind in types]
        for frame in (
            {"type": "ping"},
            {"type": "resume", "last_seq": 0},
            {"type": "resume", "tenant": "beta"},
            {"type": "x"},
        ):
            await mine.send_json(frame)
            assert (await mine.receive_json())["type"] in {"pong", "error"}
        assert await mine.receive_nothing()
        again = _socket(me, me, cookies[me.slug])
        assert (await again.connect())[0]
        await again.send_json({"type": "resume", "last_seq": 0})
        await again.receive_json()
        assert await lines(again, len(types)) == [(kind, me.slug) for kind in types]
        for socket in (mine, theirs, again):
            await socket.disconnect()

    asyncio.run(play())


def test_polling_gives_ones_own_lines_alone(both: Any) -> None:
    me, neighbour = both
    with inside(neighbour.tenant):
        emit("test.said", {"of": neighbour.canary})
    with inside(me.tenant):
        emit("test.said", {"of": me.canary})
    for address in ("/stream/?after=0", "/api/v2/stream/?after=0"):
        page = me.client("analyst").get(address).content.decode()
        assert me.canary in page
        assert neighbour.canary not in page
        assert str(neighbour.document_id) not in page
