"""Point 5: an independent channel, its method and its result."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status


@pytest.mark.parametrize(
    "text",
    [
        "The jackets may be counterfeit. The brand owner's laboratory examined pair TP-4 on 3 June and found a wrong stitch and a false label (report VB-9).",
        "The licence for the medicine was checked in the public register of the agency on 4 May: it lapsed in 2023.",
        "To test the battery certificate, Ines called the issuing institute at the number on its own site on 9 June; it answered that the number belongs to another model.",
        "The handbags were said to be fake. We bought two units (TP-1, TP-2) and sent them on 2 May to the manufacturer, who confirmed in writing that the serial numbers do not exist.",
    ],
)
def test_an_independent_check_with_its_result_satisfies(text: str):
    assert status(5, ("Investigation", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The toys may be unsafe. The certificate looks genuine, so the offers stay.",
        "The supplement was reported to the safety team. The lab report of the seller is authentic and complete.",
        "The invoices for the counterfeit watches are clearly forged.",
        "The charger overheated. The test report was accepted as it stands.",
        "The seller sells prescription lenses. It sent its licence and we restored the offers.",
    ],
)
def test_papers_taken_at_face_value_are_a_gap(text: str):
    assert status(5, ("Investigation", text)) is GAP


def test_one_check_does_not_excuse_another_paper_taken_at_face_value():
    text = "The laboratory of the marketplace measured the laser on 20 August: 43 milliwatts (LB-302).\nThe seller's certificate for its other lasers is valid, so these stay on sale."
    assert status(5, ("Evidence", text)) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "The parcels came late.",
        "The seller sent its bank letter.",
        "There was no safety risk and nothing counterfeit in this case.",
    ],
)
def test_an_ordinary_case_needs_no_verification(text: str):
    assert status(5, text) is NOT_APPLICABLE
