"""Two figures or two dates for one fact, in different places of the document: the one reading that points and defects share."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.dates import DateMention
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.timeline import entry_of
from apps.analysis.rules.reading.words import words

_FIGURE = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}(?:,\d{3}){1,4}|\d{3,7})(?![\w,/-]|\.\d)(?P<after>(?: (?!of\b)[a-z-]{1,30}){1,3})",
    re.IGNORECASE,
)
_MOST_FIGURES = 400
_PARTIES = {
    "seller": "party",
    "account": "party",
    "buyer": "party",
    "customer": "party",
    "people": "party",
    "household": "party",
    "user": "party",
    "shop": "party",
    "merchant": "party",
}
# Events that happen once, by the words in which people tell them.
_ONCE = tuple(
    (name, words(pattern))
    for name, pattern in (
        (
            "launch",
            r"\b(?:launch(?:ed)?|went live|goes live|go-?live|live|started|starts|start|began|begins|opened|opens|introduced"
            r"|rolled out|in pilot|since .{0,25}\bcan)\b",
        ),
        (
            "first report",
            r"\bfirst (?:[\w'’-]{2,20} ){0,2}(?:complaint|report|alarm|alert|contact|notice|dispute|review|mail|call)s?\b",
        ),
        ("complaint", r"\b(?:complaint|complained)\b"),
        ("revocation", r"\b(?:revok(?:ed?|es)|withdr(?:ew|awn|aws))\b"),
        ("removal", r"\b(?:removed|removes|removal|taken down|delisted)\b"),
        ("suspension", r"\b(?:suspend(?:ed|s)|suspension)\b"),
        ("reinstatement", r"\b(?:reinstat(?:ed|es|ement))\b"),
        ("notice", r"\b(?:notice|notification|notified)\b"),
        ("recall", r"\brecall(?:ed|s)?\b"),
        ("release", r"\breleas(?:ed|es|e)\b"),
        ("closure", r"\b(?:clos(?:ed|es|ure))\b"),
        ("discovery", r"\b(?:discover(?:ed|y)|noticed|detected|found out)\b"),
        ("refund", r"\b(?:refunded|refunds?|reimbursed)\b"),
    )
)
_STOP_WORDS = """
    the a an and or but of to in on at by for from with was were is are be been it its they them he she we i our this that these those
    as so then than had has have not no all first last new day date event events time when what who which after before until about one
    two three more also only per cent same into out up off over again january february march april may june july august september
    october november december jan feb mar apr jun jul aug sept sep oct nov dec
"""
_STOP = frozenset(_STOP_WORDS.split())
_ANOTHER = words(
    r"\b(?:second|third|fourth|fifth|another|again|next|further|each|every|(?:case|appeal|request|violation|incident|attempt"
    r"|step|lot|batch|stage|phase) (?:\d|[A-Z]\b))\b"
)
_CLAUSE = re.compile(r"(?:(?! and | but |, |[;:|]).){1,600}(?:, \d{4})?")
# These happen more than once in many a case: two words in common do not make them one.
_OFTEN = frozenset(["refund", "release", "removal", "closure", "discovery"])
_STEM_CHARS = 6
_MOST_DAYS = 60
_NEAR_CHARS = 12
_FEWEST_DIGITS = 3
_WHOLE = words(r"\b(?:affected|in all|in total|altogether|overall|were hit|was hit|were harmed)\b")
_PART = words(
    r"\b(?:of (?:the|these|those|them|our|its|which)|other|another|further|more|also|so far|until|by then|first|additional|each|per)\b"
)
_REPORTS = frozenset(
    word[:_STEM_CHARS]
    for word in ("complaint", "report", "alarm", "alert", "contact", "notice", "dispute", "review", "mail", "call")
)
_NOTICES = frozenset(
    word[:_STEM_CHARS]
    for word in ("notice", "notification", "letter", "recall", "release", "launch", "hearing", "audit")
)
_SOURCE_OF_DOUBT = words(r"\b(?:according to|says that|by the way|the newsletter|the letter|the announcement)\b")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that does not agree with another."""

    sentence: Sentence
    odd: Quote
    """What is told less often, or later."""
    usual: Quote
    what: str
    """"figure" or "date"."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One figure or day with what it is said of."""

    sentence: Sentence
    span: tuple[int, int]
    value: str
    about: tuple[str, ...]


