"""Small write-ups as the reviewer reads them, and what its detectors say of them."""

from apps.analysis.rules.defects.mark import Mark
from apps.analysis.rules.defects.registry import marks_of
from apps.analysis.rules.port import DefectKind, SectionText
from apps.analysis.rules.reading.document import read_document


def section(
    *lines: str, heading: str = "Summary", kind: str = "narrative", lines_are: str = "paragraph"
) -> SectionText:
    """One section; put several into one document with `document`."""
    return SectionText(0, heading, kind, "\n".join(lines), (lines_are,) * len(lines))


def table(*rows: str, heading: str) -> SectionText:
    """A section that is one table, cells joined by a bar."""
    return section(*rows, heading=heading, lines_are="table_row")


def document(*sections: SectionText) -> tuple[SectionText, ...]:
    """The sections numbered in reading order."""
    return tuple(
        SectionText(place, one.heading, one.kind, one.text, one.line_kinds) for place, one in enumerate(sections)
    )


def marks(kind: DefectKind, *sections: SectionText) -> list[Mark]:
    """The marks of one kind, each checked to lie at its place."""
    given = document(*sections)
    found = marks_of(read_document(given))
    for mark in found:
        quote = mark.quote
        assert given[quote.section].text[quote.start : quote.end] == quote.text != ""
    return [mark for mark in found if mark.kind is kind]


def quotes(kind: DefectKind, *sections: SectionText) -> list[str]:
    """Their words."""
    return [mark.quote.text for mark in marks(kind, *sections)]
