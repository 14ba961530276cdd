"""RTF: the numbers and bullets that its writer typed out, letters outside its alphabet, and files that are broken."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents.blocks.errors import DamagedFileError
from apps.documents.blocks.port import BlockKind, ExtractedText, FileKind, Notice
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.models import Document, Section
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast

MakeClient = Callable[..., Client]


def read(content: bytes) -> ExtractedText:
    """As the product reads it: in the child, and in this process the same."""
    from apps.documents.extraction.rich_text import read_rich_text

    text = read_rich_text(content)
    assert extract_in_sandbox(content, FileKind.RTF) == text
    return text


def test_numbers_and_bullets_that_were_typed_out_stay_with_their_words() -> None:
    text = read(
        rb"{\rtf1\ansi {\pntext\f0 1.\tab}Ship\par {\pntext\f1\'b7\tab}Refund\par {\*\pntext\f0 a)\tab}Close\par "
        rb"{\pntext\bullet\tab}Tell\par {\pntext\tab}Rest}"
    )
    assert [(block.text, block.kind, block.pieces[0].path) for block in text.blocks] == [
        ("1. Ship", BlockKind.PARAGRAPH, "line/0"),
        ("• Refund", BlockKind.LIST_ITEM, "line/1"),
        ("a) Close", BlockKind.LIST_ITEM, "line/2"),
        ("• Tell", BlockKind.LIST_ITEM, "line/3"),
        ("Rest", BlockKind.PARAGRAPH, "line/4"),
    ]
    assert text.notices == (Notice("layout_not_kept"),)


def test_a_letter_in_two_halves_becomes_whole_and_half_a_letter_goes() -> None:
    (whole,) = read(rb"{\rtf1\ansi Paid \u-10179 ?\u-8704 ? twice}").blocks
    assert whole.text == "Paid 😀 twice"
    (half,) = (text := read(rb"{\rtf1\ansi Paid \u-10179 ? twice}")).blocks
    assert half.text == "Paid  twice"
    assert Notice("removed_characters", 1) in text.notices


def test_letters_come_in_the_alphabet_that_the_file_names() -> None:
    assert [block.text for block in read(rb"{\rtf1\ansicpg1251 \'d1\'f7\'b8\'f2}").blocks] == ["Счёт"]
    assert [block.text for block in read(rb"{\rtf1\ansi Stra\'dfe}").blocks] == ["Straße"]


@pytest.mark.parametrize("number", ["-99999999", "1114112", "99999999999"])
def test_a_letter_that_there_is_not_makes_the_file_damaged(number: str) -> None:
    content = rf"{{\rtf1 Paid \u{number} ? twice}}".encode()
    with pytest.raises(DamagedFileError):
        read(content)
    with pytest.raises(DamagedFileError):
        extract_in_sandbox(content, FileKind.RTF)


def test_an_uploaded_list_is_reviewed_with_its_numbers(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    content = rb"{\rtf1\ansi We acted at once.\par {\pntext\f0 1.\tab}Nordlicht was told on 3 May.\par}"
    client = client_for(cast_a.analyst, tenant_a)
    client.post("/documents/upload/", {"file": SimpleUploadedFile("case.rtf", content)})
    job = client.get(f"/api/v2/documents/{Document.objects.get().id}/job/").json()
    assert job["state"] == "completed"
    told = "\n".join(Section.objects.order_by("index").values_list("text", flat=True))
    assert told == "We acted at once.\n1. Nordlicht was told on 3 May."
