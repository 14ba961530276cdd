"""A template's blank that was never filled in."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading

_BLANKS = (
    r"name|date|insert|number|team|amount|id|owner|link|figure|time|ref|reference|case|ticket|seller|buyer|product|city"
    r"|country|reason|fill|add|enter|count"
    r"|total|who|when|what|where|source|details?|person|title|value|currency|text|tbd|tbc|todo|xx{1,30}|department|manager|reviewer"
    r"|your|placeholder|quantity"
)
_PLACEHOLDER = re.compile(
    r"\(?\b(?:[a-z]{1,30} )?(?:TBD|TBC|TBA|T\.B\.D\.|TODO|FIXME)\b\)?"
    r"|\b[Xx]{2,30}\b(?: (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|[A-Z][a-z]{1,30} \d{4})(?: \d{4})?)?"
    r"|(?:\b[A-Za-z]{1,12}[- ])?\[[^\[\]\n]{0,30}\b(?i:" + _BLANKS + r")\b[^\[\]\n]{0,30}\]"
    r"|<[^<>\n/]{0,20}\b(?i:" + _BLANKS + r")\b[^<>\n]{0,30}>"
    r"|\{\{?[^{}\n]{1,40}\}\}?"
    r"|\?{3,30}|_{3,30}"
    r"|\b(?i:lorem ipsum|(?:still )?to be (?:completed|filled in|confirmed|added|determined|announced|supplied))\b"
    r"|\b(?:(?:[Cc]ase |[Tt]icket |[Ii]nvoice |[Rr]eport |[Rr]eference )?(?:number|id|reference|link|name)s? (?:to follow"
    r"|follows|will follow|pending))\b"
)
_NO_BLANK = re.compile(r"\[(?:sic|redacted|name (?:removed|withheld)|\d{1,20})\]", re.IGNORECASE)


def placeholders(reading: DocumentReading) -> Iterator[Mark]:
    """Every blank of the writer's own text."""
    for sentence in reading.narrative:
        for match in _PLACEHOLDER.finditer(sentence.text):
            if _NO_BLANK.search(match.group()):
                continue
            reason = f"{named(match.group())} is a blank that was never filled in."
            yield mark_of(sentence, DefectKind.PLACEHOLDER, span=match.span(), reason=reason)
