"""The disk is full: whoever uploads or exports is told so, and nothing half-done stays behind."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.documents.models import Document
from apps.kernel.tenancy.context import inside
from tests.analysis.conftest import write_up
from tests.faults.conftest import signed_in
from tests.faults.processes import Installation, until


@pytest.fixture
def small_disk(on_shared: Installation) -> Iterator[Path]:
    """A disk of one megabyte in the place of the files; a test that cannot have one fails, it does not pass."""
    place = on_shared.folder / "files"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=True)
    try:
        on_shared.start_web()
        on_shared.start_worker()
        yield place
    finally:
        on_shared.stop_all()
        subprocess.run(["umount", str(place)], check=True)


def files_in(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file() and path.name != "ballast"]


def fill(place: Path) -> None:
    with contextlib.suppress(OSError):
        (place / "ballast").write_bytes(b"x" * 2 * 1024 * 1024)


def test_a_full_disk_is_said_in_a_sentence_and_nothing_stays_behind(on_shared, small_disk, committed_tenants):
    person = signed_in(on_shared)
    document_id = person.upload(write_up(1)).json()["id"]
    until(lambda: person.state_of(document_id) == "completed", within_s=40, what="the first review")
    before = files_in(small_disk)
    fill(small_disk)

    refused = person.upload(write_up(2))
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_unavailable")
    assert "Nothing was saved" in refused.json()["detail"]
    page = person.post("/documents/upload/", files={"file": ("big.docx", write_up(3))})
    assert page.status_code == 507
    assert "storage is full" in page.text
    assert files_in(small_disk) == before
    with inside(committed_tenants[0]):
        assert Document.objects.count() == 1

    item = person.get(f"/api/v2/documents/{document_id}/feedback/").json()["results"][0]
    assert person.post(f"/items/{item['id']}/decide/", {"verdict": "accepted", "revision": "0"}).status_code == 302
    exported = person.post(f"/documents/{document_id}/export/", headers={"Accept": "application/json"})
    assert (exported.status_code, exported.json()["code"]) == (507, "storage_unavailable")

    (small_disk / "ballast").unlink()
    assert person.upload(write_up(2)).status_code == 201
    assert person.post(f"/documents/{document_id}/export/").status_code == 302
