"""Harm that is claimed in adjectives, without a count, an amount or a duration."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named, whole_words
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.words import words

_HARM = (
    r"impact|harm|damage|loss|losses|consequences?|exposure|effects?|disruption|inconvenience|reputation|trust|confidence"
    r"|anger|dissatisfaction|suffering|frustration"
    r"|disappointment|satisfaction|experience|trouble|annoyance|hardship|burden|workload"
)
_SEVERE = (
    r"significant|considerable|substantial|serious|severe|large|big|high|great|huge|enormous|major|heavy|noticeable|minimal"
    r"|manageable|limited|small|low|negligible"
    r"|immense|massive|hard|bad|terrible|notable|widespread|far-reaching|tremendous|moderate|minor"
)
_PARTY = r"buyers?|customers?|sellers?|people|users?|families|shoppers?|consumers?|merchants?|households?|colleagues|workers|staff|everybody|everyone"
_CLAIMS = (
    words(
        rf"\b(?:{_HARM})\b[^.;|]{{0,60}} (?:is|was|were|are|has been|have been|found|=|seems?|remained|be|as"
        rf"|very) (?:[a-z]{{1,30}} ){{0,4}}(?:{_SEVERE})\b[^.;,|]{{0,20}}"
    ),
    words(rf"\b(?:{_HARM})\b[^.;|]{{0,40}} (?:it|them|to be|to have been) (?:{_SEVERE})\b"),
    words(rf"\b(?:{_HARM})\b[^.;,|]{{0,30}}(?:=|:) ?(?:{_SEVERE})\b"),
    words(rf"\b(?:{_SEVERE}) (?:[a-z]{{1,30}} ){{0,2}}(?:{_HARM})\b(?: (?:to|on|for|of) [a-z ]{{3,40}})?"),
    words(
        rf"\b(?:{_HARM}) (?:was |were |is |has been )?(?:damaged|hit|hurt|eroded|shaken|weakened|suffered|kept to a minimum)\b[^.;|]{{0,25}}"
    ),
    words(
        rf"\b(?:{_HARM})\b[^.;,|]{{0,25}} (?:rose|grew|increased|soared|fell|sank|dropped|suffered|multiplied)\b(?: (?:sharply|considerably|a lot"
        r"|significantly|badly|strongly|visibly|steeply))?"
    ),
    words(
        r"\b(?:image|name|standing|reputation|brand|mood|relations?(?:hip)?|goodwill)\b[^.;,|]{0,30} (?:was|were|is|has been"
        r"|have been) (?:[a-z]{1,12} )?"
        r"(?:tarnished|dented|strained|damaged|hurt|shaken|soured|spoilt|spoiled)\b"
    ),
    words(
        r"\b(?:negative|adverse|noticeable|lasting|clear|real|visible|bad|serious|profound) (?:effects?|impact|influence|consequences?"
        r"|repercussions?)\b[^.;,|]{0,45}"
    ),
    words(
        r"\bcosts? (?:us|them|the \w{3,12}) (?:a lot of|much|dearly|considerable|some|a great deal of|a good deal of)\b[^.;,|]{0,25}"
        r"|\blost (?:faith|confidence|patience|interest|heart)\b[^.;,|]{0,20}"
    ),
    words(
        rf"\b(?:{_HARM})\b[^.;,|]{{0,40}} (?:has|have|had) (?:suffered|been (?:hit|hurt|damaged|lost))\b"
        rf"|\b(?:{_HARM})\b[^.;,|]{{0,30}} (?:is|was|were|are) (?:bearable|tolerable|acceptable|painful|unpleasant|sizeable|immeasurable"
        rf"|incalculable|irreparable)\b"
    ),
    words(
        r"\b(?:caused?|causing|brought|meant|led to|created) (?:a lot of |much |great |some |considerable |unnecessary |additional "
        r"|extra )?(?:trouble|problems|inconvenience"
        r"|frustration|damage|losses|costs|extra work|distress|anger|confusion|delays|uncertainty|unrest)\b[^.;,|]{0,35}"
        r"|\blost face\b[^.;,|]{0,25}"
    ),
    words(
        rf"\b(?:{_PARTY})\b[^.;,|]{{0,20}} (?:were|was|are) left (?:in the dark|waiting|empty-handed|without|alone|standing)\b[^.;,|]{{0,25}}"
    ),
    words(
        r"\b(?:lost|losing|loses?|missed) (?:sales|revenue|money|trust|customers|business|income|orders|a (?:good|large|great|big"
        r"|small) part[a-z ]{0,25}|much|some)\b"
    ),
    words(
        r"\b(?:as|at|takes?|took|makes?|made|caused?|causes) (?:a|the) (?:big |small |great |heavy )?(?:loss|losses)\b"
    ),
    words(
        rf"\b(?:{_PARTY})\b[^.;,|]{{0,20}} (?:waited|waiting|suffer(?:ed|ing)?|(?:were|was|are|is) (?:still )?(?:suffering|misled"
        rf"|upset|disappointed|unhappy|inconvenienced|angry"
        r"|frustrated|harmed|hurt|annoyed|affected|out of pocket)|paid too much|felt unwell|got sick|complained a lot"
        r"|lost out)\b(?:(?! and | but )[^.;,|]){0,30}"
    ),
)
_MOST_IN_A_SENTENCE = 2
_DENIED = words(r"\b(?:no|not|never|without|nor|neither|nothing|nobody|any)\b[^.;,]{0,30}$")
_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|half|one in|single)\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = words(
    r"\b(?:could|would|might|can|should|if|risk of|to avoid|prevent|measure[sd]?|assess(?:es|ment of)?)\b[^.;,]{0,30}$"
)


def unquantified_impacts(reading: DocumentReading) -> Iterator[Mark]:
    """The claims of harm in a sentence without a figure."""
    for sentence in reading.narrative:
        text = sentence.own_words
        if _FIGURE.search(text) or text.endswith("?"):
            continue
        for span in _first_of_each_clause(text):
            reason = f"{named(sentence.text[slice(*span)])} speaks of harm without a number of people, an amount or a duration."
            yield mark_of(sentence, DefectKind.UNQUANTIFIED_IMPACT, span=span, reason=reason)


def _first_of_each_clause(text: str) -> list[tuple[int, int]]:
    """The claims of harm, each grown together with what overlaps it; two at most."""
    spans = sorted(
        whole_words(text, match.span())
        for pattern in _CLAIMS
        for match in pattern.finditer(text)
        if not _is_excused(text, match.start())
    )
    grown: list[tuple[int, int]] = []
    for start, end in spans:
        if grown and start < grown[-1][1]:
            grown[-1] = (grown[-1][0], max(grown[-1][1], end))
        else:
            grown.append((start, end))
    return [_without_tail(text, span) for span in grown[:_MOST_IN_A_SENTENCE]]


def _without_tail(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Without an "and" that begins another thought, as long as the claim stays."""
    shorter = re.sub(r" (?:and|but|or)\b.{0,40}$", "", text[slice(*span)]).rstrip(" ,")
    return (span[0], span[0] + len(shorter)) if any(pattern.search(shorter) for pattern in _CLAIMS) else span


def _is_excused(text: str, start: int) -> bool:
    before = text[max(0, start - 50) : start]
    return bool(_DENIED.search(before) or _HYPOTHETICAL.search(before))
