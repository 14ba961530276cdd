"""A document cut into sentences, each with its exact place and everything that was read in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from apps.analysis.rules.port import Quote, SectionText
from apps.analysis.rules.reading.facts import Facts, facts_of
from apps.analysis.rules.reading.people import full_names_in, known_parts
from apps.analysis.rules.reading.roles import ROLES, role_of_paragraph, role_of_section
from apps.analysis.rules.reading.tables import Table, tables_in

__all__ = ["ROLES", "DocumentReading", "Sentence", "read_document"]

_END = re.compile(r"(?<=[.!?])[\"'”’)]{0,3}\s{1,9}(?=[\"'“‘(A-ZÀ-Þ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|mr|mrs|ms|dr|st|vs|inc|ltd|co|cf|art|sec|fig|v|rev|ed|ref|para|incl|tel|ca|resp|max|min|dept|est)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
# "1." before a sentence is its number.
_NUMERAL = re.compile(r"[(]?\d{1,2}[.)]")
_LOOK_BACK = 12
_FILLER = "\u00a4"
_LONGEST_SENTENCE = 1_200
_TOLD_WORDS = 9
_PARAGRAPH_WORDS = 20
_Answer = TypeVar("_Answer")


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
    line: int = 0
    """Number of its paragraph, list item or row in the section, from 0."""
    place: int = 0
    """Number of the sentence in the document, from 0."""
    kind: str = "narrative"
    """The section's kind: narrative, email, log or appendix."""
    facts: Facts = field(default_factory=lambda: facts_of("", frozenset()), compare=False, repr=False)

    @property
    def own_words(self) -> str:
        """The text with quoted speech blotted out, every character at its place."""
        if not self.facts.quoted:
            return self.text
        pieces, done = [], 0
        for start, end in self.facts.quoted:
            pieces += [self.text[done:start], _FILLER * (end - start)]
            done = end
        return "".join([*pieces, self.text[done:]])

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
    _memory: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def narrative(self) -> tuple[Sentence, ...]:
        """The writer's own sentences."""
        return tuple(one for one in self.sentences if not one.is_quoted)

    @cached_property
    def prose(self) -> tuple[Sentence, ...]:
        """The writer's own sentences; of tables the rows that tell something in a cell of a sentence's length."""
        return tuple(one for one in self.narrative if one.line_kind != "table_row" or _tells(one))

    @cached_property
    def quoted(self) -> tuple[Sentence, ...]:
        """Sentences of quoted mail, logs and appendices."""
        return tuple(one for one in self.sentences if one.is_quoted)

    @cached_property
    def whole_text(self) -> str:
        """All text, headings included."""
        return "\n".join(f"{one.heading}\n{one.text}" for one in self.sections)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the writer's own sections."""
        return tuple(table for one in self.sections if one.kind == "narrative" for table in tables_in(one))

    @cached_property
    def headings(self) -> dict[int, str]:
        """Heading of each section."""
        return {one.index: one.heading for one in self.sections}

    @cached_property
    def roles(self) -> dict[int, str]:
        """Role of each section by its heading, and by its sentences where the heading fits two; "other" when it says nothing."""
        return {
            one.index: role_of_section(one.heading, [(told.text, told.facts) for told in self.by_section[one.index]])
            for one in self.sections
        }

    @cached_property
    def lines(self) -> dict[tuple[int, int], tuple[Sentence, ...]]:
        """Sentences by section and paragraph."""
        grouped: dict[tuple[int, int], list[Sentence]] = {}
        for one in self.sentences:
            grouped.setdefault((one.section, one.line), []).append(one)
        return {key: tuple(found) for key, found in grouped.items()}

    @cached_property
    def line_roles(self) -> dict[tuple[int, int], str]:
        """Role of a paragraph that shows one of its own; the others have that of their section."""
        roles = {
            key: role
            for key, found in self.lines.items()
            if (role := role_of_paragraph(found[0].text, tuple(one.facts for one in found)))
        }
        rows = [row for table in self.tables if table.is_of_actions for row in table.rows]
        return roles | {(row.section, row.line): "prevention" for row in rows}

    @cached_property
    def by_section(self) -> dict[int, tuple[Sentence, ...]]:
        """Sentences of each section."""
        grouped: dict[int, list[Sentence]] = {one.index: [] for one in self.sections}
        for one in self.sentences:
            grouped[one.section].append(one)
        return {index: tuple(found) for index, found in grouped.items()}

    @cached_property
    def procedure_codes(self) -> frozenset[str]:
        """Codes by which the text calls its procedures, as CI-07."""
        return frozenset(
            ref.text
            for one in self.sentences
            for found in one.facts.procedures
            for ref in one.facts.references
            if found.start <= ref.start < found.end and ref.text[0].isupper()
        )

    def names_procedure(self, sentence: Sentence) -> bool:
        """The sentence speaks of a procedure, by the word or by its code."""
        facts = sentence.facts
        if facts.has("procedure_word") or any(ref.text in self.procedure_codes for ref in facts.references):
            return True
        is_edition = any(
            one.text.lower().startswith(("version", "edition", "revision", "issue")) for one in facts.clauses
        )
        return is_edition and any(ref.text[:1].isupper() and "-" in ref.text for ref in facts.references)

    def role(self, sentence: Sentence) -> str:
        """Role of the sentence: of its paragraph where that shows one, else of its section."""
        return self.line_roles.get((sentence.section, sentence.line), self.roles[sentence.section])

    def in_roles(self, *roles: str) -> tuple[Sentence, ...]:
        """Narrative sentences of sections with one of these roles."""
        return tuple(one for one in self.narrative if self.roles[one.section] in roles)

    def scope(self, *roles: str) -> tuple[Sentence, ...]:
        """Narrative sentences about these matters, whether by the section's heading or by the paragraph itself."""
        return tuple(one for one in self.narrative if self.role(one) in roles or self.roles[one.section] in roles)

    def paragraph(self, sentence: Sentence) -> tuple[Sentence, ...]:
        """All sentences of the same paragraph, list item or row."""
        return self.lines[sentence.section, sentence.line]

    def around(self, sentence: Sentence, before: int, after: int) -> tuple[Sentence, ...]:
        """The sentence with its neighbours of the same section."""
        near = self.sentences[max(0, sentence.place - before) : sentence.place + after + 1]
        return tuple(one for one in near if one.section == sentence.section)

    def place_for(self, roles: tuple[str, ...]) -> Quote:
        """Where a reviewer would look for something that is missing: the first section of these roles, else the longest."""
        for role in roles:
            for one in self.sections:
                if self.roles[one.index] == role and one.kind == "narrative":
                    return Quote(one.index, 0, 0, "")
        candidates = [one for one in self.sections if one.kind == "narrative"] or list(self.sections)
        longest = max(candidates, key=lambda one: len(one.text), default=None)
        return Quote(longest.index if longest else 0, 0, 0, "")

    def once(self, name: str, work: Callable[["DocumentReading"], _Answer]) -> _Answer:
        """The answer of a question that several points ask, worked out the first time."""
        if name not in self._memory:
            self._memory[name] = work(self)
        return cast("_Answer", self._memory[name])


