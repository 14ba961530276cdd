"""Items, decisions, reviews and exports as programs see them."""

from typing import Any, ClassVar, TypedDict, cast

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from apps.analysis.choices import ITEM_TYPES, RISKS
from apps.feedback.choices import ItemState, ReviewState, Verdict
from apps.feedback.models import Decision, Export, Item, Review
from apps.feedback.selectors import counts_of, decisions_digest, newest_export
from apps.kernel.http.links import link_to, links_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer


class SourceShape(TypedDict):
    """Who said it: a person, or an engine with model and prompt version. What does not apply is null."""

    person: str | None
    engine: str | None
    model: str | None
    prompt_version: str | None
    cached: bool


class ItemLinks(TypedDict):
    """Where to go from an item."""

    self: str
    document: str
    accept: str
    reject: str
    reword: str
    revert: str
    decisions: str


class PersonShape(TypedDict):
    """Who it was."""

    id: str
    name: str


class ReviewLinks(TypedDict):
    """Where to go from a review."""

    self: str
    document: str
    feedback: str
    preview: str
    close: str
    reopen: str
    revert_all: str
    undo_revert_all: str
    exports: str


class ExportLinks(TypedDict):
    """Where an export and its bytes are."""

    self: str
    file: str
    document: str


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A gap found by the built-in reviewer",
            {
                "id": "0193a1c2-0000-7000-8000-000000000001",
                "section": "0193a1c2-0000-7000-8000-000000000002",
                "points": [11],
                "type": "critical",
                "risk": "High",
                "confidence": 0.91,
                "start": 0,
                "end": 27,
                "quote": "The analyst made a mistake.",
                "kind": "",
                "description": "The root cause names a person, not a process.",
                "suggestion": "Ask why the process let the mistake through.",
                "example": "",
                "questions": [],
                "state": "open",
                "revision": 0,
                "is_hidden": False,
                "source": {
                    "person": None,
                    "engine": "rules",
                    "model": None,
                    "prompt_version": None,
                    "cached": False,
                },
                "created_at": "2026-01-15T09:30:00Z",
                "_links": {
                    name: f"/api/v2/feedback/0193a1c2-0000-7000-8000-000000000001/{tail}"
                    for name, tail in (
                        ("self", ""),
                        ("accept", "accept/"),
                        ("reject", "reject/"),
                        ("reword", "reword/"),
                        ("revert", "revert/"),
                        ("decisions", "decisions/"),
                    )
                }
                | {"document": "/api/v2/documents/0193a1c2-0000-7000-8000-000000000003/"},
            },
            response_only=True,
        )
    ]
)
class ItemSerializer(ShownSerializer[Item]):
    """One item. start and end count code points of the section's text; `source` names who said it; `revision` grows with each decision."""

    section = serializers.UUIDField(source="section_id", read_only=True)
    points = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    questions = serializers.ListField(child=serializers.CharField(), read_only=True)
    type = serializers.ChoiceField(choices=ITEM_TYPES, read_only=True)
    risk = serializers.ChoiceField(choices=RISKS, read_only=True)
    state = serializers.ChoiceField(choices=ItemState.choices, read_only=True)
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
            "created_at",
            "_links",
        ]
        read_only_fields = fields

    def get_source(self, item: Item) -> SourceShape:
        """The engine with model and prompt version, or the person."""
        return {
            "person": item.author.name if item.author is not None else None,
            "engine": item.engine or None,
            "model": item.model_id or None,
            "prompt_version": item.prompt_version or None,
            "cached": item.is_cached,
        }

    def get__links(self, item: Item) -> ItemLinks:
        """Where to decide."""
        document = link_to("documents_api:document", item.review.version.document_id)
        return cast("ItemLinks", links_to(_ITEM_ROUTES, item.id) | {"document": document})


_ITEM_ROUTES = {
    "self": "feedback_api:item",
    "accept": "feedback_api:accept",
    "reject": "feedback_api:reject",
    "reword": "feedback_api:reword",
    "revert": "feedback_api:revert",
    "decisions": "feedback_api:decisions",
}


class DecisionSerializer(ShownSerializer[Decision]):
    """One decision of an item's history; description and suggestion are the new words of a rewording."""

    verdict = serializers.ChoiceField(choices=Verdict.choices, read_only=True)
    decided_by = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields: ClassVar[list[str]] = [
            "id",
            "revision",
            "verdict",
            "decided_by",
            "decided_at",
            "description",
            "suggestion",
            "note",
        ]
        read_only_fields = fields

    def get_decided_by(self, decision: Decision) -> PersonShape:
        """Who decided."""
        return {"id": str(decision.decided_by_id), "name": decision.decided_by.name}


