"""Example rewrites of the words that a defect marks: the document's own sentence, with blanks where a fact is missing."""

import re
from collections.abc import Callable
from dataclasses import replace

from apps.analysis.rules.port import Defect, DefectKind, Quote
from apps.analysis.rules.reading.words import DATE
from apps.analysis.rules.writing.active_voice import in_active_voice
from apps.analysis.rules.writing.blanks import as_clause, blank, replaced, tidy
from apps.analysis.rules.writing.commitments import with_owner_and_date

_PARTY = re.compile(
    r"\b(buyers|customers|sellers|people|users|families|households|orders|parcels|accounts|listings|offers|units|reviews"
    r"|records|reviewers|colleagues|workers)\b",
    re.IGNORECASE,
)
_VAGUE_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"\b(?:very |quite |as )?(?:soon|shortly)\b", f"by {blank('date')}"),
        (r"\b(?:very |quite )?(?:recently|lately)\b", f"on {blank('date')}"),
        (r"\ba little (?:later|earlier)\b", f"on {blank('date')}"),
        (
            r"^(\w{1,30}(?: \w{1,30})??) (?:repeatedly|frequently|regularly|often|many times|again and again|a couple of times)$",
            rf"\1 {blank('number')} times",
        ),
        (r"\ba couple of times\b", f"{blank('number')} times"),
        (r"\b(?:after|with|despite) some (\w{1,30})\b", rf"after \1 of {blank('date')}"),
        (
            r"\b(?:for|over|within|in|after) (?:a [a-z ]{0,20}(?:while|time)|some time)\b",
            f"from {blank('date')} to {blank('date')}",
        ),
        (r"\b(?:quite )?a (?:[a-z]{1,30} )?(?:while|time)\b|\bsome time\b", f"{blank('number')} days"),
        (r"\bin the past\b|\bbefore\b", f"on {blank('date')} (case {blank('number')})"),
        (
            r"\b(?:considerable|significant|substantial|large|small|high|low|long|short|big|huge|notable)$",
            blank("figure"),
        ),
        (r"\bpart of the\b", f"{blank('amount')} of the"),
        (r"\bmuch time\b", f"{blank('number')} hours"),
        (r"\bmuch (\w{1,30})", rf"{blank('amount')} of \1"),
        (r"^(?:some|most|many|several|a few|quite a few|few|only a few|just a few) (?=of )", f"{blank('number')} "),
        (
            r"^(?:an? [a-z ]{0,25}(?:number|amount|share|part|portion|lot|handful|bunch|couple|majority|minority|fraction) of"
            r"|[a-z]{1,30} numbers of|lots of|plenty of|dozens of|hundreds of"
            r"|thousands of|(?:very |quite |too |a great |a good )?many|several|numerous|countless|various|(?:quite |only "
            r"|just )?a few|hardly any|almost (?:all|no|none)|some|most)\b",
            blank("number"),
        ),
    )
)
_BLANK_WORD = re.compile(
    r"\[\W{0,9}(?:insert |enter |add |your |fill in )?([A-Za-z ]{1,30}?)\W{0,9}\]|<\W{0,9}(?:insert |enter )?([A-Za-z ]{1,30}?)\W{0,9}>"
)
_CAUSE_CLAUSE = re.compile(
    r"(?:cause\b[^:]{0,40}?(?:is|was|lies|lay)(?: therefore| simply| clearly)?(?: in the fact)? that|cause ?:|because)\s{1,9}(.{1,400})",
    re.IGNORECASE | re.DOTALL,
)
_PAPERS = re.compile(
    r"\b(?:certificates?|documents?|papers?|invoices?|permits?|reports?|licen[cs]es?|letters?|extracts?|goods|products?"
    r"|orders?|accounts?|stamps?)\b",
    re.IGNORECASE,
)
_PERSON_WORDS = re.compile(
    r"scoundrel|crook|criminal|liar|cheat|thie|villain|idiot|chancer|scum|con-?man|scammer|rascal|rogue|parasite|vulture"
    r"|culprit|apples|cowboy|moron|fools|gang",
    re.IGNORECASE,
)


def rewrite(defect: Defect) -> str:
    """The example for this defect, or "" where no rewrite of these words would help."""
    return _REWRITES[defect.kind](defect)


def _vague(defect: Defect) -> str:
    said = defect.quote.text
    for pattern, new in _VAGUE_FORMS:
        if pattern.search(said):
            return replaced(defect, pattern.sub(new, said, count=1))
    return replaced(defect, blank("number"))


def _placeholder(defect: Defect) -> str:
    said = defect.quote.text
    named = _BLANK_WORD.search(said)
    if named:
        name = " ".join((named.group(1) or named.group(2)).lower().split())
        return replaced(defect, said.replace(named.group(), blank(name)))
    if said[:2].upper() == "XX":
        return replaced(defect, re.sub(r"^[Xx]{1,30}", blank("day"), said))
    what = "date and event" if " | " in defect.sentence.text else "the fact, with its source"
    kept = re.sub(
        r"\b(?:TBD|TBC|TBA|TODO|FIXME)\b|\b(?:still )?to be [a-z ]{1,30}|\bto follow\b|_{3,30}|\?{3,30}",
        blank(what),
        said,
        flags=re.IGNORECASE,
    )
    return replaced(defect, kept if kept != said else blank(what))


