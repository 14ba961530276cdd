"""What is shown of a row is what DRF makes of the same fields, whoever looks and wherever they are."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework import serializers

from apps.accounts.api.serializers import ApiKeySerializer, InvitationSerializer, MeSerializer, PersonSerializer
from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import ApiKey, Invitation, User
from apps.accounts.services.invite import invite_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.analysis.api.serializers import FrameworkSerializer, RunSerializer, ScorecardEntrySerializer
from apps.analysis.models import Framework, Run, ScorecardEntry
from apps.documents.api.jobs import JobSerializer
from apps.documents.api.serializers import ActivitySerializer, DocumentSerializer, SectionSerializer
from apps.documents.models import Document, Section
from apps.documents.selectors import documents_visible_to, shown_documents
from apps.feedback.api.serializers import DecisionSerializer, ExportSerializer, ItemSerializer, ReviewSerializer
from apps.feedback.models import Decision, Export, Review
from apps.feedback.selectors import shown_items_for
from apps.kernel.audit.models import AuditEntry
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import with_job_state
from tests.api.conftest import items_of, send


@pytest.fixture
def everything(analyst: Any, cast_a: Any, document: dict[str, Any]) -> dict[type[ShownSerializer[Any]], list[Any]]:
    """Rows of each kind that is shown."""
    items = items_of(analyst, document)
    for item, deed in zip(items, ("accept", "reject"), strict=False):
        send(analyst, "post", item["_links"][deed])
    send(analyst, "post", document["_links"]["exports"])
    issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1)
    invite_person(cast_a.org_admin, email="new@example.com", role=RoleName.VIEWER)
    return {
        MeSerializer: list(User.objects.all()),
        PersonSerializer: list(User.objects.all()),
        ApiKeySerializer: list(ApiKey.objects.all()),
        InvitationSerializer: list(Invitation.objects.all()),
        DocumentSerializer: shown_documents(cast_a.analyst).rows(),
        SectionSerializer: list(Section.objects.all()),
        ActivitySerializer: list(AuditEntry.objects.all()),
        JobSerializer: list(Job.objects.all()),
        ItemSerializer: shown_items_for(cast_a.analyst, UUID(document["id"])).rows(),
        DecisionSerializer: list(Decision.objects.all()),
        ReviewSerializer: list(Review.objects.all()),
        ExportSerializer: list(Export.objects.all()),
        RunSerializer: list(Run.objects.all()),
        FrameworkSerializer: list(Framework.objects.all()),
        ScorecardEntrySerializer: list(ScorecardEntry.objects.all()),
    }


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_each_row_is_shown_as_drf_shows_it(everything: dict[Any, list[Any]], zone: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        for kind, rows in everything.items():
            assert rows, kind
            for row in rows:
                serializer = kind(row, context={"titles": {}})
                shown = serializer.to_representation(row)
                plain = serializers.ModelSerializer.to_representation(serializer, row)
                assert list(shown.items()) == list(plain.items()), kind
                assert [type(value) for value in shown.values()] == [type(value) for value in plain.values()], kind


def test_a_row_without_one_of_the_attributes_is_left_to_drf(everything: dict[Any, list[Any]]) -> None:
    """A document that was loaded without its file's facts: they are left out, or null where null is an answer."""
    bare = Document.objects.get()
    shown, whole = DocumentSerializer(bare).data, DocumentSerializer(everything[DocumentSerializer][0]).data
    assert whole.keys() - shown.keys() == {"kind", "file_name", "size_bytes"}
    assert (shown["state"], shown["word_count"]) == (None, None)
    assert whole == {**whole, **shown, "state": whole["state"], "word_count": whole["word_count"]}


def test_what_a_list_loads_is_what_it_shows(everything: dict[Any, list[Any]], cast_a: Any) -> None:
    """A column that was left out would be asked for, row by row."""
    for kind in (DocumentSerializer, ItemSerializer):
        with CaptureQueriesContext(connection) as asked:
            assert kind(everything[kind], many=True).data
        assert [query["sql"] for query in asked] == [], kind
    plain = with_job_state(documents_visible_to(cast_a.analyst), pipeline="review")
    assert (
        DocumentSerializer(everything[DocumentSerializer], many=True).data == DocumentSerializer(plain, many=True).data
    )
