"""Dividing keeps every word, finds headings by the order of trust, and sets evidence apart."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.documents.blocks.port import Block, BlockKind, ExtractedText, FileKind, HeadingHints, Piece
from apps.documents.extraction.plain_text import read_plain_text
from apps.documents.sectioning.drafts import HeadingTrust, SectionDraft, SectionKind
from apps.documents.sectioning.plan import divide
from apps.documents.word.builder import Bullets, Content, Heading, HeadingStyle, Paragraph, Table, Title, build
from apps.documents.word.reader import read_word


def divided(*contents: Content) -> tuple[SectionDraft, ...]:
    return divide(read_word(build(contents)))


def test_text_before_the_first_heading_and_a_table_are_kept() -> None:
    sections = divided(Title("Case 4"), Table((("Owner", "Ana"),)), Heading("Summary"), Paragraph("It broke."))
    assert [(one.heading, one.text) for one in sections] == [("", "Owner | Ana"), ("Summary", "It broke.")]
    assert sections[0].title == "Case 4"


def test_repeated_headings_and_a_heading_after_a_heading_stay_apart() -> None:
    sections = divided(
        Heading("Findings"), Heading("Findings", level=2), Paragraph("One."), Heading("Findings"), Paragraph("Two.")
    )
    assert [(one.heading, one.level, one.text) for one in sections] == [
        ("Findings", 1, ""),
        ("Findings", 2, "One."),
        ("Findings", 1, "Two."),
    ]
    assert sections[0].line_kinds == ()


def test_the_trust_of_a_heading_tells_how_it_was_found() -> None:
    sections = divided(
        Heading("What we saw", style=HeadingStyle.BOLD),
        Paragraph("It broke on Monday."),
        Heading("2.1 Root Cause", style=HeadingStyle.NUMBERED),
        Paragraph("A rule was off."),
        Heading("the next measures", style=HeadingStyle.CAPS),
        Paragraph("Turn it on."),
        Paragraph("Recommendations"),
        Paragraph("Keep it on."),
    )
    assert [(one.heading, one.trust, one.level) for one in sections] == [
        ("What we saw", HeadingTrust.FORMATTING, 1),
        ("2.1 Root Cause", HeadingTrust.NUMBERING, 2),
        ("THE NEXT MEASURES", HeadingTrust.FORMATTING, 1),
        ("Recommendations", HeadingTrust.KNOWN_NAME, 1),
    ]


def test_a_sentence_that_holds_a_known_name_is_no_heading() -> None:
    sections = divided(
        Heading("Start"),
        Paragraph("The root cause is told in the timeline of events."),
        Paragraph("3 days later the rule was off."),
    )
    assert len(sections) == 1


def test_quoted_mail_in_a_narrative_is_evidence_and_gives_the_narrative_back() -> None:
    sections = divided(
        Heading("Contact"),
        Paragraph("The buyer wrote to us."),
        Paragraph("From: buyer"),
        Paragraph("To: desk"),
        Paragraph("My money is gone."),
        Paragraph("We answered on the same day."),
    )
    assert [(one.kind, one.text) for one in sections] == [
        (SectionKind.NARRATIVE, "The buyer wrote to us."),
        (SectionKind.EMAIL, "From: buyer\nTo: desk\nMy money is gone."),
        (SectionKind.NARRATIVE, "We answered on the same day."),
    ]


def test_logs_and_annexes_are_told_from_narrative() -> None:
    log = [Paragraph(f"2025-03-0{day} 10:00 user=ops{day} action=login", is_preformatted=True) for day in range(1, 5)]
    sections = divided(
        Heading("Session log"),
        *log,
        Heading("Annex B: figures"),
        Table((("a", "1"),)),
        Heading("Close"),
        Bullets(("Done by Ana.",)),
    )
    assert [one.kind for one in sections] == [SectionKind.LOG, SectionKind.APPENDIX, SectionKind.NARRATIVE]


def test_dated_sentences_are_the_writers_words_also_when_they_end_in_a_reference() -> None:
    sections = divided(
        Heading("Timeline of Events"),
        Paragraph("11 August 2025, 07:30 UTC. The engineer sets the folder of the vendor to public (ticket VT-2209)."),
        Paragraph("19 August 2025, 22:14 UTC. First access from an address outside the vendor (access log 77)."),
        Paragraph("2 September 2025, 10:02 UTC. The folder is closed."),
    )
    assert [one.kind for one in sections] == [SectionKind.NARRATIVE]


_BLOCKS = st.lists(
    st.tuples(
        st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60).filter(
            lambda text: bool(text.strip())
        ),
        st.sampled_from(list(BlockKind)),
        st.sampled_from([None, None, None, 1, 2]),
        st.booleans(),
        st.sampled_from(["", "Title", "Normal"]),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(_BLOCKS)
def test_no_word_is_lost_and_every_span_is_exact(rows: list[tuple[str, BlockKind, int | None, bool, str]]) -> None:
    blocks = tuple(
        Block(
            at,
            kind,
            text,
            (Piece(0, len(text), f"body/{at}"),),
            HeadingHints(style_level=level, is_bold=is_bold, style_name=style),
        )
        for at, (text, kind, level, is_bold, style) in enumerate(rows)
    )
    sections = divide(ExtractedText(FileKind.DOCX, blocks))
    said = sorted(word for one in sections for word in f"{one.title} {one.heading} {one.text}".split())
    assert said == sorted(word for block in blocks for word in block.text.split())
    text_of = {f"body/{at}": row[0] for at, row in enumerate(rows)}
    for number, one in enumerate(sections):
        assert one.index == number
        assert len(one.line_kinds) == (one.text.count("\n") + 1 if one.text else 0)
        for span in one.spans:
            assert one.text[span.start : span.end] == text_of[span.path]


def divided_text(text: str) -> list[tuple[str, SectionKind]]:
    return [(one.heading, one.kind) for one in divide(read_plain_text(text.encode()))]


def test_a_text_without_formatting_is_divided_by_lines_that_stand_alone() -> None:
    prose = "The desk opened the ticket on Monday and told the seller what was missing."
    assert divided_text(f"What happened\n{prose}\nReading the traces\n- one\n- two\nThe trial\n{prose}\n{prose}\n") == [
        ("What happened", SectionKind.NARRATIVE),
        ("Reading the traces", SectionKind.NARRATIVE),
        ("The trial", SectionKind.NARRATIVE),
    ]


def test_a_greeting_a_wrapped_sentence_and_a_line_of_a_mail_stand_for_no_section() -> None:
    prose = "The desk opened the ticket on Monday and told the seller what was missing."
    text = f"What happened\n{prose}\nDear colleagues,\n{prose}\nand then\n{prose}\nFrom: Buyer\nTo: Desk\nHello again\n{prose}\n"
    assert [heading for heading, _ in divided_text(text) if heading] == ["What happened"]


def test_a_word_file_is_never_divided_by_lines_that_stand_alone() -> None:
    prose = Paragraph("The desk opened the ticket on Monday and told the seller what was missing.")
    sections = divided(Heading("Start"), Paragraph("Reading the traces"), prose)
    assert [one.heading for one in sections] == ["Start"]


def test_evidence_at_the_very_start_has_no_empty_section_before_it() -> None:
    log = [Paragraph(f"2025-03-0{day} 10:00 user=ops{day} action=login") for day in range(1, 5)]
    sections = divided(*log, *[Paragraph(f"Then we looked at what had happened on day {day}.") for day in range(9)])
    assert [(one.kind, bool(one.text)) for one in sections] == [(SectionKind.LOG, True), (SectionKind.NARRATIVE, True)]
