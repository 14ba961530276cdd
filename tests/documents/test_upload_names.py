"""What a file is called when it comes in, and what is left when the database will not have it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client

from apps.documents.models import Document
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.documents.test_bad_upload import WAYS, stored_files

MakeClient = Callable[..., Client]


def sent(client: Client, name: str, *, way: str) -> Any:
    file = SimpleUploadedFile("case.txt", b"words")
    # As it comes over the wire: the name that Django's own class would have tidied.
    file.__dict__["_name"] = name
    address = "/api/v2/documents/" if way == "API" else "/documents/upload/"
    return client.post(address, {"file": file}, headers={"Accept": "application/json"} if way == "drop zone" else {})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\ana\\case  one.txt", "case one.txt"),
        ("../../etc/case.txt", "case.txt"),
        ("inv\u202etxt.exe\u202c.txt", "invtxt.exe.txt"),
        ("Überprüfung №3.txt", "Überprüfung №3.txt"),
        (" . .txt. ", "txt"),
        (". .", "document"),
        ("k" * 300 + ".txt", "k" * 251 + ".txt"),
    ],
)
def test_a_name_is_its_last_part_without_what_could_mislead(
    name: str, shown: str, way: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    answer = sent(client_for(cast_a.analyst, tenant_a), name, way=way)
    assert answer.status_code in {201, 302}
    document = Document.objects.get()
    assert (document.name, document.current_version().file_name) == (shown, shown)


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_the_database_will_not_have_is_not_kept_either(
    way: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    before = stored_files()
    with connection.cursor() as cursor:
        # Goes with the transaction of this test.
        cursor.execute("ALTER TABLE documents_version ADD CONSTRAINT none_so_short CHECK (size_bytes > 5)")
    with pytest.raises(IntegrityError):
        sent(client, "case.txt", way=way)
    assert stored_files() == before
    assert not Document.objects.exists()
