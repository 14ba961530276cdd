"""manage.py evaluate: labelled files in, figures out."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

WRITE_UP = {
    "id": "one",
    "title": "One",
    "doc_type": "short_summary",
    "style": "plain",
    "sections": [
        {
            "heading": "Summary",
            "heading_style": "Heading 1",
            "kind": "narrative",
            "blocks": [
                {"type": "paragraph", "text": "Several customers were affected and the harm is considerable."},
                {"type": "bullets", "items": ["Raise awareness.", "Stay alert."]},
                {"type": "table", "rows": [["Date", "Event"], ["TBD", "Closed"]]},
            ],
        }
    ],
    "labels": {
        "1": {
            "status": "gap",
            "section": 0,
            "quote": "Several customers were affected",
            "risk": "High",
            "reason": "No count.",
        },
        "13": {"status": "gap", "section": 0, "quote": "TBD", "risk": "Medium", "reason": "A blank."},
        "6": {"status": "not_applicable", "section": None, "quote": "", "risk": None, "reason": "No appeal."},
        "18": {
            "status": "satisfied",
            "section": 0,
            "quote": "Stay alert.",
            "risk": None,
            "reason": "A wrong label, on purpose.",
        },
    },
    "defects": [{"kind": "placeholder", "section": 0, "quote": "TBD"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.json").write_text(json.dumps(WRITE_UP))
    return tmp_path


def _run(*args: str) -> str:
    out = io.StringIO()
    call_command("evaluate", *args, stdout=out)
    return out.getvalue()


def test_the_real_reviewer_is_measured_against_the_labels(folder: Path, tmp_path: Path):
    target = tmp_path / "figures.out"
    printed = _run(str(folder), "--json", str(target))
    figures = json.loads(target.read_text())
    assert (figures["documents"], figures["labels"], figures["accuracy"]) == (1, 4, 0.75)
    assert figures["by_point"]["18"]["accuracy"] == 0.0
    assert figures["by_status"]["gap"]["recall"] == 1.0
    assert figures["by_defect"]["placeholder"]["recall"] == 1.0
    assert "accuracy 0.750" in printed.splitlines()[-1]


def test_a_folder_without_labels_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="holds no JSON files"):
        _run(str(tmp_path))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda raw: raw["labels"]["1"].update(status="perhaps"), "perhaps"),
        (lambda raw: raw["labels"]["1"].update(section=7), "section 7"),
        (lambda raw: raw["sections"][0].update(kind="poem"), "poem"),
        (lambda raw: raw.pop("sections"), "sections"),
    ],
)
def test_a_file_that_is_no_labelled_write_up_is_named_with_its_fault(folder: Path, spoil, told: str):
    raw = json.loads(json.dumps(WRITE_UP))
    spoil(raw)
    (folder / "two.json").write_text(json.dumps(raw))
    with pytest.raises(CommandError, match=f"two.json .*{told}"):
        _run(str(folder))


def test_a_file_that_is_no_json_is_refused(folder: Path):
    (folder / "two.json").write_text("{")
    with pytest.raises(CommandError, match=r"two\.json is not a labelled write-up"):
        _run(str(folder))
