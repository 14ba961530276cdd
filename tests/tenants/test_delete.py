"""Deleting an organization takes everything that was its own, and nothing that is another's."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.kernel.storage.tenant_files import open_stored, store
from apps.kernel.tenancy.cache_keys import group_name, tenant_key
from apps.kernel.tenancy.context import TenantRef, inside, tenant_by_slug
from apps.tenants.errors import TenantBusyError
from apps.tenants.services.delete import delete_tenant
from apps.tenants.services.provision import provision_tenant
from tests.conftest import CommittingClient
from tests.tenants.catalogue import schema_names
from tests.tenants.conftest import anybody_there, hosts_of, operator_log, tenant_row
from tests.tenants.processes import manage


def furnish(tenant: TenantRef) -> str:
    """A person, a file, a cache entry, a counter of calls and a group; returns the file's key."""
    with inside(tenant):
        User.objects.create_person("ada@example.org", name="Ada of the past", role=RoleName.ORG_ADMIN)
        cache.set(tenant_key("kept"), "what they wrote", 60)
        cache._cache.get_client(None).set(tenant_key("calls"), 1, ex=60)  # type: ignore[attr-defined]
        async_to_sync(get_channel_layer().group_add)(group_name("stream"), "specific.channel!x")
        return store("originals", tenant.id, io.BytesIO(b"what they wrote")).key


def keys_in_valkey(tenant: TenantRef) -> list[str]:
    client = cache._cache.get_client(None)  # type: ignore[attr-defined]
    return [key.decode() for key in client.scan_iter(match=f"*{tenant.id}*", count=1000)]


def folder_of(tenant: TenantRef, settings: Any) -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "t" / str(tenant.id)


def test_everything_goes_and_the_record_stays(both_tenants: Any, settings: Any) -> None:
    gone = provision_tenant("gone", name="Gone", domain="gone.example")
    kept_key, gone_key = furnish(both_tenants[0]), furnish(gone)
    assert len(keys_in_valkey(gone)) == 3
    assert folder_of(gone, settings).exists()

    call_command("delete_tenant", "gone", confirm="gone")
    assert not anybody_there("gone")
    assert gone.schema_name not in schema_names()
    assert hosts_of("gone") == []
    assert keys_in_valkey(gone) == []
    assert not folder_of(gone, settings).exists()
    assert operator_log("gone")[-1] == ("tenant.deleted", "command line")
    client = CommittingClient(both_tenants[0])
    assert client.get("/sign-in/", HTTP_HOST="gone.example").status_code == 404
    with inside(both_tenants[0]), open_stored(kept_key) as file:
        assert file.read() == b"what they wrote"
    assert keys_in_valkey(both_tenants[0])
    assert gone_key != kept_key


def test_the_name_is_free_again_and_nothing_of_the_past_appears(both_tenants: Any) -> None:
    before = provision_tenant("gone", name="Gone", domain="gone.example")
    key = furnish(before)
    delete_tenant("gone", confirmation="gone")
    after = provision_tenant("gone", name="Gone again", domain="gone.example")
    assert (after.id, after.schema_name) != (before.id, before.schema_name)
    from apps.kernel.errors import NotFoundError

    with inside(after):
        assert not User.objects.exists()
        assert cache.get(tenant_key("kept")) is None
        with pytest.raises(NotFoundError), open_stored(key):
            pass


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"dry_run": True, "confirm": "alpha"}])
def test_a_dry_run_says_what_would_go_and_changes_nothing(both_tenants: Any, capsys: Any, options: Any) -> None:
    call_command("delete_tenant", "alpha", **options)
    said = capsys.readouterr().out
    assert "would delete alpha (Alpha Investigations; alpha.localhost)" in said
    assert tenant_row("alpha").state == "active"
    assert both_tenants[0].schema_name in schema_names()


def test_a_cache_that_is_away_keeps_nobody_from_being_deleted(both_tenants: Any, settings: Any) -> None:
    """Its entries expire by themselves; the tables and files must not wait for it."""
    gone = provision_tenant("gone", name="Gone")
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    delete_tenant("gone", confirmation="gone")
    assert not anybody_there("gone")
    assert gone.schema_name not in schema_names()


def test_it_takes_the_short_name_twice(both_tenants: Any) -> None:
    with pytest.raises(CommandError, match="Type the short name alpha again"):
        call_command("delete_tenant", "alpha", confirm="beta")
    assert tenant_row("alpha").state == "active"


@pytest.mark.parametrize("options", [{}, {"confirm": "nobody"}])
def test_an_unknown_organization_is_named(both_tenants: Any, options: Any) -> None:
    with pytest.raises(CommandError, match="There is no organization nobody"):
        call_command("delete_tenant", "nobody", **options)


@pytest.mark.parametrize("options", [{}, {"confirm": "platform"}])
def test_the_platform_itself_is_not_deleted(platform: TenantRef, options: Any) -> None:
    with pytest.raises(CommandError, match="the platform's own organization"):
        call_command("delete_tenant", "platform", **options)
    assert platform.schema_name in schema_names()


def test_one_that_is_being_deleted_has_no_door(both_tenants: Any) -> None:
    """While the deed runs, its host is answered like one that belongs to nobody: not even that it was ever here is said."""
    from apps.tenants.models import Tenant

    client = CommittingClient(both_tenants[0])
    nobody = client.get("/", HTTP_HOST="nobody.localhost")
    Tenant.objects.filter(slug="alpha").update(state="deleting")
    going = client.get("/")
    assert (going.status_code, going.content) == (nobody.status_code, nobody.content) == (404, nobody.content)


def test_while_somebody_still_works_in_it_the_operator_is_told_to_wait_and_nobody_new_comes_in(
    committed_tenants: Any,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import transaction

    alpha = committed_tenants[0]

    def delete() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 200")
            delete_tenant("alpha", confirmation="alpha")
        except TenantBusyError as error:
            return error.code
        finally:
            connection.close()
        return "deleted"

    with ThreadPoolExecutor(1) as pool:
        with inside(alpha), transaction.atomic():
            User.objects.filter(role="viewer").update(name="Being written")
            assert pool.submit(delete).result(timeout=30) == "tenant_busy"
        assert tenant_row("alpha").state == "deleting"
        assert pool.submit(delete).result(timeout=30) == "deleted"
    assert tenant_by_slug("alpha") is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("provision_tenant", "Not Allowed"), "cannot be a short name"),
        (("suspend_tenant", "nobody"), "There is no organization nobody"),
        (("resume_tenant", "nobody"), "There is no organization nobody"),
        (("delete_tenant", "nobody", "--confirm", "nobody"), "There is no organization nobody"),
    ],
)
def test_a_refused_command_ends_with_one_sentence_and_not_zero(
    committed_tenants: Any, arguments: tuple[str, ...], sentence: str
) -> None:
    done: subprocess.CompletedProcess[str] = manage(*arguments)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_from_the_shell_do_what_they_say(committed_tenants: Any) -> None:
    assert manage("provision_tenant", "acme").returncode == 0
    assert manage("delete_tenant", "acme", "--confirm", "acme").stdout.strip() == "deleted acme"
    assert not anybody_there("acme")
