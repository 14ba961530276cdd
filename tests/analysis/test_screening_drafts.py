"""From drafts to what people see: nothing vanishes uncounted."""

from dataclasses import replace

import pytest

from apps.analysis.rules.port import FindingDraft, ItemType, Quote, Risk
from apps.analysis.screening.candidate import RULES, Candidate
from apps.analysis.screening.ranking import Order
from apps.analysis.screening.screen import ScreenSettings, screen

BASE = FindingDraft(
    points=(1,),
    type=ItemType.IMPORTANT,
    risk=Risk.MEDIUM,
    confidence=0.9,
    quote=Quote(0, 10, 30, "x" * 20),
    description="The number of customers is missing.",
    suggestion="Give it.",
)


def draft(source: str = "model", *, at: tuple[int, int] = (10, 30), **changes: object) -> Candidate:
    quote = Quote(0, at[0], at[1], "x" * (at[1] - at[0]))
    return Candidate(replace(BASE, quote=quote, **changes), (source,))  # type: ignore[arg-type]


def test_an_item_on_the_threshold_is_shown_and_one_below_is_hidden_and_counted() -> None:
    screened = screen(
        [draft(confidence=0.8), draft(confidence=0.79, points=(2,))], settings=ScreenSettings(min_confidence=0.8)
    )
    assert [candidate.draft.points for candidate in screened.kept] == [(1,)]
    assert (screened.hidden_count, screened.duplicate_count) == (1, 0)


def test_what_rules_and_model_both_say_keeps_the_rules_words_and_names_both() -> None:
    says = draft("model-a", confidence=0.95, at=(12, 40), description="Other words.", example="[n] customers")
    screened = screen([says, draft(RULES, confidence=0.85)], settings=ScreenSettings())
    (kept,) = screened.kept
    assert (kept.draft.confidence, kept.sources) == (0.95, (RULES, "model-a"))
    assert (kept.draft.description, kept.draft.example) == (BASE.description, "[n] customers")
    assert screened.duplicate_count == 1


def test_of_two_models_the_more_confident_one_keeps_its_words() -> None:
    two = [draft("model-a"), draft("model-b", confidence=0.95, at=(12, 40), description="Other words.")]
    (kept,) = screen(two, settings=ScreenSettings()).kept
    assert (kept.draft.description, kept.sources) == ("Other words.", ("model-b", "model-a"))


def test_the_same_words_about_the_same_point_elsewhere_in_the_section_are_one_item() -> None:
    again = draft(at=(200, 220), description="The number of customers is  missing")
    assert screen([draft(), again], settings=ScreenSettings()).duplicate_count == 1


def test_two_remarks_that_something_is_missing_for_one_point_are_one() -> None:
    two = [draft(at=(0, 0)), draft(at=(0, 0), description="Entirely different sentence here")]
    assert screen(two, settings=ScreenSettings()).duplicate_count == 1


@pytest.mark.parametrize(
    "other",
    [
        draft(points=(2,)),
        draft(at=(29, 60), description="Something else altogether is wrong"),
        draft(type=ItemType.POSITIVE),
        Candidate(replace(BASE, quote=Quote(1, 10, 30, "x" * 20)), ("model",)),
    ],
    ids=["another point", "a word in common", "praise", "another section"],
)
def test_what_differs_stays(other: Candidate) -> None:
    assert screen([draft(), other], settings=ScreenSettings()).duplicate_count == 0


def test_two_kinds_of_fault_on_the_same_words_both_stay() -> None:
    faults = [draft(RULES, kind="missing_owner"), draft(RULES, kind="missing_date")]
    assert screen(faults, settings=ScreenSettings()).duplicate_count == 0


def test_every_draft_is_kept_hidden_or_counted() -> None:
    drafts = [draft(confidence=c / 20, points=(1 + c % 3,), at=(c * 7, c * 7 + 10)) for c in range(20)]
    screened = screen(drafts, settings=ScreenSettings())
    assert len(screened.kept) + screened.hidden_count + screened.duplicate_count == 20


def test_a_models_gap_is_lifted_to_the_points_risk_and_further_when_the_case_is_severe() -> None:
    defaults = {1: Risk.MEDIUM}
    low = draft(risk=Risk.LOW)
    assert screen([low], settings=ScreenSettings(default_risks=defaults)).kept[0].draft.risk is Risk.MEDIUM
    severe = ScreenSettings(default_risks=defaults, is_severe=True)
    assert screen([low], settings=severe).kept[0].draft.risk is Risk.HIGH
    high = draft(risk=Risk.HIGH)
    assert screen([high], settings=ScreenSettings(default_risks=defaults)).kept[0].draft.risk is Risk.HIGH


@pytest.mark.parametrize("left", [draft(RULES, risk=Risk.LOW), draft(risk=Risk.LOW, type=ItemType.POSITIVE)])
def test_the_rules_own_risks_and_praise_are_left_alone(left: Candidate) -> None:
    settings = ScreenSettings(default_risks={1: Risk.HIGH})
    assert screen([left], settings=settings).kept[0].draft.risk is Risk.LOW


def test_items_come_by_importance_or_in_reading_order() -> None:
    drafts = [
        draft(at=(0, 5), points=(1,), type=ItemType.POSITIVE, risk=Risk.LOW),
        draft(at=(50, 60), points=(2,), type=ItemType.IMPORTANT, confidence=0.99),
        draft(at=(20, 30), points=(3,), type=ItemType.CRITICAL, risk=Risk.HIGH),
        draft(at=(70, 80), points=(4,), type=ItemType.IMPORTANT, risk=Risk.HIGH),
    ]

    def points(order: Order) -> list[int]:
        return [one.draft.points[0] for one in screen(drafts, settings=ScreenSettings(order=order)).kept]

    assert points(Order.IMPORTANCE) == [3, 4, 2, 1]
    assert points(Order.READING) == [1, 3, 2, 4]


def test_faults_of_one_kind_on_different_words_stay_apart_although_they_are_described_alike() -> None:
    here = draft(kind="vague_quantity", description="\u201cSeveral buyers\u201d stands where a figure belongs.")
    there = draft(
        at=(80, 100), kind="vague_quantity", description="\u201cSeveral boxes\u201d stands where a figure belongs."
    )
    screened = screen([here, there], settings=ScreenSettings())
    assert len(screened.kept) == 2
    assert screened.duplicate_count == 0
    again = screen([here, here], settings=ScreenSettings())
    assert len(again.kept) == 1
    assert again.duplicate_count == 1
