"""Finishing a review and opening it again."""

import pytest

from tests.feedback.conftest import ReviewedDocument


def test_finishing_names_who_and_when_and_is_told(reviewed: ReviewedDocument) -> None:
    assert reviewed.analyst.post(f"/documents/{reviewed.id}/finish/").status_code == 302
    review = reviewed.review
    assert (review.state, review.closed_by.email) == ("closed", "analyst@example.com")  # type: ignore[union-attr]
    assert review.closed_at is not None
    assert reviewed.deeds() == ["review.closed"]
    assert reviewed.news("feedback.review_closed")[-1]["is_closed"] is True
    assert "Finished by Analyst" in reviewed.viewer.get(f"/documents/{reviewed.id}/").content.decode()


def test_finishing_twice_is_finishing_once(reviewed: ReviewedDocument) -> None:
    for client in (reviewed.analyst, reviewed.team_lead):
        client.post(f"/documents/{reviewed.id}/finish/")
    assert reviewed.review.closed_by.email == "analyst@example.com"  # type: ignore[union-attr]
    assert reviewed.deeds() == ["review.closed"]


def test_reopening_lets_people_decide_again(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    reviewed.analyst.post(f"/documents/{reviewed.id}/finish/")
    assert reviewed.analyst.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 409
    assert reviewed.analyst.post(f"/documents/{reviewed.id}/reopen/").status_code == 302
    assert reviewed.analyst.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 302
    assert reviewed.review.closed_by is None
    assert reviewed.deeds() == ["review.closed", "review.reopened", "item.accepted"]


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
@pytest.mark.parametrize("deed", ["finish", "reopen", "revert-all", "revert-all/undo"])
def test_who_may_not_decide_neither_finishes_nor_reopens(
    reviewed: ReviewedDocument, who: str, status: int, deed: str
) -> None:
    assert getattr(reviewed, who).post(f"/documents/{reviewed.id}/{deed}/").status_code == status
    assert reviewed.deeds() == []


def test_taking_everything_back_is_one_deed_over_many_decisions(reviewed: ReviewedDocument) -> None:
    for place in range(3):
        reviewed.analyst.post(f"/items/{reviewed.item(place).id}/decide/", {"verdict": "accepted"})
    reviewed.team_lead.post(f"/documents/{reviewed.id}/revert-all/")
    assert not reviewed.review.items.exclude(state="open").exists()
    assert reviewed.deeds() == ["item.accepted"] * 3 + ["item.reverted"] * 3 + ["review.reverted"]
    reviewed.analyst.post(f"/documents/{reviewed.id}/finish/")
    assert reviewed.analyst.post(f"/documents/{reviewed.id}/revert-all/").status_code == 409
