"""The built-in review of a 50-page document, beside a plain split of the same text into sentences in the same run."""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks import SHORT, Figure
from benchmarks.stage import organization, reviewed_document, stage
from benchmarks.write_ups import write_up

_PAGES_50 = 25_000
_YARDSTICK = "plain split into sentences"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def run() -> list[Figure]:
    """Seconds of the review alone at two sizes, and of the whole job with its database."""
    rows: list[Figure] = []
    per_word = []
    for words in (_PAGES_50 // 5, _PAGES_50):
        sections = _sections(words)
        split = _best_of(partial(_split, sections))
        seconds = _best_of(partial(_review, sections), repeats=1 if SHORT else 3)
        rows.append((f"built-in review of {words} words", seconds, "s", seconds / split, _YARDSTICK))
        per_word.append(seconds / sum(len(one.text.split()) for one in sections))
    growth = per_word[1] / per_word[0]
    rows.append(("time a word, 25000 words to 5000", per_word[1] * 1e6, "µs", growth, "time a word at 5000"))
    with stage():
        from apps.kernel.tenancy.context import inside

        content = write_up(_PAGES_50)
        with inside(organization()):
            began = time.perf_counter()
            reviewed_document(content)
            whole = time.perf_counter() - began
    rows.append(("upload to items, 25000 words, with database", whole, "s", whole / split, _YARDSTICK))
    return rows


def _sections(words: int) -> list[Any]:
    from apps.analysis.rules.port import SectionText
    from apps.documents.sectioning.plan import divide
    from apps.documents.word.reader import read_word

    return [
        SectionText(index=one.index, heading=one.heading, kind=one.kind, text=one.text, line_kinds=one.line_kinds)
        for one in divide(read_word(write_up(words)))
    ]


def _split(sections: list[Any]) -> None:
    for one in sections:
        _SENTENCE_END.split(one.text)


def _review(sections: list[Any]) -> None:
    from apps.analysis.frameworks.reader import hawkeye
    from apps.analysis.rules.reviewer import review

    review(sections, hawkeye())


def _best_of(work: Callable[[], object], repeats: int = 5) -> float:
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best