def _tells(row: Sentence) -> bool:
    """A form's "Contact | We wrote to the seller on 4 May and asked ..." is prose in a cell."""
    return any(cell.count(" ") + 1 >= _TOLD_WORDS for cell in row.text.split(" | "))


def read_document(sections: Sequence[SectionText]) -> DocumentReading:
    """Cut every section into sentences and read each once; linear in the text."""
    names = frozenset[str]()
    for section in sections:
        if section.kind != "log":
            names |= known_parts(full_names_in(section.text))
    sentences: list[Sentence] = []
    for section in sections:
        sentences += _sentences(section, names, len(sentences))
    return DocumentReading(tuple(sections), tuple(sentences))


def _sentences(section: SectionText, names: frozenset[str], place: int) -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for number, line in enumerate(section.text.split("\n")):
        kind = section.line_kinds[number] if number < len(section.line_kinds) else "paragraph"
        is_row = kind == "table_row" and not _is_of_a_form(line)
        for begin, end in _spans(line, whole=is_row):
            text = line[begin:end]
            found.append(
                Sentence(
                    section=section.index,
                    start=start + begin,
                    end=start + end,
                    text=text,
                    is_quoted=section.kind != "narrative",
                    line_kind="paragraph" if kind == "table_row" and not is_row else kind,
                    line=number,
                    place=place + len(found),
                    kind=section.kind,
                    facts=facts_of(text, names),
                )
            )
        start += len(line) + 1
    return found


def _is_of_a_form(line: str) -> bool:
    """A cell holds a whole paragraph: its sentences are read one by one."""
    return any(cell.count(" ") >= _PARAGRAPH_WORDS and _END.search(cell) for cell in line.split(" | "))


def _spans(line: str, *, whole: bool) -> list[tuple[int, int]]:
    if not line.strip():
        return []
    if whole:
        return _cut(line, 0, len(line))
    spans, begin = [], 0
    for match in _END.finditer(line):
        if _NUMERAL.fullmatch(line[begin : match.start()].strip()):
            continue
        if _ABBREVIATION.search(line[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip("\"'”’)")):
            continue
        spans.append((begin, match.start()))
        begin = match.end()
    spans.append((begin, len(line)))
    trimmed = [(a, a + len(line[a:b].rstrip())) for a, b in spans if line[a:b].strip()]
    return [part for a, b in trimmed for part in _cut(line, a, b)]


def _cut(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces of bounded length: rules compare things within a sentence in pairs, so none may grow with the document."""
    parts = []
    while end - start > _LONGEST_SENTENCE:
        place = line.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        stop = place if place > start else start + _LONGEST_SENTENCE
        parts.append((start, stop))
        start = stop + 1 if place > start else stop
    return [*parts, (start, end)]
