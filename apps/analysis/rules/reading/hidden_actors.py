"""Deeds that are told without the one who did them."""

from collections.abc import Iterator

from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.words import words

# Deeds for which somebody answers. What merely happens (was damaged, was delivered) has no hidden actor.
DEEDS = (
    r"blocked|unblocked|removed|closed|re-?opened|opened again|contacted|spoken (?:to|with)|talked to|interviewed|informed|notified|asked"
    r"|decided|agreed|determined"
    r"|concluded|approved|rejected|refused|declined"
    r"|escalated|forwarded|handed (?:over|on)|passed on|reinstated|suspended|frozen|released|lifted|taken (?:away|down|off"
    r"|offline)|swapped|allowed|permitted|granted"
    r"|denied|dismissed|overlooked|missed|served|warned|limited|restricted|revoked|cancelled|canceled|delisted|written (?:to"
    r"|off)|told|switched (?:off|on)|turned (?:off|down)"
    r"|paused|compensated|repaid|relisted|unlocked|locked|rerouted|redirected|recalled|destroyed|issued|muted|imposed|filed(?: away)?"
    r"|published|stopped|shut(?: down)?|credited|charged|transferred|moved|merged|swept"
    r"|replaced|changed|ordered|requested|picked up|taken over|given|set aside|set up|set back|put back|undone|reset|considered"
    r"|dispensed with|held (?:back|for|insufficient|sufficient)|withheld|let go|refunded|reimbursed"
    r"|terminated|deactivated|disabled|waived|accepted"
    r"|authori[sz]ed|imposed|corrected|adjusted|assigned|dealt with|handled|looked into|reviewed|investigated|deleted|restored"
    r"|settled|archived|raised|de-?prioriti[sz]ed|conducted|carried out|fixed|addressed|resolved|flagged|processed|overturned|upheld"
    r"|deferred|postponed|skipped|bypassed|ignored|forgotten|cleared|checked|verified|examined|discussed|put on hold|signed off|waved through"
)
_ADVERB = (
    r"(?:also |since |all |both |then |later |subsequently |eventually |finally |immediately |promptly |not |again |only |already |therefore "
    r"|now |never |duly |quickly )?"
)
# In the present only a state that somebody brought about; "requests are granted" tells how a process works.
_STATES = r"frozen|withheld|blocked|suspended|closed|limited|restricted|written off|on hold|put on hold"
_PASSIVE = words(
    rf"\b(?:was|were|has been|(?:has|have|had) (?:since|now|already|long) been"
    rf"|(?<!should )(?<!could )(?<!would )(?<!must )(?<!may )(?<!might )have been|had been|got) {_ADVERB}(?:{DEEDS})\b"
    rf"|\b(?:is|are) {_ADVERB}(?:{_STATES})\b"
)
_IMPERSONAL = words(
    rf"\b(?:decision|action|call|choice|step|measure|exception)s? (?:to [a-z ]{{2,30}} )?(?:was|were|has been|have been) {_ADVERB}(?:made|taken)\b"
    rf"|\bno (?:[a-z]{{3,12}} )?(?:check|note|test|inquir|enquir|record|call|attempt|contact|effort)[a-z]{{0,4}} (?:was|were|has been"
    rf"|have been) {_ADVERB}"
    r"(?:made|taken|done|kept|run|attempted)\b"
    rf"|\bit was {_ADVERB}(?:decided|agreed|determined|felt|concluded|noted|assumed|thought|considered|found)\b"
)
_ACTOR = words(
    r"\bby (?!(?:mistake|hand|accident|mail|e-?mail|phone|telephone|default|then|now|post|letter|\d))(?:[a-z]|the )"
    r"|\bautomatic|\bthe system\b|\bthe tool\b"
)
_NO_DEED = words(
    r"\b(?:if|when|whenever|unless|until|once|before|after|that|which|who|whose|where|because|since|while|as|how|whether|what)\b[^,;:.]{0,60}$"
)
_LEAD = words(r"(?:so|and|but|then|afterwards|later|also|hence|in between|in the end|meanwhile|after that|at first) ")
_SUBJECT = words(r"(?:[\w'’&-]{1,30} ){0,6}[\w'’&-]{1,30} ?$")


def hidden_actors_in(reading: DocumentReading) -> tuple[tuple[Sentence, tuple[int, int]], ...]:
    """The first passive deed of each sentence that names nobody, by its sentence and its place there."""
    return reading.once("hidden_actors", lambda one: tuple(_find(one)))


def _find(reading: DocumentReading) -> Iterator[tuple[Sentence, tuple[int, int]]]:
    for sentence in reading.narrative:
        if sentence.line_kind == "table_row" or sentence.text.endswith("?"):
            continue
        text = sentence.own_words
        if sentence.facts.people or _ACTOR.search(text):
            continue
        match = _IMPERSONAL.search(text) or _PASSIVE.search(text)
        if match is not None and not _NO_DEED.search(text[max(0, match.start() - 80) : match.start()]):
            yield sentence, (_start_of_clause(text, match.start()), match.end())


def _start_of_clause(text: str, verb: int) -> int:
    """Where the subject of the verb begins: after the last stop or conjunction, at most seven words back."""
    before = text[max(0, verb - 90) : verb]
    stop = max(
        before.rfind(mark) + len(mark) if mark in before else 0 for mark in (", ", "; ", ": ", " and ", " but ", "( ")
    )
    subject = _SUBJECT.search(before[stop:])
    length = len(subject.group()) if subject else len(before) - stop
    lead = _LEAD.match(text, verb - length)
    return lead.end() if lead and lead.end() < verb else verb - length
