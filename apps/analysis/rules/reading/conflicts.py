"""Two figures or two dates for one fact."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.dates import DateMention
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.vocabulary import word_set

_FEWEST_DIGITS = 3
_MOST_PER_KEY = 12
_LIKENESS = 0.6
_STOP = word_set("stop")
_SAME_VERBS: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "start starts started began begin begins begun live launch launched launches opened",
        "end ends ended closed finished stopped",
        "reached received arrived came arrives receives",
        "sent sends went dispatched issued mailed",
        "revoked revokes withdrew withdrawn",
        "suspended suspends",
        "removed removes deleted delisted",
        "reinstated reinstates restored restores restoration",
        "refunded refunds",
        "discovered found noticed detected saw",
        "released releases",
    )
)
_SENT = next(group for group, same in enumerate(_SAME_VERBS) if "sent" in same)
_OF_DATE = re.compile(r"\b(?P<noun>[a-z-]{4,20} [a-z-]{4,20}) of $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The two places that do not agree."""

    first: Quote
    second: Quote


@dataclass(frozen=True, slots=True)
class _Event:
    day: tuple[int, int]
    words: frozenset[str]
    verbs: frozenset[int]
    is_named: bool
    """Told as a noun with its date: "the automatic notice of 11 March"."""
    sentence: Sentence
    mention: DateMention


def conflicts_in(reading: DocumentReading) -> tuple[Conflict, ...]:
    """Figures with two digits changed about, then dates of one event that differ."""
    return reading.once("conflicts", lambda one: (*_turned_figures(one), *_two_dates(one)))


def _turned_figures(reading: DocumentReading) -> Iterator[Conflict]:
    """1,284 sets here and 1,248 sets there: the same digits in another order, not round, each counting something."""
    by_digits: dict[str, dict[float, Quote]] = defaultdict(dict)
    for one in reading.narrative:
        counted = {count.value for count in one.facts.counts if count.noun not in _STOP and not count.noun[0].isdigit()}
        sums = {amount.value for amount in one.facts.amounts}
        for figure in one.facts.figures:
            digits = re.sub(r"\D", "", figure.text)
            if (
                len(digits) < _FEWEST_DIGITS
                or digits.endswith("0")
                or figure.value not in counted | sums
                or 1990 <= figure.value <= 2040
            ):
                continue
            by_digits["".join(sorted(digits))].setdefault(figure.value, one.part(figure.start, figure.end))
    for found in by_digits.values():
        if len(found) == 2:
            first, second = found.values()
            yield Conflict(first, second)


def _two_dates(reading: DocumentReading) -> Iterator[Conflict]:
    by_word: dict[str, list[_Event]] = defaultdict(list)
    for event in _events(reading):
        for word in event.words:
            by_word[word].append(event)
    seen: set[tuple[int, int, int, int]] = set()
    for events in by_word.values():
        for one, other in combinations(events[:_MOST_PER_KEY], 2):
            key = (one.sentence.place, one.mention.start, other.sentence.place, other.mention.start)
            if key not in seen and one.day != other.day and _is_same(one, other):
                seen.add(key)
                yield Conflict(_place(one), _place(other))


def _events(reading: DocumentReading) -> Iterator[_Event]:
    for one in reading.narrative:
        if reading.roles[one.section] == "prevention":
            continue
        for mention in one.facts.dates:
            if mention.day is not None:
                yield _event(one, mention)


def _event(sentence: Sentence, mention: DateMention) -> _Event:
    tokens = sentence.facts.tokens
    named = _OF_DATE.search(sentence.text[max(0, mention.start - 60) : mention.start])
    if named:
        words = [word.lower().replace("-", "") for word in named.group("noun").split()]
    elif sentence.line_kind == "table_row":
        words = [
            word
            for word, start in zip(tokens.words, tokens.starts, strict=True)
            if not mention.start <= start < mention.end
        ]
    else:
        at = next((i for i, start in enumerate(tokens.starts) if start >= mention.start), len(tokens.words) - 1)
        first, last = tokens.clause_of(max(0, at - 1))
        words = [tokens.words[i] for i in range(first, last) if not mention.start <= tokens.starts[i] < mention.end]
    content = [word for word in words if word not in _STOP and not any(c.isdigit() for c in word)]
    verbs = frozenset(group for group, same in enumerate(_SAME_VERBS) if any(word in same for word in content))
    nouns = frozenset(_stem(word) for word in content if not any(word in same for same in _SAME_VERBS))
    day = (mention.month, mention.day or 0)
    return _Event(day, nouns, verbs, bool(named), sentence, mention)


def _is_same(one: _Event, other: _Event) -> bool:
    shared = one.words & other.words
    if one.is_named != other.is_named:
        named, told = (one, other) if one.is_named else (other, one)
        return named.words <= told.words and len(named.words) == 2 and _SENT in told.verbs
    if one.is_named or one.sentence.place == other.sentence.place:
        return False
    if one.verbs and other.verbs:
        smaller = min(len(one.words), len(other.words))
        is_close = len(shared) >= min(2, smaller) and len(shared) / len(one.words | other.words) >= _LIKENESS
        return one.verbs == other.verbs and bool(shared) and is_close
    return "first" in shared and len(shared) >= 2 and one.words == other.words


def _stem(word: str) -> str:
    for ending in ("ingly", "ation", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _place(event: _Event) -> Quote:
    return event.sentence.part(event.mention.start, event.mention.end)
