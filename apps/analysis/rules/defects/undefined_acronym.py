"""Abbreviations that are never written out."""

import re
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, own_words
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading, Sentence

_ACRONYM = re.compile(r"(?<![\w/.@&-])[A-Z]{2,6}(?=s?\b)(?!s?[-/&.]?\w*\d)(?! ?\d)(?![-@])")
_ROMAN = re.compile(r"[IVX]{2,6}")
# Currencies, time zones, legal forms, units, and what every reader of such a report knows.
_KNOWN_WORDS = """
    EUR USD GBP CHF SEK NOK DKK PLN CZK HUF JPY INR CAD AUD NZD CNY BRL MXN SGD HKD KRW TRY ZAR
    CET CEST UTC GMT BST EST EDT CST PST PDT AM PM
    ID IDS IP OK EU UK US USA UN UAE PDF CSV URL HTTP HTTPS HTML XML JSON CEO CFO COO FAQ TV DVD CD USB LED AI IT HR PC PR SMS GPS ZIP PIN QR VAT
    ISBN EAN GTIN SKU ASIN UPC LLC LTD INC GMBH AG BV NV SA PLC CO KG MM CM KM ML HZ KW PO BOX JPG JPEG PNG GIF XLS DOC NO RE CC BCC FYI ASAP ETA PS
    TBD TBC TBA XX XXX NA SOP SOPS TODO FIXME DIY ATM UV MB GB TB AC DC ISO DIN EN CE RFC IBAN BIC API APP APPS VIP SIM WIFI NB ETC VS
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
# Words that people set in capitals to stress them.
_STRESSED_WORDS = """
    NOT ALL HIGH LOW MEDIUM OFF ON NEW NEVER ALWAYS MUST URGENT ONLY VERY AND OR BUT YES FAIL PASS NONE OPEN CLOSED DONE NOTE STOP
"""
_STRESSED = frozenset(_STRESSED_WORDS.split())
_NEAR_CHARS = 120


def undefined_acronyms(reading: DocumentReading) -> Iterator[Mark]:
    """The first use of each abbreviation that the text explains nowhere."""
    text = reading.whole_text
    lower_case_words = set(re.findall(r"\b[a-z]{2,6}\b", text))
    seen: set[str] = set()
    for sentence in reading.narrative:
        if _is_shouted(sentence):
            continue
        for match in _ACRONYM.finditer(own_words(sentence.text)):
            name = match.group()
            if (
                name in seen
                or name in _KNOWN
                or name in _STRESSED
                or _ROMAN.fullmatch(name)
                or name.lower() in lower_case_words
            ):
                continue
            seen.add(name)
            if not _is_explained(name, text):
                reason = f"{name} is used here for the first time and never written out."
                yield mark_of(sentence, DefectKind.UNDEFINED_ACRONYM, span=match.span(), reason=reason)


def _is_shouted(sentence: Sentence) -> bool:
    """Capitals are its style: headings typed as text, table heads."""
    letters = [letter for letter in sentence.text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) > len(letters) * 0.6


def _is_explained(name: str, text: str) -> bool:
    """In brackets after its words, before its words in brackets, by "means" or the like, or by words with its initials close by."""
    if re.search(rf"\({name}s?[,;)]|\b{name}s?\"?\s*\((?!\d)[a-zA-Z]+ [a-zA-Z]+", text):
        return True
    if re.search(
        rf"\b{name}s?\b[\"”]?\s*(?:=|:|stands for|means|is short for|denotes|\(?hereafter|, (?:that is|i\.e\.|the |a |an |our ))",
        text,
    ):
        return True
    small = r"(?:of |and |for |the |to |in )?"
    initials = re.compile(
        rf"[\s-]{{1,3}}{small}".join(rf"\b(?:{letter}\w{{1,20}}|{letter.lower()}\w{{3,20}})" for letter in name)
    )
    for use in re.finditer(rf"\b{name}s?\b", text):
        around = text[max(0, use.start() - _NEAR_CHARS) : use.end() + _NEAR_CHARS]
        if initials.search(around):
            return True
    capitals = rf"[\s-]{{1,3}}{small}".join(rf"\b{letter}[a-z]{{1,20}}" for letter in name)
    return len(name) > 2 and bool(re.search(capitals, text))
