"""Defects that one sentence shows, as data: kind, pattern, and what to say."""

import re
from dataclasses import dataclass

from apps.analysis.rules.port import Defect, DefectKind
from apps.analysis.rules.reading.document import Sentence
from apps.analysis.rules.reading.words import AMOUNT, DATE, NUMBER, PERSON, REFERENCE


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WordRule:
    """A fault that these words show unless the same sentence also holds `unless`."""

    kind: DefectKind
    point: int
    pattern: re.Pattern[str]
    reason: str
    """May hold {words}."""
    suggestion: str
    unless: re.Pattern[str] | None = None
    also: re.Pattern[str] | None = None
    """The sentence must hold this too."""
    is_whole_sentence: bool = False
    in_quotes_too: bool = False

    def find(self, sentence: Sentence) -> Defect | None:
        """The first place in the sentence, or None."""
        if sentence.is_quoted and not self.in_quotes_too:
            return None
        match = self.pattern.search(sentence.text)
        if (
            match is None
            or (self.unless and self.unless.search(sentence.text))
            or (self.also and not self.also.search(sentence.text))
        ):
            return None
        quote = sentence.quote() if self.is_whole_sentence else sentence.part(*match.span())
        return Defect(
            self.kind, quote, self.point, self.reason.format(words=f"\u201c{match.group()}\u201d"), self.suggestion
        )


_ACTION = _words(
    r"\b(?:will|shall|should|must|needs? to|to be)\b.{0,40}\b(?:improv|train|add|updat|review|introduc|chang|remind|monitor|check|implement|consider|strengthen|extend)\w*"
)

