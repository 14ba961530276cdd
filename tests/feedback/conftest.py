"""A reviewed document of alpha, and what the tests of this room ask of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from apps.documents.word.builder import Heading, Paragraph, build
from apps.feedback.models import Item, Review
from apps.kernel.audit.models import AuditEntry
from apps.kernel.events.models import StreamEvent
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.feedback.test_upload_to_export import upload

WRITE_UP = build(
    [
        Heading("Executive Summary"),
        Paragraph("Many buyers were affected & several complained. TBD will follow soon."),
        Heading("Root Cause"),
        Paragraph("The analyst made a mistake."),
        Heading("Preventative Actions"),
        Paragraph("Training will be improved."),
    ]
)


@dataclass(frozen=True)
class ReviewedDocument:
    """A document whose items wait for decisions, with a client for each person."""

    id: str
    analyst: Client
    team_lead: Client
    viewer: Client
    stranger: Client
    """Another organization's analyst, with the same id and address."""

    @property
    def review(self) -> Review:
        return Review.objects.get(version__document_id=self.id)

    def item(self, place: int = 0) -> Item:
        return self.review.items.filter(is_hidden=False, author__isnull=True).order_by("section__index", "start", "id")[
            place
        ]

    def deeds(self) -> list[str]:
        """Recorded on this document after it was put to people, oldest first."""
        entries = AuditEntry.objects.filter(target_id=self.id).order_by("id").values_list("action", flat=True)
        return list(entries)[list(entries).index("review.drafted") + 1 :]

    def news(self, kind: str) -> list[dict[str, Any]]:
        """The lines of this kind that browsers were told."""
        return [line.data for line in StreamEvent.objects.filter(type=kind).order_by("seq")]


@pytest.fixture
def reviewed(
    tenant_a: TenantRef, tenant_b: TenantRef, cast_a: Cast, cast_b: Cast, client_for: Callable[..., Client]
) -> ReviewedDocument:
    """Uploaded by alpha's analyst and reviewed by the rules; nobody has decided yet."""
    analyst = client_for(cast_a.analyst, tenant_a)
    return ReviewedDocument(
        id=upload(analyst, WRITE_UP),
        analyst=analyst,
        team_lead=client_for(cast_a.team_lead, tenant_a),
        viewer=client_for(cast_a.viewer, tenant_a),
        stranger=client_for(cast_b.analyst, tenant_b),
    )
