"""A document cut into sentences, each with its exact place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.analysis.rules.port import Quote, SectionText

_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(A-ZÀ-Þ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|mr|mrs|ms|dr|st|vs|inc|ltd|co|cf|art|sec|fig|v)|\b[A-Z])\.$", re.IGNORECASE
)

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        ("summary", r"summary|overview|in short|abstract|at a glance"),
        ("impact", r"impact|harm|who was (?:hit|affected)|effect on"),
        ("timeline", r"timeline|chronolog|sequence|what happened|events"),
        ("cause", r"root|cause|why"),
        ("prevention", r"prevent|corrective|next steps|follow-?up|recommend|lesson|measures|going forward|improve"),
        ("classification", r"classif|actor|seller profile|about the seller"),
        ("resolution", r"resol|action|decision|enforce|outcome|remed|funds|money|contact|outreach|correspond"),
        ("investigation", r"investigat|method|how we|analysis|findings|evidence|check|verif|review"),
        ("documentation", r"document|report|record|quality"),
        ("background", r"background|context|history|introduction"),
    )
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row; text == section.text[start:end]."""

    section: int
    start: int
    end: int
    text: str
    is_quoted: bool
    """It stands in a quoted mail, a log or an appendix: evidence, not the writer's words."""
    line_kind: str = "paragraph"

    def quote(self) -> Quote:
        """The whole sentence as evidence."""
        return Quote(self.section, self.start, self.end, self.text)

    def part(self, start: int, end: int) -> Quote:
        """Characters start..end of the sentence as evidence."""
        return Quote(self.section, self.start + start, self.start + end, self.text[start:end])


@dataclass(frozen=True)
class DocumentReading:
    """What the rules look at."""

    sections: tuple[SectionText, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def narrative(self) -> tuple[Sentence, ...]:
        """The writer's own sentences."""
        return tuple(one for one in self.sentences if not one.is_quoted)

    @cached_property
    def quoted(self) -> tuple[Sentence, ...]:
        """Sentences of quoted mail, logs and appendices."""
        return tuple(one for one in self.sentences if one.is_quoted)

    @cached_property
    def whole_text(self) -> str:
        """All text, headings included."""
        return "\n".join(f"{one.heading}\n{one.text}" for one in self.sections)

    @cached_property
    def roles(self) -> dict[int, str]:
        """Role of each section by its heading; "other" when the heading says nothing."""
        return {
            one.index: next((role for role, pattern in ROLES if pattern.search(one.heading)), "other")
            for one in self.sections
        }

    def in_roles(self, *roles: str) -> tuple[Sentence, ...]:
        """Narrative sentences of sections with one of these roles."""
        return tuple(one for one in self.narrative if self.roles[one.section] in roles)

    def place_for(self, roles: tuple[str, ...]) -> Quote:
        """Where a reviewer would look for something that is missing: the first section of these roles, else the longest."""
        for role in roles:
            for one in self.sections:
                if self.roles[one.index] == role and one.kind == "narrative":
                    return Quote(one.index, 0, 0, "")
        candidates = [one for one in self.sections if one.kind == "narrative"] or list(self.sections)
        longest = max(candidates, key=lambda one: len(one.text), default=None)
        return Quote(longest.index if longest else 0, 0, 0, "")


def read_document(sections: Sequence[SectionText]) -> DocumentReading:
    """Cut every section into sentences; linear in the text."""
    sentences = [sentence for section in sections for sentence in _sentences(section)]
    return DocumentReading(tuple(sections), tuple(sentences))


def _sentences(section: SectionText) -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for number, line in enumerate(section.text.split("\n")):
        kind = section.line_kinds[number] if number < len(section.line_kinds) else "paragraph"
        quoted = section.kind != "narrative"
        for begin, end in _spans(line, whole=kind == "table_row"):
            found.append(Sentence(section.index, start + begin, start + end, line[begin:end], quoted, kind))
        start += len(line) + 1
    return found


def _spans(line: str, *, whole: bool) -> list[tuple[int, int]]:
    if not line.strip():
        return []
    if whole:
        return [(0, len(line))]
    spans, begin = [], 0
    for match in _END.finditer(line):
        if _ABBREVIATION.search(line[: match.start()].rstrip("\"'”’)")):
            continue
        spans.append((begin, match.start()))
        begin = match.end()
    spans.append((begin, len(line)))
    return [(a, a + len(line[a:b].rstrip())) for a, b in spans if line[a:b].strip()]
