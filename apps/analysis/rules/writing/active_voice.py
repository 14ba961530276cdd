"""A passive clause turned round, so that it asks for the one who acted."""

import re

from apps.analysis.rules.defects.pii_exposed import masked
from apps.analysis.rules.port import Defect
from apps.analysis.rules.writing.blanks import as_clause, blank, tidy

_CLAUSE = re.compile(
    r"^(?P<subject>.{0,400}?)\b(?:was|were|is|are|has been|have been|had been|got) "
    r"(?P<adverb>(?:also|then|later|subsequently|eventually|finally|immediately|promptly|not|again|only|already|therefore|now|never|duly|quickly) )?"
    r"(?P<deed>\w.{0,400})$",
    re.IGNORECASE | re.DOTALL,
)
_PARTICLES = frozenset(["to", "back", "for", "down", "off", "on", "over", "away", "out", "with", "into", "up"])
# With these nobody and nothing is acted on: "it was decided" has no object.
_WITHOUT_OBJECT = frozenset(
    ["decided", "agreed", "determined", "concluded", "felt", "thought", "found", "noted", "assumed"]
)
_PAST_PAIRS = """
    taken took, frozen froze, written wrote, given gave, chosen chose, known knew, done did, seen saw, shown showed, driven drove
"""
# Participles that differ from the past; all others serve as both.
_PAST = dict(pair.split() for pair in _PAST_PAIRS.strip().split(", "))
_OBJECTS = {"they": "them", "he": "him", "she": "her", "we": "us", "i": "me", "it": "it"}
# A sentence that opens with a plural opens with a thing, hardly ever with a name.
_PLURAL_OPENS = re.compile(r"[A-Z][a-z]{2,30}s\b(?! [A-Z])")
_TAIL = re.compile(r"[^.;,|!?\n]{0,80}")


def in_active_voice(defect: Defect) -> str:
    """The clause with a blank for who acted ("reviews were removed": somebody removed reviews); "" where it does not turn."""
    match = _CLAUSE.match(defect.quote.text)
    adverb = (match.group("adverb") or "").strip() if match else ""
    if match is None or adverb.lower() in {"not", "never"}:
        return ""
    first, _, more = match.group("deed").partition(" ")
    verb = _PAST.get(first.lower(), first)
    subject = _object(match.group("subject"))
    if subject == "it" and verb.lower() in _WITHOUT_OBJECT:
        subject = ""
    deed = f"{verb} {more} {subject}" if more in _PARTICLES else f"{verb} {subject} {more}"
    tail = _rest_of_clause(defect)
    when = "" if re.search(r"\d", tail) else f" on {blank('date')}"
    return tidy(f"{blank('name or team')} {adverb} {deed} {tail}{when}.")


def _object(subject: str) -> str:
    """The subject as what is acted on."""
    plain = as_clause(re.sub(r"^(?:and|but|so|then|the fact that)\s{1,9}", "", subject.strip(), flags=re.IGNORECASE))
    if _PLURAL_OPENS.match(plain):
        plain = plain[:1].lower() + plain[1:]
    return _OBJECTS.get(plain.lower(), plain)


def _rest_of_clause(defect: Defect) -> str:
    rest = _TAIL.match(defect.sentence.text, defect.quote.end - defect.sentence.start)
    return masked(re.sub(r" (?:and|but) .{0,400}$", "", rest.group())) if rest else ""
