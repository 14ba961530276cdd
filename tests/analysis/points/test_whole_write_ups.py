"""Whole write-ups in very different styles, each with what a careful reviewer says of its twenty points."""

from pathlib import Path

import pytest

from apps.analysis.evaluation.labelled import DISPUTED, LabelledDocument, read_folder
from apps.analysis.rules.points.table import RULES
from apps.analysis.rules.reading.document import read_document

WRITE_UPS = read_folder(Path(__file__).parent / "write_ups")


@pytest.mark.parametrize("document", WRITE_UPS, ids=[one.id for one in WRITE_UPS])
def test_every_point_of_a_write_up_is_judged_as_a_careful_reviewer_would(document: LabelledDocument):
    reading = read_document(document.sections)
    said = {number: judge(reading).status.value for number, judge in RULES.items()}
    wanted = {point: label.status for point, label in document.labels.items() if label.status != DISPUTED}
    assert {point: said[point] for point in wanted} == wanted
