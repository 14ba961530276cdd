"""What a detector gives: a kind of fault on exact words, with what a writer of findings must know of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.analysis.rules.port import DefectKind, Quote
from apps.analysis.rules.reading.document import DocumentReading, Sentence

_REST_OF_WORD = re.compile(r"[\w'’-]{0,40}")


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault. The framework adds the point it weighs on and the words of advice."""

    kind: DefectKind
    quote: Quote
    sentence: Quote
    """The sentence, item or row in which the quote stands."""
    reason: str
    """One sentence: what is wrong here, in this document's terms."""
    other: Quote | None = None
    """The second place, where the fault lies between two."""


Detector = Callable[[DocumentReading], Iterator[Mark]]


def mark_of(
    sentence: Sentence, kind: DefectKind, *, span: tuple[int, int], reason: str, other: Quote | None = None
) -> Mark:
    """A mark on characters start..end of the sentence."""
    return Mark(kind, sentence.part(*span), sentence.quote(), reason, other)


def whole_words(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span, on to the end of the word that it would cut, without trailing blanks and commas."""
    start, end = span
    if end < len(text) and text[end - 1 : end].isalnum():
        end += len(_REST_OF_WORD.match(text, end).group())  # type: ignore[union-attr]
    return start, start + len(text[start:end].rstrip(" ,;"))


def share_paragraph(reading: DocumentReading, one: Sentence, other: Sentence) -> bool:
    """Whether both stand in one paragraph: a claim is not carried by what the next paragraph is about."""
    if one.section != other.section:
        return False
    text = next(section.text for section in reading.sections if section.index == one.section)
    return "\n" not in text[min(one.end, other.end) : max(one.start, other.start)]


def named(text: str, *, limit_chars: int = 90) -> str:
    """The words in quotation marks, shortened at a word's end where they are long."""
    flat = " ".join(text.split())
    if len(flat) > limit_chars:
        cut = flat[:limit_chars]
        flat = (cut[: cut.rfind(" ")] if " " in cut[limit_chars // 2 :] else cut).rstrip(",;:") + "\u2026"
    return f"\u201c{flat}\u201d"
