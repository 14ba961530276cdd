"""Documents as programs see them."""

from typing import ClassVar, TypedDict, cast

from django.conf import settings
from rest_framework import serializers

from apps.documents.choices import FILE_KINDS, Classification
from apps.documents.models import Document, Section
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.selectors import described
from apps.kernel.http.links import links_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer
from apps.kernel.jobs.choices import JobState


class PersonShape(TypedDict):
    """Who it was."""

    id: str
    name: str


class ActorShape(TypedDict):
    """Who it was; both null for the product itself."""

    id: str | None
    name: str | None


class DocumentLinks(TypedDict):
    """Where to go from a document."""

    self: str
    sections: str
    original: str
    job: str
    analysis: str
    analyze: str
    feedback: str
    review: str
    exports: str
    activity: str


class DocumentSerializer(ShownSerializer[Document]):
    """One document with its current file's facts. `state` is that of the newest job; word_count is null until the text was read."""

    uploaded_by = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=FILE_KINDS, read_only=True)
    file_name = serializers.CharField(read_only=True)
    size_bytes = serializers.IntegerField(read_only=True)
    word_count = serializers.IntegerField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(source="job_state", choices=JobState.choices, read_only=True, allow_null=True)
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "classification",
            "state",
            "uploaded_by",
            "kind",
            "file_name",
            "size_bytes",
            "word_count",
            "created_at",
            "updated_at",
            "_links",
        ]
        read_only_fields = fields

    def get_uploaded_by(self, document: Document) -> PersonShape:
        """The author."""
        return {"id": str(document.uploaded_by_id), "name": document.uploaded_by.name}

    def get__links(self, document: Document) -> DocumentLinks:
        """Where to go from here."""
        return cast("DocumentLinks", links_to(_DOCUMENT_ROUTES, document.id))


_DOCUMENT_ROUTES = {
    "self": "documents_api:document",
    "sections": "documents_api:sections",
    "original": "documents_api:original",
    "job": "documents_api:document_job",
    "analysis": "analysis_api:analysis",
    "analyze": "analysis_api:analyze",
    "feedback": "feedback_api:items",
    "review": "feedback_api:review",
    "exports": "feedback_api:exports",
    "activity": "documents_api:activity",
}


class DocumentChangeSerializer(StrictSerializer):
    """What may be changed of a document."""

    name = serializers.CharField(max_length=255, required=False)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)


class UploadSerializer(StrictSerializer):
    """A file to upload."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text=f"At most {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB of docx, pdf, txt or rtf.",
    )
    classification = serializers.ChoiceField(
        choices=Classification.choices, required=False, default=Classification.INTERNAL
    )


class SectionSerializer(ShownSerializer[Section]):
    """A section. Offsets of items count code points of `text`."""

    class Meta:
        model = Section
        fields: ClassVar[list[str]] = ["id", "index", "heading", "level", "kind", "trust", "text"]
        read_only_fields = fields


class ActivitySerializer(ShownSerializer[AuditEntry]):
    """One deed: its stable name, and the sentence for people."""

    sentence = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()
    detail = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEntry
        fields: ClassVar[list[str]] = ["id", "at", "action", "sentence", "actor", "detail"]
        read_only_fields = fields

    def get_sentence(self, entry: AuditEntry) -> str:
        """In the caller's language."""
        return described(entry)

    def get_actor(self, entry: AuditEntry) -> ActorShape:
        """Who did it."""
        return {"id": str(entry.actor_id) if entry.actor_id else None, "name": entry.actor_name or None}
