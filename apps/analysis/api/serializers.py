"""Runs and scorecards as programs see them."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.analysis.models import Run, ScorecardEntry


class ScorecardEntrySerializer(serializers.ModelSerializer[ScorecardEntry]):
    """One point. start and end count code points of the section's text."""

    section = serializers.UUIDField(source="section_id", allow_null=True)

    class Meta:
        model = ScorecardEntry
        fields: ClassVar[list[str]] = [
            "point",
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


class RunSerializer(serializers.ModelSerializer[Run]):
    """A finished run: who was asked, what was left out, and the scorecard."""

    framework = serializers.CharField(source="framework.slug")
    framework_version = serializers.IntegerField(source="framework.version")
    scorecard = serializers.SerializerMethodField()

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
            "finished_at",
            "scorecard",
        ]

    def get_scorecard(self, run: Run) -> list[Any]:
        """By point."""
        return list(ScorecardEntrySerializer(run.scorecard.order_by("point"), many=True).data)
