"""What an upload may weigh, what becomes of half a one, and of one that finds no room."""

import io
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents.models import Document
from apps.kernel.http.uploads import CutOffError, WholeBodies
from apps.kernel.tenancy.context import TenantRef
from config.wsgi import application
from tests.conftest import Cast
from tests.documents.test_bad_upload import WAYS, stored_files

MakeClient = Callable[..., Client]
_MIB = 1024 * 1024


def post(client: Client, content: bytes, *, way: str) -> Any:
    given = {"file": SimpleUploadedFile("case.txt", content)}
    if way == "API":
        return client.post("/api/v2/documents/", given)
    return client.post(
        "/documents/upload/", given, headers={"Accept": "application/json"} if way == "drop zone" else {}
    )


@pytest.fixture
def scratch(tmp_path: Path, settings: Any) -> Path:
    """Where uploads are written while they come in."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    return tmp_path


@contextmanager
def no_file_beyond(size_bytes: int) -> Iterator[None]:
    """As on a full disk, every file of this process ends at this size with an OSError."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("times", [1.2, 3])
def test_an_upload_over_the_limit_is_refused_while_it_comes_in(
    times: float, way: str, scratch: Path, settings: Any, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    settings.UPLOAD_MAX_BYTES = _MIB
    answer = post(client_for(cast_a.analyst, tenant_a), b"words\n" * int(times * _MIB / 6), way=way)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.content.decode()
    if way != "form":
        assert answer.json()["code"] == "upload_too_large"
    assert not Document.objects.exists()
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("way", WAYS)
def test_an_upload_at_the_limit_is_taken_and_leaves_no_temporary_file(
    way: str, scratch: Path, settings: Any, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    settings.UPLOAD_MAX_BYTES = 6_000
    answer = post(client_for(cast_a.analyst, tenant_a), b"words\n" * 1_000, way=way)
    assert answer.status_code in {201, 302}
    assert Document.objects.get().current_version().size_bytes == 6_000
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("where", ["while it comes in", "when it is stored"])
def test_an_upload_that_finds_no_room_says_so_and_leaves_nothing(
    where: str, way: str, scratch: Path, settings: Any, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    if where == "when it is stored":
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * _MIB
    client = client_for(cast_a.analyst, tenant_a)
    before = stored_files()
    with no_file_beyond(_MIB):
        answer = post(client, b"words\n" * (2 * _MIB // 6), way=way)
    assert answer.status_code == 507
    assert "the storage is full" in answer.content.decode()
    if way != "form":
        assert answer.json()["code"] == "storage_unavailable"
    assert not Document.objects.exists()
    assert stored_files() == before
    assert list(scratch.iterdir()) == []
    # The next one, with room again, is none the worse.
    assert post(client, b"words\n" * 1_000, way=way).status_code in {201, 302}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("share", [0.5, 0.99])
def test_an_upload_whose_sender_hangs_up_is_no_document(
    share: float, way: str, scratch: Path, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="case.txt"\r\n\r\n'
    body = head + b"words\n" * 20_000 + b"\r\n--cut--\r\n"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v2/documents/" if way == "API" else "/documents/upload/",
        "CONTENT_TYPE": "multipart/form-data; boundary=cut",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_ACCEPT": "text/html" if way == "form" else "application/json",
        "HTTP_X_CSRFTOKEN": "a" * 32,
        "wsgi.input": io.BytesIO(body[: int(len(body) * share)]),
    }
    assert isinstance(application, WholeBodies)
    answers = WholeBodies(lambda watched, _start: [client.request(**watched)])(environ, None)  # type: ignore[list-item]
    (answer,) = list(answers)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "Nothing was stored" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Document.objects.exists()
    assert list(scratch.iterdir()) == []


def test_a_body_that_comes_whole_is_read_to_its_end(tenant_a: TenantRef) -> None:
    def reads(environ: dict[str, Any], _start: Any) -> list[bytes]:
        body = environ["wsgi.input"]
        return [body.readline(), body.read(2), *body, body.read(), body.read(0)]

    whole = {"CONTENT_LENGTH": "11", "wsgi.input": io.BytesIO(b"one\ntwo\nend")}
    assert WholeBodies(reads)(whole, None) == [b"one\n", b"tw", b"o\n", b"end", b"", b""]  # type: ignore[arg-type]
    with pytest.raises(CutOffError):
        WholeBodies(reads)({"CONTENT_LENGTH": "12", "wsgi.input": io.BytesIO(b"one\ntwo\nend")}, None)  # type: ignore[arg-type]