class NoteSerializer(StrictSerializer):
    """Why, in a person's words."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class RewordSerializer(StrictSerializer):
    """An item in other words; that accepts it."""

    description = serializers.CharField(max_length=4000)
    suggestion = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class RemarkSerializer(StrictSerializer):
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


class CountsSerializer(serializers.Serializer[Any]):
    """How far a review has come; items that are hidden for their low confidence are counted apart."""

    total = serializers.IntegerField()
    open = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    own = serializers.IntegerField()
    hidden = serializers.IntegerField()


class ReviewSerializer(ShownSerializer[Review]):
    """A review. `export_is_current` is false once somebody has decided after the last Word file was made; null before there is one."""

    document = serializers.UUIDField(source="version.document_id", read_only=True)
    state = serializers.ChoiceField(choices=ReviewState.choices, read_only=True)
    run = serializers.UUIDField(source="run_id", read_only=True)
    counts = serializers.SerializerMethodField()
    closed_by = serializers.SerializerMethodField()
    export_is_current = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields: ClassVar[list[str]] = [
            "id",
            "document",
            "state",
            "run",
            "counts",
            "closed_at",
            "closed_by",
            "export_is_current",
            "created_at",
            "_links",
        ]
        read_only_fields = fields

    @extend_schema_field(CountsSerializer)
    def get_counts(self, review: Review) -> Any:
        """Items by state."""
        return CountsSerializer(counts_of(review)).data

    def get_closed_by(self, review: Review) -> PersonShape | None:
        """Who finished it."""
        person = review.closed_by
        return {"id": str(person.pk), "name": person.name} if person is not None else None

    def get_export_is_current(self, review: Review) -> bool | None:
        """Does the last Word file say what was decided?"""
        export = newest_export(review)
        return export.decisions_digest == decisions_digest(review) if export is not None else None

    def get__links(self, review: Review) -> ReviewLinks:
        """Where to go from here."""
        document_id = review.version.document_id
        return cast("ReviewLinks", links_to(_REVIEW_ROUTES, document_id))


_REVIEW_ROUTES = {
    "self": "feedback_api:review",
    "document": "documents_api:document",
    "feedback": "feedback_api:items",
    "preview": "feedback_api:preview",
    "close": "feedback_api:close",
    "reopen": "feedback_api:reopen",
    "revert_all": "feedback_api:revert_all",
    "undo_revert_all": "feedback_api:undo_revert_all",
    "exports": "feedback_api:exports",
}


class PreviewSerializer(serializers.Serializer[Any]):
    """What the Word file would hold if it were made now."""

    comment_count = serializers.IntegerField()
    by_risk = serializers.DictField(child=serializers.IntegerField(), help_text="Comments by risk.")
    own_count = serializers.IntegerField()
    reworded_count = serializers.IntegerField()
    open_count = serializers.IntegerField()
    rejected_count = serializers.IntegerField()
    hidden_count = serializers.IntegerField()


class RevertedSerializer(serializers.Serializer[Any]):
    """How many decisions were taken back."""

    reverted = serializers.IntegerField()
    reverted_at = serializers.DateTimeField(help_text="The one moment of all of them, for undoing it.")


class UndoSerializer(StrictSerializer):
    """Which taking back of all decisions is undone."""

    reverted_at = serializers.DateTimeField()


class RestoredSerializer(serializers.Serializer[Any]):
    """How many decisions stand again, and how many items were left alone because somebody has decided on them since."""

    restored = serializers.IntegerField()
    left = serializers.IntegerField()


class ExportSerializer(ShownSerializer[Export]):
    """A Word file that was made of a review."""

    made_by = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields: ClassVar[list[str]] = [
            "id",
            "file_name",
            "size_bytes",
            "sha256",
            "comment_count",
            "made_by",
            "created_at",
            "_links",
        ]
        read_only_fields = fields

    def get_made_by(self, export: Export) -> PersonShape:
        """Who made it."""
        return {"id": str(export.made_by_id), "name": export.made_by.name}

    def get__links(self, export: Export) -> ExportLinks:
        """Where its bytes are."""
        return {
            "self": link_to("feedback_api:export", export.id),
            "file": link_to("feedback_api:export_file", export.id),
            "document": link_to("documents_api:document", export.review.version.document_id),
        }
