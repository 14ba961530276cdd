"""Items: one a gap, one a defect, what is alike folded and counted."""

from dataclasses import replace

from apps.analysis.frameworks.reader import hawkeye
from apps.analysis.rules import reviewer
from apps.analysis.rules.port import DefectKind, FindingDraft, ItemType, Quote, Risk, SectionText, Status, Verdict
from apps.analysis.rules.writing.folding import MOST_OF_A_KIND, folded
from tests.analysis.write_up import document, section, table


def items(*sections: SectionText, verdicts: dict[int, Verdict] | None = None) -> tuple[FindingDraft, ...]:
    opened = reviewer.begin(document(*sections), hawkeye())
    return reviewer.findings(opened, verdicts or {}, opened.defects)


def gap(point: int, quote: Quote, reason: str = "Not stated: the control that failed.") -> dict[int, Verdict]:
    return {point: Verdict(point, Status.GAP, Risk.HIGH, 0.83, quote, reason)}


def test_a_gap_brings_the_frameworks_words_and_the_questions_about_what_is_missing() -> None:
    reason = "Not stated: what was asked and answered."
    (item,) = items(section("Nothing here.", heading="Contact"), verdicts=gap(9, Quote(0, 0, 0, ""), reason))
    words = hawkeye().point(9)
    assert item.points == (9,)
    assert item.type is ItemType.CRITICAL
    assert item.suggestion == f"{words.advice} The section \u201cContact\u201d is where readers will look for it."
    assert item.example == words.example
    assert item.questions == words.questions[1:3]


def test_a_gap_on_words_that_a_defect_marks_too_is_one_item_with_the_defects_rewrite() -> None:
    text = "The root cause is that the account was hacked."
    (item,) = items(section(text, heading="Root cause"), verdicts=gap(11, Quote(0, 0, len(text), text)))
    assert item.kind == ""
    assert "stops at a party" in item.description
    assert item.example.startswith("Why was it possible that the account was hacked?")


def test_a_gap_without_words_takes_those_of_the_defect_that_is_the_gap() -> None:
    text = "The root cause is that the account was hacked."
    (item,) = items(section(text, heading="Root cause"), verdicts=gap(11, Quote(0, 0, 0, "")))
    assert item.quote.text == text


def test_owner_and_date_of_one_action_are_one_item_that_asks_for_both() -> None:
    (item,) = items(section("Improve training", heading="Next steps", lines_are="list_item"))
    assert "neither a person who answers for it nor a date" in item.description
    assert "Name one person" in item.suggestion
    assert "Give the date" in item.suggestion
    assert item.example == "⟨Name⟩ will improve training by ⟨date⟩; checked by ⟨measure⟩ on ⟨date⟩."
    assert len(item.questions) == 2


def test_both_cells_of_a_row_become_blanks() -> None:
    (item,) = items(table("Action | Owner | Due", "Fix the gate | The team | Ongoing", heading="Actions"))
    assert item.example == "Fix the gate | ⟨name⟩ | ⟨date⟩"


def test_two_of_a_kind_in_a_sentence_are_one_item() -> None:
    (item,) = items(section("A handful of buyers wrote, and a little later some of them wrote again."))
    assert "The same goes for \u201ca little later\u201d." in item.description


def test_beyond_the_cap_the_rest_is_counted_in_the_last_item_of_its_kind() -> None:
    sections = [section("Reviews were removed.", "The shop was closed.", heading=f"Part {n}") for n in range(4)]
    shown = [one for one in items(*sections) if one.kind == "passive_hidden_actor"]
    assert len(shown) == MOST_OF_A_KIND
    assert any("6 more like this" in one.description for one in shown)


def test_an_action_without_owner_and_date_counts_once_beyond_the_cap() -> None:
    lines = ["Improve the form", "Raise awareness of it", "Review the macro"]
    found = items(section(*lines, heading="Next steps", lines_are="list_item"))
    assert len(found) == MOST_OF_A_KIND
    assert found[-1].description.endswith("One more like this: \u201cReview the macro\u201d.")


def test_every_defect_is_in_exactly_one_group() -> None:
    sections = [section("Reviews were removed and several buyers wrote.", "Some of them lied.") for _ in range(9)]
    opened = reviewer.begin(document(*sections), hawkeye())
    groups = folded(opened.defects, sentence_count=18)
    inside = [one for group in groups for one in (group.shown, *group.beside, *group.more)]
    assert sorted(map(id, inside)) == sorted(map(id, opened.defects))


def test_slips_that_each_need_a_hand_are_never_folded() -> None:
    lines = [f"Write to p{n}.dorn@example.net." for n in range(9)]
    assert sum(one.kind == "pii_exposed" for one in items(section(*lines))) == 9


def test_personal_data_is_quoted_as_anchor_and_repeated_nowhere() -> None:
    text = "I think they are honest, see p.dorn@example.net or 07700 900417."
    found = items(section(text), verdicts=gap(2, Quote(0, 0, len(text), text)))
    assert found
    for item in found:
        said = " ".join([item.description, item.suggestion, item.example, *item.questions])
        assert "dorn" not in said
        assert "900417" not in said


def test_personal_data_within_an_action_is_masked_where_the_action_is_quoted() -> None:
    action = section("Send the file to p.dorn@example.net", heading="Next steps", lines_are="list_item")
    (item,) = [one for one in items(action) if one.kind in {"missing_owner", "missing_date"}]
    assert "\u27e8e-mail address\u27e9" in item.description
    assert "dorn" not in item.description + item.example


