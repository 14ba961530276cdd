"""All detectors together."""

from apps.analysis.rules.defects.confidence import confidence_of
from apps.analysis.rules.defects.registry import DETECTORS, marks_of
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import read_document
from tests.analysis.write_up import document, quotes, section


def test_every_kind_has_a_detector_and_a_confidence() -> None:
    assert set(DETECTORS) == set(DefectKind)
    assert all(0.75 <= confidence_of(kind) < 1 for kind in DefectKind)


def test_a_vague_date_of_an_action_is_marked_as_its_missing_date_alone() -> None:
    action = section("Go through the older shops as well, soon.", heading="Next steps", lines_are="list_item")
    assert quotes(DefectKind.MISSING_DATE, action) == ["soon"]
    assert quotes(DefectKind.VAGUE_QUANTITY, action) == []
    assert quotes(DefectKind.VAGUE_QUANTITY, section("The vendor promised it soon.")) == ["soon"]


def test_marks_come_in_reading_order_and_a_flawless_document_has_none() -> None:
    poor = document(section("Several buyers wrote.", "The QZV desk agreed."), section("Reviews were removed."))
    places = [(mark.quote.section, mark.quote.start) for mark in marks_of(read_document(poor))]
    assert places == sorted(places)
    assert len(places) == 3
    good = document(
        section("On 3 May 2025 Mara Quill removed 14 offers (case C-118), because policy TS-4 forbids them.")
    )
    assert marks_of(read_document(good)) == ()
