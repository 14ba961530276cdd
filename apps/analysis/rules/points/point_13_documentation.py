"""Point 13: facts with their source, verifiable dates, no blanks, and one figure for one fact."""

import re

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Quote, Verdict
from apps.analysis.rules.reading.conflicts import conflicts_in
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 13
_PLACES = ("documentation", "timeline", "investigation")
_FEWEST_SOURCES = 3
_FEWEST_DATES = 2
_BLANK = re.compile(
    r"\bTB[DCA]\b|(?-i:\bX{2,}\b)(?!-\w)|\b\d{0,2}X+\.\d|\[\s?(?:[a-z .,'/-]{2,40}|\.{2,}|x+)\s?\]|<\s?[a-z ./-]{3,30}\s?>"
    r"|\?{2,}|_{3,}|\{\{?[^{}\n]{1,40}\}"
    r"|\bto be (?:confirmed|completed|filled in|added|inserted|supplied|determined|advised|provided)\b"
    r"|\b(?:date|number|name|figure|amount)s? (?:to )?follows?\b|\binsert (?:date|name|number|link|amount|figure)\b"
    r"|\blorem ipsum\b|\bN\.?N\.(?=\s|$)",
    re.IGNORECASE,
)


def judge(reading: DocumentReading) -> Verdict:
    """Blanks, two figures for one fact, or claims without sources make it a gap."""
    blank = find_blank(reading)
    if blank is not None:
        return gap(POINT, blank, f"{snippet(blank)} is a blank that was never filled in.", 0.9)
    conflicts = conflicts_in(reading)
    if conflicts:
        one = conflicts[0]
        return gap(POINT, one.odd, f"{snippet(one.usual)} and {snippet(one.odd)} do not agree.", 0.84)
    doubt = next((one for one in reading.prose if _is_unresolved(one)), None)
    if doubt is not None:
        return gap(POINT, doubt, f"{snippet(doubt)} leaves open which date or figure is right.", 0.82)
    sources = {ref.text for one in reading.narrative for ref in one.facts.references}
    dates = [day for one in reading.narrative for day in one.facts.dates if day.is_full]
    if len(sources) >= _FEWEST_SOURCES and len(dates) >= _FEWEST_DATES:
        best = max(reading.narrative, key=lambda one: (len(one.facts.references), len(one.facts.dates)))
        return satisfied(POINT, best, f"Sources are cited and dates agree, as in {snippet(best)}.")
    lacking = "sources that can be looked up" if len(sources) < _FEWEST_SOURCES else "dates of the events"
    return missing(POINT, reading, _PLACES, f"The facts are told without {lacking}.", 0.82)


def find_blank(reading: DocumentReading) -> Quote | None:
    """The first blank of a template in the writer's own text; brackets of a citation are none."""
    for one in reading.narrative:
        for match in _BLANK.finditer(one.text):
            if not any(a <= match.start() < b for a, b in one.facts.quoted):
                return one.part(*match.span())
    return None


def _is_unresolved(sentence: Sentence) -> bool:
    facts = sentence.facts
    return any(not facts.is_in_quotes(mark) for mark in facts.marks.get("unsure", ())) and bool(
        facts.dates or (facts.figures and facts.counts)
    )
