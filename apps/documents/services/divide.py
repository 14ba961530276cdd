"""Divide a version's text into sections."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.db import transaction

from apps.documents.events import DocumentSectioned
from apps.documents.models import Document, Section, Version
from apps.documents.sectioning.plan import divide
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


def divide_text(document_id: UUID, *, writing: Callable[[], AbstractContextManager[None]] = transaction.atomic) -> None:
    """Write the sections of the current version, within `writing()`; doing it twice changes nothing."""
    version = Document.objects.get(pk=document_id).current_version()
    drafts = divide(version.text())
    with writing():
        Version.objects.select_for_update().get(pk=version.pk)
        if version.sections.exists():
            return
        # A document's title belongs to no section; its words are kept with the version.
        Version.objects.filter(pk=version.pk).update(
            title=next((draft.title for draft in drafts if draft.title), "")[:500]
        )
        Section.objects.bulk_create(
            Section(
                version=version,
                index=draft.index,
                heading=draft.heading[:500],
                heading_path=draft.heading_path,
                level=draft.level,
                trust=draft.trust,
                kind=draft.kind,
                text=draft.text,
                spans=[span._asdict() for span in draft.spans],
                line_kinds=list(draft.line_kinds),
            )
            for draft in drafts
        )
        record("document.divided", actor=None, target=document_id, detail={"sections": len(drafts)})
        publish(DocumentSectioned(document_id=document_id, version_id=version.pk, section_count=len(drafts)))
