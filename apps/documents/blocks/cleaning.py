"""Characters that no text of ours may hold: controls, non-characters, lone surrogates, bidirectional overrides, soft hyphens."""

import re
from typing import NamedTuple

# Overrides and isolates can make text read differently from what it says; marks (U+200E/F) are harmless and kept.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
# One for one, so that words do not grow together and offsets stay.
_SPACED = {0x0B: " ", 0x0C: " ", 0x85: " ", 0x2028: " ", 0x2029: " "}
_SUSPICIOUS = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u00ad\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


class CleanText(NamedTuple):
    """Text without the characters above, and how many were taken out."""

    text: str
    removed_count: int


def clean_text(raw: str) -> CleanText:
    """`raw` without forbidden characters; tab, newline and carriage return stay. Cleaning a part equals a part of the cleaning."""
    if raw.isascii() and raw.isprintable():
        return CleanText(raw, 0)
    if not _SUSPICIOUS.search(raw):
        return CleanText(raw, 0)
    text, count = _REMOVED.subn("", raw)
    return CleanText(text.translate(_SPACED), count)


def raw_offset(raw: str, clean_offset: int) -> int:
    """Where in `raw` the cleaned text's character `clean_offset` stands; an offset at the end gives the end of `raw`."""
    seen = 0
    for index, character in enumerate(raw):
        if _REMOVED.match(character):
            continue
        if seen == clean_offset:
            return index
        seen += 1
    return len(raw)
