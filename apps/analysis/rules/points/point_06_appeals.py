"""Point 6: more than one appeal, reinstatement or violation: how many, what was new in each, and were earlier decisions read again."""

import itertools
import re
from collections.abc import Iterator

from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.tables import Table
from apps.analysis.rules.reading.vocabulary import Mark, word_set

POINT = 6
_NEAR_WORDS = 3
_CLAUSE_WORDS = 8
_DECISIONS = word_set("earlier_decision")
_SEEN_TODAY = re.compile(
    r"\b(?:view|again|retrospect|hindsight|re-?read|re-?examined|second (?:look|reading)|looking back|today|assessment now)\b",
    re.I,
)
_APPEALS = re.compile(r"appeal|release request|requests\b|reinstat|objection", re.I)
_FEWEST_APPEALS = 2
_BUYERS = frozenset({"buyer", "buyers", "customer", "customers", "family", "families", "public"})
_BETWEEN_DAYS = re.compile(r"(?:,|\s|and|&){1,6}(?:on\s|again on\s)?")


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with a count and a look back that comes to a conclusion."""
    repeats = [one for one in reading.sentences if is_repeat(one) and reading.role(one) != "prevention"]
    repeats = repeats or [rows[0] for rows, _ in _tables_of_appeals(reading)]
    if not repeats:
        return not_applicable(POINT, "There is no second appeal, reinstatement or violation.")
    # What the procedure says of appeals, and a summary, are marked last.
    own = sorted(repeats, key=lambda one: (one.is_quoted, reading.role(one) in {"investigation", "summary"}, one.place))
    look_back = next((one for one in reading.narrative if _is_look_back(reading, one)), None) or _row_of_look_back(
        reading
    )
    counted = any(_is_counted(one) for one in reading.narrative) or any(_tables_of_appeals(reading))
    if look_back is not None and counted:
        return satisfied(
            POINT,
            look_back,
            f"The requests are counted and the earlier decisions were read again: {snippet(look_back)}.",
        )
    if look_back is None:
        return gap(
            POINT, own[0], f"{snippet(own[0])} tells of more than one, but no earlier decision was read again.", 0.84
        )
    return gap(POINT, own[0], f"{snippet(own[0])} tells of more than one, but nothing says how many there were.", 0.82)


def appeals_in(sentence: Sentence) -> tuple[Mark, ...]:
    """Appeals that are told; the Appeals desk and its manager are none."""
    facts = sentence.facts
    desks = {mark.start for mark in facts.marks.get("desk_word", ())}
    told = tuple(mark for mark in facts.affirmed("repeat_event") if mark.end not in desks)
    # Buyers are warned of goods, sellers of what they did.
    is_to_buyers = bool(_BUYERS & set(facts.tokens.words)) and not facts.has("seller")
    return tuple(mark for mark in told if not (is_to_buyers and facts.tokens.words[mark.start].startswith("warn")))


def is_repeat(sentence: Sentence) -> bool:
    """More than one: by a phrase, by a number or ordinal before the noun, or by "again", "twice", "each time" close to it."""
    facts = sentence.facts
    if facts.says("repeat"):
        return True
    words = facts.tokens.words
    # "The last of 1,874 warnings" is no second warning.
    ordinals = [mark.end for mark in facts.marks.get("ordinal", ()) if words[mark.end : mark.end + 1] != ("of",)]
    again = [mark.start for mark in facts.marks.get("again", ())]
    told = any(
        any(0 <= event.start - end < _NEAR_WORDS for end in ordinals)
        or any(abs(event.start - at) <= _CLAUSE_WORDS for at in again)
        for event in appeals_in(sentence)
    )
    backs = facts.affirmed("restored")
    again = [at for at in again if not any(back.start <= at < back.end for back in backs)]
    earlier = [*again, *(place for place, word in enumerate(words) if word in {"before", "earlier", "previously"})]
    if told or any(event.start < len(words) and _dates_in_a_row(sentence) for event in appeals_in(sentence)):
        return True
    return any(abs(back.start - at) <= _CLAUSE_WORDS for back in backs for at in earlier)


def _dates_in_a_row(sentence: Sentence) -> bool:
    """ "Appealed on 3 May, 19 May and 2 June": several days for one deed."""
    days = sentence.facts.dates
    return any(_BETWEEN_DAYS.fullmatch(sentence.text[one.end : other.start]) for one, other in itertools.pairwise(days))


def _is_look_back(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    if not facts.says("look_back"):
        return False
    near = reading.around(sentence, 2, 3)
    about = any(
        one.facts.has_any("appeal", "repeat", "enforce") or _DECISIONS & set(one.facts.tokens.words) for one in near
    )
    return about and any(one.facts.has("look_back_result") for one in near)


def _tables_of_appeals(reading: DocumentReading) -> Iterator[tuple[list[Sentence], Table]]:
    """Tables with a row for each of several appeals, by their heading or their columns."""
    for table in reading.tables:
        if len(table.rows) >= _FEWEST_APPEALS and _APPEALS.search(
            " ".join([reading.headings[table.section], *table.headers])
        ):
            yield [reading.lines[row.section, row.line][0] for row in table.rows], table


def _row_of_look_back(reading: DocumentReading) -> Sentence | None:
    """The first row of a table of appeals with a column that tells how each answer is seen today."""
    for rows, table in _tables_of_appeals(reading):
        column = next((place for place, header in enumerate(table.headers) if _SEEN_TODAY.search(header)), None)
        if column is not None and all(
            len(row.cells) > column and row.cells[column].text.strip(" -") for row in table.rows
        ):
            return rows[0]
    return None


def _is_counted(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.has_any("repeat", "appeal") and bool(
        facts.counts or facts.dates or {"first", "second", "third", "both", "twice"} & set(facts.tokens.words)
    )
