"""Documents as programs see them."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from apps.documents.choices import Classification
from apps.documents.models import Document, Section


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """One document with its current file's facts."""

    uploaded_by = serializers.CharField(source="uploaded_by.name", read_only=True)
    kind = serializers.CharField(read_only=True)
    file_name = serializers.CharField(read_only=True)
    size_bytes = serializers.IntegerField(read_only=True)
    word_count = serializers.IntegerField(read_only=True, allow_null=True)
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "classification",
            "uploaded_by",
            "kind",
            "file_name",
            "size_bytes",
            "word_count",
            "created_at",
            "updated_at",
            "_links",
        ]
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]

    def get__links(self, document: Document) -> dict[str, str]:
        """Where to go from here."""
        return {
            "self": reverse("documents_api:document", args=[document.id]),
            "sections": reverse("documents_api:sections", args=[document.id]),
            "original": reverse("documents_api:original", args=[document.id]),
            "analysis": reverse("analysis_api:analysis", args=[document.id]),
            "feedback": reverse("feedback_api:items", args=[document.id]),
        }


class DocumentChangeSerializer(serializers.Serializer[Any]):
    """What may be changed of a document."""

    name = serializers.CharField(max_length=255, required=False)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)


class UploadSerializer(serializers.Serializer[Any]):
    """A file to upload."""

    file = serializers.FileField()
    classification = serializers.ChoiceField(
        choices=Classification.choices, required=False, default=Classification.INTERNAL
    )


class SectionSerializer(serializers.ModelSerializer[Section]):
    """A section. Offsets of items count code points of `text`."""

    class Meta:
        model = Section
        fields: ClassVar[list[str]] = ["id", "index", "heading", "level", "kind", "trust", "text"]


class JobSerializer(serializers.Serializer[Any]):
    """How far a document's job is."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    error_code = serializers.CharField(allow_blank=True)
    stages = serializers.SerializerMethodField()

    def get_stages(self, job: Any) -> list[dict[str, Any]]:
        """Each stage with its own progress."""
        return [
            {"name": stage.name, "state": stage.state, "done": stage.done, "total": stage.total, "note": stage.note}
            for stage in job.stages.all()
        ]
