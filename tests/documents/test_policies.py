"""Who may see, change and delete a document: by role, by author, by team, by classification."""

from typing import Any

import pytest

from apps.accounts.models import Membership, Team
from apps.documents.models import Document
from apps.documents.policies import may_delete, may_edit, may_view

ROLES = ("viewer", "analyst", "team_lead", "org_admin")


def document_of(author: Any, classification: str = "internal") -> Document:
    return Document(name="case.docx", uploaded_by=author, classification=classification)


def allowed(policy: Any, cast: Any, document: Document) -> list[str]:
    return [role for role in ROLES if policy(getattr(cast, role), document)]


def test_everyone_of_the_organization_sees_what_is_internal(cast_a: Any) -> None:
    document = document_of(cast_a.analyst)
    assert allowed(may_view, cast_a, document) == list(ROLES)
    assert allowed(may_edit, cast_a, document) == ["analyst", "team_lead", "org_admin"]


def test_what_is_restricted_is_for_its_author_team_leads_and_administrators(cast_a: Any) -> None:
    assert allowed(may_view, cast_a, document_of(cast_a.team_lead, "restricted")) == ["team_lead", "org_admin"]
    assert allowed(may_view, cast_a, document_of(cast_a.analyst, "restricted")) == ["analyst", "team_lead", "org_admin"]


@pytest.mark.parametrize("policy", [may_view, may_edit, may_delete])
def test_a_person_without_access_may_nothing_with_their_own_document(cast_a: Any, policy: Any) -> None:
    document = document_of(cast_a.analyst)
    assert policy(cast_a.analyst, document)
    cast_a.analyst.is_active = False
    assert not policy(cast_a.analyst, document)


def test_a_team_lead_deletes_what_the_team_wrote(cast_a: Any) -> None:
    document = document_of(cast_a.analyst)
    assert allowed(may_delete, cast_a, document) == ["analyst", "org_admin"]
    team = Team.objects.create(name="Brands")
    for person in (cast_a.analyst, cast_a.team_lead):
        Membership.objects.create(team=team, user=person)
    assert allowed(may_delete, cast_a, document) == ["analyst", "team_lead", "org_admin"]
