"""A template's blanks that were never filled in."""

import re
from collections.abc import Iterator

from apps.analysis.rules.reading.document import DocumentReading, Sentence

_BLANKS = (
    r"name|date|insert|number|team|amount|id|owner|link|figure|time|ref|reference|case|ticket|seller|buyer|product|city"
    r"|country|reason|fill|add|enter|count"
    r"|total|who|when|what|where|source|details?|person|title|value|currency|text|tbd|tbc|todo|xx{1,30}|department|manager|reviewer"
    r"|your|placeholder|quantity"
)
_PLACEHOLDER = re.compile(
    r"\(?\b(?:[a-z]{1,30} )?(?:TBD|TBC|TBA|T\.B\.D\.|TODO|FIXME)\b\)?|\b(?:tbd|tbc|tba)\b"
    r"|\b[Xx]{2,30}\b(?!-\w)(?: (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|[A-Z][a-z]{1,30} \d{4})(?: \d{4})?)?"
    r"|(?:\b[A-Za-z]{1,12}[- ])?\[[^\[\]\n]{0,30}\b(?i:" + _BLANKS + r")\b[^\[\]\n]{0,30}\]"
    r"|<[^<>\n/]{0,20}\b(?i:" + _BLANKS + r")\b[^<>\n]{0,30}>"
    r"|\{\{?[^{}\n]{1,40}\}\}?"
    r"|\[\s?(?:[a-z .,'/-]{2,40}|\.{2,9}|x{1,9})\s?\]|\b\d{0,2}X{1,9}\.\d"
    r"|\?{2,30}|_{3,30}|\.{4,30}|(?:\b(?:EUR|USD|GBP|CHF)|[€$£]) ?\?(?=\W|$)"
    r"|\b(?i:lorem ipsum|(?:still )?to be (?:completed|filled in|confirmed|added|determined|announced|supplied|inserted|advised|provided))\b"
    r"|\b(?:(?:[Cc]ase |[Tt]icket |[Ii]nvoice |[Rr]eport |[Rr]eference )?(?:number|id|reference|link|name|date|figure|amount)s? (?:to follow"
    r"|follows|will follow|pending))\b|\b[Ii]nsert (?:date|name|number|link|amount|figure)\b|\b(?:N\.?N\.|n\.n\.)(?=\s|$)"
)
_NO_BLANK = re.compile(r"\[(?:sic|redacted|name (?:removed|withheld)|\d{1,20})\]", re.IGNORECASE)


def placeholders_in(reading: DocumentReading) -> tuple[tuple[Sentence, tuple[int, int]], ...]:
    """Every blank of the writer's own text, by its sentence and its place there; a citation's brackets are none."""
    return reading.once("placeholders", lambda one: tuple(_find(one)))


def _find(reading: DocumentReading) -> Iterator[tuple[Sentence, tuple[int, int]]]:
    for sentence in reading.narrative:
        for match in _PLACEHOLDER.finditer(sentence.own_words):
            if not _NO_BLANK.search(match.group()):
                yield sentence, match.span()
