"""Conclusions without the evidence that carries them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.analysis.rules.defects.mark import Mark, mark_of, named, share_paragraph, whole_words
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.words import REFERENCE, words

_EVIDENCE = re.compile(
    rf"{REFERENCE.pattern}|\b(?:because|since|as shown|which shows|so that|therefore|confirm\w{{0,30}}|verif\w{{1,30}}|according to|the log"
    rf"|the export|the register|the laborator\w{{1,30}})\b",
    re.IGNORECASE,
)
_STRONG_EVIDENCE = re.compile(rf"{REFERENCE.pattern}|\d|\bIntent\b|\bHistory\b", re.IGNORECASE)
_ADVERB = r"(?:all |both |also |quite |completely |entirely |perfectly |therefore |clearly |certainly |fully |surely )?"


@dataclass(frozen=True, slots=True)
class _Claim:
    """A way of claiming, and how many sentences after it may still bring the evidence."""

    pattern: re.Pattern[str]
    says: str
    """Ends the reason."""
    is_clause: bool = False
    """The whole clause is marked: the words alone would tell a reader nothing."""
    reach: int = 0
    evidence: re.Pattern[str] = _EVIDENCE


_CLAIMS = (
    _Claim(
        words(
            r"\b(?:[\w&'’-]{1,30} ){0,6}(?:is|are|was|were|regards?|consider(?:s|ed)?|classif(?:y|ied)|seems?"
            r"|remains?) (?:[\w&'’-]{1,30} ){0,4}?(?:clearly |plainly |obviously |certainly )?"
            r"(?:as )?an? (?:[a-z]{1,30} )?(?:good|bad|confused|honest|malicious|negligent|dishonest|professional) (?:actor|seller|account"
            r"|merchant|vendor|one|faith)\b"
            r"|\b(?:[\w&'’-]{1,30} ){0,4}(?:is|are|was|were|being) (?:all |both |clearly |simply |just )?(?:good|bad|confused|honest|malicious"
            r"|negligent|dishonest|professional) (?:actors|sellers|accounts|merchants|vendors)\b"
        ),
        "classes a party without its intent, history or response to show for it",
        reach=2,
        evidence=_STRONG_EVIDENCE,
    ),
    _Claim(
        words(
            r"\b(?:beyond (?:any )?doubt|without (?:any )?doubt|no doubt(?! that)|undoubtedly|(?:it is|it was|pattern is|quite|pretty"
            r"|absolutely|so it is) (?:clear|obvious|certain|sure)\b"
            r"|no reason to (?:doubt|question|suspect|disbelieve)(?: \w{2,9})?"
            r"|(?:we|i) (?:are|am|was|were) (?:pretty |absolutely |quite )?(?:certain|sure|convinced)|obvious(?:ly)?|of course"
            r"|everyone knows|everybody (?:knows|agrees)|needless to say"
            r"|any experienced person|an experienced eye|(?:so )?we know (?:that )?it is|, period\b|certainly|evidently|must have been"
            r"|for sure|professional level|one can see at once"
            r"|saw immediately|sees at once|clear at once)"
        ),
        "asserts certainty where the record should speak",
        is_clause=True,
        evidence=re.compile(REFERENCE.pattern, re.IGNORECASE),
    ),
    _Claim(
        words(
            r"\b(?:little|no|hardly any|out of) (?:question|doubt)\b|\b(?:clearly|plainly|evidently|apparently|presumably|surely"
            r"|undoubtedly|definitely"
            r"|unquestionably|supposedly|indisputably) (?!(?:named|stated|marked|shown|labelled|visible|written|said|says))"
            r"|\b(?:can|could) only (?:be|have been|mean)\b|\bcan ?not be anything\b|\bsafe to (?:assume|say)\b|\bstands to reason\b"
            r"|\bgoes without saying\b"
            r"|\b(?:is|are|was|were) (?:well )?(?:known|said|believed|thought|rumou?red|supposed|understood) to (?:be|have)\b"
        ),
        "asserts what no record is cited for",
        is_clause=True,
        evidence=re.compile(rf"{REFERENCE.pattern}|\bbecause\b", re.IGNORECASE),
    ),
    _Claim(
        words(
            r"\b(?:documents?|papers?|invoices?|story|account|figures?|numbers|explanations?|certificates?"
            r"|statements?) (?:all )?(?:check(?:s|ed)? out|adds? up"
            r"|added up|holds? up|held up|makes? sense)\b"
            r"|\b(?:the|an?) (?:only|best|most sensible|obvious) (?:possible )?(?:option|way|choice|answer|solution|outcome|measure"
            r"|step)\b(?! (?:to|of|in) reach)"
            r"|\bno (?:alternative|other (?:option|choice|way))\b"
            r"|\ball (?:the )?(?:relevant |available |necessary |required |possible )(?:evidence|data|records|facts|steps|measures|checks"
            r"|documents|information)"
            r" (?:was|were|has been|have been) [a-z]{3,20}(?:ed|en|n)\b"
            r"|\b(?:process|system|check|control|procedure|tool|cooperation|communication|team)s? (?:works?|worked|functions?"
            r"|functioned) (?:very )?(?:well|fine"
            r"|perfectly|reliably|properly|smoothly|flawlessly)\b"
            r"|\b(?:other|no other|no further|nobody) (?:else |sellers?|buyers?|accounts?|customers?|markets?|orders?|users?){0,2} ?(?:was"
            r"|were|is|are) (?:not )?"
            r"(?:affected|involved|harmed|concerned|hit)\b"
            r"|\b(?:fully|completely|very|quite|more than|entirely) (?:satisfied|happy|pleased|content)\b"
        ),
        "is a verdict without what it rests on",
        is_clause=True,
        reach=1,
    ),
    _Claim(
        words(
            r"\b(?:look(?:s|ed)?|appear(?:s|ed)?|seem(?:s|ed)?|felt|sound(?:s|ed)?) (?:[a-z]{1,30} ){0,2}?(?:genuine|real|fine|authentic"
            r"|valid|ok|okay|honest|legitimate|plausible|in order|normal"
            r"|credible|trustworthy|like (?:the )?other \w{1,30})\b"
        ),
        "goes by looks: no check with its result is named",
        evidence=words(r"\bat first\b|\bbut\b"),
    ),
    _Claim(
        words(
            r"\b(?:i guess|i suppose|(?:a|my|the) (?:feel for|good feeling|gut feeling)|gut feeling|as far as (?:any(?:one|body)|we"
            r"|i) knows?|in my opinion|i (?:think|believe) (?:they|he|she|it) (?:are|is))\b"
        ),
        "is an impression, not a finding",
        is_clause=True,
        evidence=re.compile(REFERENCE.pattern, re.IGNORECASE),
    ),
    _Claim(
        words(
            rf"\b(?:certificates?|documents?|papers?|invoices?|permits?|reports?|licen[cs]es?|letters?|extracts?|proofs?|records?"
            rf"|product|goods)\b[^.;:|]{{0,50}} (?:is|are|was|were) {_ADVERB}"
            r"(?:genuine|authentic|valid|complete|in order|real|fine|correct|sound|legitimate|sufficient)\b(?: and (?:complete|genuine"
            r"|valid|sound|correct|real|true))?"
        ),
        "asserts authenticity without saying who verified it and how",
        reach=1,
    ),
    _Claim(
        words(
            r"\b(?:(?:is|are|was|were|seem(?:s|ed)|felt|as|both|considers?|considered|have been|has been) (?:[a-z]{1,30} ){0,5}?"
            r"(?:acceptable|proportionate|appropriate"
            r"|cooperative|responsive|helpful(?! to)|justified|adequate|reasonable|balanced"
            r"|the (?:right|fair|best|balanced) [a-z]{1,30}|not convincing"
            r"|convincing|fair|warranted|satisfactory|the right call))(?: in the circumstances|(?:,| and) [a-z, ]{3,25})?"
        ),
        "passes a verdict without its reasons",
        reach=1,
    ),
    _Claim(
        words(
            r"\b(?:operated|worked|functioned|performed|ran) (?:[a-z]{1,30} ){0,3}as (?:it was |they were |was |were )?(?:intended|designed"
            r"|planned|expected|it should|they should)\b[^.;|]{0,25}"
            r"|\b(?:in touch|in contact|worked (?:closely )?|cooperated|communicated|informed) [^.;|]{0,45}\b(?:throughout"
            r"|at all times|at every step)\b"
            r"|\bleft no stone unturned\b|\b(?:examined|checked|reviewed|considered) (?:everything|all (?:the )?(?:relevant )?(?:data"
            r"|evidence|facts|records))\b"
            r"|\b(?:was|is|were) (?:very |most |extremely )?(?:thorough|comprehensive|exhaustive)\b|\bcalls for no remark\b"
            r"|\bnothing (?:left|more|else) to (?:check|examine|look at)\b"
            r"|\bno concerns? (?:is|are|was|were) known\b|\b(?:most|all|many) (?:workers|people|colleagues|reviewers|users|sellers"
            r"|buyers) [^.;|]{0,30}\b(?:noticed|knew|appreciated|agreed?|understood)\b"
        ),
        "praises the work instead of showing it",
        is_clause=True,
    ),
)
_ASSESSED = _Claim(
    words(
        r"\b(?:is|are|was|were|be|been|being|seems?|seemed|remains?|remained) (?:(?:all|both|always|very|quite|most|fully|completely"
        r"|entirely|absolutely|certainly|not|"
        r"an?|the|also|therefore|more than|perfectly|highly) ){0,3}"
        r"(?:reliable|trustworthy|credible|incredible|implausible|plausible|sound|above board|commensurate|adequate|sincere|honest"
        r"|dishonest|loyal|innocent|guilty|harmless"
        r"|legit|lawful|impeccable|beyond reproach|conclusive|compelling|exhaustive|diligent|under control|in good hands|up to standard"
        r"|watertight|satisfactory|exemplary"
        r"|state of the art|best practice|robust|transparent|untrustworthy|suspicious|shady|dubious|unlikely|undisputed"
        r"|indisputable)\b(?: (?:partner|seller|customer|source|merchant))?"
        r"|\ban? (?:careful|thorough|comprehensive|detailed|in-?depth|exhaustive|rigorous|close|profound|full) (?:analysis|review"
        r"|investigation|check|examination|inquiry"
        r"|search|assessment|look)\b[^.;|]{0,30}"
        r"|\b(?:in all likelihood|most likely|most probably|probably|experience shows|as experience shows|as a rule|must be [a-z]{3,20}ing"
        r"|must have [a-z]{3,20})\b"
        r"|\bno (?:harm|damage|risk|danger|negative (?:effects?|impact)) (?:was|is|has been|exists?|existed|arose|came)\b[^.;|]{0,20}"
        r"|\b(?:informed|handled|processed|treated|answered|dealt with|acted|reacted|responded) (?:in time|in good time|promptly|properly"
        r"|correctly|professionally|as required"
        r"|with (?:due|great|all) care|appropriately|adequately)\b"
        r"|\bevery (?:stone|effort|angle|aspect|detail) (?:was|has been) [a-z]{3,15}\b"
    ),
    "is an assessment without what it rests on",
    is_clause=True,
    reach=1,
    evidence=re.compile(rf"{_EVIDENCE.pattern}|\d", re.IGNORECASE),
)
_CLAUSE_STOP = re.compile(r"[;:.,|!?\n]")
_FAR_CHARS = 60
_DRAWS_ON = words(r"^\W{0,9}(?:so|therefore|thus|hence)\b")
_ASKED = words(r"\b(?:whether|if|asked|tested|not because|does it)\b[^.;]{0,60}$")


def unsupported_claims(reading: DocumentReading) -> Iterator[Mark]:
    """The first claim of a sentence that neither it nor, for some claims, the next sentences support."""
    for place, sentence in enumerate(reading.narrative):
        if sentence.line_kind == "table_row" or sentence.text.endswith("?"):
            continue
        text = sentence.own_words
        for claim in (*_CLAIMS, _ASSESSED):
            match = claim.pattern.search(text)
            if match is None or _ASKED.search(text[: match.start()][-70:]):
                continue
            if claim.evidence.search(sentence.text) or _is_shown_nearby(reading, place, claim):
                continue
            span = _trimmed(text, _clause_of(text, match.span()) if claim.is_clause else match.span())
            reason = f"{named(sentence.text[slice(*span)])} {claim.says}."
            yield mark_of(sentence, DefectKind.UNSUPPORTED_CLAIM, span=span, reason=reason)
            break


def _clause_of(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """From the stop or comma before the words to the one after them, if that is not far."""
    start, end = span
    before = _CLAUSE_STOP.split(text[max(0, start - _FAR_CHARS) : start])[-1]
    after = _CLAUSE_STOP.split(text[end : end + _FAR_CHARS])[0]
    if len(before) < _FAR_CHARS:
        start -= len(before.lstrip())
    if len(after) < _FAR_CHARS:
        end += len(after.rstrip(" .!"))
    return start, end


def _is_shown_nearby(reading: DocumentReading, place: int, claim: _Claim) -> bool:
    """In the sentences after it, or in the one before it that a "so" draws on."""
    sentence = reading.narrative[place]
    near = list(reading.narrative[place + 1 : place + 1 + claim.reach])
    if _DRAWS_ON.search(sentence.text):
        near += reading.narrative[max(0, place - 1) : place]
    return any(share_paragraph(reading, sentence, other) and claim.evidence.search(other.text) for other in near)


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Without leading conjunctions and trailing blanks."""
    start, end = span
    lead = re.match(r"(?:and|but|so|as|that|which|because|,|\s)+\s", text[start:end], re.IGNORECASE)
    start += len(lead.group()) if lead and lead.end() < (end - start) / 2 else 0
    return whole_words(text, (start, end))