def _gap(defect: Defect) -> str:
    return f"{blank('date in between')}: {blank('what was done, or why nothing could be done')} ({blank('ticket or log')})."


def _order(defect: Defect) -> str:
    other = defect.other.text if defect.other else ""
    return f"{as_clause(defect.sentence.text)}; then: {as_clause(other)}." if other else ""


def _contradiction(defect: Defect) -> str:
    other = " ".join(defect.other.text.split()) if defect.other else ""
    days = [DATE.search(text) for text in (defect.quote.text, other)]
    if days[0] and days[1]:
        start = defect.quote.start + days[0].start()
        day = Quote(defect.quote.section, start, start + len(days[0].group()), days[0].group())
        return replaced(
            replace(defect, quote=day), blank(f"{day.text} or {days[1].group()}: the one that the record shows")
        )
    return replaced(defect, blank(f"{' '.join(defect.quote.text.split())}, or {other}: the one that the record shows"))


def _unsupported(defect: Defect) -> str:
    said, clause = defect.quote.text, as_clause(defect.sentence.text)
    if re.search(r"\b(?:actor|seller|account|faith)\b", said, re.IGNORECASE):
        return tidy(
            f"{clause}: intent {blank('what shows it')}, history {blank('earlier cases with dates')}, response "
            f"{blank('what was answered, and when')}."
        )
    if _PAPERS.search(clause) and re.search(
        r"\b(?:genuine|authentic|valid|complete|in order|real|fine|look|looks|looked|seem\w{0,30}|appear\w{0,30})\b",
        said,
        re.IGNORECASE,
    ):
        return tidy(
            f"{clause}: {blank('name')} verified this with {blank('issuer, register or laboratory')} on {blank('date')}, result {blank('record')}."
        )
    if re.search(
        r"\b(?:acceptable|proportionate|appropriate|justified|adequate|reasonable|balanced|fair|right|convincing|warranted)\b",
        said,
        re.IGNORECASE,
    ):
        return tidy(
            f"{clause}, because {blank('reason')}, under {blank('policy and section')}; {blank('milder or harder action')} was "
            f"weighed and set aside because {blank('reason')}."
        )
    if re.search(r"\b(?:i|we|feel|feeling|opinion)\b", said, re.IGNORECASE):
        return f"{blank('Log, ticket or report')} of {blank('date')} shows {blank('what')}; from it I conclude {blank('what')}."
    return tidy(f"{clause}, as {blank('log, ticket or report')} of {blank('date')} shows.")


def _symptom(defect: Defect) -> str:
    said = defect.sentence.text
    match = _CAUSE_CLAUSE.search(said)
    event = as_clause(match.group(1) if match else said)
    return (
        f"Why was it possible that {event}? Because {blank('the control')} did not {blank('what it should have done')}, as "
        f"{blank('test or log')} shows."
    )


def _blame(defect: Defect) -> str:
    if re.match(r"as (?:it|he|she|they) deserve", defect.quote.text, re.IGNORECASE):
        return replaced(defect, f"because {blank('policy and reason')}")
    if _PERSON_WORDS.search(defect.quote.text):
        return replaced(defect, blank("the party, by name or role"))
    return replaced(defect, blank("what was done, when, and the record that shows it"))


def _acronym(defect: Defect) -> str:
    return replaced(defect, f"{blank('full name')} ({defect.quote.text})")


def _personal(defect: Defect) -> str:
    return replaced(defect, blank("reference to the record that holds it"))


def _impact(defect: Defect) -> str:
    party = _PARTY.search(defect.sentence.text)
    who = party.group(1).lower() if party else blank("buyers, sellers or orders")
    return f"{blank('Number')} {who} were affected from {blank('date')} to {blank('date')}, at a cost of {blank('amount')} ({blank('report')})."


def _measure(defect: Defect) -> str:
    return (
        f"{blank('Figure')} stood at {blank('value')} on {blank('date')}; the target is {blank('value')} by {blank('date')}, read "
        f"from {blank('report')} by {blank('name')}."
    )


_REWRITES: dict[DefectKind, Callable[[Defect], str]] = {
    DefectKind.VAGUE_QUANTITY: _vague,
    DefectKind.MISSING_OWNER: with_owner_and_date,
    DefectKind.MISSING_DATE: with_owner_and_date,
    DefectKind.PLACEHOLDER: _placeholder,
    DefectKind.TIMELINE_GAP: _gap,
    DefectKind.TIMELINE_ORDER: _order,
    DefectKind.CONTRADICTION: _contradiction,
    DefectKind.UNSUPPORTED_CLAIM: _unsupported,
    DefectKind.SYMPTOM_AS_CAUSE: _symptom,
    DefectKind.BLAME_LANGUAGE: _blame,
    DefectKind.UNDEFINED_ACRONYM: _acronym,
    DefectKind.PASSIVE_HIDDEN_ACTOR: in_active_voice,
    DefectKind.PII_EXPOSED: _personal,
    DefectKind.UNQUANTIFIED_IMPACT: _impact,
    DefectKind.NO_SUCCESS_MEASURE: _measure,
}
