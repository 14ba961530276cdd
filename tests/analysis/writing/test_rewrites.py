"""Example rewrites: the document's own words, with blanks where a fact is missing."""

import re

import pytest

from apps.analysis.frameworks.reader import hawkeye
from apps.analysis.rules import reviewer
from apps.analysis.rules.port import Defect, DefectKind, SectionText
from apps.analysis.rules.writing.rewrites import rewrite
from tests.analysis.write_up import document, section, table


def the_defect(kind: DefectKind, *sections: SectionText) -> Defect:
    opened = reviewer.begin(document(*sections), hawkeye())
    return next(one for one in opened.defects if one.kind is kind)


@pytest.mark.parametrize(
    ("kind", "heading", "text", "example"),
    [
        ("vague_quantity", "Impact", "Several buyers wrote to us.", "⟨Number⟩ buyers wrote to us."),
        ("vague_quantity", "Impact", "Some of the straps are red.", "⟨Number⟩ of the straps are red."),
        ("vague_quantity", "Impact", "The vendor promised it soon.", "The vendor promised it by ⟨date⟩."),
        ("vague_quantity", "Impact", "The seller appealed repeatedly.", "The seller appealed ⟨number⟩ times."),
        ("placeholder", "Papers", "The invoice is in ticket [number].", "The invoice is in ticket ⟨number⟩."),
        ("placeholder", "Papers", "Closed on XX June 2025.", "Closed on ⟨day⟩ June 2025."),
        ("passive_hidden_actor", "Steps", "Reviews were removed.", "⟨Name or team⟩ removed reviews on ⟨date⟩."),
        (
            "passive_hidden_actor",
            "Steps",
            "The role was taken away from him on 3 May.",
            "⟨Name or team⟩ took away the role from him on 3 May.",
        ),
        (
            "passive_hidden_actor",
            "Steps",
            "It was decided in the chat.",
            "⟨Name or team⟩ decided in the chat on ⟨date⟩.",
        ),
        (
            "passive_hidden_actor",
            "Steps",
            "They were written to about it.",
            "⟨Name or team⟩ wrote to them about it on ⟨date⟩.",
        ),
        ("undefined_acronym", "Steps", "The QZV desk agreed.", "The ⟨full name⟩ (QZV) desk agreed."),
        (
            "symptom_as_cause",
            "Root cause",
            "The root cause is that the account was hacked.",
            "Why was it possible that the account was hacked? Because ⟨the control⟩ did not ⟨what it should have done⟩, as ⟨test or "
            "log⟩ shows.",
        ),
        (
            "missing_owner",
            "Next steps",
            "Improve training for the late shift by 4 July 2025",
            "⟨Name⟩ will improve training for the late shift by 4 July 2025; checked by ⟨measure⟩ on ⟨date⟩.",
        ),
        (
            "missing_owner",
            "Next steps",
            "Extensions should get more attention.",
            "Extensions should get more attention: ⟨name⟩ does ⟨what exactly⟩, checked by ⟨measure⟩ on ⟨date⟩.",
        ),
        (
            "missing_date",
            "Next steps",
            "Mara Quill sends an apology.",
            "Mara Quill sends an apology by ⟨date⟩; checked by ⟨measure⟩ on ⟨date⟩.",
        ),
        (
            "missing_owner",
            "Steps",
            "In May nobody held it for a day.",
            "⟨Name⟩ of ⟨team⟩ held it from ⟨date⟩ to ⟨date⟩.",
        ),
        ("missing_owner", "Steps", "And somebody should own this.", "And ⟨name⟩ should own this."),
        (
            "unsupported_claim",
            "Steps",
            "The certificate is valid.",
            "The certificate is valid: ⟨name⟩ verified this with ⟨issuer, register or laboratory⟩ on ⟨date⟩, result "
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            ""
            "⟨record⟩.",
        ),
        (
            "unsupported_claim",
            "Steps",
            "They seemed fine with it.",
            "They seemed fine with it, as ⟨log, ticket or report⟩ of ⟨date⟩ shows.",
        ),
        ("blame_language", "Steps", "This scoundrel sold it twice.", "⟨The party, by name or role⟩ sold it twice."),
        (
            "pii_exposed",
            "Steps",
            "Write to p.dorn@example.net or call 07700 900417.",
            "Write to ⟨reference to the record that holds it⟩ or call ⟨telephone number⟩.",
        ),
    ],
)
def test_the_sentence_is_kept_and_the_missing_fact_is_a_blank(kind: str, heading: str, text: str, example: str) -> None:
    assert rewrite(the_defect(DefectKind(kind), section(text, heading=heading))) == example


def test_a_table_cell_becomes_a_blank_in_its_row() -> None:
    rows = table("Action | Owner | Due", "Fix the gate | The team | 4 July 2025", heading="Actions")
    assert rewrite(the_defect(DefectKind.MISSING_OWNER, rows)) == "Fix the gate | ⟨name⟩ | 4 July 2025"


def test_two_days_stand_in_one_blank() -> None:
    one, other = section("The first complaint came on 4 May."), section("The first complaint reached us on 6 May.")
    said = rewrite(the_defect(DefectKind.CONTRADICTION, one, other))
    assert said == "The first complaint reached us on ⟨6 May or 4 May: the one that the record shows⟩."


@pytest.mark.parametrize("kind", list(DefectKind))
def test_no_example_invents_a_figure_a_date_or_a_name(kind: DefectKind) -> None:
    sections = document(
        section("Several buyers wrote. The impact was significant. The QZV desk agreed. Reviews were removed."),
        section("Nordlicht is a bad actor. Those crooks lied. Write to p.dorn@example.net.", heading="Steps"),
        table("Date | Event", "4 May | First complaint", "12 May | Stop", "9 May | Refund [date]", heading="Timeline"),
        section("The first complaint reached us on 6 May.", heading="Notes"),
        section("The root cause is that the seller lied.", heading="Root cause"),
        section("Improve training", "We hope that it gets better.", heading="Next steps", lines_are="list_item"),
    )
    opened = reviewer.begin(sections, hawkeye())
    mine = [one for one in opened.defects if one.kind is kind]
    assert mine
    given = "\n".join(one.text for one in sections)
    for defect in mine:
        outside = re.sub("⟨[^⟩]*⟩", "", rewrite(defect))
        assert set(re.findall(r"\d+", outside)) <= set(re.findall(r"\d+", given))
