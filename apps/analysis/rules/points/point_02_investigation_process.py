"""Point 2: the procedure with its reference, the evidence, what else could explain it, and any deviation with its reason."""

from apps.analysis.rules.points.verdict import gap, listed, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 2
_PLACES = ("investigation", "background")
_NOT_METHOD = frozenset({"prevention", "cause"})
_FEWEST_REFERENCES = 2
_PLENTY = 4
_LOOK_ON = 3


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with procedure, evidence and a weighed explanation or explained deviation; an unexplained deviation is a gap."""
    procedure = _procedure_followed(reading)
    generic = _generic(reading)
    if procedure is None:
        if generic is not None:
            return gap(POINT, generic, f"{snippet(generic)} names no procedure, step or evidence.", 0.86)
        return missing(
            POINT, reading, _PLACES, "No procedure with its reference is named for how the case was looked into."
        )
    deviation = _unexplained_deviation(reading)
    if deviation is not None:
        return gap(POINT, deviation, f"{snippet(deviation)} departs from the procedure and no reason is given.", 0.82)
    lacking = []
    if len(_evidence(reading)) < _FEWEST_REFERENCES and not any(
        _lists_sources(one) for one in _method_sentences(reading)
    ):
        lacking.append("the evidence that was read")
    if len(_evidence(reading)) < _PLENTY and not _is_challenged(reading):
        lacking.append("any other explanation that was weighed")
    if lacking:
        marked = generic or procedure
        return gap(POINT, marked, f"{snippet(procedure)} names the procedure, but not {listed(lacking)}.", 0.81)
    return satisfied(POINT, procedure, f"Procedure, evidence and other explanations are given: {snippet(procedure)}.")


def _method_sentences(reading: DocumentReading) -> list[Sentence]:
    return [one for one in reading.prose if reading.role(one) not in _NOT_METHOD]


def _procedure_followed(reading: DocumentReading) -> Sentence | None:
    """A sentence that names a procedure with its reference and says that it was used."""
    named = [one for one in _method_sentences(reading) if one.facts.procedures]
    used = [one for one in named if one.facts.says("followed") and not one.facts.denies("procedure_word")]
    return next(iter(used), None)


def _generic(reading: DocumentReading) -> Sentence | None:
    candidates = [
        one for one in _method_sentences(reading) if one.facts.has("generic_method") and not one.facts.references
    ]
    inside = [one for one in candidates if reading.role(one) == "investigation"]
    return next(iter(inside or candidates), None)


def _evidence(reading: DocumentReading) -> set[str]:
    """Things that were read in the case and can be looked up, procedures left out."""
    found: set[str] = set()
    for one in reading.narrative:
        if reading.role(one) in {"prevention"}:
            continue
        inside = [(a.start, a.end) for a in one.facts.procedures]
        found |= {ref.text for ref in one.facts.references if not any(a <= ref.start < b for a, b in inside)}
    return found


def _lists_sources(sentence: Sentence) -> bool:
    """Several kinds of sources in one sentence, one of them with its mark."""
    facts = sentence.facts
    kinds = {facts.tokens.words[mark.start].rstrip("s") for mark in facts.marks.get("evidence_word", ())}
    return len(kinds) >= _FEWEST_REFERENCES and bool(facts.references)


def _is_challenged(reading: DocumentReading) -> bool:
    """Another explanation was weighed, or a deviation from the procedure has its reason."""
    for one in _method_sentences(reading):
        if one.facts.says("challenge") and not one.facts.has("generic_method"):
            return True
        after = reading.around(one, 0, 2)[1:]
        if reading.names_procedure(one) and any(near.facts.has("reason_given") and near.facts.counts for near in after):
            return True
    return any(_deviation_reason(reading, one) for one in _demands(reading))


def _demands(reading: DocumentReading) -> list[Sentence]:
    """Sentences in which the procedure asks for something: "CI-07 asks for three test purchases"."""
    found = []
    for one in _method_sentences(reading):
        asks = one.facts.marks.get("asks", ())
        if (
            not asks
            or asks[0].start > 4
            or not (one.facts.references or one.facts.has("procedure_word") or one.facts.clauses)
        ):
            continue
        subject_end = one.facts.tokens.starts[asks[0].start]
        is_subject = any(ref.end <= subject_end for ref in (*one.facts.references, *one.facts.clauses)) or any(
            mark.end <= asks[0].start for mark in one.facts.marks.get("procedure_word", ())
        )
        if is_subject and not one.facts.people:
            found.append(one)
    return found


def _deviation_reason(reading: DocumentReading, demand: Sentence) -> bool:
    following = reading.around(demand, 0, _LOOK_ON)
    asks = demand.facts.marks["asks"][0]
    is_told_at_once = any(mark.start > asks.end for mark in demand.facts.marks.get("reason_given", ()))
    return is_told_at_once or any(one.facts.has("reason_given") for one in following[1:])


def _unexplained_deviation(reading: DocumentReading) -> Sentence | None:
    """The step that fell short of what the procedure asks, when nothing says why."""
    for demand in _demands(reading):
        following = reading.around(demand, 0, _LOOK_ON)[1:]
        if (
            reading.role(demand) in {"resolution", "classification"}
            or not following
            or _deviation_reason(reading, demand)
        ):
            continue
        asked = {count.noun.rstrip("s"): count.value for count in demand.facts.counts}
        for one in following[:2]:
            done = {count.noun.rstrip("s"): count.value for count in one.facts.counts}
            falls_short = any(noun in done and done[noun] != value for noun, value in asked.items())
            if falls_short or one.facts.has("deviation_word") or _has_no_match(one):
                return one
    return None


def _has_no_match(sentence: Sentence) -> bool:
    """ "The gate has no person": what the procedure speaks of is not there."""
    return any(
        word in {"no", "not", "without", "never", "nobody", "neither", "none", "nothing"}
        for word in sentence.facts.tokens.words
    )
