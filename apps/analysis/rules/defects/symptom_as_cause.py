"""The event, a party or human error told as if it were the cause."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.words import words

_CAUSE_HEADING = words(r"\bcauses?\b|\broot\b|\bwhy\b|\breasons?\b|\b5 ?whys\b")
# What shows that a section went down to a control.
_CONTROL = (
    r"control|check|test|rule|threshold|validation|gate|alert|alarm|filter|review|form|field|job|model|monitor|queue|sheet"
    r"|list|mapping|table|procedure|step|screen|scan|limit|sensor|software|tool|system"
)
_FAILED_CONTROL = words(
    r"\bcontrols? (?:that|which) (?:failed|should|did not|was missing)|\bfailed controls?|\bcontrol (?:just )?(?:never runs|failed|did not|was not)"
    rf"|\b(?:{_CONTROL})\b[^.;?]{{0,60}}\b(?:does not|did not|do not|cannot|could not|has no|had no|was never|were never|never"
    rf"|skips|skipped|only (?:reads|looks|checks|tests|compares|counts)|reads only)\b"
)
_STATEMENT = words(
    r"\b(?:root |main |real |true |underlying |primary )?cause (?:of (?:the |this )?[a-z ]{2,30} )?(?:is|was|lies|lay)\b|\broot cause ?:"
    r"|\b(?:came|comes|resulted|results|arose|stems|stemmed) from\b|\b(?:was|were|is) (?:caused by|due to|the result of"
    r"|down to)\b|\b(?:happened|occurred|arose|came about|was possible) because\b|\b(?:that|this|it) (?:is|was) the (?:root |main |real "
    r"|whole )?cause\b|\bthe reason (?:is|was)\b"
)
_BECAUSE = words(r"^\W{0,9}(?:because|why\b.{0,120}\? because)\b")
_SAYS_NOTHING = words(
    r"\b(?:understood|known|clear|identified|confirmed|unclear|unknown|not (?:yet )?(?:known|clear|found))\b"
)
_HUMAN = words(
    r"\bcause\b.{0,20}\b(?:fraudsters?|criminals?|the seller|seller|the respondent|the account|hackers?|the buyers?|greed)\b"
    r"|\b(?:human (?:error|nature|factor)|an? (?:simple |honest |individual )?(?:mistake|oversight|slip|lapse)"
    r"|lack of (?:attention|care|training|awareness|experience)|carelessness|negligence|greed|bad luck"
    r"|did not (?:read|pay|follow|notice)|inattention)\b"
)


# What a person did or lacked, told below a heading of causes.
_SLIP = words(
    r"\b(?:insufficient|lack of|lacking|missing|too little|not enough) (?:awareness|attention|care|training|experience|knowledge"
    r"|communication|time|staff|diligence)\b"
    r"|\b(?:overlooked|forgot|missed|misread|confused|mixed up|mistyped|misclicked|did not (?:see|notice|know|think))\b"
    r"|\b(?:typing|copying|human|individual|careless|simple) (?:mistake|error|slip|failure)\b|\bmisunderstanding\b"
)


def symptoms_as_causes(reading: DocumentReading) -> Iterator[Mark]:
    """One a section that tells the cause and never reaches a control, and every root cause that is human error."""
    by_section: dict[int, list[Sentence]] = {}
    for sentence in reading.narrative:
        by_section.setdefault(sentence.section, []).append(sentence)
    for section, sentences in by_section.items():
        is_about_cause = bool(_CAUSE_HEADING.search(reading.headings[section]))
        stated = [one for one in sentences if _states(one)]
        human = next((one for one in stated if _HUMAN.search(one.text)), None)
        if human:
            yield _mark(human, "stops at a party or a person: it does not say which control let it happen")
            continue
        if any(_FAILED_CONTROL.search(_without_statement(one)) for one in sentences):
            continue
        explicit = [one for one in stated if is_about_cause or re.search(r"\broot cause\b", one.text, re.IGNORECASE)]
        because = [one for one in sentences if is_about_cause and _BECAUSE.search(one.text)]
        bare = [one for one in sentences if is_about_cause and one.line_kind != "table_row" and _SLIP.search(one.text)]
        chosen = next(iter([*explicit, *because, *bare]), None)
        if chosen:
            yield _mark(chosen, "tells what happened, not which control should have stopped it and did not")


def _states(sentence: Sentence) -> bool:
    return (
        bool(_STATEMENT.search(sentence.text))
        and not _SAYS_NOTHING.search(sentence.text)
        and not sentence.text.endswith("?")
    )


def _without_statement(sentence: Sentence) -> str:
    """A root cause that only says "the gate did not ask" is itself the symptom; it cannot vouch for the section."""
    return "" if _STATEMENT.search(sentence.text) or _BECAUSE.search(sentence.text) else sentence.text


def _mark(sentence: Sentence, what: str) -> Mark:
    return mark_of(
        sentence, DefectKind.SYMPTOM_AS_CAUSE, span=(0, len(sentence.text)), reason=f"{named(sentence.text)} {what}."
    )
