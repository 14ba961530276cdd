"""Actions and handoffs that nobody answers for."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named, whole_words
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.actions import actions_in
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.words import words

_UNNAMED = (
    r"(?:the |an |some |whoever |whichever )?(?:other|another|next|relevant|appropriate|responsible|competent|right"
    r"|different) (?:team|department|desk|unit|group|shift|office|colleagues?|people|function)s?"
    r"|elsewhere|whoever [a-z]{1,30} [a-z]{1,30}(?: [a-z]{1,30})?|someone|somebody|a few of them|somewhere|internally|a colleague|the (?:next"
    r"|late|early|night) shift|the team"
)
_HANDOFFS = (
    words(
        rf"\b(?:passed|handed|forwarded|gave|given|sent|transferred|moved|went|goes|go|routed|escalated|left|assigned)\b[^.;"
        rf"|]{{0,40}}\bto (?:{_UNNAMED})\b[^.;|]{{0,20}}"
    ),
    words(
        r"\b(?:passed|handed|forwarded|gave|given|transferred|moved|went|goes|go|routed|told|sits|lies|is now) [^.;|]{0,30}\b"
        r"(?:to|with|in) the (?:[\w&-]{2,20} ){1,3}(?:people|folks|colleagues|side|guys|crowd)\b[^.;|]{0,20}"
    ),
    words(
        r"\btold (?:somebody|someone|people|colleagues) (?:in|at|of|from) [\w ]{3,30}|\b(?:somebody|someone) (?:in|at|of|from) [A-Z][\w ]{2,25} "
        r"(?:is|was|has|had)\b[^.;|]{0,40}|\bis with [A-Z][\w]{2,20} now\b"
    ),
    words(
        r"\b(?:from there (?:it|they) (?:went|goes|moved|passed)|(?:it|the (?:case|file|page|matter|ticket|thread)) then (?:went"
        r"|moved|passed)) (?:on |over )?to [\w ]{3,30}"
    ),
    words(
        r"\b(?:the |our )?[\w ]{3,25}(?:team|desk|department|group|unit|operations) (?:then )?(?:took|takes|will take) (?:it )?over\b[^.;|]{0,40}"
    ),
    words(
        r"\b(?:somebody|someone|one|anyone)(?: from [A-Z]?[\w ]{2,25})? (?:should|must|needs? to|has to|will|is (?:looking|working"
        r"|checking|supposed)|may have|might have)\b[^.;|,]{3,50}"
    ),
    words(r"\b(?:falls? to be|is to be|are to be|remains? to be|still (?:has|have) to be) [a-z]{1,30}ed\b[^.;|]{0,60}"),
)

_NOBODY = words(
    r"\b(?:open|unclear|not (?:yet )?(?:clear|decided|known|settled)|nobody knows) who [^.;|,]{3,50}|\bno ?body (?:held|owned|owns|took"
    r"|felt|was) [^.;|,]{3,50}"
)


def missing_owners(reading: DocumentReading) -> Iterator[Mark]:
    """Actions without a person, and handoffs to nobody in particular."""
    seen = set()
    for action in actions_in(reading):
        if action.owner:
            continue
        seen.add((action.sentence.section, action.sentence.start))
        said = action.sentence.text[slice(*action.owner_span)]
        reason = f"{named(said)} has nobody who answers for it by name."
        yield mark_of(action.sentence, DefectKind.MISSING_OWNER, span=action.owner_span, reason=reason)
    for sentence in reading.narrative:
        if (sentence.section, sentence.start) in seen or sentence.line_kind == "table_row":
            continue
        text = sentence.own_words
        # Whoever else is named, nobody is nobody.
        patterns = (_NOBODY,) if sentence.facts.people else (_NOBODY, *_HANDOFFS)
        match = next((found for pattern in patterns if (found := pattern.search(text))), None)
        if match:
            span = whole_words(text, match.span())
            reason = f"{named(sentence.text[slice(*span)])} leaves open who took it on."
            yield mark_of(sentence, DefectKind.MISSING_OWNER, span=span, reason=reason)
