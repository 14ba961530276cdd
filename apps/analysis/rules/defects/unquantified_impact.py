"""Harm that is claimed in adjectives, without a count, an amount or a duration."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named, own_words, whole_words, words
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading

_HARM = (
    r"impact|harm|damage|loss|losses|consequences?|exposure|effects?|disruption|inconvenience|reputation|trust|confidence"
    r"|anger|dissatisfaction|suffering|frustration"
    r"|disappointment|satisfaction|experience"
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
        rf"|very) (?:[a-z]+ ){{0,4}}(?:{_SEVERE})\b[^.;,|]{{0,20}}"
    ),
    words(rf"\b(?:{_HARM})\b[^.;|]{{0,40}} (?:it|them|to be|to have been) (?:{_SEVERE})\b"),
    words(rf"\b(?:{_HARM})\b[^.;,|]{{0,30}}(?:=|:) ?(?:{_SEVERE})\b"),
    words(rf"\b(?:{_SEVERE}) (?:[a-z]+ ){{0,2}}(?:{_HARM})\b(?: (?:to|on|for|of) [a-z ]{{3,40}})?"),
    words(
        rf"\b(?:{_HARM}) (?:was |were |is |has been )?(?:damaged|hit|hurt|eroded|shaken|weakened|suffered|kept to a minimum)\b[^.;|]{{0,25}}"
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
        r"|frustrated|harmed|hurt|annoyed|affected|out of pocket)|paid too much|felt unwell|got sick|complained a lot|lost out)\b[^.;,|]{0,30}"
    ),
)
_DENIED = words(r"\b(?:no|not|never|without|nor|neither|nothing|nobody|any)\b[^.;,]{0,30}$")
_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|half|one in|single)\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = words(
    r"\b(?:could|would|might|can|should|if|risk of|to avoid|prevent|measure[sd]?|assess(?:es|ment of)?)\b[^.;,]{0,30}$"
)


def unquantified_impacts(reading: DocumentReading) -> Iterator[Mark]:
    """The first claim of harm in a sentence without a figure."""
    for sentence in reading.narrative:
        text = own_words(sentence.text)
        if _FIGURE.search(text) or text.endswith("?"):
            continue
        spans = [
            match.span()
            for pattern in _CLAIMS
            for match in pattern.finditer(text)
            if not _is_excused(text, match.start())
        ]
        if not spans:
            continue
        start = min(first for first, _ in spans)
        end = max(last for first, last in spans if first - start < 60)
        start, end = whole_words(text, (start, end))
        shorter = re.sub(r" (?:and|but|or)\b.{0,40}$", "", text[start:end]).rstrip(" ,")
        if any(pattern.search(shorter) for pattern in _CLAIMS):
            end = start + len(shorter)
        reason = (
            f"{named(sentence.text[start:end])} speaks of harm without a number of people, an amount or a duration."
        )
        yield mark_of(sentence, DefectKind.UNQUANTIFIED_IMPACT, span=(start, end), reason=reason)


def _is_excused(text: str, start: int) -> bool:
    before = text[max(0, start - 50) : start]
    return bool(_DENIED.search(before) or _HYPOTHETICAL.search(before))
