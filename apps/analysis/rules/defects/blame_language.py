"""Words that judge a person or party where facts belong."""

import itertools
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.words import words

_BLAME = words(
    r"\b(?:(?:a|an|the|this|that|these|those|such|so|very|only|simply|just|some|our) )?(?:(?:gang|bunch|band|pack) of )?(?:"
    # Adjectives and adverbs of contempt, with what they are said of.
    r"(?:shameless|lazy|heartless|stupid|idiotic|incompetent|pathetic|greedy|sloppy|clueless|useless|brazen|blatant|ruthless"
    r"|despicable|unscrupulous|arrogant"
    r"|ignorant|foolish|dumb|hopeless|disgraceful|disgusting|outrageous|ridiculous|shady|sneaky|nasty|notorious|devious"
    r"|cowardly|reckless|careless|slack|silly"
    r"|naive|hysterical|so-called|self-proclaimed|inept|amateurish|thoughtless|shocking|appalling|inexcusable|unforgivable"
    r"|unprofessional|irresponsible|lousy|shabby|wicked|cunning|stubborn|rude|lax|flimsy|botched|clumsy|obnoxious"
    r"|dishonou?rable)(?:ly)?(?: [a-z]{1,30}){0,3}"
    # Nouns.
    r"|scoundrels?|swindlers?|con artists?|tricksters?|crooks?|criminals|liars?|(?<=a )cheat|cheats(?= )|thieves|villains?|idiots?"
    r"|chancers?|scum|conm[ae]n|scammers?|rascals?"
    r"|rogues?|parasites?|vultures?|culprits?"
    r"|bad apples?|cowboys|morons?|fools"
    # Turns of phrase.
    r"|as (?:it|he|she|they) (?:deserved|deserves?)|(?:got|get) what (?:it|he|she|they) deserved?|serves? (?:it|him|her|them) right"
    r"|should(?: really)? have known better|(?:his|her|its|their) own fault|only (?:himself|herself|itself"
    r"|themselves) to blame|(?:is|are|was|were) to blame"
    r"|could ?n[o']t be bothered|did ?n[o']t (?:even )?bother|should be ashamed|can ?not (?:even )?[a-z]{1,30} (?:his|her|its"
    r"|their) own [a-z]{1,30}|as usual,? (?:he|she|it|they)"
    r"|lied to us|(?:tried|wanted) to (?:poison|fool|trick|rob|cheat) [a-z]{1,30} ?[a-z]{0,30}|extremely defensive|what (?:else )?can you expect"
    r"|complain so loudly|never learns?|asleep at the wheel|dropped the ball|messed (?:it )?up|screwed (?:it )?up|made a mess"
    r"|(?:sle(?:ep|pt|eping)|dozed|snored|napped) (?:on the job|through (?:it|this|the)[a-z ]{0,20})|(?:an? |the )?(?:utter |real "
    r"|complete )?(?:disgrace|scandal|farce|shambles)\b"
    r"|half-?(?:way )?(?:competent|decent|awake|sober)(?: [a-z]{1,20})?|beggars? belief|as ever\b|(?:(?:simply|just) )?(?:did|do"
    r"|does) not (?:even )?care"
    r"|could not care less|fooled us|takes? us for fools|(?:even )?a child (?:can|could|would) [a-z]{2,20}|got away with it|up to (?:its"
    r"|his|her|their) (?:old )?tricks|typical of"
    r")\b"
)
_MOST_IN_A_SENTENCE = 3
_PARTY_BEFORE = words(
    r"(?:\b(?:parents|sellers|buyers|customers|reviewers|agents|colleagues|people|he|she|they) (?:who |that )?)$"
)


def blaming_words(reading: DocumentReading) -> Iterator[Mark]:
    """Those of the writer's own words; a mail that is quoted may be as angry as it likes."""
    for sentence in reading.narrative:
        text = sentence.own_words
        matches = list(itertools.islice(_BLAME.finditer(text), _MOST_IN_A_SENTENCE))
        if not matches:
            yield from _judging(sentence)
        for match in matches:
            party = _PARTY_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
            start = match.start() - (len(party.group()) if party else 0)
            reason = f"{named(sentence.text[start : match.end()])} passes judgement instead of telling what was done."
            yield mark_of(sentence, DefectKind.BLAME_LANGUAGE, span=(start, match.end()), reason=reason)


def _judging(sentence: Sentence) -> Iterator[Mark]:
    """The first word by which the sentence judges, where no turn of phrase is known."""
    facts = sentence.facts
    first = next(
        (mark for tag in ("judging", "blaming") for mark in facts.affirmed(tag) if not facts.is_in_quotes(mark)), None
    )
    if first is not None:
        span = facts.span(first)
        reason = f"{named(sentence.text[slice(*span)])} passes judgement instead of telling what was done."
        yield mark_of(sentence, DefectKind.BLAME_LANGUAGE, span=span, reason=reason)
