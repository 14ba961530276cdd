"""What the review desk shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.analysis.choices import RISKS
from apps.analysis.selectors import newer_framework_than, points_by_rules_only, shown_scorecard
from apps.documents.models import Section
from apps.documents.selectors import read_sections
from apps.feedback.board import board_sum, card_points, worst_first
from apps.feedback.card_html import CardReader, CardWriter
from apps.feedback.choices import ItemState
from apps.feedback.forms import ItemFilter, RemarkForm
from apps.feedback.marked_html import section_html
from apps.feedback.marking import Mark, marked_lines
from apps.feedback.models import Item, Review
from apps.feedback.policies import may_decide
from apps.feedback.selectors import counts_in, digest_in, newest_export, preview_in, shown_items
from apps.kernel.jobs.selectors import latest_job_alone
from apps.kernel.markup import joined


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A section with its text, its marks drawn, and the cards of its items; `shown_count` of them fit the filter."""

    key: str
    section: Section
    heading: str
    text: SafeString
    cards: SafeString
    item_count: int
    shown_count: int


def desk_page(user: User, *, review: Review, asked: ItemFilter, csrf_token: str) -> dict[str, Any]:
    """The template's context."""
    framework, document = review.run.framework.text(), review.version.document
    wanted = asked.cleaned_data if asked.is_valid() else {}
    every_item = shown_items(review).rows()
    items = [item for item in every_item if not item.is_hidden or item.state != ItemState.OPEN or wanted.get("hidden")]
    points = card_points(framework, shown_scorecard(review.run), items)
    may_take_part = may_decide(user, document)
    reader = CardReader(user_id=user.id, may_decide=may_take_part and review.is_open, csrf_token=csrf_token)
    sections = _desk_sections(review, items, wanted, CardWriter(reader, framework.titles()))
    return {
        "document": document,
        "review": review,
        "run": review.run,
        "version": review.version,
        # The stages are shown only while there is something to tell of them.
        "job": latest_job_alone(document.id),
        "sections": sections,
        "items": items,
        "shown_count": sum(section.shown_count for section in sections),
        "asked": wanted,
        "counts": counts_in(every_item),
        "points": points,
        "board": board_sum(points),
        "worst_points": worst_first(points),
        "rules_only_points": points_by_rules_only(review.run),
        "newer_framework": newer_framework_than(review.run),
        **_preview(review, every_item),
        "may_decide": reader.may_decide,
        "may_take_part": may_take_part,
        "item_filter": asked,
        "remark_form": RemarkForm(),
        "framework": framework,
    }


def preview_context(review: Review) -> dict[str, Any]:
    """What the Word file would hold now, and the one that was made last."""
    return _preview(review, shown_items(review).rows())


def card_of(user: User, *, item: Item, csrf_token: str, warning: str = "") -> SafeString:
    """One item's card, as it stands in the desk."""
    may = may_decide(user, item.review.version.document) and item.review.is_open
    reader = CardReader(user_id=user.id, may_decide=may, csrf_token=csrf_token)
    return CardWriter(reader, item.review.run.framework.text().titles()).card(item, warning=warning)


def titles_of(item: Item) -> list[tuple[int, str]]:
    """The points that an item is about, with their titles."""
    titles = item.review.run.framework.text().titles()
    return [(number, titles.get(number, "")) for number in item.points]


def _preview(review: Review, items: list[Item]) -> dict[str, Any]:
    preview, export = preview_in(items), newest_export(review)
    return {
        "version": review.version,
        "preview": preview,
        "preview_risks": [(label, preview.by_risk.get(risk, 0)) for risk, label in RISKS],
        "export": export,
        "export_is_current": export is not None and export.decisions_digest == digest_in(items),
    }


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


def _desk_sections(review: Review, items: list[Item], wanted: dict[str, Any], writer: CardWriter) -> list[DeskSection]:
    by_section: dict[UUID, list[Item]] = {}
    for item in items:
        by_section.setdefault(item.section_id, []).append(item)
    desk = []
    for section in read_sections(review.version):
        own = by_section.get(section.id, [])
        # Rejected items keep their place, so that taking the decision back needs no new page; the mark is not drawn.
        marks = [
            Mark(item.id, item.start, item.end, "" if item.state == ItemState.REJECTED else item.tone) for item in own
        ]
        shown = [_fits(item, wanted) for item in own]
        desk.append(
            DeskSection(
                key=str(section.id),
                section=section,
                heading=section.heading or _("(no heading)"),
                text=section_html(marked_lines(section.text, section.line_kinds, marks)),
                cards=joined("\n", (writer.card(item, is_shown=fits) for item, fits in zip(own, shown, strict=True))),
                item_count=len(own),
                shown_count=sum(shown),
            )
        )
    return desk
