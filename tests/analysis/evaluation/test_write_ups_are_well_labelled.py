"""evaluation/write_ups: what every labelled document holds to. A label that points at nothing would be measured as a fault of the reviewer."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from apps.analysis.evaluation.labelled import LabelledDocument, read_file
from apps.analysis.frameworks.reader import hawkeye
from apps.analysis.rules.port import DefectKind, Risk, Status
from tests.contracts.sources import ROOT

FOLDER = ROOT / "evaluation" / "write_ups"
FILES = sorted(FOLDER.glob("*.json"))
JUDGED_ALWAYS = {1, 2, 11, 12, 13, 15, 17, 18}
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")

every_write_up = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
_read = cache(read_file)


def _text(document: LabelledDocument, section: int | None) -> str:
    assert section is not None
    return document.sections[section].text


def test_there_are_write_ups_and_each_status_stands_for_each_point():
    seen = Counter((point, label.status) for path in FILES for point, label in _read(path).labels.items())
    wanted = {
        (point, status.value)
        for point in range(1, 21)
        for status in (Status.GAP, Status.SATISFIED, Status.NOT_APPLICABLE)
        if not (status is Status.NOT_APPLICABLE and point in JUDGED_ALWAYS)
    }
    assert len(FILES) >= 8
    assert wanted - set(seen) == set()


@every_write_up
def test_a_document_is_named_like_its_file_and_has_a_label_for_each_point_of_the_framework(path: Path):
    document = _read(path)
    assert document.id == path.stem
    assert set(document.labels) == {point.number for point in hawkeye().points}


@every_write_up
def test_a_label_quotes_its_section_word_for_word_and_once(path: Path):
    document = _read(path)
    for point, label in document.labels.items():
        if label.status == Status.NOT_APPLICABLE:
            assert (point, label.section, label.quote) == (point, None, "")
            assert point not in JUDGED_ALWAYS
        elif label.quote:
            assert (point, _text(document, label.section).count(label.quote)) == (point, 1)
        else:
            assert (point, label.status) == (point, Status.GAP), "only something missing may have no words"
            assert label.section is not None


@every_write_up
def test_a_marked_fault_is_of_a_known_kind_and_stands_in_its_section_once(path: Path):
    document = _read(path)
    assert document.defects
    assert len(set(document.defects)) == len(document.defects)
    for marked in document.defects:
        assert marked.kind in set(DefectKind)
        assert marked.quote.strip()
        assert (marked.quote, _text(document, marked.section).count(marked.quote)) == (marked.quote, 1)


@every_write_up
def test_a_label_says_why_and_only_a_gap_has_a_risk(path: Path):
    for point, label in json.loads(path.read_text(encoding="utf-8"))["labels"].items():
        assert 1 <= len(label["reason"].split()) <= 25, point
        if label["status"] == Status.GAP:
            assert label["risk"] in set(Risk), point
        else:
            assert label["risk"] is None, point


@every_write_up
def test_the_addresses_of_a_write_up_belong_to_nobody(path: Path):
    for section in _read(path).sections:
        for domain in ADDRESS.findall(section.text):
            assert re.fullmatch(r"(?:[\w-]+\.)*example\.(?:com|net|org)", domain), domain
