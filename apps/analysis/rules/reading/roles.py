"""What a section or a paragraph is about: by its heading, by its first words, or by what it says."""

import re
from collections.abc import Mapping, Sequence

from apps.analysis.rules.reading.facts import Facts

# In order: the first that fits a heading names it.
ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile("|".join(parts), re.IGNORECASE))
    for role, *parts in (
        (
            "summary",
            r"summary|overview|in short|in brief|abstract|at a glance|in two minutes|nutshell|key facts|outline|introduction",
            r"what this (?:review|report|note|case) (?:covers|is about)|^\W*short\W*$|the short version|^\W*facts\W*$",
        ),
        (
            "impact",
            r"impact|harm|who was (?:hit|affected)|effect on|damage|consequences|prejudice|initial assessment|how bad|what it cost",
        ),
        (
            "resolution",
            r"(?:measures?|actions?|steps) (?:taken|imposed|ordered)|what was (?:done|decided|ordered|paid)|ruling|measure imposed",
        ),
        (
            "classification",
            r"classif|actor|seller (?:profile|class|assessment)|(?:about|who) the (?:seller|account|shop|host)|our view of",
            r"who (?:is|was|did)|what kind of|\bintent|the (?:trader|holder|seller)\W*$",
        ),
        (
            "prevention",
            r"prevent|corrective|\bcapa\b|remediation|\bnext\b|follow-?up|recommend|lesson|measures|going forward|improve|remed(?:y|ies)",
            r"provisions|and now\b|what happens (?:now|next)|what (?:comes )?next|way forward|outlook",
            r"commitments|\bahead\b|road ?map|for the future|^[\W\d]*(?:the |our )?plan\b",
            r"what (?:we|i|will|changes|should)\b.{0,24}(?:do\b|do now|change|learn|changes|happen|different)|from here",
            r"^\W*(?:\d+\W*)?(?:changes?|steps|jobs|tasks)\b\W*$|action (?:plan|items|list)|never again|from now on|to[- ]?do",
            r"what (?:changes|now)",
        ),
        (
            "cause",
            r"root|cause|\bwhy\b|5 whys|how (?:could|it (?:could|happened|was possible|came))|origin|reasons?\b",
            r"what went wrong|what failed",
        ),
        (
            "timeline",
            r"timeline|chronolog|sequence|what (?:is |has )?happened|events|minute by minute|day by day|course of",
        ),
        (
            "documentation",
            r"second (?:reader|look|person|pair|reading|analyst|opinion)|independent|cross-?check|proof-?reading|checked by",
            r"by others|peer|quality|\bcontrol\b\W*$|outside eyes|fresh eyes",
        ),
        (
            "resolution",
            r"resol|action|decision|decided|enforce|outcome|funds|money|balance|contact|outreach|correspond|talking to|payments",
            r"was ordered",
        ),
        (
            "investigation",
            r"investigat|method|how (?:we|i|the|it|this)|analysis|finding|evidence|check|verif|review|what (?:we|i) did",
            r"reading the|procedure|searched|traces|examin|inquiry|enquiry|steps we took|looking into|looked at|course of the",
        ),
        ("documentation", r"document|report|record|papers|audit"),
        (
            "background",
            r"background|context|history|where the case|words in|definition|terms|the trial|launch|the move",
        ),
    )
)

_LEADS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"^\W{{0,9}}(?:\d{{1,3}}[.)]\s{{0,9}})?(?:{'|'.join(parts)})\s{{0,9}}[:.|–—-]\s", re.IGNORECASE))
    for role, *parts in (
        ("cause", r"(?:the )?(?:root )?causes?|why|why it happened|root cause analysis"),
        (
            "prevention",
            r"(?:preventive |preventative |corrective |next |follow-up )(?:actions?|steps|measures)|actions|prevention|next",
            r"follow-?up|lessons?(?: learned)?|what (?:next|changes)|recommendations?",
        ),
        ("impact", r"impact|harm|effect|damage|affected"),
        ("classification", r"seller class(?:ification)?|class(?:ification)?|seller|actor"),
        ("resolution", r"funds|money|contact|outreach|decision|enforcement|legal|action taken"),
        ("investigation", r"method|investigation|verification|evidence"),
        ("background", r"background|context"),
        ("summary", r"summary|in short|outcome"),
    )
)

_SIGNS: Mapping[str, tuple[str, ...]] = {
    "cause": ("control_named", "cause_name"),
    "prevention": (),
    "classification": ("actor_class",),
}


# Headings that a writer gives to what was done as well as to what is to be done or looked into.
_OF_TWO_MINDS = re.compile(
    r"^[\W\d]*(?:(?:further|other|our|the) )?(?:measures?|actions?|steps|changes|tasks|jobs|what (?:we|i) (?:did|have done)|done|findings?)\W*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|has|have|had|did|went|took|gave|sent|wrote|told|kept|put|\w{3,20}ed)\b", re.IGNORECASE
)
_AHEAD = re.compile(r"\b(?:will|shall|should|must|needs? to|has to|have to|by \d|until \d|tbd|owner)\b", re.IGNORECASE)


def role_of_heading(heading: str) -> str:
    """The role that a heading names; "other" when it says nothing."""
    return next((role for role, pattern in ROLES if pattern.search(heading)), "other")


def role_of_section(heading: str, sentences: Sequence[tuple[str, Facts]]) -> str:
    """The heading's role, unless it fits what was done as well as what is to come: then the sentences tell."""
    role = role_of_heading(heading)
    if role not in {"prevention", "investigation"} or not _OF_TWO_MINDS.match(heading):
        return role
    behind = sum(bool(_BEHIND.search(text)) and not _AHEAD.search(text) for text, _ in sentences)
    if behind * 2 <= len(sentences):
        return role
    is_measure = any(facts.says("enforce") and facts.has_any("decide", "enforce_object") for _, facts in sentences)
    return "resolution" if is_measure else role


def role_of_paragraph(first_words: str, sentences: tuple[Facts, ...]) -> str:
    """The role of one paragraph by its lead ("Root cause: ...") or by what it says; "" when it shows none."""
    for role, pattern in _LEADS:
        if pattern.match(first_words):
            return role
    whys = sum(len(facts.marks.get("why", ())) for facts in sentences)
    questions = sum(1 for facts in sentences if facts.tokens.words[:1] == ("why",))
    if any(facts.has_any(*_SIGNS["cause"]) for facts in sentences) or questions >= 2 or (questions and whys >= 3):
        return "cause"
    if any(facts.has("actor_class") and not facts.denies("actor_class") for facts in sentences):
        return "classification"
    return ""
