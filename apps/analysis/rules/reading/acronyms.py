"""Abbreviations that the text explains nowhere."""

import re

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.vocabulary import word_set

_ACRONYM = re.compile(r"(?<![\w-])[A-Z]{2,6}s?(?![\w-])(?!\s\d)")
_KNOWN = frozenset(word.upper() for word in word_set("known_acronym"))


def unexplained_acronyms(reading: DocumentReading) -> tuple[Quote, ...]:
    """The first use of each abbreviation that nothing in the text writes out; identifiers and currencies are none."""
    return reading.once("acronyms", _find)


def _find(reading: DocumentReading) -> tuple[Quote, ...]:
    text = reading.whole_text
    explained: dict[str, bool] = {}
    initials = _initials(text)
    found = []
    for sentence in reading.narrative:
        if sentence.text.isupper():
            continue
        for match in _ACRONYM.finditer(sentence.text):
            name = match.group().removesuffix("s")
            if name in explained or name in _KNOWN or any(a <= match.start() < b for a, b in sentence.facts.quoted):
                continue
            explained[name] = name in initials or _is_defined(name, text)
            if not explained[name]:
                found.append(sentence.part(match.start(), match.start() + len(name)))
    return tuple(found)


def _is_defined(name: str, text: str) -> bool:
    """In brackets after its words, before its words in brackets, or told by "stands for", "means", "is the"."""
    return bool(
        re.search(
            rf"\((?:the )?{name}s?\)|\b{name}s?\s?\([a-z]|\b{name}s?\b\s?(?:=|:\s[a-z]|stands for|means|is short for|is the|is our|is a|,? that is|, the )",
            text,
        )
    )


def _initials(text: str) -> frozenset[str]:
    """Every run of first letters of two to six words in a row, so that a written-out term explains its abbreviation."""
    letters = "".join(word[0].upper() if word[0].isalpha() else " " for word in re.findall(r"[^\W_]+", text))
    return frozenset(
        letters[start : start + size] for size in range(2, 7) for start in range(len(letters) - size + 1) if size > 2
    )
