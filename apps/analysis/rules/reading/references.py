"""Identifiers that a reader could look up, procedures with their references, and clauses of policies."""

import re
from dataclasses import dataclass

_CODE = r"(?:[A-Z]{1,6}\d{0,4}(?:-[A-Z]{1,6}){0,2}-\d{1,12}(?:[-./]\w{1,12}){0,3}|[A-Z]{1,5}\d{2,10}\b|\d{2,4}-\d{3,10}\b|\d{1,3}-\d{3,8}\b)"
_CITED = re.compile(
    rf"(?<![\w@/.-])(?:{_CODE}"
    r"|(?:[Tt]ickets?|[Cc]ases?|[Qq]uer(?:y|ies)|[Mm]ails?|[Ll]ogs?|[Rr]eports?|[Ee]xports?|[Ss]creenshots?|[Rr]ecords?|[Mm]essages?|[Ee]xhibits?|"
    r"[Ee]ntr(?:y|ies)|[Bb]atch(?:es)?|[Oo]rders?|[Tt]hread|[Ll]ines?|[Pp]ages?|[Ss]heets?|[Ll]edger|[Rr]uns?|[Cc]ontact|[Vv]ersions?"
    r"|[Nn]otes?|[Aa]nnex|"
    r"[Aa]ppendix|[Tt]ests?|[Cc]hats?|[Dd]ashboards?|[Pp]rotocols?|[Ss]amples?|[Ff]eeds?|[Cc]hange|[Cc]laims?|[Ii]nvoices?|[Cc]olumns?"
    r"|[Mm]inutes|[Ff]iles?|[Ll]etters?)"
    r"\s(?:no\.?\s|number\s|id\s|#\s?)?(?:[A-Z]{1,6}-?)?\d[\w./-]{0,20})"
)
_CLAUSE = re.compile(
    r"\b(?:section|sections|sec\.|clause|clauses|title|article|articles|art\.|paragraph|paragraphs|para|§|rule|step|steps|chapter|chapters|issue"
    r"|version|edition|revision)\s?"
    r"(?:\d{1,4}(?:\.\d{1,3}){0,4}|of\s\w+|[IVX]{1,5}\b)"
    r"|\b(?:terms|policy|code|rules|standard|agreement)\s\d{1,3}\.\d{1,3}\b"
    r"|\b(?:rev\.?|points?|parts?)\s(?:\d{1,3}\b|[A-H]\b)|\b(?:first|second|third|fourth|fifth|sixth|seventh|latest)\s(?:edition|issue"
    r"|version|revision)\b",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"\b(?:SOPs?|(?:[Ss]tandard\s)?(?:[Oo]perating\s)?[Pp]rocedures?|[Pp]laybook|[Gg]uide|[Rr]ule\s?[Bb]ook|[Rr]unbook"
    r"|[Ww]ork(?:ing)?\s[Ii]nstruction|[Gg]uideline|[Hh]andbook|[Mm]anual|[Pp]rotocol|[Cc]hecklist)\b"
)
_POLICY = re.compile(
    r"\b(?:[Pp]olic(?:y|ies)|[Rr]ules?|[Cc]lauses?|[Ss]ections?|[Aa]rticles?|[Tt]erms|[Cc]ode|[Ss]tandard|[Pp]rocedure|[Gg]uidelines?"
    r"|[Aa]greement)\b"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something citable at text[start:end]."""

    start: int
    end: int
    text: str


def references_in(text: str) -> tuple[Reference, ...]:
    """Identifiers of tickets, logs, mails, reports, procedures and the like, each place once."""
    return tuple(Reference(*match.span(), match.group()) for match in _CITED.finditer(text))


def clauses_in(text: str) -> tuple[Reference, ...]:
    """Numbered parts of a policy, procedure or law: "section 4", "article 12.2", "version 3"."""
    return tuple(Reference(*match.span(), match.group()) for match in _CLAUSE.finditer(text))


def procedures_in(text: str, cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Procedures that are named with one of the cited codes, versions or steps near by."""
    return _anchored(_PROCEDURE, text, cited)


def policies_in(text: str, cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Policies, rules and clauses that are named so that one could look them up."""
    return _anchored(_POLICY, text, cited)


def _anchored(noun: re.Pattern[str], text: str, cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
    if not cited:
        return ()
    found = []
    for match in noun.finditer(text):
        near = next(
            (one for one in cited if -70 <= one.start - match.end() <= 60 and one.end >= match.start() - 60), None
        )
        if near is not None:
            first, last = min(near.start, match.start()), max(near.end, match.end())
            found.append(Reference(first, last, text[first:last]))
    return tuple(found)
