"""Point 20: the case involves a launch: its scope, the check of readiness and the way back are all stated."""

from apps.analysis.rules.points.verdict import gap, listed, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 20
_NEEDS = (("launch_scope", "its scope"), ("readiness", "a check of readiness"), ("rollback", "a way back"))
_BEFORE_WORDS, _AFTER_WORDS = 6, 3
_REVISION = ("procedure_word", "lesson", "trained")


def judge(reading: DocumentReading) -> Verdict:
    """Any one of scope, readiness and rollback missing is a gap."""
    launches = [one for one in reading.sentences if _is_launch(reading, one)]
    if not launches:
        return not_applicable(POINT, "No new tool, pilot, feature, policy or vendor is launched in the case.")
    found = {tag: _stated(reading, tag) for tag, _ in _NEEDS}
    lacking = [words for tag, words in _NEEDS if found[tag] is None]
    if not lacking:
        best = found["launch_scope"] or launches[0]
        return satisfied(POINT, best, f"Scope, readiness and way back of the launch are stated: {snippet(best)}.")
    launches.sort(key=lambda one: (one.is_quoted, reading.role(one) == "summary", one.place))
    return gap(POINT, launches[0], f"{snippet(launches[0])} tells of a launch without {listed(lacking)}.", 0.84)


def _is_launch(reading: DocumentReading, sentence: Sentence) -> bool:
    """A new edition of a procedure that follows from the case is no launch."""
    facts = sentence.facts
    if sentence.kind in {"log", "appendix"} or not (facts.says("launch") or _sets_live(sentence)):
        return False
    if reading.role(sentence) == "prevention" and not facts.has_any("rollback"):
        return False
    return not facts.has_any(*_REVISION) or facts.has("launch_scope")


def _sets_live(sentence: Sentence) -> bool:
    """A thing that can be launched stands close to the deed: "the new form went live", not "opened the case with the form"."""
    facts = sentence.facts
    return any(
        (0 <= deed.start - thing.end <= _BEFORE_WORDS) or (0 <= thing.start - deed.end <= _AFTER_WORDS)
        for deed in facts.affirmed("launch_weak")
        for thing in facts.marks.get("launch_thing", ())
    )


def _stated(reading: DocumentReading, tag: str) -> Sentence | None:
    pool = [one for one in reading.narrative if reading.role(one) not in {"prevention"}]
    return next(
        (one for one in pool if one.facts.says(tag) or (tag == "launch_scope" and _is_counted_pilot(one))), None
    )


def _is_counted_pilot(sentence: Sentence) -> bool:
    """ "Piloted with 50 sellers": the launch with those whom it reaches."""
    facts = sentence.facts
    parties = {facts.tokens.words[mark.start] for mark in facts.marks.get("party", ())}
    return facts.says("launch") and (bool(facts.percents) or any(count.noun in parties for count in facts.counts))
