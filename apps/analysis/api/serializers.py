"""Runs, scorecards and frameworks as programs see them."""

from typing import Any, ClassVar, TypedDict

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.analysis.choices import RISKS, STATUSES, Engine
from apps.analysis.models import Framework, Run, ScorecardEntry
from apps.kernel.http.links import link_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer


class RunLinks(TypedDict):
    """Where to go from a run."""

    self: str
    document: str
    framework: str
    feedback: str
    job: str


class FrameworkLinks(TypedDict):
    """Where a framework is."""

    self: str


class ScorecardEntrySerializer(ShownSerializer[ScorecardEntry]):
    """One point. start and end count code points of the section's text; `risk` is null unless there is a gap."""

    title = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=STATUSES, read_only=True)
    risk = serializers.SerializerMethodField()
    section = serializers.UUIDField(source="section_id", allow_null=True, read_only=True)

    class Meta:
        model = ScorecardEntry
        fields: ClassVar[list[str]] = [
            "point",
            "title",
            "status",
            "risk",
            "confidence",
            "section",
            "start",
            "end",
            "quote",
            "reason",
            "engine",
        ]
        read_only_fields = fields

    def get_title(self, entry: ScorecardEntry) -> str:
        """The point's name in the run's framework."""
        titles: dict[int, str] = self.context.get("titles", {})
        return titles.get(entry.point, "")

    @extend_schema_field(serializers.ChoiceField(choices=RISKS, allow_null=True))
    def get_risk(self, entry: ScorecardEntry) -> str | None:
        """How much the gap matters."""
        return entry.risk or None


class RunSerializer(ShownSerializer[Run]):
    """A finished run: who was asked (engines, model, prompt), what was left out, and the scorecard."""

    framework = serializers.CharField(source="framework.slug")
    framework_version = serializers.IntegerField(source="framework.version")
    engines = serializers.ListField(child=serializers.ChoiceField(choices=Engine.choices), read_only=True)
    timings_s = serializers.DictField(child=serializers.FloatField(), read_only=True)
    scorecard = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields: ClassVar[list[str]] = [
            "id",
            "framework",
            "framework_version",
            "engines",
            "model_id",
            "prompt_version",
            "model_problem_code",
            "sections_without_model",
            "hidden_count",
            "duplicate_count",
            "unlocated_quote_count",
            "timings_s",
            "created_at",
            "finished_at",
            "scorecard",
            "_links",
        ]
        read_only_fields = fields

    @extend_schema_field(ScorecardEntrySerializer(many=True))
    def get_scorecard(self, run: Run) -> list[Any]:
        """By point."""
        context = {"titles": run.framework.text().titles()}
        return list(ScorecardEntrySerializer(run.scorecard.order_by("point"), many=True, context=context).data)

    def get__links(self, run: Run) -> RunLinks:
        """Where to go from here."""
        document_id = run.version.document_id
        return {
            "self": link_to("analysis_api:analysis", document_id),
            "document": link_to("documents_api:document", document_id),
            "framework": link_to("analysis_api:framework", run.framework_id),
            "feedback": link_to("feedback_api:items", document_id),
            "job": link_to("documents_api:job", run.job_id),
        }


class StartedSerializer(serializers.Serializer[Any]):
    """The job that was started, or the one that is already in work."""

    job = serializers.UUIDField()
    state = serializers.CharField()
    _links = serializers.DictField(child=serializers.CharField())


class FrameworkSerializer(ShownSerializer[Framework]):
    """One version of a framework. The newest one in use is what new runs take."""

    _links = serializers.SerializerMethodField()

    class Meta:
        model = Framework
        fields: ClassVar[list[str]] = ["id", "slug", "version", "title", "is_active", "created_at", "_links"]
        read_only_fields = fields

    def get__links(self, framework: Framework) -> FrameworkLinks:
        """Where this version is."""
        return {"self": link_to("analysis_api:framework", framework.pk)}


class PointSerializer(serializers.Serializer[Any]):
    """One point: what is asked, and how it is judged."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    question = serializers.CharField()
    applies_when = serializers.CharField()
    gap_when = serializers.CharField()
    satisfied_when = serializers.CharField()
    default_risk = serializers.ChoiceField(choices=RISKS)
    advice = serializers.CharField()


class WholeFrameworkSerializer(FrameworkSerializer):
    """One version with its points and its source."""

    points = serializers.SerializerMethodField()

    class Meta(FrameworkSerializer.Meta):
        fields: ClassVar[list[str]] = [*FrameworkSerializer.Meta.fields, "points", "source"]
        read_only_fields = fields

    @extend_schema_field(PointSerializer(many=True))
    def get_points(self, framework: Framework) -> list[Any]:
        """By number."""
        return list(PointSerializer(framework.text().points, many=True).data)


class AdoptSerializer(StrictSerializer):
    """A framework's source; it is read before it is kept."""

    slug = serializers.SlugField(max_length=60, help_text="`hawkeye` is the one that reviews use.")
    # The framework's own word for its text; it hides nothing that DRF needs here.
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=512 * 1024, trim_whitespace=False, help_text="YAML."
    )
