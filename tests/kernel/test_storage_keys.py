"""The keys of stored files: local or in KMS, bound to their organization; without the key nothing opens, and that is said."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.kernel.identifiers import new_id
from apps.kernel.storage import kms
from apps.kernel.storage.key_providers import KeyProvider, KeyUnavailableError, LocalKeyProvider
from apps.kernel.storage.kms import KmsKeyProvider
from apps.kernel.storage.tenant_files import open_stored, store
from apps.kernel.tenancy.context import TenantRef, inside
from tests.doubles.aws_wire import AwsWire, kms_wire
from tests.doubles.bedrock_wire import CREDENTIALS

DATA_KEY = bytes(range(32))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[AwsWire]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    settings.STORAGE_KMS_KEY_ID = "alias/prism"
    kms._client.cache_clear()
    with kms_wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", server.url)
        yield server
    kms._client.cache_clear()


@pytest.fixture(params=["local", "kms"])
def provider(request: Any) -> KeyProvider:
    if request.param == "local":
        return LocalKeyProvider()
    request.getfixturevalue("wire")
    return KmsKeyProvider()


def test_a_wrapped_key_comes_back_and_is_no_longer_the_key(provider: KeyProvider) -> None:
    wrapped = provider.wrap(DATA_KEY, context="alpha")
    assert DATA_KEY not in wrapped
    assert provider.unwrap(wrapped, context="alpha") == DATA_KEY


def test_it_is_bound_to_its_organization(provider: KeyProvider) -> None:
    wrapped = provider.wrap(DATA_KEY, context="alpha")
    for context in ("beta", "", "alpha "):
        with pytest.raises(KeyUnavailableError):
            provider.unwrap(wrapped, context=context)


@pytest.mark.parametrize("change", [lambda w: w[:-1] + bytes([w[-1] ^ 1]), lambda w: w[:20], lambda w: w[:3] or b"x"])
def test_a_changed_one_does_not_open(provider: KeyProvider, change: Any) -> None:
    wrapped = provider.wrap(DATA_KEY, context="alpha")
    with pytest.raises(KeyUnavailableError):
        provider.unwrap(change(wrapped), context="alpha")


def test_under_another_master_key_nothing_opens(settings: Any) -> None:
    wrapped = LocalKeyProvider().wrap(DATA_KEY, context="alpha")
    settings.STORAGE_MASTER_KEY = "5b" * 32
    with pytest.raises(KeyUnavailableError):
        LocalKeyProvider().unwrap(wrapped, context="alpha")


@pytest.mark.parametrize("key", ["zz" * 32, "5a" * 31, "5a" * 33, "5a5"])
def test_a_master_key_that_is_none_is_refused(settings: Any, key: str) -> None:
    settings.STORAGE_MASTER_KEY = key
    with pytest.raises(KeyUnavailableError):
        LocalKeyProvider().wrap(DATA_KEY, context="alpha")


def test_at_home_the_master_key_is_made_once_and_readable_by_its_owner_alone(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_MASTER_KEY = ""
    settings.STORAGE_MASTER_KEY_FILE = tmp_path / "data" / "storage.key"
    wrapped = LocalKeyProvider().wrap(DATA_KEY, context="alpha")
    assert settings.STORAGE_MASTER_KEY_FILE.stat().st_mode & 0o777 == 0o600
    first = settings.STORAGE_MASTER_KEY_FILE.read_text()
    assert LocalKeyProvider().unwrap(wrapped, context="alpha") == DATA_KEY
    assert settings.STORAGE_MASTER_KEY_FILE.read_text() == first
    settings.STORAGE_MASTER_KEY_FILE.unlink()
    with pytest.raises(KeyUnavailableError):
        LocalKeyProvider().unwrap(wrapped, context="alpha")


@pytest.mark.parametrize("fault", ["denies", "is_broken"])
def test_a_key_service_that_refuses_or_is_away_is_said_after_two_tries(wire: AwsWire, fault: str) -> None:
    wrapped = KmsKeyProvider().wrap(DATA_KEY, context="alpha")
    setattr(wire, fault, True)
    wire.calls.clear()
    with pytest.raises(KeyUnavailableError):
        KmsKeyProvider().unwrap(wrapped, context="alpha")
    assert len(wire.calls) == (1 if fault == "denies" else 2)
    with pytest.raises(KeyUnavailableError):
        KmsKeyProvider().wrap(DATA_KEY, context="alpha")


def test_no_key_service_at_all_is_said(wire: AwsWire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")
    kms._client.cache_clear()
    with pytest.raises(KeyUnavailableError):
        KmsKeyProvider().wrap(DATA_KEY, context="alpha")


def test_files_under_kms_name_their_organization_to_it(
    wire: AwsWire, both_tenants: tuple[TenantRef, TenantRef], settings: Any, tmp_path: Path
) -> None:
    settings.STORAGE_KEY_PROVIDER = "apps.kernel.storage.kms.KmsKeyProvider"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    content = os.urandom(5000)
    for tenant in both_tenants:
        with inside(tenant):
            key = store("originals", new_id(), io.BytesIO(content)).key
            with open_stored(key) as file:
                assert file.read() == content
        assert wire.contexts[-2:] == [{"tenant": str(tenant.id)}] * 2
    wire.denies = True
    with inside(both_tenants[1]), pytest.raises(KeyUnavailableError), open_stored(key):
        pass


def test_a_forked_process_asks_the_key_service_on_a_connection_of_its_own(wire: AwsWire) -> None:
    wrapped = KmsKeyProvider().wrap(DATA_KEY, context="alpha")
    parents = set(wire.callers)
    child = os.fork()
    if child == 0:
        # Whatever happens, no second run of the tests goes on from here.
        try:
            os._exit(0 if KmsKeyProvider().unwrap(wrapped, context="alpha") == DATA_KEY else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(wire.callers) == 2
    assert not set(wire.callers[1:]) & parents
