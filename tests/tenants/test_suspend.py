"""A suspended organization: its people are out at once everywhere, its data stays, and it comes back as it was."""

import asyncio
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.services.issue_api_key import issue_api_key
from apps.kernel.events.consumers import StreamConsumer
from apps.kernel.jobs.tasks import run_stage
from apps.kernel.tenancy.context import TenantRef, inside
from apps.kernel.tenancy.tenant_task import HEADER
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from config.routing import websocket_application
from tests.conftest import Cast
from tests.doubles.socket_client import SocketClient
from tests.tenants.conftest import operator_log, tenant_row


def test_pages_api_and_stream_refuse_at_once_and_answer_again_when_resumed(
    tenant_a: TenantRef, cast_a: Cast, client_for: Any
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    token = issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    bearer = {"Authorization": f"Bearer {token}"}
    pages = [
        ("/", {}),
        ("/api/v2/me/", {}),
        ("/api/v2/me/", bearer),
        ("/stream/", {}),
        ("/sign-in/", {}),
        ("/admin/", {}),
    ]
    before = [client.get(path, headers=headers).status_code for path, headers in pages]
    assert before[:4] == [200, 200, 200, 200]

    call_command("suspend_tenant", "alpha", reason="contract ended")
    for path, headers in pages:
        answer = client.get(path, headers=headers)
        assert (answer.status_code, b"suspended" in answer.content) == (403, True), path
        assert b"Alpha" not in answer.content
        assert not answer.cookies
    call_command("resume_tenant", "alpha")
    assert [client.get(path, headers=headers).status_code for path, headers in pages] == before


def test_the_neighbour_works_on(both_tenants: Any, client_for: Any, tenant_b: TenantRef, cast_b: Cast) -> None:
    suspend_tenant("alpha")
    assert client_for(cast_b.analyst, tenant_b).get("/").status_code == 200


def test_a_task_of_a_suspended_organization_is_refused(tenant_a: TenantRef, cast_a: Cast) -> None:
    from apps.kernel.identifiers import new_id
    from tests.isolation.messages import header_for

    header = {HEADER: header_for(tenant_a, run_stage.name)}
    assert run_stage.apply(args=[str(new_id())], headers=header).state == "SUCCESS"
    suspend_tenant("alpha")
    refused = run_stage.apply(args=[str(new_id())], headers=header)
    assert (refused.state, refused.result.reason) == ("REJECTED", "task_tenant_refused")


def test_open_sockets_are_closed_and_new_ones_refused(committed_tenants: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = committed_tenants[0]
    monkeypatch.setattr(StreamConsumer, "ask_again_s", 0.05)
    client = Client()
    with inside(alpha):
        client.force_login(User.objects.get(role="analyst"))
    name = django_settings.SESSION_COOKIE_NAME
    headers = [
        (b"host", b"alpha.localhost:8000"),
        (b"origin", b"http://alpha.localhost:8000"),
        (b"cookie", f"{name}={client.cookies[name].value}".encode()),
    ]

    async def play() -> tuple[Any, Any]:
        open_one = SocketClient(websocket_application, "/ws/", headers=headers)
        assert (await open_one.connect())[0]
        from asgiref.sync import sync_to_async

        await sync_to_async(suspend_tenant)("alpha")
        closed = await open_one.receive_output(10)
        late = await SocketClient(websocket_application, "/ws/", headers=headers).connect()
        return closed, late

    closed, late = asyncio.run(play())
    assert (closed["type"], closed["code"]) == ("websocket.close", 4401)
    assert late == (False, 4403)


def test_the_record_says_who_did_what_and_why(both_tenants: Any) -> None:
    suspend_tenant("alpha", reason="contract ended", actor="pia@example.org")
    assert (tenant_row("alpha").state, tenant_row("alpha").suspended_reason) == ("suspended", "contract ended")
    suspend_tenant("alpha", reason="contract ended", actor="twice@example.org")
    resume_tenant("alpha", actor="pia@example.org")
    assert tenant_row("alpha").suspended_reason == ""
    assert operator_log("alpha")[-2:] == [("tenant.suspended", "pia@example.org"), ("tenant.active", "pia@example.org")]


@pytest.mark.parametrize("command", ["suspend_tenant", "resume_tenant"])
def test_an_unknown_organization_is_named(both_tenants: Any, command: str) -> None:
    with pytest.raises(CommandError, match="There is no organization nobody"):
        call_command(command, "nobody")


def test_one_that_is_half_made_can_be_neither_suspended_nor_resumed(both_tenants: Any) -> None:
    from apps.tenants.models import Tenant

    Tenant.objects.create(slug="half", name="Half")
    for command in ("suspend_tenant", "resume_tenant"):
        with pytest.raises(CommandError, match="There is no organization half"):
            call_command(command, "half")
    assert tenant_row("half").state == "provisioning"


def test_the_platform_itself_stays_open(platform: TenantRef) -> None:
    with pytest.raises(CommandError, match="the platform's own organization"):
        call_command("suspend_tenant", "platform")
    assert tenant_row("platform").state == "active"