def conflicts_in(reading: DocumentReading) -> tuple[Conflict, ...]:
    """Figures whose digits changed places, and days that differ for an event that happens once."""
    return reading.once("conflicts", lambda one: (*_figures(one), *_days(one), *_same_clock(one), *_totals(one)))


def _figures(reading: DocumentReading) -> Iterator[Conflict]:
    told = list(itertools.islice(itertools.chain(_told_figures(reading), _told_amounts(reading)), _MOST_FIGURES))
    by_digits: dict[str, list[_Told]] = {}
    for one in told:
        by_digits.setdefault("".join(sorted(one.value)), []).append(one)
    for alike in by_digits.values():
        counts = Counter(one.value for one in alike)
        if len(counts) < 2:
            continue
        # The figure that is told more often, or first, is the one that the reader has in mind.
        usual = max(alike, key=lambda one: (counts[one.value], -one.sentence.section, -one.sentence.start))
        seen: set[str] = set()
        same = [one for one in alike if one.value == usual.value]
        for one in alike:
            if one.value in {usual.value, *seen} or not _are_swapped(one.value, usual.value):
                continue
            twin = next(
                (two for two in same if set(two.about) & set(one.about) and two.sentence is not one.sentence), None
            )
            if twin is not None:
                seen.add(one.value)
                yield _against(one, twin, "figure")


def _told_figures(reading: DocumentReading) -> Iterator[_Told]:
    for sentence in reading.narrative:
        text = sentence.own_words
        for match in _FIGURE.finditer(text):
            value = match.group("number").replace(",", "")
            nouns = [
                _PARTIES.get(noun.removesuffix("s"), noun.removesuffix("s"))
                for noun in match.group("after").lower().split()
                if noun not in _STOP
            ]
            is_year = len(value) == 4 and value[:2] in {"19", "20"} and "," not in match.group("number")
            if nouns and not is_year:
                first_noun = match.group("after").split()[0]
                end = match.end("number") + 1 + len(first_noun)
                yield _Told(sentence, (match.start(), end), value, tuple(nouns))


def _told_amounts(reading: DocumentReading) -> Iterator[_Told]:
    """Sums of money, about what their sentence is about."""
    for sentence in reading.narrative:
        stems = tuple(
            word[:_STEM_CHARS]
            for word in sentence.facts.tokens.words
            if word not in _STOP and word.isalpha() and len(word) > 3
        )
        for amount in sentence.facts.amounts:
            value = re.sub(r"\D", "", amount.text)
            if len(value) >= _FEWEST_DIGITS and not any(a <= amount.start < b for a, b in sentence.facts.quoted):
                yield _Told(sentence, (amount.start, amount.end), value, stems)


def _totals(reading: DocumentReading) -> Iterator[Conflict]:
    """ "Fourteen sellers were affected" here, "16 affected sellers" there: two sizes of one whole."""
    first: dict[str, _Told] = {}
    for sentence in reading.narrative:
        facts = sentence.facts
        if _PART.search(sentence.text) or sentence.line_kind == "table_row":
            continue
        for count in facts.counts:
            start, end = facts.span(count)
            around = sentence.text[max(0, start - 30) : end + 30]
            if not count.is_precise or count.value < 2 or not _WHOLE.search(around) or count.end - count.start > 3:
                continue
            if count.noun not in {
                facts.tokens.words[mark.start] for tag in ("party", "goods") for mark in facts.marks.get(tag, ())
            }:
                continue
            told = _Told(sentence, (start, end), str(count.value), (count.noun,))
            known = first.setdefault(count.noun, told)
            if known.value != told.value and known.sentence is not sentence:
                yield _against(told, known, "figure")
                return


def _are_swapped(one: str, other: str) -> bool:
    """Two neighbouring digits changed places: the slip that a hand makes, not a difference in substance."""
    if len(one) != len(other):
        return False
    differing = [place for place in range(len(one)) if one[place] != other[place]]
    return len(differing) == 2 and differing[1] - differing[0] == 1


def _days(reading: DocumentReading) -> Iterator[Conflict]:
    by_event: dict[str, list[_Told]] = {}
    for sentence in reading.narrative:
        for told, event in _told_days(sentence):
            by_event.setdefault(event, []).append(told)
    marked: set[tuple[int, int]] = set()
    for event, entries in by_event.items():
        for earlier, later in itertools.combinations(entries[:_MOST_DAYS], 2):
            place = (later.sentence.section, later.sentence.start)
            if place in marked or earlier.value == later.value or earlier.sentence is later.sentence:
                continue
            if _same_fact(earlier, later, event):
                marked.add(place)
                yield _against(later, earlier, "date")


