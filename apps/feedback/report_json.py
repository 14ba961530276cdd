"""A review as the JSON that `manage.py review --json` writes."""

from typing import Any

from apps.analysis.models import Finding, Run
from apps.analysis.selectors import scorecard_of
from apps.documents.selectors import sections_of


def report_of(run: Run) -> dict[str, Any]:
    """Document, sections, scorecard, the items that people are shown, defects and timings.

    Offsets count code points of a section's text.
    """
    version = run.version
    sections = list(sections_of(version))
    index_of = {section.id: section.index for section in sections}
    return {
        "document": {
            "name": version.document.name,
            "kind": version.kind,
            "sha256": version.sha256,
            "words": version.word_count,
            "notices": version.notices,
        },
        "sections": [
            {"index": one.index, "heading": one.heading, "kind": one.kind, "text": one.text} for one in sections
        ],
        "scorecard": {
            str(entry.point): {
                "status": entry.status,
                "risk": entry.risk or None,
                "confidence": entry.confidence,
                "section": index_of.get(entry.section_id) if entry.section_id else None,
                "quote": entry.quote,
                "reason": entry.reason,
            }
            for entry in scorecard_of(run)
        },
        "items": [_item(finding, index_of) for finding in run.findings.filter(is_hidden=False).order_by("ordinal")],
        "hidden_items": run.hidden_count,
        "defects": run.defects,
        "engines": run.engines,
        "model": run.model_id or None,
        "model_problem": run.model_problem_code or None,
        "timings_s": run.timings_s,
    }


def _item(finding: Finding, index_of: dict[Any, int]) -> dict[str, Any]:
    return {
        "points": finding.points,
        "type": finding.type,
        "risk": finding.risk,
        "confidence": finding.confidence,
        "section": index_of[finding.section_id],
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "kind": finding.kind,
        "description": finding.description,
        "suggestion": finding.suggestion,
        "example": finding.example,
        "source": {
            "engine": finding.engine,
            "model": finding.model_id or None,
            "prompt": finding.prompt_version or None,
            "cached": finding.is_cached,
        },
    }
