"""The sections of a version as the engines read them."""

from apps.analysis.rules.port import SectionText
from apps.documents.models import Section


def section_texts(sections: list[Section]) -> tuple[SectionText, ...]:
    """Plain values in reading order."""
    return tuple(
        SectionText(
            index=one.index, heading=one.heading, kind=one.kind, text=one.text, line_kinds=tuple(one.line_kinds)
        )
        for one in sections
    )
