"""An action with the blanks that make it one: who, by when, and how one will see it."""

import re
from collections.abc import Iterable

from apps.analysis.rules.defects.pii_exposed import masked
from apps.analysis.rules.port import Defect, DefectKind
from apps.analysis.rules.reading.actions import vague_date
from apps.analysis.rules.writing.blanks import as_clause, blank, replaced, tidy

_DO = re.compile(r"^\W{0,9}(?:please |maybe |also |then )?(?P<verb>[A-Za-z]{1,30})\b(?P<rest>.{0,400})$", re.DOTALL)
_CONCRETE_WORDS = """
    improve raise strengthen train add update review introduce change remind monitor check implement extend increase reduce define
    create build automate establish go set write rewrite revise test audit enforce tighten fix replace remove educate teach clarify
    document communicate share run enable expand limit block move publish adjust evaluate develop deploy refresh inform tell ask send
    verify assess brief coach simplify repeat prepare schedule assign track measure connect switch call talk keep make
"""
_CONCRETE = frozenset(_CONCRETE_WORDS.split())
_NOBODY_HELD = re.compile(r"no ?body (?P<deed>\w{1,30} (?:it|them|the \w{1,30}))", re.IGNORECASE)
_SOMEBODY = re.compile(r"(?:(?:and|but|so|then) )?(?P<who>somebody|someone|anyone|one)\b", re.IGNORECASE)
_CHECKED = f"checked by {blank('measure')} on {blank('date')}"


def with_owner_and_date(defect: Defect) -> str:
    """The action in its own words, with what this defect says is lacking as a blank."""
    return action_with_blanks(defect, lacks=frozenset([defect.kind]))


def action_with_blanks(defect: Defect, *, lacks: frozenset[DefectKind]) -> str:
    """The action in its own words, with a blank for each of owner and date that it lacks."""
    text = defect.sentence.text
    if " | " in text:
        new = blank("name") if defect.kind is DefectKind.MISSING_OWNER else blank("date")
        return replaced(defect, new)
    if defect.quote.text != text and len(lacks) == 1:
        return _part(defect)
    lacks_owner, lacks_date = DefectKind.MISSING_OWNER in lacks, DefectKind.MISSING_DATE in lacks
    due = f" by {blank('date')}" if lacks_date else ""
    plain = masked(_without_vague_date(text) if lacks_date else text)
    if lacks_owner and _SOMEBODY.match(plain):
        return tidy(f"{_by_name(plain).rstrip(' .!')}{due}.")
    match = _DO.match(plain)
    if lacks_owner and match and match.group("verb").lower() in _CONCRETE:
        deed = f"{match.group('verb').lower()}{match.group('rest')}".rstrip(" .!;,")
        return tidy(f"{blank('name')} will {deed}{due}; {_CHECKED}.")
    clause = as_clause(plain)
    if not lacks_owner:
        return tidy(f"{clause}{due}; {_CHECKED}.")
    return tidy(f"{clause}: {blank('name')} does {blank('what exactly')}{due}, {_CHECKED}.")


def row_with_blanks(defects: Iterable[Defect]) -> str:
    """A table row whose vague cells have become blanks."""
    marked = sorted(defects, key=lambda one: one.quote.start, reverse=True)
    text, origin = marked[0].sentence.text, marked[0].sentence.start
    for one in marked:
        new = blank("name") if one.kind is DefectKind.MISSING_OWNER else blank("date")
        text = f"{text[: one.quote.start - origin]}{new}{text[one.quote.end - origin :]}"
    return tidy(masked(text))


def _part(defect: Defect) -> str:
    """Words within a sentence: a date that is none, or a handoff to nobody."""
    if defect.kind is DefectKind.MISSING_DATE:
        return replaced(defect, f"by {blank('date')}")
    said = defect.quote.text
    held = _NOBODY_HELD.match(said)
    if held:
        return tidy(f"{blank('name')} of {blank('team')} {held.group('deed')} from {blank('date')} to {blank('date')}.")
    if _SOMEBODY.match(said):
        return replaced(defect, _by_name(said))
    return tidy(
        f"{as_clause(said)}: {blank('name')} of {blank('team')} took it on {blank('date')} and answers for {blank('what')}."
    )


def _by_name(said: str) -> str:
    """The words with a blank for the "somebody" with whom they begin."""
    match = _SOMEBODY.match(said)
    return f"{said[: match.start('who')]}{blank('name')}{said[match.end('who') :]}" if match else said


def _without_vague_date(text: str) -> str:
    span = vague_date(text)
    return f"{text[: span[0]].rstrip(' ,')}{text[span[1] :]}" if span else text
