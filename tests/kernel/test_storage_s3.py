"""Files in S3 instead of on a disk: the same promises, through real boto3 against a server on loopback."""

import io
import os
import threading
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest

from apps.kernel.errors import NotFoundError
from apps.kernel.identifiers import new_id
from apps.kernel.storage.tenant_files import (
    StorageAwayError,
    StorageFullError,
    delete_all_files,
    delete_stored,
    open_stored,
    store,
)
from apps.kernel.tenancy.context import TenantRef, inside
from tests.doubles.aws_wire import AwsWire, s3_wire
from tests.doubles.bedrock_wire import CREDENTIALS


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[AwsWire]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with s3_wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
        options = {"bucket_name": "files", "default_acl": None, "file_overwrite": False, "querystring_auth": True}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "apps.kernel.storage.s3.S3Files", "OPTIONS": options},
        }
        yield server


def test_what_is_stored_comes_back_and_the_store_can_read_none_of_it(wire: AwsWire, tenant_a: TenantRef) -> None:
    content = b"What Nordlicht wrote. " + os.urandom(3000)
    stored = store("originals", new_id(), io.BytesIO(content))
    assert list(wire.objects) == [stored.key]
    assert stored.key.startswith(f"t/{tenant_a.id}/originals/")
    assert b"Nordlicht" not in wire.objects[stored.key]
    with open_stored(stored.key) as file:
        assert file.read() == content


def test_another_organization_asks_the_store_for_nothing(
    wire: AwsWire, tenant_a: TenantRef, tenant_b: TenantRef
) -> None:
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    wire.calls.clear()
    with inside(tenant_b), pytest.raises(NotFoundError), open_stored(key):
        pass
    assert wire.calls == []


def test_deleting_an_organization_takes_its_objects_alone(
    wire: AwsWire, tenant_a: TenantRef, tenant_b: TenantRef
) -> None:
    mine = [store(kind, new_id(), io.BytesIO(b"x" * 100)).key for kind in ("originals", "exports", "originals")]
    with inside(tenant_b):
        theirs = store("originals", new_id(), io.BytesIO(b"y" * 100)).key
    delete_stored(mine[0])
    assert mine[0] not in wire.objects
    delete_all_files()
    assert list(wire.objects) == [theirs]


def test_a_missing_object_is_not_found(wire: AwsWire, tenant_a: TenantRef) -> None:
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    wire.objects.clear()
    with pytest.raises(NotFoundError), open_stored(key):
        pass


@pytest.mark.parametrize("fault", ["is_broken", "denies"])
def test_a_store_that_is_away_or_refuses_is_said_and_comes_back(wire: AwsWire, tenant_a: TenantRef, fault: str) -> None:
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    setattr(wire, fault, True)
    with pytest.raises(StorageFullError):
        store("originals", new_id(), io.BytesIO(b"x" * 100))
    with pytest.raises(StorageAwayError), open_stored(key):
        pass
    setattr(wire, fault, False)
    with open_stored(key) as file:
        assert file.read() == b"x" * 100
    assert list(wire.objects) == [key]


def test_a_store_that_refuses_before_it_has_the_body_is_said_and_comes_back(wire: AwsWire, tenant_a: TenantRef) -> None:
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    wire.denies_at_once = True
    with pytest.raises(StorageFullError):
        store("originals", new_id(), io.BytesIO(b"y" * 100))
    with open_stored(key) as file:
        assert file.read() == b"x" * 100
    wire.denies_at_once = False
    another = store("originals", new_id(), io.BytesIO(b"z" * 100)).key
    assert sorted(wire.objects) == sorted([key, another])


def test_the_question_after_a_refusal_gets_its_own_answer(wire: AwsWire, tenant_a: TenantRef) -> None:
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    for _ in range(30):
        wire.denies = True
        with pytest.raises(StorageAwayError), open_stored(key):
            pass
        # At once, on the connection that has just said no.
        wire.denies = False
        with open_stored(key) as file:
            assert file.read() == b"x" * 100
    assert len(set(wire.callers)) == 1


def test_many_at_once_on_kept_connections_each_get_their_own(wire: AwsWire, tenant_a: TenantRef) -> None:
    wrong: list[str] = []

    def work(own: bytes) -> None:
        for number in range(8):
            content = own * (number * 400 + 1)
            key = store("originals", new_id(), io.BytesIO(content)).key
            with open_stored(key) as file:
                if file.read() != content:
                    wrong.append(f"{own!r} {number}")
            delete_stored(key)
            try:
                with open_stored(key):
                    wrong.append(f"{own!r} {number} after its end")
            except NotFoundError:
                pass

    # In the organization of this test, which a new thread does not know by itself.
    contexts = [(copy_context(), own) for own in (b"ana", b"bo", b"cleo", b"dan")]
    threads = [threading.Thread(target=context.run, args=(work, own)) for context, own in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert wire.objects == {}
    assert len(set(wire.callers)) < len(wire.calls) / 2


def test_a_large_file_goes_and_comes_in_parts(wire: AwsWire, tenant_a: TenantRef) -> None:
    content = os.urandom(1024 * 1024) * 20
    stored = store("originals", new_id(), io.BytesIO(content))
    assert sum("uploadId" in call and call.startswith("PUT") for call in wire.calls) == 3
    assert wire.parts == {}
    with open_stored(stored.key) as file:
        assert file.read() == content


def test_a_forked_process_asks_on_connections_of_its_own(wire: AwsWire, tenant_a: TenantRef) -> None:
    # On its parent's, each would read the answers to the other's questions.
    key = store("originals", new_id(), io.BytesIO(b"x" * 100)).key
    parents, asked = set(wire.callers), len(wire.callers)
    child = os.fork()
    if child == 0:
        # Whatever happens, no second run of the tests goes on from here.
        try:
            with open_stored(key) as file:
                os._exit(0 if file.read() == b"x" * 100 else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    childs = set(wire.callers[asked:])
    assert childs
    assert not childs & parents
    with open_stored(key) as file:
        assert file.read() == b"x" * 100
