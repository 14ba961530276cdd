"""A model's reply is untrusted: what is used of it, and what is said of the rest."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.parsing.quote_matching import find_quote
from apps.analysis.parsing.read_reply import Expectation, ReadReply, merged, read_reply, repair_message
from apps.analysis.rules.port import ItemType, Quote, Risk, SectionText

TEXT = (
    "On 3 May the seller \u201cAcme\u201d lost access to 14 listings.\nThe team restored them   after a manual review by Risk."
    " Nobody recorded who approved the exception in the tracker."
)
SECTION = SectionText(index=4, heading="Timeline", kind="narrative", text=TEXT)
EXPECTED = Expectation(SECTION, frozenset(range(1, 21)), remark_count=2)


def item(**changes: Any) -> dict[str, Any]:
    full: dict[str, Any] = {
        "points": [4, 13],
        "type": "important",
        "risk": "Medium",
        "confidence": 0.9,
        "quote": "Nobody recorded who approved",
        "description": "The approver is missing.",
        "suggestion": "Name the approver.",
        "example": "",
        "questions": ["Who?", "When?", "Why?"],
    }
    return {key: value for key, value in {**full, **changes}.items() if value is not ...}


def read(*items: Any, checks: Any = None) -> ReadReply:
    return read_reply(json.dumps({"items": list(items), "checks": checks}), expected=EXPECTED)


def codes(reply: ReadReply) -> list[str]:
    return [problem.code for problem in reply.problems]


def test_a_good_item_becomes_a_draft_on_its_exact_words() -> None:
    reply = read(item())
    (draft,) = reply.findings
    assert (draft.points, draft.type, draft.risk, draft.confidence) == ((4, 13), ItemType.IMPORTANT, Risk.MEDIUM, 0.9)
    assert TEXT[draft.quote.start : draft.quote.end] == draft.quote.text == "Nobody recorded who approved"
    assert draft.quote.section == 4
    assert draft.questions == ("Who?", "When?")
    assert not reply.needs_repair


@pytest.mark.parametrize(
    "wrapping", ["{}", "```json\n{}\n```", "Sure! Here it is:\n```\n{}\n```\nDone.", "My answer: {} That is all."]
)
def test_json_is_found_in_fences_and_between_words(wrapping: str) -> None:
    text = wrapping.replace("{}", json.dumps({"items": [item()]}))
    assert len(read_reply(text, expected=EXPECTED).findings) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("```" + letter * 300_000 for letter in " a`"),
        *("x" * 500_000, "null", '{"a":' * 5_000),
        *(
            "",
            "I cannot do that.",
            "{",
            "[" * 100_000,
            '{"items": 3}',
            "{}",
            '{"items": [{"confidence": NaN}]}',
            "1" * 5_000,
        ),
    ],
)
def test_what_is_no_reply_is_unreadable_and_asks_for_repair(text: str) -> None:
    reply = read_reply(text, expected=EXPECTED)
    assert (reply.is_readable, reply.findings) == (False, ())
    assert reply.needs_repair
    assert len(repair_message(reply)) < 400


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"points": [0, 21]}, "points_out_of_range"),
        ({"points": []}, "points_out_of_range"),
        ({"points": [True]}, "points_out_of_range"),
        ({"points": 4}, "points_out_of_range"),
        ({"type": "approved"}, "type_unknown"),
        ({"risk": ...}, "risk_unknown"),
        ({"confidence": ...}, "confidence_out_of_range"),
        ({"confidence": 1.5}, "confidence_out_of_range"),
        ({"confidence": "9" * 400}, "confidence_out_of_range"),
        ({"confidence": "nan"}, "confidence_out_of_range"),
        ({"quote": ...}, "quote_unusable"),
        ({"quote": "words that nobody ever wrote in this section"}, "quote_not_in_section"),
        ({"description": " \x00"}, "description_missing"),
        ({"suggestion": ...}, "suggestion_missing"),
    ],
)
def test_an_item_out_of_range_is_dropped_counted_and_named(changes: dict[str, Any], code: str) -> None:
    reply = read(item(**changes), item())
    assert codes(reply) == [code]
    assert (len(reply.findings), reply.dropped_count) == (1, 1)
    assert not reply.needs_repair
    assert read(item(**changes)).needs_repair


def test_numbers_sent_as_text_and_odd_letter_case_are_understood() -> None:
    (draft,) = read(item(points=["4"], confidence="0.85", risk="HIGH", type=" Critical")).findings
    assert (draft.points, draft.confidence, draft.risk, draft.type) == ((4,), 0.85, Risk.HIGH, ItemType.CRITICAL)


def test_points_not_in_the_framework_are_left_out_and_three_are_the_most() -> None:
    (draft,) = read(item(points=[99, 5, 5, 6, 7, 8])).findings
    assert draft.points == (5, 6, 7)


def test_unstorable_characters_go_and_a_long_text_is_shortened_in_the_open() -> None:
    reply = read(item(description="a\x00b\ud800c " + "d" * 2_000))
    assert reply.findings[0].description.startswith("abc d")
    assert len(reply.findings[0].description) == 1_000
    assert codes(reply) == ["text_shortened"]


def test_a_flood_of_items_is_cut_and_counted() -> None:
    reply = read(*[item()] * 150)
    assert (len(reply.findings), reply.dropped_count, codes(reply)) == (100, 50, ["too_many_items"])


def test_checks_of_remarks_that_were_not_listed_are_ignored() -> None:
    checks = [{"remark": 2, "agrees": False, "reason": "It is there."}, {"remark": 3, "agrees": True}, {"remark": 1}, 7]
    assert [(check.remark, check.agrees) for check in read(checks=checks).checks] == [(2, False)]


def test_the_repair_message_repeats_no_words_of_the_reply() -> None:
    reply = read(item(quote="SECRET-CANARY words that are nowhere"), item(type="CANARY"))
    assert "CANARY" not in repair_message(reply)
    assert "quote not in section (1)" in repair_message(reply)


def test_replies_of_windows_are_added_up() -> None:
    both = merged((read(item()), read(item(), item(risk="?"))))
    assert (len(both.findings), both.dropped_count, codes(both)) == (2, 1, ["risk_unknown"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["items", "points", "type", "quote", "checks", "remark"]), inner)
        ),
    )
)
def test_nothing_a_model_writes_raises(body: Any) -> None:
    read_reply(json.dumps(body), expected=EXPECTED)
    read_reply(json.dumps({"items": [body], "checks": [body]}), expected=EXPECTED)


@pytest.mark.parametrize(
    ("quoted", "words"),
    [
        ("lost access to 14 listings", "lost access to 14 listings"),
        ("\u201clost access to 14 listings\u2026\u201d", "lost access to 14 listings"),
        ('the seller "Acme" lost', "the seller \u201cAcme\u201d lost"),
        ("14 listings. The team restored them after", "14 listings.\nThe team restored them   after"),
        ("Nobody  recorded\nwho", "Nobody recorded who"),
        ("Nobody recorded who aproved the exception in the tracker.", TEXT[TEXT.index("Nobody") :]),
        (
            "The team restored them after a manual revue by Risk",
            "The team restored them   after a manual review by Risk",
        ),
    ],
)
def test_quotes_are_found_exactly_then_by_white_space_then_nearly(quoted: str, words: str) -> None:
    quote = find_quote(quoted, section=SECTION)
    assert quote is not None
    assert quote.text == words == TEXT[quote.start : quote.end]


@pytest.mark.parametrize(
    "quoted",
    [
        "of",
        "Nobody wrote down who approved an exception in the tracker.",
        "Nobody ever wrote down who gave approval in a tracker",
        "lost acess",
        "x" * 900,
    ],
)
def test_other_words_are_not_found(quoted: str) -> None:
    assert find_quote(quoted, section=SECTION) is None


def test_an_empty_quote_means_look_at_the_heading() -> None:
    assert find_quote(' "" ', section=SECTION) == Quote(4, 0, 0, "")


def test_of_several_places_the_one_that_was_shown_is_taken_and_whole_words_go_first() -> None:
    twice = SectionText(0, "", "narrative", "impact act. The act was late. The act was late.")
    assert find_quote("The act was late.", section=twice, near=(25, 47)) == Quote(0, 30, 47, "The act was late.")
    assert find_quote("act", section=twice) == Quote(0, 7, 10, "act")


@given(st.text(min_size=1, max_size=120), st.data())
def test_a_found_quote_always_holds_the_sections_own_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = find_quote(text[start:end], section=SectionText(0, "", "narrative", text))
    if quote is not None:
        assert text[quote.start : quote.end] == quote.text
