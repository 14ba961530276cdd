"""The built-in reviewer as a whole: its promises for any text, and for an organization's own framework."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.frameworks.reader import FrameworkFileError, hawkeye, hawkeye_source, read_framework
from apps.analysis.rules import reviewer
from apps.analysis.rules.port import DefectKind, RuleReview, SectionText, Status
from tests.analysis.write_up import document, section

POOR = document(
    section("Several buyers wrote. The impact was significant. Reviews were removed. The QZV desk agreed."),
    section("The root cause is that the seller lied.", heading="Root cause"),
    section("Improve training", "We hope that it gets better.", heading="Next steps", lines_are="list_item"),
    section("You are liars! I am going to my lawyer.", heading="Mail", kind="email"),
)
PIECES = st.sampled_from(
    [
        "Several buyers were hit. ",
        "\u202bשלום ",
        "👩‍👩‍👧 ",
        "TBD ",
        "[date] ",
        "4 May 2025 | ",
        "\u0000",
        "…",
        "\n",
        "The account was closed. ",
        "p.dorn@example.net ",
        "a" * 50,
        "“",
        '"',
        "XX June ",
        "Ω",
        "12:40 ",
        "1,284 sets ",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=40).map("".join)
SECTIONS = st.lists(
    st.tuples(
        st.text(max_size=30),
        st.sampled_from(["narrative", "email", "log", "appendix"]),
        TEXTS,
        st.sampled_from(["paragraph", "list_item", "table_row"]),
    ),
    min_size=1,
    max_size=4,
)


def reviewed(sections: tuple[SectionText, ...]) -> RuleReview:
    return reviewer.review(sections, hawkeye())


@settings(max_examples=150)
@given(SECTIONS)
def test_every_quote_lies_in_its_section_whatever_the_text(given_sections: list[tuple[str, str, str, str]]) -> None:
    sections = tuple(
        SectionText(place, heading, kind, text, (line,) * (text.count("\n") + 1))
        for place, (heading, kind, text, line) in enumerate(given_sections)
    )
    result = reviewed(sections)
    quotes = [one.quote for one in (*result.defects, *result.findings)]
    quotes += [verdict.quote for verdict in result.verdicts.values() if verdict.quote]
    for quote in quotes:
        assert sections[quote.section].text[quote.start : quote.end] == quote.text
    for item in result.findings:
        assert 1 <= len(item.points) <= 3
        assert len(item.questions) <= 2
        assert item.description
        assert 0 <= item.confidence <= 1


def test_a_document_without_sections_is_said_not_to_be_judged_and_a_section_brings_the_verdicts_back() -> None:
    nothing = reviewed(())
    assert {one.status for one in nothing.verdicts.values()} == {Status.NOT_JUDGED}
    assert len(nothing.verdicts) == 20
    assert nothing.findings == nothing.defects == ()
    empty_section = reviewed(document(section("")))
    assert Status.GAP in {one.status for one in empty_section.verdicts.values()}


def test_the_same_document_gets_the_same_review_and_sections_may_be_asked_for_one_by_one() -> None:
    once, again = reviewed(POOR), reviewed(POOR)
    assert once == again
    opened = reviewer.begin(POOR, hawkeye())
    one_by_one = [defect for one in reversed(POOR) for defect in reviewer.review_section(opened, one.index)]
    assert sorted(one_by_one, key=lambda one: (one.quote.section, one.quote.start, one.kind)) == sorted(
        once.defects, key=lambda one: (one.quote.section, one.quote.start, one.kind)
    )


def test_a_poor_document_gets_items_on_its_words_and_none_on_its_mail() -> None:
    result = reviewed(POOR)
    kinds = {one.kind for one in result.defects}
    assert {DefectKind.VAGUE_QUANTITY, DefectKind.SYMPTOM_AS_CAUSE, DefectKind.MISSING_OWNER} <= kinds
    assert all(one.quote.section != 3 for one in result.defects)
    assert any(one.example for one in result.findings)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "a.b-" * 25_000,
        "@" * 50_000,
        "1" * 100_000,
        "1 " * 50_000,
        "AB " * 33_000,
        "Aa " * 33_000,
        "was removed " * 8_000,
        "“" * 50_000,
        "[" * 50_000,
        "4 May 2025 | a\n" * 6_000,
    ],
)
def test_a_text_made_to_exhaust_the_rules_is_reviewed_like_any_other(text: str) -> None:
    for line_kind in ("paragraph", "table_row"):
        hostile = SectionText(0, "Next steps", "narrative", text, (line_kind,) * (text.count("\n") + 1))
        for defect in reviewer.begin((hostile,), hawkeye()).defects:
            assert text[defect.quote.start : defect.quote.end] == defect.quote.text


def test_a_framework_with_other_numbers_is_judged_by_the_rules_that_it_names_and_says_so_of_the_rest() -> None:
    points = hawkeye().points
    own = replace(
        hawkeye(),
        points=(
            replace(points[10], number=901, title="Why it happened"),
            replace(points[0], number=7, rule=None, title="Forklift safety"),
        ),
        defects=tuple(replace(one, point=901) for one in hawkeye().defects if one.kind is DefectKind.SYMPTOM_AS_CAUSE),
    )
    result = reviewer.review(POOR, own)
    assert result.verdicts[901].status is Status.GAP
    assert result.verdicts[901].point == 901
    assert result.verdicts[901].risk is not None
    assert result.verdicts[7].status is Status.NOT_JUDGED
    assert result.verdicts[7].quote is None
    assert {one.kind for one in result.defects} == {DefectKind.SYMPTOM_AS_CAUSE}, (
        "kinds it does not list are not looked for"
    )
    assert {number for one in result.findings for number in one.points} == {901}


def test_a_framework_with_a_rule_that_does_not_exist_is_left_to_people() -> None:
    own = replace(hawkeye(), points=(replace(hawkeye().points[0], rule=4711),), defects=())
    assert reviewer.review(POOR, own).verdicts[1].status is Status.NOT_JUDGED


def test_every_point_and_kind_of_hawkeye_brings_words_of_its_own() -> None:
    words = hawkeye()
    assert [point.rule for point in words.points] == list(range(1, 21))
    assert {one.kind for one in words.defects} == set(DefectKind)
    assert len({point.example for point in words.points}) == len({point.advice for point in words.points}) == 20
    assert all(point.strength and 2 <= len(point.questions) <= 8 for point in words.points)
    assert all(one.advice and one.questions for one in words.defects)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    rule: 7\n", "    rule: none\n", "points[7].rule must be a whole number above 0"),
        ("    rule: 7\n", "    rules: 7\n", "points[7].rules is not known"),
        ("    risk: High\n    advice", "    risk: Grave\n    advice", "risk must be one of High, Medium, Low"),
        ('    strength: "A takeover', '    strength: "" #', "points[7].strength must be a text"),
        ('      - "Which fact stands behind this judgement?"\n', "      - 17\n", "questions must be a text"),
    ],
)
def test_a_bad_framework_says_where_it_is_wrong(old: str, new: str, fault: str) -> None:
    assert old in hawkeye_source()
    with pytest.raises(FrameworkFileError) as refused:
        read_framework(hawkeye_source().replace(old, new, 1))
    assert fault in refused.value.fields["faults"]


def test_a_framework_may_leave_out_the_words_that_are_optional() -> None:
    source = """
slug: own
title: Own
version: 1
summary: Ours.
risk_raised_by: []
points:
  - {number: 1, title: One, question: "Why?", applies_when: "", gap_when: Never., satisfied_when: Always., default_risk: Low, advice: Do., sections: []}
defects:
  - {kind: placeholder, title: Blank, point: 1, explanation: A blank.}
"""
    own = read_framework(source)
    result = reviewer.review(document(section("TBD and several buyers.")), own)
    assert result.verdicts[1].status is Status.NOT_JUDGED
    assert [(one.kind, one.suggestion) for one in result.defects] == [(DefectKind.PLACEHOLDER, "A blank.")]
