"""Deciding on an item: one current decision, nothing overwritten, everything kept."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.feedback.models import Decision, Item
from tests.feedback.conftest import ReviewedDocument


def decide(client: Client, item: Item, verdict: str, **more: str) -> int:
    return client.post(f"/items/{item.id}/decide/", {"verdict": verdict, **more}).status_code


def reword(client: Client, item: Item, description: str, suggestion: str = "") -> int:
    return client.post(f"/items/{item.id}/reword/", {"description": description, "suggestion": suggestion}).status_code


def test_accepting_is_written_recorded_and_told(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    assert decide(reviewed.analyst, item, "accepted", revision="0") == 302
    item.refresh_from_db()
    assert (item.state, item.revision) == ("accepted", 1)
    (decision,) = item.decisions.all()
    assert (decision.verdict, decision.decided_by.email) == ("accepted", "analyst@example.com")
    assert reviewed.deeds() == ["item.accepted"]
    (line,) = reviewed.news("feedback.decided")
    assert (line["item_id"], line["verdict"]) == (str(item.id), "accepted")


def test_changing_ones_mind_keeps_both_decisions(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    decide(reviewed.analyst, item, "accepted")
    decide(reviewed.analyst, item, "rejected")
    item.refresh_from_db()
    assert item.state == "rejected"
    assert list(item.decisions.order_by("revision").values_list("verdict", flat=True)) == ["accepted", "rejected"]


def test_taking_a_decision_back_opens_the_item_again(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    decide(reviewed.analyst, item, "rejected")
    decide(reviewed.analyst, item, "reverted")
    item.refresh_from_db()
    assert (item.state, item.revision) == ("open", 2)
    assert reviewed.deeds() == ["item.rejected", "item.reverted"]


def test_the_same_decision_again_is_no_new_one(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    for _ in range(3):
        assert decide(reviewed.analyst, item, "accepted") == 302
    assert item.decisions.count() == 1
    assert reviewed.deeds() == ["item.accepted"]


def test_rewording_accepts_and_keeps_the_engines_words(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    before = item.description
    assert reword(reviewed.analyst, item, "Say who & how many <now>.", "Count them.") == 302
    item.refresh_from_db()
    assert (item.state, item.description) == ("accepted", before)
    assert (item.shown_description, item.shown_suggestion) == ("Say who & how many <now>.", "Count them.")
    assert reviewed.deeds() == ["item.reworded"]


def test_rewording_again_is_a_new_decision_and_taking_back_drops_the_words(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    reword(reviewed.analyst, item, "First words.")
    reword(reviewed.analyst, item, "Second words.")
    assert item.decisions.count() == 2
    decide(reviewed.analyst, item, "reverted")
    item.refresh_from_db()
    assert (item.state, item.shown_description) == ("open", item.description)


def test_an_empty_rewording_is_said_and_changes_nothing(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    assert reword(reviewed.analyst, item, "   ") == 400
    item.refresh_from_db()
    assert item.state == "open"


def test_a_decision_on_what_somebody_else_changed_shows_the_newer_state(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    decide(reviewed.team_lead, item, "rejected", revision="0")
    answer = reviewed.analyst.post(
        f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"}, headers={"HX-Request": "true"}
    )
    assert "Somebody else has changed this item" in answer.content.decode()
    item.refresh_from_db()
    assert (item.state, item.decisions.count()) == ("rejected", 1)


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_who_may_not_decide_changes_nothing(reviewed: ReviewedDocument, who: str) -> None:
    item = reviewed.item()
    expected = {"viewer": 403, "stranger": 404}[who]
    assert decide(getattr(reviewed, who), item, "accepted") == expected
    assert reword(getattr(reviewed, who), item, "Mine.") == expected
    assert not Decision.objects.exists()
    assert decide(reviewed.analyst, item, "accepted") == 302


def test_an_unknown_verdict_is_refused(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    decide(reviewed.analyst, item, "accepted")
    assert decide(reviewed.analyst, item, "burnt") == 400
    item.refresh_from_db()
    assert item.state == "accepted"


@pytest.mark.parametrize(
    "statement", ["UPDATE feedback_decision SET verdict = 'rejected'", "TRUNCATE feedback_decision CASCADE"]
)
def test_the_database_refuses_to_change_a_decision(reviewed: ReviewedDocument, statement: str) -> None:
    decide(reviewed.analyst, reviewed.item(), "accepted")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Decision.objects.get().verdict == "accepted"


def test_the_history_of_an_item_names_who_decided_what(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    decide(reviewed.analyst, item, "accepted")
    decide(reviewed.team_lead, item, "rejected")
    page = reviewed.viewer.get(f"/items/{item.id}/?show=history").content.decode()
    assert page.index("Analyst: accepted") < page.index("Team Lead: rejected")
