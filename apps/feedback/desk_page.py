"""What the review desk shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import ScorecardEntry
from apps.analysis.selectors import newer_framework_than, points_by_rules_only, scorecard_of
from apps.documents.models import Document, Section
from apps.documents.selectors import sections_of
from apps.feedback.choices import ItemState
from apps.feedback.forms import RemarkForm
from apps.feedback.marking import Mark, MarkedLine, marked_lines
from apps.feedback.models import Item, Review
from apps.feedback.policies import may_decide
from apps.feedback.selectors import counts_of, decisions_digest, items_of, newest_export, preview_of
from apps.kernel.jobs.selectors import latest_job


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A section with its marked lines and its items."""

    section: Section
    lines: list[MarkedLine]
    items: list[Item]

    @property
    def open_count(self) -> int:
        """Items that nobody has decided on."""
        return sum(item.state == ItemState.OPEN for item in self.items)


@dataclass(frozen=True, slots=True)
class CardPoint:
    """A point of the framework with its status in this document."""

    number: int
    title: str
    question: str
    entry: ScorecardEntry | None


def desk_page(user: User, *, document: Document, review: Review) -> dict[str, Any]:
    """The template's context."""
    framework = review.run.framework.text()
    items = [item for item in items_of(review) if not item.is_hidden or item.state != ItemState.OPEN]
    titles = framework.titles()
    for item in items:
        item.titles = [(number, titles.get(number, "")) for number in item.points]  # type: ignore[attr-defined]
    scorecard = list(scorecard_of(review.run))
    export = newest_export(review)
    counts = counts_of(review)
    return {
        "document": document,
        "review": review,
        "run": review.run,
        "version": review.version,
        "job": latest_job(document.id),
        "sections": _desk_sections(list(sections_of(review.version)), items),
        "items": items,
        "counts": counts,
        "points": _card_points(framework, scorecard),
        "gap_count": sum(entry.status == "gap" for entry in scorecard),
        "satisfied_count": sum(entry.status == "satisfied" for entry in scorecard),
        "not_applicable_count": sum(entry.status == "not_applicable" for entry in scorecard),
        "preview": preview_of(review),
        "export": export,
        "export_is_current": export is not None and export.decisions_digest == decisions_digest(review),
        "may_decide": may_decide(user, document) and review.is_open,
        "may_take_part": may_decide(user, document),
        "remark_form": RemarkForm(),
        "framework": framework,
        "rules_only_points": points_by_rules_only(review.run),
        "newer_framework": newer_framework_than(review.run),
    }


def card_context(user: User, *, item: Item) -> dict[str, Any]:
    """The context of one item's card."""
    titles = item.review.run.framework.text().titles()
    item.titles = [(number, titles.get(number, "")) for number in item.points]  # type: ignore[attr-defined]
    document = item.review.version.document
    return {"item": item, "may_decide": may_decide(user, document) and item.review.is_open, "document": document}


def _card_points(framework: FrameworkText, scorecard: list[ScorecardEntry]) -> list[CardPoint]:
    by_number = {entry.point: entry for entry in scorecard}
    return [
        CardPoint(point.number, point.title, point.question, by_number.get(point.number)) for point in framework.points
    ]


def _desk_sections(sections: list[Section], items: list[Item]) -> list[DeskSection]:
    by_section: dict[UUID, list[Item]] = {}
    for item in items:
        by_section.setdefault(item.section_id, []).append(item)
    desk = []
    for section in sections:
        own = by_section.get(section.id, [])
        marks = [Mark(item.id, item.start, item.end, tone_of(item)) for item in own if item.state != ItemState.REJECTED]
        desk.append(DeskSection(section, marked_lines(section.text, section.line_kinds, marks), own))
    return desk


def tone_of(item: Item) -> str:
    """The colour's name of an item's mark."""
    if item.is_own_remark:
        return "own"
    return "positive" if item.type == "positive" else item.risk.lower()