def _same_clock(reading: DocumentReading) -> Iterator[Conflict]:
    """ "22 December at 09:15" here and "21 December 09:15" there, of the same thing: the same minute of two days."""
    by_time: dict[str, list[_Told]] = {}
    for sentence in reading.narrative:
        days, times = _days_of(sentence), sentence.facts.times
        if len(days) != 1 or len(times) != 1 or abs(times[0][0] - days[0].end) > _NEAR_CHARS:
            continue
        stems = tuple(
            word[:_STEM_CHARS]
            for word in sentence.facts.tokens.words
            if word not in _STOP and word.isalpha() and len(word) > 2
        )
        span = (min(days[0].start, times[0][0]), max(days[0].end, times[0][1]))
        by_time.setdefault(sentence.text[slice(*times[0])], []).append(
            _Told(sentence, span, f"{days[0].month}-{days[0].day}", stems)
        )
    for told in by_time.values():
        first = told[0]
        for other in told[1:_MOST_DAYS]:
            if other.value != first.value and set(other.about) & set(first.about):
                yield _against(other, first, "date")
                break


def _told_days(sentence: Sentence) -> Iterator[tuple[_Told, str]]:
    """The day of a sentence that has exactly one, else of each clause that has; under the event that it tells."""
    if _ANOTHER.search(sentence.text):
        return
    text = sentence.own_words
    if sentence.line_kind == "table_row":
        # What follows the second cell is mostly the source.
        pieces = [(0, len(" | ".join(text.split(" | ")[:2])))] if entry_of(sentence) else []
    elif len(_days_of(sentence)) == 1:
        pieces = [(0, len(text))]
    else:
        pieces = [match.span() for match in _CLAUSE.finditer(text)]
    for start, end in pieces:
        days = [day for day in _days_of(sentence) if start <= day.start and day.end <= end]
        clause = text[start:end]
        if len(days) != 1:
            continue
        span = _span_around(text, (start, end), (days[0].start, days[0].end))
        event = _event_of(text[slice(*span)]) or _event_of(clause)
        if event:
            about = tuple(
                word[:_STEM_CHARS] for word in re.findall(r"[a-z][a-z-]{2,30}", clause.lower()) if word not in _STOP
            )
            yield _Told(sentence, span, f"{days[0].month}-{days[0].day}", about), event


def _event_of(text: str) -> str | None:
    return next((name for name, pattern in _ONCE if pattern.search(text)), None)


def _span_around(text: str, piece: tuple[int, int], day: tuple[int, int]) -> tuple[int, int]:
    """The clause in which the day stands, at most."""
    clause = next(
        (match.span() for match in _CLAUSE.finditer(text, *piece) if match.start() <= day[0] < match.end()), piece
    )
    start = clause[0] + len(text[slice(*clause)]) - len(text[slice(*clause)].lstrip(" |"))
    end = max(clause[0] + len(text[slice(*clause)].rstrip(" |")), day[1])
    return start, end


def _days_of(sentence: Sentence) -> list[DateMention]:
    """Days of the calendar in the writer's own words."""
    quoted = sentence.facts.quoted
    return [day for day in sentence.facts.dates if day.is_full and not any(a <= day.start < b for a, b in quoted)]


def _same_fact(one: _Told, other: _Told, event: str) -> bool:
    """What the shorter speaks of is mostly in the longer one; or both name the event with the same word before it; or the writer doubts it."""
    if event == "first report":
        return bool(set(one.about) & set(other.about) & _REPORTS)
    shared = set(one.about) & set(other.about)
    smaller = min(len(set(one.about)), len(set(other.about)))
    if event in _OFTEN and len(shared) < 3 and not (len(shared) == 2 and len(shared) == smaller):
        return False
    if (len(shared) >= 2 and len(shared) >= 0.6 * smaller) or (len(shared) >= 3 and len(shared) >= 0.5 * smaller):
        return True
    if (
        event == "launch"
        and one.sentence.section == other.sentence.section
        and _SOURCE_OF_DOUBT.search(other.sentence.text)
    ):
        return True
    pairs = [{pair for pair in itertools.pairwise(told.about) if pair[1] in _NOTICES} for told in (one, other)]
    return bool(pairs[0] & pairs[1])


def _against(one: _Told, other: _Told, what: str) -> Conflict:
    return Conflict(one.sentence, one.sentence.part(*one.span), other.sentence.part(*other.span), what)
