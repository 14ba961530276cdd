"""Point 18: a metric with its value today, its target, and when it is measured."""

import re

from apps.analysis.rules.points.verdict import gap, listed, missing, satisfied, snippet
from apps.analysis.rules.port import Quote, Verdict
from apps.analysis.rules.reading.dates import dates_in
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.numbers import number_word

POINT = 18
_PLACES = ("prevention", "summary")
_BASELINE = re.compile(r"baseline|today|now\b|current|before|start|at present|so far", re.IGNORECASE)
_TARGET = re.compile(r"target|goal|aim|objective", re.IGNORECASE)
_OF_MEASURES = re.compile(
    r"metric|measur|success|goal|aim\b|yardstick|how (?:we|you) (?:will )?(?:know|see|tell)|kpi|indicator|target|effect",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\b(?:week|month|quarter|year|day|daily|weekly|monthly)", re.IGNORECASE)
_HOPES = (
    "we will know",
    "we hope",
    "expect",
    "will notice",
    "better",
    "positive trend",
    "track",
    "monitor",
    "satisfied with",
    "success",
    "improve",
    "safer",
    "fewer",
    "key metrics",
)


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied where target, baseline and period stand together."""
    row = _metric_row(reading)
    if row is not None:
        return satisfied(POINT, row, f"Baseline, target and time of measurement stand in one row: {snippet(row)}.")
    targets = [one for one in reading.narrative if _is_target(one) or _is_bound(reading, one)]
    nearly: tuple[Sentence, list[str]] | None = None
    for one in targets:
        near = [
            near
            for near in reading.around(one, 2, 2)
            if not near.is_quoted and (near.line == one.line or one.line_kind != "paragraph")
        ]
        lacking = _lacking(one, near)
        if not lacking:
            return satisfied(POINT, one, f"Baseline, target and time of measurement are given: {snippet(one)}.")
        if nearly is None or len(lacking) < len(nearly[1]):
            nearly = (one, lacking)
    if nearly is not None:
        return gap(POINT, nearly[0], f"{snippet(nearly[0])} does not give {listed(nearly[1])}.", 0.82)
    hope = _hope(reading)
    if hope is not None:
        return gap(POINT, hope, f"{snippet(hope)} is no metric with a baseline, a target and a period.", 0.84)
    return missing(POINT, reading, _PLACES, "No figure tells whether the actions worked.", 0.84)


def _metric_row(reading: DocumentReading) -> Quote | None:
    """A row of a table with a figure under "baseline" and one under "target", and a date in the row or its header."""
    for table in reading.tables:
        start = next((i for i, header in enumerate(table.headers) if _BASELINE.search(header)), None)
        goal = next((i for i, header in enumerate(table.headers) if _TARGET.search(header)), None)
        if start is None or goal is None:
            continue
        for row in table.rows:
            texts = [cell.text for cell in row.cells]
            has_figures = (
                len(texts) > max(start, goal)
                and any(c.isdigit() for c in texts[start])
                and any(c.isdigit() for c in texts[goal])
            )
            words = " ".join([*texts, *table.headers])
            if has_figures and (dates_in(words) or _PERIOD.search(words)):
                return Quote(row.section, row.start, row.end, " | ".join(texts))
    return None


def _is_target(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.has("target_strong") and bool(_values(sentence)) and not facts.has("no_weakness")


def _is_bound(reading: DocumentReading, sentence: Sentence) -> bool:
    """ "After: no more than 5" under a heading of measures, next to what it was before."""
    if not _OF_MEASURES.search(reading.headings[sentence.section]) or not (
        sentence.facts.has("target") and _values(sentence)
    ):
        return False
    return any(
        one.facts.has("baseline") or "before" in one.facts.tokens.words for one in reading.around(sentence, 1, 0)
    )


def _lacking(target: Sentence, near: list[Sentence]) -> list[str]:
    values = {value for one in near for value in _values(one)}
    has_baseline = (
        len(values) >= 2
        and any(one.facts.has("baseline") or one.facts.dates or "before" in one.facts.tokens.words for one in near)
        and _has_start(target, near)
    )
    has_time = any(one.facts.dates or one.facts.has("read_when") for one in near)
    return [*([] if has_baseline else ["a baseline"]), *([] if has_time else ["when it is measured"])]


def _values(sentence: Sentence) -> set[float]:
    """Figures, also those written out; not the counts of days and weeks."""
    facts = sentence.facts
    spelled = {value for word in facts.tokens.words if (value := number_word(word)) is not None}
    periods = {count.value for count in facts.durations}
    return {one.value for one in (*facts.figures, *facts.percents)} | (spelled - periods)


def _has_start(target: Sentence, near: list[Sentence]) -> bool:
    """A figure before the target's own: in a sentence before it, or earlier in the same one."""
    mark = (target.facts.marks.get("target_strong") or target.facts.marks["target"])[0]
    place = target.facts.tokens.starts[mark.start]
    earlier = any(figure.start < place for figure in target.facts.figures)
    return (
        earlier
        or any(one.facts.figures and one.place != target.place for one in near)
        or len({figure.value for figure in target.facts.figures}) >= 2
    )


def _hope(reading: DocumentReading) -> Sentence | None:
    pool = [one for one in reading.prose if any(words in one.text.lower() for words in _HOPES) and not one.facts.people]
    inside = [
        one
        for one in pool
        if reading.role(one) in {"prevention"} or "metric" in one.text.lower() or "success" in one.text.lower()
    ]
    return next(iter(inside[::-1]), None)
