"""What the review desk shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.analysis.choices import RISKS
from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import ScorecardEntry
from apps.analysis.rules.port import Risk, Status
from apps.analysis.selectors import newer_framework_than, points_by_rules_only, scorecard_of
from apps.documents.models import Document, Section
from apps.documents.selectors import sections_of
from apps.feedback.choices import ItemState
from apps.feedback.forms import ItemFilter, RemarkForm
from apps.feedback.marking import Mark, MarkedLine, marked_lines
from apps.feedback.models import Item, Review
from apps.feedback.policies import may_decide
from apps.feedback.selectors import counts_in, digest_in, items_of, newest_export, preview_in
from apps.kernel.http.error_sentences import sentence_for_people
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import latest_job

_BY_RISK = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A section with its marked lines and its items; `shown_count` of them fit the filter."""

    section: Section
    lines: list[MarkedLine]
    items: list[Item]
    shown_count: int

    @property
    def open_count(self) -> int:
        """Items that nobody has decided on."""
        return sum(item.state == ItemState.OPEN for item in self.items)


@dataclass(frozen=True, slots=True)
class CardPoint:
    """A point of the framework with its status in this document, and how many items are about it."""

    number: int
    title: str
    question: str
    entry: ScorecardEntry | None
    item_count: int

    @property
    def look(self) -> str:
        """The status' name for the board: gaps by their risk."""
        if self.entry is None:
            return "none"
        return f"gap-{self.entry.risk.lower()}" if self.entry.status == Status.GAP else self.entry.status


@dataclass(frozen=True, slots=True)
class BoardSum:
    """The scorecard in numbers."""

    gap: int
    high: int
    medium: int
    low: int
    satisfied: int
    not_applicable: int


def desk_page(user: User, *, document: Document, review: Review, asked: ItemFilter) -> dict[str, Any]:
    """The template's context."""
    framework = review.run.framework.text()
    wanted = asked.cleaned_data if asked.is_valid() else {}
    every_item = list(items_of(review))
    items = [item for item in every_item if not item.is_hidden or item.state != ItemState.OPEN or wanted.get("hidden")]
    _prepare(items, framework, wanted)
    points = _card_points(framework, list(scorecard_of(review.run)), items)
    return {
        "document": document,
        "review": review,
        "run": review.run,
        "version": review.version,
        **job_context(document.id),
        "sections": _desk_sections(list(sections_of(review.version)), items),
        "items": items,
        "shown_count": sum(item.is_shown for item in items),  # type: ignore[attr-defined]
        "asked": wanted,
        "counts": counts_in(every_item),
        "points": points,
        "board": _board_sum(points),
        "worst_points": _worst_first(points),
        "rules_only_points": points_by_rules_only(review.run),
        "newer_framework": newer_framework_than(review.run),
        **_preview(review, every_item),
        "may_decide": may_decide(user, document) and review.is_open,
        "may_take_part": may_decide(user, document),
        "item_filter": asked,
        "remark_form": RemarkForm(),
        "framework": framework,
    }


def preview_context(review: Review) -> dict[str, Any]:
    """What the Word file would hold now, and the one that was made last."""
    return _preview(review, list(items_of(review)))


def job_context(document_id: UUID) -> dict[str, Any]:
    """The newest job of a document and, when it ended badly, why."""
    job: Job | None = latest_job(document_id)
    return {"job": job, "error_sentence": sentence_for_people(job.error_code, job.error_fields) if job else ""}


def card_context(user: User, *, item: Item) -> dict[str, Any]:
    """The context of one item's card."""
    _prepare([item], item.review.run.framework.text(), {})
    document = item.review.version.document
    return {"item": item, "may_decide": may_decide(user, document) and item.review.is_open, "document": document}


def _preview(review: Review, items: list[Item]) -> dict[str, Any]:
    preview, export = preview_in(items), newest_export(review)
    return {
        "version": review.version,
        "preview": preview,
        "preview_risks": [(label, preview.by_risk.get(risk, 0)) for risk, label in RISKS],
        "export": export,
        "export_is_current": export is not None and export.decisions_digest == digest_in(items),
    }


def _prepare(items: list[Item], framework: FrameworkText, wanted: dict[str, Any]) -> None:
    """Give each item the titles of its points, and whether the filter shows it."""
    titles = framework.titles()
    for item in items:
        item.titles = [(number, titles.get(number, "")) for number in item.points]  # type: ignore[attr-defined]
        item.is_shown = _fits(item, wanted)  # type: ignore[attr-defined]
        item.tone = tone_of(item)  # type: ignore[attr-defined]


def _fits(item: Item, wanted: dict[str, Any]) -> bool:
    words = (wanted.get("q") or "").casefold()
    text = " ".join((item.shown_description, item.shown_suggestion, item.quote)).casefold()
    return (
        (not wanted.get("state") or item.state == wanted["state"])
        and (not wanted.get("risk") or (item.risk == wanted["risk"] and item.type != "positive"))
        and (not wanted.get("point") or wanted["point"] in item.points)
        and (not wanted.get("section") or item.section_id == wanted["section"])
        and words in text
    )


def _card_points(framework: FrameworkText, scorecard: list[ScorecardEntry], items: list[Item]) -> list[CardPoint]:
    by_number = {entry.point: entry for entry in scorecard}
    return [
        CardPoint(
            point.number,
            point.title,
            point.question,
            by_number.get(point.number),
            sum(point.number in item.points for item in items),
        )
        for point in framework.points
    ]


def _board_sum(points: list[CardPoint]) -> BoardSum:
    looks = [point.look for point in points]
    high, medium, low = (looks.count(f"gap-{risk}") for risk in ("high", "medium", "low"))
    return BoardSum(
        gap=high + medium + low,
        high=high,
        medium=medium,
        low=low,
        satisfied=looks.count(Status.SATISFIED),
        not_applicable=looks.count(Status.NOT_APPLICABLE),
    )


def _worst_first(points: list[CardPoint]) -> list[CardPoint]:
    """The gaps, highest risk first."""
    gaps = [point for point in points if point.entry is not None and point.entry.status == Status.GAP]
    return sorted(gaps, key=lambda point: _BY_RISK.get(Risk(point.entry.risk), 3) if point.entry else 3)


def _desk_sections(sections: list[Section], items: list[Item]) -> list[DeskSection]:
    by_section: dict[UUID, list[Item]] = {}
    for item in items:
        by_section.setdefault(item.section_id, []).append(item)
    desk = []
    for section in sections:
        own = by_section.get(section.id, [])
        # Rejected items keep their place, so that taking the decision back needs no new page; the mark is not drawn.
        marks = [
            Mark(item.id, item.start, item.end, "" if item.state == ItemState.REJECTED else tone_of(item))
            for item in own
        ]
        shown = sum(item.is_shown for item in own)  # type: ignore[attr-defined]
        desk.append(DeskSection(section, marked_lines(section.text, section.line_kinds, marks), own, shown))
    return desk


def tone_of(item: Item) -> str:
    """The colour's name of an item's mark."""
    if item.is_own_remark:
        return "own"
    return "positive" if item.type == "positive" else item.risk.lower()
