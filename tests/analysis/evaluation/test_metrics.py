"""The figures of an evaluation, against numbers worked out by hand."""

import pytest

from apps.analysis.evaluation.labelled import Label, LabelledDefect, LabelledDocument
from apps.analysis.evaluation.metrics import accuracy, class_score, evaluate, kappa, macro, quotes_overlap, score
from apps.analysis.rules.port import Defect, DefectKind, Quote, RuleReview, SectionText, Status, Verdict

G, S, N = "gap", "satisfied", "not_applicable"
# 10 pairs: gap is wanted 4 times and said 3 times, twice rightly; satisfied wanted 4, said 5, rightly 3; n.a. wanted 2, said 2, rightly 1.
PAIRS = [(G, G), (G, G), (G, S), (G, S), (S, S), (S, S), (S, S), (S, N), (N, N), (N, G)]


def test_accuracy_is_the_share_of_equal_pairs():
    assert accuracy(PAIRS) == 0.6


def test_a_class_is_scored_by_what_was_wanted_and_what_was_said():
    gap = class_score(PAIRS, G)
    assert (gap.wanted, gap.said) == (4, 3)
    assert (gap.precision, gap.recall) == (0.6667, 0.5)
    assert gap.f1 == pytest.approx(4 / 7, abs=1e-4)


def test_the_macro_mean_counts_each_class_alike():
    mean = macro([class_score(PAIRS, one) for one in (G, S, N)])
    assert mean.recall == pytest.approx((0.5 + 0.75 + 0.5) / 3, abs=1e-4)
    assert mean.precision == pytest.approx((2 / 3 + 3 / 5 + 1 / 2) / 3, abs=1e-4)


def test_kappa_takes_chance_out():
    # chance = (4*3 + 4*5 + 2*2) / 100 = 0.36; (0.6 - 0.36) / 0.64 = 0.375
    assert kappa(PAIRS) == 0.375


def test_kappa_of_full_agreement_is_one_and_of_the_opposite_is_minus_one():
    assert kappa([(G, G), (S, S)]) == 1.0
    assert kappa([(G, S), (S, G)]) == -1.0
    assert kappa([(G, G), (G, G)]) == 1.0


def test_nothing_said_and_nothing_wanted_is_no_division_by_zero():
    assert score(0, 0, 0).f1 == 0.0
    assert accuracy([]) == 0.0
    assert kappa([]) == 0.0


def test_quotes_overlap_when_half_of_the_shorter_one_is_shared():
    assert quotes_overlap("the account was blocked", "The  ACCOUNT was blocked and later unblocked")
    assert quotes_overlap("abcdefgh", "xxefghyy")
    assert not quotes_overlap("abcdefgh", "xxfghyyy")
    assert not quotes_overlap("", "anything")


def _document(*labels: Label, defects: tuple[LabelledDefect, ...] = ()) -> LabelledDocument:
    sections = (
        SectionText(0, "Summary", "narrative", "Many buyers. Soon."),
        SectionText(1, "1. Root Cause", "narrative", "Greed."),
    )
    return LabelledDocument("x", sections, dict(enumerate(labels, start=1)), defects)


def _verdict(point: int, status: Status, section: int | None = None) -> Verdict:
    quote = None if section is None else Quote(section, 0, 0, "")
    return Verdict(point, status, None, 0.9, quote, "")


def test_a_document_is_scored_point_by_point_and_disputed_labels_are_left_out():
    document = _document(Label(G, 0, ""), Label(S, 1, "x"), Label("disputed", None, ""), Label(N, None, ""))
    verdicts = {1: _verdict(1, Status.GAP, 0), 2: _verdict(2, Status.GAP, 1), 3: _verdict(3, Status.GAP, 0)}
    figures = evaluate([(document, RuleReview(verdicts))])
    assert figures.labels == 3
    assert figures.accuracy == 0.3333
    assert figures.by_point[1].accuracy == 1.0
    assert figures.by_point[2].gap.said == 1
    assert 3 not in figures.by_point
    assert figures.by_point[4].accuracy == 0.0, "a point that the engine says nothing of is wrong"


@pytest.mark.parametrize(("said", "share"), [(0, 1.0), (1, 0.0)])
def test_a_gap_is_rightly_placed_when_it_names_the_section_of_the_label(said: int, share: float):
    figures = evaluate([(_document(Label(G, 0, "")), RuleReview({1: _verdict(1, Status.GAP, said)}))])
    assert figures.gap_section_right == share


def test_sections_with_one_heading_in_the_other_count_as_the_same():
    sections = (SectionText(0, "Root Cause", "narrative", "a"), SectionText(1, "5. Root cause", "narrative", "b"))
    document = LabelledDocument("x", sections, {1: Label(G, 0, "")}, ())
    assert evaluate([(document, RuleReview({1: _verdict(1, Status.GAP, 1)}))]).gap_section_right == 1.0


def _defect(kind: DefectKind, words: str) -> Defect:
    quote = Quote(0, 0, len(words), words)
    return Defect(kind, quote, 1, "", "", 0.9, quote)


def test_a_defect_needs_its_kind_and_its_words_and_meets_one_label_only():
    wanted = (
        LabelledDefect("vague_quantity", 0, "Many buyers"),
        LabelledDefect("vague_quantity", 0, "Many buyers"),
        LabelledDefect("placeholder", 0, "Soon"),
    )
    said = (_defect(DefectKind.VAGUE_QUANTITY, "Many"), _defect(DefectKind.VAGUE_QUANTITY, "Soon"))
    figures = evaluate([(_document(defects=wanted), RuleReview({}, said))])
    assert (figures.by_defect["vague_quantity"].precision, figures.by_defect["vague_quantity"].recall) == (0.5, 0.5)
    assert figures.by_defect["placeholder"].recall == 0.0
    assert (figures.defects.said, figures.defects.wanted, figures.defects.recall) == (2, 3, 0.3333)
