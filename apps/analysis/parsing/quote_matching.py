"""Finds the words that a model quotes in the section they are said to be from. Words that are not there are not used."""

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from apps.analysis.rules.port import Quote, SectionText

MIN_CHARS = 3
MAX_DISTANCE = 0.05
"""Edits allowed, as a part of the quote's length."""
MIN_FUZZY_CHARS = 20
"""Below this, one edit is already more than 5 %."""

_SAME = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2011": "-",
        "\u2212": "-",
    }
)
_WRAPPING = " \t\r\n\"'\u201c\u201d\u2018\u2019\u2026"


@dataclass(frozen=True, slots=True)
class _Folded:
    """Text with runs of white space as one blank, plain quotes and dashes, no invisible characters; `at[i]` is where text[i] came from."""

    text: str
    at: tuple[int, ...]

    def quote(self, start: int, end: int, *, section: SectionText) -> Quote:
        first, last = self.at[start], self.at[end - 1] + 1
        return Quote(section=section.index, start=first, end=last, text=section.text[first:last])


def find_quote(quoted: str, *, section: SectionText, near: tuple[int, int] | None = None) -> Quote | None:
    """Return where the words stand: exactly, else but for white space and typography, else with at most 5 % of edits; None if nowhere.

    `near` is the span that the model was shown; of several places one inside it is preferred, then the first. An empty quote
    ("missing, look here") is an empty Quote at the section's start. The result always holds the section's own words.
    """
    wanted = quoted.strip(_WRAPPING).removesuffix("...").strip(_WRAPPING)
    if not wanted:
        return Quote(section=section.index, start=0, end=0, text="")
    if len(wanted) < MIN_CHARS:
        return None
    if (start := _place(section.text, wanted, near=near)) is not None:
        return Quote(section=section.index, start=start, end=start + len(wanted), text=wanted)
    folded, needle = _fold(section.text), _fold(wanted).text.strip()
    if len(needle) < MIN_CHARS:
        return None
    if (start := _place(folded.text, needle, near=None)) is not None:
        return folded.quote(start, start + len(needle), section=section)
    return _nearly(needle, folded=folded, section=section)


def _place(text: str, wanted: str, *, near: tuple[int, int] | None) -> int | None:
    """The best occurrence: inside `near`, on word borders, first."""
    best: tuple[bool, bool, int] | None = None
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        outside = near is not None and not (near[0] <= start and end <= near[1])
        rank = (outside, not _on_borders(text, start, end), start)
        best = rank if best is None else min(best, rank)
        if not rank[0] and not rank[1]:
            break
        start = text.find(wanted, start + 1)
    return None if best is None else best[2]


def _on_borders(text: str, start: int, end: int) -> bool:
    cuts_before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    cuts_after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not (cuts_before or cuts_after)


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    origins: list[int] = []
    for index, letter in enumerate(text.translate(_SAME)):
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                origins.append(index)
        elif unicodedata.category(letter) != "Cf":
            letters.append(letter)
            origins.append(index)
    return _Folded("".join(letters), tuple(origins))


def _nearly(needle: str, *, folded: _Folded, section: SectionText) -> Quote | None:
    allowed = int(len(needle) * MAX_DISTANCE)
    if len(needle) < MIN_FUZZY_CHARS or not allowed or len(needle) > len(folded.text) + allowed:
        return None
    rough = fuzz.partial_ratio_alignment(needle, folded.text, score_cutoff=100 * (1 - 3 * MAX_DISTANCE))
    if rough is None:
        return None
    best: tuple[int, int, int] | None = None
    for start in range(max(0, rough.dest_start - allowed), min(len(folded.text), rough.dest_start + allowed + 1)):
        for end in range(rough.dest_end - allowed, min(len(folded.text), rough.dest_end + allowed) + 1):
            if end > start:
                distance = Levenshtein.distance(needle, folded.text[start:end], score_cutoff=allowed)
                rank = (distance + (not _on_borders(folded.text, start, end)), start, end)
                if distance <= allowed:
                    best = rank if best is None else min(best, rank)
    if best is None:
        return None
    start, end = _trimmed(folded.text, best[1], best[2])
    return folded.quote(start, end, section=section) if end > start else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end
