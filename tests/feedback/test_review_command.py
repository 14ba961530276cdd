"""`manage.py review`: one file in, scorecard, JSON and Word file out, nothing left in anybody's library."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.analysis.rules.port import DefectKind, ItemType, Risk, Status
from apps.documents.models import Document
from apps.documents.sectioning.drafts import SectionKind
from apps.documents.word.builder import Heading, Paragraph, Table, build
from apps.kernel.audit.models import AuditEntry
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import TenantRef, inside

WRITE_UP = build(
    [
        Heading("Executive Summary"),
        Paragraph("Many buyers of the seller Nordlicht Räder 🚲 complained; the BPX team acted. Report: TBD."),
        Heading("Resolving Actions"),
        Paragraph("The account was suspended. A hold was placed on the balance. One buyer wrote about her lawyer."),
        Heading("Root Cause"),
        Paragraph("The root cause is that the analyst made a mistake."),
        Heading("Preventative Actions"),
        Table((("Action", "Owner", "Due"), ("Train the team", "", "soon"))),
    ]
)


@pytest.fixture
def alpha(committed_tenants: tuple[TenantRef, TenantRef]) -> TenantRef:
    return committed_tenants[0]


@pytest.fixture
def write_up(tmp_path: Path) -> Path:
    path = tmp_path / "Nordlicht (draft).docx"
    path.write_bytes(WRITE_UP)
    return path


def review(path: Path, **options: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("review", str(path), tenant="alpha", stdout=out, **options)
    return out.getvalue()


def report(path: Path, **options: Any) -> dict[str, Any]:
    place = path.with_suffix(".json")
    review(path, json=place, **options)
    read: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return read


def documents(tenant: TenantRef) -> int:
    with inside(tenant):
        return Document.objects.count()


def stored_files() -> list[Path]:
    return [one for one in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*") if one.is_file()]


def test_it_prints_twenty_points_and_the_number_of_items(alpha: TenantRef, write_up: Path) -> None:
    lines = review(write_up).splitlines()
    assert [line.split()[0] for line in lines[:20]] == [str(number) for number in range(1, 21)]
    assert len(lines) == 21
    assert lines[20].endswith("items by rules")


def test_the_json_keeps_its_contract(alpha: TenantRef, write_up: Path) -> None:
    written = report(write_up)
    assert written["document"]["name"] == "Nordlicht (draft).docx"
    assert written["document"]["kind"] == "docx"
    texts = {one["index"]: one["text"] for one in written["sections"]}
    assert list(texts) == list(range(len(texts)))
    for one in written["sections"]:
        assert set(one) >= {"index", "heading", "kind"}
        assert one["kind"] in set(SectionKind)
    assert [one["heading"] for one in written["sections"]] == [
        "Executive Summary", "Resolving Actions", "Root Cause", "Preventative Actions",
    ]  # fmt: skip
    assert list(written["scorecard"]) == [str(number) for number in range(1, 21)]
    for entry in written["scorecard"].values():
        assert set(entry) >= {"status", "risk", "confidence", "section", "quote"}
        assert entry["status"] in set(Status)
        assert (entry["risk"] in set(Risk)) == (entry["status"] == "gap")
        assert 0 <= entry["confidence"] <= 1
        assert entry["quote"] in texts[entry["section"]] if entry["section"] is not None else entry["quote"] == ""
    assert written["timings_s"]["total"] >= written["timings_s"]["rules"] >= 0


def test_every_item_and_defect_names_its_exact_words(alpha: TenantRef, write_up: Path) -> None:
    written = report(write_up)
    texts = {one["index"]: one["text"] for one in written["sections"]}
    assert written["items"]
    assert {"placeholder", "symptom_as_cause"} <= {one["kind"] for one in written["defects"]}
    for one in [*written["items"], *written["defects"]]:
        assert texts[one["section"]][one["start"] : one["end"]] == one["quote"]
    for one in written["defects"]:
        assert set(one) >= {"kind", "section", "quote", "start", "end"}
        assert one["kind"] in set(DefectKind)
    for one in written["items"]:
        assert set(one) >= {
            "points", "type", "risk", "confidence", "section", "start", "end", "quote", "kind", "description", "suggestion", "source",
        }  # fmt: skip
        assert 1 <= len(one["points"]) <= 3
        assert set(one["points"]) <= set(range(1, 21))
        assert one["type"] in set(ItemType)
        assert one["risk"] in set(Risk)
        assert one["kind"] in {"", *DefectKind}
        assert one["source"] == {"engine": "rules", "model": None, "prompt": None, "cached": False}
        assert one["description"]


def test_the_word_file_carries_a_comment_for_each_item(alpha: TenantRef, write_up: Path, tmp_path: Path) -> None:
    place = tmp_path / "reviewed.docx"
    written = report(write_up, docx=place)
    comments = zipfile.ZipFile(place).read("word/comments.xml").decode()
    assert comments.count("<w:comment ") == len(written["items"])
    assert write_up.read_bytes() == WRITE_UP


def test_a_dash_prints_the_json_and_nothing_else(alpha: TenantRef, write_up: Path) -> None:
    assert json.loads(review(write_up, json=Path("-")))["document"]["name"] == "Nordlicht (draft).docx"


def test_it_leaves_nothing_in_the_library_and_a_trace_in_the_record(alpha: TenantRef, write_up: Path) -> None:
    before = stored_files()
    review(write_up)
    assert documents(alpha) == 0
    assert stored_files() == before
    with inside(alpha):
        assert not Job.objects.filter(state__in=["queued", "running"]).exists()
        purged = AuditEntry.objects.get(action="document.purged")
        assert purged.detail["reason"] == "reviewed from the command line"


def test_with_keep_the_document_stays_with_its_review(alpha: TenantRef, write_up: Path) -> None:
    review(write_up, keep=True)
    with inside(alpha):
        document = Document.objects.get()
        assert document.name == "Nordlicht (draft).docx"
        assert document.classification == "internal"
        assert document.current_version().sections.count() == 4


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"not a word file", "x.docx", "not_a_word_file"),
        (b"", "x.docx", "empty_file"),
        (WRITE_UP[:900], "x.docx", "damaged_file"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "x.png", "unsupported_file"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence_and_its_code(
    alpha: TenantRef, tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        review(path, json=tmp_path / "out.json")
    assert str(refused.value).endswith(f" [{code}]")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out.json").exists()
    assert documents(alpha) == 0


def test_a_file_over_the_limit_is_refused_before_it_is_stored(alpha: TenantRef, tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    path = tmp_path / "long.txt"
    path.write_bytes(b"words\n" * (1024 * 1024 // 6 + 1))
    with pytest.raises(CommandError, match=r"larger than 1 MB\..*\[upload_too_large\]"):
        review(path)
    with inside(alpha):
        assert not Document.objects.exists()


def test_a_missing_file_is_named(alpha: TenantRef, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"gone\.docx: No such file or directory \[file_error\]"):
        review(tmp_path / "gone.docx")


def test_a_place_that_cannot_be_written_is_named_and_nothing_stays(alpha: TenantRef, write_up: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere/out\.json: No such file or directory \[file_error\]"):
        review(write_up, json=write_up.parent / "nowhere" / "out.json")
    assert documents(alpha) == 0


def test_an_unknown_organization_or_engine_is_refused(alpha: TenantRef, write_up: Path) -> None:
    with pytest.raises(CommandError, match="there is no organization 'gamma'"):
        call_command("review", str(write_up), tenant="gamma")
    with pytest.raises(CommandError, match="--engines takes rules"):
        review(write_up, engines="crystal-ball")


@pytest.mark.parametrize("ending", [".txt", ".rtf"])
def test_plain_and_rich_text_are_reviewed_too(alpha: TenantRef, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"notes{ending}"
    words = "Root Cause\n\nThe root cause is that the analyst made a mistake.\n"
    path.write_text(words if ending == ".txt" else "{\\rtf1\\ansi " + words.replace("\n", "\\par\n") + "}")
    place = tmp_path / "reviewed.docx"
    written = report(path, docx=place)
    assert any(one["kind"] == "symptom_as_cause" for one in written["defects"])
    assert "word/comments.xml" in zipfile.ZipFile(place).namelist()
