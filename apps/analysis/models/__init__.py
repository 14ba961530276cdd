"""Rows of this room."""

from apps.analysis.models.finding import Finding
from apps.analysis.models.framework import Framework
from apps.analysis.models.reply import Reply
from apps.analysis.models.run import Run
from apps.analysis.models.scorecard import ScorecardEntry

__all__ = ["Finding", "Framework", "Reply", "Run", "ScorecardEntry"]