WORD_RULES: tuple[WordRule, ...] = (
    WordRule(
        DefectKind.PLACEHOLDER,
        13,
        _words(
            r"\bTB[DCA]\b|\bXX+\b|\[[^\]\n]{0,30}(?:name|date|insert|number|team|amount|id|owner|link)[^\]\n]{0,30}\]|<(?:name|date|insert)[^>\n]*>|\?\?\?|_{3,}|\bto be (?:completed|filled in|confirmed|added)\b"
        ),
        "{words} is a blank that was never filled in.",
        "Fill it in, or say why it is not known.",
    ),
    WordRule(
        DefectKind.PII_EXPOSED,
        19,
        re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w|\+\d[\d ()-]{8,}\d|\b(?:\d[ -]?){15}\d\b|\b\d{3}-\d{2}-\d{4}\b"),
        "Personal data is written out in full.",
        "Mask it, and refer to the record where it is kept.",
        in_quotes_too=True,
    ),
    WordRule(
        DefectKind.BLAME_LANGUAGE,
        17,
        _words(
            r"\b(?:liars?|lied|lying|idiot\w*|stupid\w*|lazy|incompeten\w+|disgust\w+|shameless\w*|pathetic|obviously|crooks?|scum|outrageous\w*|ridiculous\w*|careless\w*|sloppy|clueless|useless|greedy|shocking\w*|disgrace\w*|blatant\w*|couldn't be bothered|did not bother)\b"
        ),
        "{words} judges instead of telling a fact.",
        "Say what was done, when, and how it is known.",
    ),
    WordRule(
        DefectKind.VAGUE_QUANTITY,
        1,
        _words(
            r"\b(?:many|several|numerous|a number of|a lot of|lots of|some|few|various|most|countless|significant(?:ly)?|substantial(?:ly)?|considerable|soon|recently|shortly|a while|quickly|large numbers? of|a handful of)\b(?: (?:of the )?[a-z]+)?"
        ),
        "{words} stands where a figure belongs.",
        "Give the number, the amount or the date.",
        unless=re.compile(
            rf"{NUMBER.pattern}|\bsome(?:one|thing|where|times)\b|\bmost (?:likely|recent)\b", re.IGNORECASE
        ),
    ),
    WordRule(
        DefectKind.UNQUANTIFIED_IMPACT,
        1,
        _words(
            r"\b(?:impact|harm|damage|loss(?:es)?|trust|reputation|dissatisf\w+|disruption|inconvenien\w+)\b.{0,60}\b(?:significant|serious|severe|large|considerable|high|great|major|substantial|heavy|noticeable)\b|\b(?:significant|serious|severe|large|considerable|major|substantial|heavy)\b.{0,40}\b(?:impact|harm|damage|loss(?:es)?|disruption)\b"
        ),
        "Harm is claimed without a count or an amount.",
        "State how many were affected, for how long, and what it cost.",
        unless=re.compile(rf"{NUMBER.pattern}|{AMOUNT.pattern}"),
        is_whole_sentence=True,
    ),
    WordRule(
        DefectKind.SYMPTOM_AS_CAUSE,
        11,
        _words(
            r"\broot cause\b.{0,40}\b(?:was|is)\b|\b(?:human error|lack of (?:attention|care|training|awareness)|oversight|mistake)\b.{0,40}\b(?:cause|reason|led|result)\w*|\b(?:cause|reason)\b.{0,40}\b(?:human error|mistake|oversight|lack of|greed|negligence|bad luck)\b|\bmade a mistake\b"
        ),
        "A symptom or human error is told as if it were the cause.",
        "Ask why it was possible, until a control is named that should have stopped it.",
        also=_words(
            r"\b(?:human error|mistake|oversight|lack of|greed|negligen\w+|dishonest\w*|seller|attention|careless\w*|agent|analyst|reviewer|bad luck)\b"
        ),
        unless=_words(r"\b(?:rule|threshold|validation|queue|control|configuration|no check|did not check)\b"),
        is_whole_sentence=True,
    ),
    WordRule(
        DefectKind.PASSIVE_HIDDEN_ACTOR,
        17,
        _words(
            r"\b(?:it was (?:decided|agreed|determined|felt|concluded|noted)|(?:was|were|has been|have been) (?:decided|approved|removed|overlooked|missed|escalated|informed|released|closed|lifted|changed|forwarded|handed over|told|granted|switched))\b"
        ),
        "{words} hides who acted.",
        "Name the person or team who did it.",
        unless=re.compile(rf"\bby (?:the |our |an? )?\w+|{PERSON.pattern}|\bautomatic"),
    ),
    WordRule(
        DefectKind.UNSUPPORTED_CLAIM,
        2,
        _words(
            r"\b(?:clearly|certainly|undoubtedly|without (?:any )?doubt|no doubt|beyond doubt|evidently|of course|it is (?:clear|certain|known|well known)|everyone knows|must have|surely|always|never before)\b"
        ),
        "{words} asserts what no evidence here shows.",
        "Cite the record that shows it, or say that it is an assumption.",
        unless=REFERENCE,
        is_whole_sentence=True,
    ),
    WordRule(
        DefectKind.NO_SUCCESS_MEASURE,
        18,
        _words(
            r"\b(?:success|effect(?:iveness)?|improvement|progress|results?)\b.{0,50}\b(?:will be|is|are|be)\b.{0,30}\b(?:monitor|watch|track|review|seen|follow|measur|assess|evaluat)\w*|\b(?:we|team) will (?:monitor|watch|keep an eye)\b"
        ),
        "The effect is to be watched, but no figure says when it is reached.",
        "Name a figure with its value today, its target and the date on which it is measured.",
        unless=NUMBER,
        is_whole_sentence=True,
    ),
    WordRule(
        DefectKind.MISSING_OWNER,
        12,
        _ACTION,
        "This action has nobody who answers for it.",
        "Name one person as its owner.",
        unless=re.compile(rf"{PERSON.pattern}|\||\bowner\b"),
        is_whole_sentence=True,
    ),
    WordRule(
        DefectKind.MISSING_DATE,
        12,
        _ACTION,
        "This action has no date.",
        "Give the date by which it is done.",
        unless=re.compile(rf"{DATE.pattern}|\|", re.IGNORECASE),
        is_whole_sentence=True,
    ),
)
