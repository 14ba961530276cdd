"""Point 4: which policy was broken, why this action and no other, and who decided."""

from apps.analysis.rules.points.point_06_appeals import appeals_in
from apps.analysis.rules.points.verdict import gap, listed, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 4
_PLACES = ("resolution", "summary")
_MEASURES = ("enforce", "enforce_noun", "enforce_weak")
_NEAR_WORDS = 6
_CLOSE_WORDS = 3
_ELSEWHERE = frozenset({"prevention"})


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with a policy that can be looked up, the reasons for the action, and a person who decided."""
    actions = enforcement_of(reading)
    if not actions:
        return not_applicable(POINT, "No enforcement was taken, reversed or considered.")
    policy, reasons, owner = _policy(reading), _reasons(reading), _owner(reading)
    if policy is not None and reasons is not None and owner is not None:
        return satisfied(POINT, owner, f"Policy, reasons and decision owner are named: {snippet(owner)}.")
    lacking = []
    if policy is None:
        lacking.append("the policy that was broken")
    if reasons is None:
        lacking.append("why this action and no other")
    if owner is None:
        lacking.append("the person who decided")
    marked = _marked(reading, actions)
    return gap(
        POINT, marked, f"{snippet(marked)} stands without {listed(lacking)}.", 0.86 if len(lacking) > 1 else 0.81
    )


def enforcement_of(reading: DocumentReading) -> tuple[Sentence, ...]:
    """Sentences in which an action against an account, offer or right was taken, reversed or considered."""
    return reading.once("enforcement", _find_enforcement)


def _find_enforcement(reading: DocumentReading) -> tuple[Sentence, ...]:
    return tuple(
        one
        for one in reading.sentences
        if one.kind != "appendix" and reading.role(one) not in _ELSEWHERE and _is_enforcement(one)
    )


def _is_enforcement(sentence: Sentence) -> bool:
    """A measure that says it by itself, or a verb with what it was done to close by; sellers who close their own account take none."""
    facts = sentence.facts
    if facts.has("by_machine") and not facts.people:
        return False
    if facts.says("enforce_noun"):
        return True
    if any(facts.tokens.words[mark.start].startswith("appeal") for mark in appeals_in(sentence)):
        return True
    objects = [mark for mark in facts.marks.get("enforce_object", ()) if not _is_their_own(sentence, mark.start)]
    reach = {"enforce": _NEAR_WORDS, "enforce_weak": _CLOSE_WORDS}
    return any(
        abs(verb.start - thing.start) <= words and not _acts_itself(sentence, thing.start, verb.start)
        for tag, words in reach.items()
        for verb in facts.affirmed(tag)
        for thing in objects
    )


def _acts_itself(sentence: Sentence, thing: int, verb: int) -> bool:
    """ "Some sellers had closed ...": the one who acts is no object of a measure."""
    return thing < verb and sentence.facts.tokens.words[verb - 1] in {"had", "have", "has", "who", "that"}


def _is_their_own(sentence: Sentence, at: int) -> bool:
    words = sentence.facts.tokens.words
    return at > 0 and words[at - 1] in {"their", "its", "his", "her", "my", "our"}


def _policy(reading: DocumentReading) -> Sentence | None:
    pool = [
        one
        for one in reading.narrative
        if reading.role(one) not in {"prevention", "investigation"} and one.facts.policies
    ]
    return next((one for one in pool if not _is_procedure_only(one)), None)


def _is_procedure_only(sentence: Sentence) -> bool:
    """The procedure of the investigation is no policy that was broken, unless one of its clauses is cited."""
    return sentence.facts.says("followed") and bool(sentence.facts.procedures) and not sentence.facts.has("policy_word")


def _reasons(reading: DocumentReading) -> Sentence | None:
    pool = [one for one in reading.prose if reading.role(one) not in {"prevention", "cause", "investigation"}]
    for one in pool:
        if not one.facts.has("rationale") or one.facts.has("empty_rationale"):
            continue
        if any(near.facts.has_any(*_MEASURES) for near in reading.around(one, 1, 1)):
            return one
    return None


def _owner(reading: DocumentReading) -> Sentence | None:
    for one in reading.narrative:
        if reading.role(one) in {"prevention", "documentation"} or not one.facts.people:
            continue
        if _is_decision(reading, one):
            return one
    return None


def _is_decision(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    for verb in facts.affirmed("decide"):
        start = facts.tokens.starts[verb.start]
        if any(0 <= start - person.end <= 60 or 0 <= person.start - start <= 40 for person in facts.people):
            return any(near.facts.has_any(*_MEASURES) for near in reading.around(sentence, 2, 2))
    return False


def _marked(reading: DocumentReading, actions: tuple[Sentence, ...]) -> Sentence:
    own = [one for one in actions if not one.is_quoted]
    empty = next(
        (one for one in reading.prose if one.facts.has("empty_rationale") and reading.role(one) == "resolution"), None
    )
    empty = empty or next((one for one in own if one.facts.has("empty_rationale")), None)
    inside = next((one for one in own if reading.role(one) == "resolution"), None)
    outside = next((one for one in own if reading.role(one) != "summary"), None)
    return empty or inside or outside or (own[0] if own else actions[0])
