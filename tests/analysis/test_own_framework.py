"""A run against an organization's own framework: its numbers, its words, and an honest card."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.analysis.models import ScorecardEntry
from apps.analysis.services.adopt_framework import HAWKEYE, adopt_framework
from apps.documents.word.builder import Heading, Paragraph, build
from apps.feedback.models import Item
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast

OWN = """
slug: hawkeye
title: Depot rules
version: 1
summary: Ours.
risk_raised_by: []
points:
  - number: 7
    title: Forklift safety
    question: Was the aisle closed?
    applies_when: ""
    gap_when: It was open.
    satisfied_when: It was closed.
    default_risk: High
    advice: Close the aisle.
    sections: []
  - number: 300
    rule: 11
    title: Why it happened
    question: Which control failed?
    applies_when: ""
    gap_when: None is named.
    satisfied_when: It is named.
    default_risk: Medium
    advice: Name the control in the depot.
    sections: [Root Cause]
    questions: ["Which control of the depot failed?"]
defects:
  - {kind: symptom_as_cause, title: Symptom, point: 300, explanation: The event is told again.}
"""
WRITE_UP = build(
    [Heading("Root Cause"), Paragraph("The root cause is that the driver was careless. Several boxes fell.")]
)


def test_points_without_a_rule_are_shown_as_not_judged_and_the_words_are_the_organizations(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    adopt_framework(cast_a.org_admin, slug=HAWKEYE, source=OWN)
    client = client_for(cast_a.analyst, tenant_a)
    answer = client.post(
        "/documents/upload/",
        {"file": SimpleUploadedFile("case.docx", WRITE_UP)},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201, answer.content
    card = {entry.point: entry for entry in ScorecardEntry.objects.all()}
    assert {point: entry.status for point, entry in card.items()} == {7: "not_judged", 300: "gap"}
    assert card[7].risk == ""
    assert card[300].risk in {"Medium", "High"}
    page = client.get(f"/documents/{answer.json()['id']}/").content.decode()
    assert "Not judged by the built-in rules" in page
    item = Item.objects.get()
    assert item.points == [300]
    assert item.suggestion.startswith("Name the control in the depot.")
    assert item.questions == ["Which control of the depot failed?"]
