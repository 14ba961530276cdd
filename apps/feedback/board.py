"""The scorecard as the desk's board shows it: each point of the framework with its status, its evidence and its items."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.analysis.choices import RISKS, STATUSES, Engine
from apps.analysis.frameworks.reader import FrameworkText
from apps.analysis.models import ScorecardEntry
from apps.analysis.rules.port import Risk, Status
from apps.feedback.card_html import cut
from apps.feedback.models import Item

_LONGEST_QUOTE = 240
_BY_RISK = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}
_STATUSES, _RISKS, _ENGINES = dict(STATUSES), dict(RISKS), dict(Engine.choices)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a point has its status. The places are texts: a template spells numbers out slowly, and as the language groups them."""

    reason: str
    section_key: str
    heading: str
    start: str
    end: str
    quote: str
    other_status: str
    other_reason: str
    source: str


@dataclass(frozen=True, slots=True)
class CardPoint:
    """A point of the framework with its status in this document.

    `look` is the status' name for the board: gaps by their risk. Status, risk and how many items are about it are words in the reader's
    language, "" where there is none; `key` is its number as a text.
    """

    number: int
    key: str
    title: str
    question: str
    entry: ScorecardEntry | None
    evidence: Evidence | None
    look: str
    status: str
    risk: str
    item_words: str


@dataclass(frozen=True, slots=True)
class BoardSum:
    """The scorecard in numbers."""

    gap: int
    high: int
    medium: int
    low: int
    satisfied: int
    not_applicable: int


def card_points(
    framework: FrameworkText, scorecard: Sequence[ScorecardEntry], items: Sequence[Item]
) -> list[CardPoint]:
    """Every point in the framework's order."""
    by_number = {entry.point: entry for entry in scorecard}
    counted = Counter(number for item in items for number in set(item.points))
    points = []
    for point in framework.points:
        entry = by_number.get(point.number)
        points.append(
            CardPoint(
                number=point.number,
                key=str(point.number),
                title=point.title,
                question=point.question,
                entry=entry,
                evidence=_evidence(entry) if entry else None,
                look=_look_of(entry),
                status=str(_STATUSES.get(entry.status, entry.status)) if entry else "",
                risk=str(_RISKS.get(entry.risk, entry.risk)) if entry else "",
                item_words=_item_words(counted[point.number]),
            )
        )
    return points


def board_sum(points: Sequence[CardPoint]) -> BoardSum:
    """How many points look like what."""
    looks = Counter(point.look for point in points)
    high, medium, low = (looks[f"gap-{risk}"] for risk in ("high", "medium", "low"))
    return BoardSum(
        gap=high + medium + low,
        high=high,
        medium=medium,
        low=low,
        satisfied=looks[Status.SATISFIED],
        not_applicable=looks[Status.NOT_APPLICABLE],
    )


def worst_first(points: Sequence[CardPoint]) -> list[CardPoint]:
    """The gaps, highest risk first."""
    gaps = [point for point in points if point.entry is not None and point.entry.status == Status.GAP]
    return sorted(gaps, key=lambda point: _BY_RISK.get(Risk(point.entry.risk), 3) if point.entry else 3)


def _look_of(entry: ScorecardEntry | None) -> str:
    if entry is None:
        return "none"
    return f"gap-{entry.risk.lower()}" if entry.status == Status.GAP else entry.status


def _evidence(entry: ScorecardEntry) -> Evidence:
    section, engine = entry.section, _ENGINES.get(entry.engine, entry.engine)
    return Evidence(
        reason=entry.reason,
        section_key=str(section.id) if section else "",
        heading=(section.heading or _("(no heading)")) if section else "",
        start=str(entry.start),
        end=str(entry.end),
        quote=cut(entry.quote, _LONGEST_QUOTE),
        other_status=str(_STATUSES.get(entry.other_status, entry.other_status)),
        other_reason=entry.other_reason,
        source=f"{engine} · {_('confidence')} {floatformat(entry.confidence, 2)}",
    )


def _item_words(count: int) -> str:
    return ngettext("%(n)s item on this point", "%(n)s items on this point", count) % {"n": count} if count else ""
