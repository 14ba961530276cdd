"""Point 13: facts with their source, verifiable dates, no blanks, and one figure for one fact."""

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.conflicts import conflicts_in
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.placeholders import placeholders_in

POINT = 13
_PLACES = ("documentation", "timeline", "investigation")
_FEWEST_SOURCES = 3
_FEWEST_DATES = 2


def judge(reading: DocumentReading) -> Verdict:
    """Blanks, two figures for one fact, or claims without sources make it a gap."""
    for sentence, span in placeholders_in(reading)[:1]:
        blank = sentence.part(*span)
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


def _is_unresolved(sentence: Sentence) -> bool:
    facts = sentence.facts
    return any(not facts.is_in_quotes(mark) for mark in facts.marks.get("unsure", ())) and bool(
        facts.dates or (facts.figures and facts.counts)
    )
