"""Words such as "several" or "soon" that stand where a figure or a date belongs."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.words import words

_NO_NOUN = (
    r"(?!(?:were|was|are|is|have|had|has|will|can|could|would|did|do|also|still|then|later|now|not|and|but|or|who|that|which"
    r"|to|for|from|with|in|on|at)\b)"
)
_NOUN = (
    r"(?: (?:of )?(?:the |them|our |its |his |her |their |these "
    r"|those )?" + _NO_NOUN + r"[a-z][a-z-]{1,20})?(?: " + _NO_NOUN + r"[a-z][a-z-]{2,20}s\b)?"
)
_AMOUNT = words(
    r"(?<!how )(?<!as )(?<!so )\b(?:"
    r"(?:very |quite |too |a great |a good |a considerable )?many"
    r"|a (?:fair|good) few|a (?:multitude|host|flood|wave|string|slew|myriad|wealth|good share) of|several|multiple|numerous|countless"
    r"|various|certain(?= [a-z]{1,30}s\b)|not a few|a good many|a (?:good|great"
    r"|fair) deal of"
    r"|the bulk of|large parts of|scores of|a series of"
    r"|a (?:very |quite |relatively )?(?:large |small |high |low |great |good |significant |considerable |substantial "
    r"|certain |growing |fair |limited )?number of"
    r"|(?:a |large |small |huge |considerable )(?:numbers|amounts|volumes|quantities) of"
    r"|a (?:large |small |huge |good |considerable |substantial |significant )(?:amount|share|part|portion|proportion|volume|quantity) of"
    r"|a (?:whole )?lot of|lots of|plenty of|tons of|loads of|dozens of|hundreds of|thousands of|a handful of|a bunch of|a couple of"
    r"|(?:quite |only |just |apart from )?a few(?: of (?:them|these|those|us))?"
    r"|hardly any|almost (?:all|no|none)|part of (?:the|their|its|his|her|our|these|those)|a fraction of|(?:the|a) (?:vast |great |large "
    r"|overwhelming )?majority of|the lion's share of|a minority of"
    r"|(?:some|most)(?= (?:of (?:the|them|these|those|our|its)|[a-z]{1,30}s\b))"
    r"|much(?= (?:time|money|work|effort|more|less))"
    r")\b" + _NOUN
)
_TIMES = words(
    r"\b(?:(?:after|for|over|within|in) )?(?:a (?:long |short |considerable |certain |little )?(?:while|time)|quite a while"
    r"|some time|a little (?:later|earlier|longer))\b"
    r"|\b(?:very |quite |as )?(?:soon|shortly|recently|lately)\b(?! (?:as|after))"
    r"|\b(?:appealed|complained|asked|wrote|warned|tried|happened|failed|contacted)(?: \w{1,30})? (?:repeatedly|frequently"
    r"|regularly|often|many times|again and again|a couple of times)\b"
    r"|\b(?:after|with|despite) some [a-z]{1,30}\b|\bsome (?:minutes|hours|days|weeks|months|years)(?: (?:later|earlier|ago|after|before))?\b"
    r"|\ba (?:few|couple of) (?:minutes|hours|days|weeks|months)(?: (?:later|earlier|ago))?\b|\bnot long (?:after|ago)(?:wards)?\b"
    r"|\b(?:promptly|from time to time|now and then|occasionally|in good time|in a timely (?:manner|fashion|way)"
    r"|within a reasonable (?:time|period)|at a later (?:date|stage|point))\b"
    r"|\b(?:for |took |takes )?(?:ages|an eternity)\b|\b(?:far |much |way )?too long\b|\b(?:rather|quite|fairly|relatively|pretty) (?:late"
    r"|early|long|often|quickly|slowly)\b|\bnumerous times\b"
    r"|\bin the past\b|\b(?:has|have|had) been (?!used)[a-z ]{3,40} before\b(?=[.,;]|$)"
)
_DEGREE = words(
    r"\b(?:the |its )?(?:duration|number|amount|share|volume|size|time|period|sum|rate|cost|costs)\b[^.;,]{0,40} (?:is|was"
    r"|were|are) (?:very |quite |rather )?"
    r"(?:considerable|significant|substantial|large|small|high|low|long|short|big|huge|notable)\b"
)
# "some 200 accounts" is a figure, and a count in brackets gives one.
_COUNTED = re.compile(r"\d")
_NO_QUANTITY = words(
    r"\b(?:most (?:likely|recent|probably|important|of all)|some(?:what)? (?:day|point|way)|for the most part|at the time"
    r"|one part of the|a lot of sense|many thanks"
    r"|in some (?:way|sense)|various (?:parts|kinds)|some kind|a number of days)\b"
)
# What is asked for or compared is no account of what happened.
_DEMANDED = words(r"\b(?:asks? for|requires?|needs?|more than|fewer than) (?:an? |the )?$")
_HYPOTHETICAL = words(r"\b(?:if|whether|unless|in case|too many|no longer|not many)\b[^.;]{0,40}$")


def vague_quantities(reading: DocumentReading) -> Iterator[Mark]:
    """At most one for each of amount, time and degree in a sentence: the first is what a reader stumbles on."""
    for sentence in reading.narrative:
        text = sentence.own_words
        taken: list[tuple[int, int]] = []
        for pattern in (_TIMES, _AMOUNT, _DEGREE):
            span = _first(pattern, text)
            if span and not any(span[0] < end and start < span[1] for start, end in taken):
                taken.append(span)
                yield _mark(sentence, span)


def _first(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    for match in pattern.finditer(text):
        around = text[max(0, match.start() - 4) : match.end() + 14]
        before = text[max(0, match.start() - 45) : match.start()]
        if (
            (pattern is _AMOUNT and _COUNTED.search(around))
            or _NO_QUANTITY.search(around)
            or _HYPOTHETICAL.search(before)
            or _DEMANDED.search(before)
        ):
            continue
        return match.span()
    return None


def _mark(sentence: Sentence, span: tuple[int, int]) -> Mark:
    said = sentence.text[slice(*span)]
    return mark_of(
        sentence,
        DefectKind.VAGUE_QUANTITY,
        span=span,
        reason=f"{named(said)} stands where a reader needs a figure or a date.",
    )
