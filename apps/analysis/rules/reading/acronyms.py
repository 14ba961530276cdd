"""Abbreviations that the text explains nowhere."""

import re

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.vocabulary import word_set

# No identifier: neither PL-61 nor CB 88 nor x/AB.
_ACRONYM = re.compile(r"(?<![\w/.@&-])[A-Z]{2,6}(?=s?\b)(?!s?[-/&.]?\w{0,30}\d)(?! ?\d)(?![-@])")
_KNOWN = frozenset(word.upper() for word in word_set("known_acronym"))
_ROMAN = re.compile(r"[IVX]{2,6}")
_SHOUTED = 0.6
_NEAR_CHARS = 120
_NAME = r"(?P<name>[A-Z]{2,6})s?"
_DEFINITIONS = (
    re.compile(rf"\((?:the )?{_NAME}[,;)]"),
    re.compile(rf"\b{_NAME}\b[\"”]?\s?\([a-z]{{2,30}} [a-zA-Z]"),
    re.compile(
        rf"\b{_NAME}\b[\"”]?\s?(?:=|stands for\b|means\b|is short for\b|denotes\b|is (?:the|our|an?)\b|,? that is\b|, i\.e\."
        r"|, (?:the|an?|our)\b)"
    ),
)
# Only words that begin like the abbreviation explain it here: "KPI: share of errors" and "QRT (Mara Quill)" do not.
_AFTER = re.compile(rf"\b{_NAME}\b[\"”]?\s?[:(]\s?(?P<words>[A-Za-z][\w -]{{2,60}})")
_CAPITALISED = re.compile(r"[A-Z]\w{1,20}(?:(?:[\s-]{1,2}(?:of |and |for |the |to |in )?)[A-Z]\w{1,20}){1,9}")
_SMALL_WORDS = frozenset(["of", "and", "for", "the", "to", "in"])


def unexplained_acronyms(reading: DocumentReading) -> tuple[Quote, ...]:
    """The first use of each abbreviation that nothing in the text writes out; identifiers and currencies are none."""
    return reading.once("acronyms", _find)


def _find(reading: DocumentReading) -> tuple[Quote, ...]:
    text = reading.whole_text
    passed = _defined_in(text) | _initials_of_names(text) | _ordinary_words(text) | _KNOWN
    seen: set[str] = set()
    found = []
    for sentence in reading.narrative:
        if _is_shouted(sentence):
            continue
        for match in _ACRONYM.finditer(sentence.text):
            name = match.group()
            is_quoted = any(a <= match.start() < b for a, b in sentence.facts.quoted)
            if is_quoted or name in seen or name in passed or _ROMAN.fullmatch(name):
                continue
            if _stands_beside_its_words(name, sentence.text, match.start()):
                passed.add(name)
                continue
            seen.add(name)
            found.append(sentence.part(*match.span()))
    return tuple(one for one in found if one.text not in passed)


def _defined_in(text: str) -> set[str]:
    """In brackets after its words, before its words in brackets, or told by "means" or the like."""
    told = {match.group("name") for pattern in _DEFINITIONS for match in pattern.finditer(text)}
    return told | {match.group("name") for match in _AFTER.finditer(text) if _begins_like(match)}


def _begins_like(match: re.Match[str]) -> bool:
    """The first two letters of the abbreviation are the first letters of words that follow it, in order."""
    letters = [word[0].upper() for word in re.split(r"[\s-]{1,30}", match.group("words")) if word]
    name = match.group("name")
    return letters[0] == name[0] and name[1] in letters[1:]


def _initials_of_names(text: str) -> frozenset[str]:
    """First letters of every run of three or more capitalised words: "Compliance Review Desk" explains CRD."""
    found: set[str] = set()
    for match in _CAPITALISED.finditer(text):
        letters = "".join(word[0] for word in re.split(r"[\s-]{1,30}", match.group()) if word not in _SMALL_WORDS)
        found |= {letters[start : start + size] for size in range(3, 7) for start in range(len(letters) - size + 1)}
    return frozenset(found)


def _ordinary_words(text: str) -> frozenset[str]:
    """What the text also writes small is a word, set in capitals to stress it."""
    return frozenset(word.upper() for word in re.findall(r"\b[a-z]{2,6}\b", text))


def _is_shouted(sentence: Sentence) -> bool:
    """Capitals are its style: headings typed as text, heads of tables."""
    letters = [letter for letter in sentence.text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) > len(letters) * _SHOUTED


def _stands_beside_its_words(name: str, text: str, start: int) -> bool:
    """Words with its initials stand close by, capitalised or long enough to be no chance."""
    words = [rf"\b(?:{letter}\w{{1,20}}|{letter.lower()}\w{{3,20}})" for letter in name]
    around = text[max(0, start - _NEAR_CHARS) : start + _NEAR_CHARS]
    return bool(re.search(r"[\s-]{1,3}(?:of |and |for |the |to |in )?".join(words), around))
