"""The kinds of fault in very different words."""

from pathlib import Path

import pytest
import yaml

from apps.analysis.rules.defects.registry import marks_of
from apps.analysis.rules.port import DefectKind
from tests.analysis.reading.reading_of import document

KINDS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "other_words.yaml").read_text(encoding="utf-8")
)
CASES = [(kind, case) for kind, cases in KINDS.items() for case in cases]


@pytest.mark.parametrize(("kind", "case"), CASES, ids=lambda part: part if isinstance(part, str) else part["text"])
def test_a_fault_is_marked_whatever_the_words(kind: str, case: dict[str, str]) -> None:
    words = case.get("marked", "")
    found = [mark.quote.text for mark in marks_of(document((case["heading"], case["text"]))) if mark.kind == kind]
    assert bool(found) == bool(words)
    assert not words or any(words in quote or quote in words or _share(words, quote) for quote in found)


def _share(one: str, other: str) -> bool:
    """Half of the shorter one's words stand in both."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) * 2 >= min(len(first), len(second))


def test_every_kind_that_stands_in_words_is_shown() -> None:
    shown = {DefectKind(kind) for kind in KINDS}
    # These three lie between two places and have tests of their own.
    assert shown == set(DefectKind) - {DefectKind.TIMELINE_GAP, DefectKind.TIMELINE_ORDER, DefectKind.CONTRADICTION}


@pytest.mark.parametrize(
    ("parts", "is_conflict"),
    [
        (
            [
                ("Summary", "The gate went live on 3 May 2026."),
                ("Timeline", "4 May 2026: the gate goes live in all shops."),
            ],
            True,
        ),
        ([("Summary", "In all, 312 buyers were hit."), ("Impact", "The fault hit 321 buyers.")], True),
        ([("Summary", "The fault hit 312 buyers."), ("Impact", "Of the 312 buyers, 213 wrote to us.")], False),
        (
            [("Summary", "We refunded EUR 4,120 to the buyers."), ("Money", "Refunds to buyers came to EUR 4,210.")],
            True,
        ),
        ([("Summary", "Fourteen sellers were affected."), ("Impact", "The 16 affected sellers lost two days.")], True),
        (
            [("Summary", "The account was closed on 9 May."), ("Decision", "Ada Roy closed the account on 11 May.")],
            True,
        ),
        ([("Summary", "The account was closed on 9 May. The case was closed on 11 May.")], False),
        ([("Summary", "Support answered 40 mails on 3 May and 52 mails on 4 May."), ("Impact", "Mails: 92.")], False),
    ],
)
def test_two_figures_or_days_for_one_fact(parts: list[tuple[str, str]], is_conflict: bool) -> None:
    found = [mark for mark in marks_of(document(*parts)) if mark.kind is DefectKind.CONTRADICTION]
    assert bool(found) is is_conflict