def test_strengths_are_few_carry_evidence_and_ask_for_nothing() -> None:
    lines = [f"Fact number {n} stands here." for n in range(6)]
    given = section(*lines)
    met = {}
    for number, point in enumerate((1, 2, 3, 4, 11, 17)):
        start = given.text.index(lines[number])
        met[point] = Verdict(
            point, Status.SATISFIED, None, 0.84, Quote(0, start, start + len(lines[number]), lines[number]), ""
        )
    found = [one for one in items(given, verdicts=met) if one.type is ItemType.POSITIVE]
    assert len(found) == 3
    assert {one.points[0] for one in found} == {1, 11, 2}, "the points of most weight come first"
    assert all(one.description and not one.suggestion and one.risk is Risk.LOW for one in found)


def test_a_point_of_the_framework_that_says_nothing_of_its_own_still_makes_an_item() -> None:
    plain = replace(
        hawkeye(), points=tuple(replace(one, example="", questions=(), strength="") for one in hawkeye().points)
    )
    opened = reviewer.begin(document(section("Nothing.")), plain)
    (item,) = reviewer.findings(opened, gap(9, Quote(0, 0, 0, "")), ())
    assert item.description
    assert item.suggestion
    assert (item.example, item.questions) == ("", ())


def test_the_risk_and_point_of_a_defect_are_those_of_the_framework() -> None:
    words = tuple(
        replace(one, point=13, risk=Risk.HIGH) if one.kind is DefectKind.VAGUE_QUANTITY else one
        for one in hawkeye().defects
    )
    opened = reviewer.begin(document(section("Several buyers wrote.")), replace(hawkeye(), defects=words))
    (item,) = reviewer.findings(opened, {}, opened.defects)
    assert (item.points, item.risk, item.type) == ((13,), Risk.HIGH, ItemType.CRITICAL)


def test_gaps_of_several_points_on_the_same_words_are_one_item_and_the_gravest_gives_the_category() -> None:
    text = "You promised a decision within 10 days and are in breach."
    quote = Quote(0, 0, len(text), text)
    verdicts = {
        14: Verdict(14, Status.GAP, Risk.LOW, 0.82, quote, "Nobody of Legal was asked."),
        19: Verdict(19, Status.GAP, Risk.HIGH, 0.84, quote, "No duty is named."),
    }
    (item,) = items(section(text, heading="Mail", kind="email"), verdicts=verdicts)
    assert (item.points, item.type, item.confidence) == ((19, 14), ItemType.CRITICAL, 0.82)
    assert "No duty is named." in item.description
    assert "Nobody of Legal was asked." in item.description
    assert item.questions == (hawkeye().point(19).questions[0], hawkeye().point(14).questions[0])


def test_the_words_of_an_item_are_quoted_once_and_in_brief() -> None:
    text = "The warehouse opened the new sorting lane for medicines on 3 March 2025 without telling anybody of it."
    quote = Quote(0, 0, len(text), text)
    verdicts = {
        19: Verdict(19, Status.GAP, Risk.HIGH, 0.84, quote, f"\u201c{text[:66]} \u2026\u201d touches a legal duty."),
        20: Verdict(20, Status.GAP, Risk.LOW, 0.84, quote, f"\u201c{text[:66]} \u2026\u201d tells of a launch."),
    }
    (item,) = [one for one in items(section(text), verdicts=verdicts) if not one.kind]
    assert item.description == (
        "\u201cThe warehouse opened the new sorting lane for\u2026\u201d touches a legal duty. It also tells of a launch."
    )


def test_an_action_in_a_table_is_one_item_with_the_blanks_of_its_row() -> None:
    rows = ("Action | Owner | Due", "Fix the gate | The team | Ongoing")
    given = table(*rows, heading="Actions")
    quote = Quote(0, len(rows[0]) + 1, len(rows[0]) + 13, "Fix the gate")
    (item,) = items(given, verdicts=gap(12, quote, "Nobody is named."))
    assert item.example == "Fix the gate | \u27e8name\u27e9 | \u27e8date\u27e9"


def test_gaps_without_words_stay_apart_and_four_points_are_two_items() -> None:
    text = "One sentence for all."
    missing = {point: Verdict(point, Status.GAP, Risk.LOW, 0.8, Quote(0, 0, 0, ""), "Missing.") for point in (5, 6)}
    assert len(items(section(text), verdicts=missing)) == 2
    quoted = {
        point: Verdict(point, Status.GAP, Risk.LOW, 0.8, Quote(0, 0, len(text), text), "Missing.")
        for point in (5, 6, 7, 8)
    }
    assert [one.points for one in items(section(text), verdicts=quoted)] == [(5, 6, 7), (8,)]


def test_the_same_words_are_not_praised_and_faulted() -> None:
    text = "One sentence for all."
    quote = Quote(0, 0, len(text), text)
    verdicts = {
        4: Verdict(4, Status.GAP, Risk.MEDIUM, 0.82, quote, "No policy."),
        19: Verdict(19, Status.SATISFIED, None, 0.84, quote, "Handled."),
    }
    assert [one.type for one in items(section(text), verdicts=verdicts)] == [ItemType.IMPORTANT]


def test_what_a_gap_says_itself_is_not_said_again_for_its_defect() -> None:
    text = "If the portal is quiet after that, we have succeeded."
    verdicts = gap(18, Quote(0, 0, len(text), text), f"\u201c{text[:30]}\u201d is no metric.")
    (item,) = items(section(text, heading="Next steps"), verdicts=verdicts)
    assert item.description == f"\u201c{text[:30]}\u201d is no metric."
    assert item.example.startswith("\u27e8Figure\u27e9 stood at")
