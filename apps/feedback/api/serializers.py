"""Items and decisions as programs see them."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from apps.analysis.choices import ITEM_TYPES, RISKS
from apps.feedback.models import Export, Item


class ItemSerializer(serializers.ModelSerializer[Item]):
    """One item. start and end count code points of the section's text; `source` names who said it."""

    section = serializers.UUIDField(source="section_id", read_only=True)
    description = serializers.CharField(source="shown_description", read_only=True)
    suggestion = serializers.CharField(source="shown_suggestion", read_only=True)
    # The contract's name for who said it; a field called `source` hides nothing that DRF needs here.
    source = serializers.SerializerMethodField()  # type: ignore[assignment]
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields: ClassVar[list[str]] = [
            "id",
            "section",
            "points",
            "type",
            "risk",
            "confidence",
            "start",
            "end",
            "quote",
            "kind",
            "description",
            "suggestion",
            "example",
            "questions",
            "state",
            "revision",
            "is_hidden",
            "source",
            "_links",
        ]
        read_only_fields = fields

    def get_source(self, item: Item) -> dict[str, Any]:
        """The engine with model and prompt version, or the person."""
        if item.author is not None:
            return {"person": item.author.name}
        return {
            "engine": item.engine,
            "model": item.model_id,
            "prompt_version": item.prompt_version,
            "cached": item.is_cached,
        }

    def get__links(self, item: Item) -> dict[str, str]:
        """Where to decide."""
        return {
            name: reverse(f"feedback_api:{name}", args=[item.id]) for name in ("item", "accept", "reject", "revert")
        }


class DecisionSerializer(serializers.Serializer[Any]):
    """Why, in a person's words."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class RewordSerializer(serializers.Serializer[Any]):
    """An item in other words; that accepts it."""

    description = serializers.CharField(max_length=4000)
    suggestion = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class RemarkSerializer(serializers.Serializer[Any]):
    """A remark of one's own. Equal start and end mean the section as a whole."""

    section = serializers.UUIDField()
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=0)
    description = serializers.CharField(max_length=4000)
    suggestion = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    type = serializers.ChoiceField(choices=ITEM_TYPES, required=False, default="suggestion")
    risk = serializers.ChoiceField(choices=RISKS, required=False, default="Low")
    points = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100), max_length=3, required=False, default=list
    )


class ExportSerializer(serializers.ModelSerializer[Export]):
    """A file that was made."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields: ClassVar[list[str]] = [
            "id",
            "file_name",
            "size_bytes",
            "sha256",
            "comment_count",
            "created_at",
            "_links",
        ]

    def get__links(self, export: Export) -> dict[str, str]:
        """Where its bytes are."""
        return {"file": reverse("feedback_api:export_file", args=[export.id])}
