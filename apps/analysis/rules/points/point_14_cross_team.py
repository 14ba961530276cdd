"""Point 14: which teams took part, with what each contributed; every handoff has an owner, every needed team was asked."""

from apps.analysis.rules.points.point_19_legal import exposure_of, is_handled
from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 14
_PLACES = ("resolution", "timeline", "investigation")
_FEWEST_TEAMS = 2


def judge(reading: DocumentReading) -> Verdict:
    """One handoff without an owner, or a needed team that was not asked, makes it a gap."""
    handoff = next((one for one in reading.prose if _is_ownerless_handoff(reading, one)), None)
    if handoff is not None:
        return gap(POINT, handoff, f"{snippet(handoff)} hands the matter on without naming who took it.", 0.85)
    exposure = exposure_of(reading)
    if exposure and not is_handled(reading):
        return gap(
            POINT, exposure[0], f"{snippet(exposure[0])} calls for Legal or Privacy, and neither was consulted.", 0.82
        )
    teams = contributing_teams(reading)
    if len(teams) >= _FEWEST_TEAMS:
        best = next(iter(teams.values()))
        return satisfied(POINT, best, f"{len(teams)} teams are named with what each did, as in {snippet(best)}.")
    if any(one.facts.says("alone") for one in reading.narrative) or not teams:
        return not_applicable(POINT, "One desk does every step, and nobody else is needed.", 0.82)
    nameless = next((one for one in reading.prose if _is_nameless(one)), None)
    if nameless is not None:
        return gap(
            POINT, nameless, f"{snippet(nameless)} names a team without the person who answers for the step.", 0.8
        )
    return not_applicable(POINT, "One desk does every step, and nobody else is needed.", 0.8)


def contributing_teams(reading: DocumentReading) -> dict[str, Sentence]:
    """Teams with a sentence that says what they did."""
    found: dict[str, Sentence] = {}
    for one in reading.narrative:
        facts = one.facts
        if not facts.has_any("contributes") or reading.role(one) in {"prevention"} or facts.has("vague_team"):
            continue
        for mark in facts.affirmed("team_name"):
            start, end = facts.span(mark)
            if one.text[start].isupper():
                found.setdefault(one.text[start:end].lower(), one)
    return found


def _is_ownerless_handoff(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    if reading.role(sentence) == "prevention" or not facts.says("handoff") or facts.people:
        return False
    return bool(facts.has("vague_team"))


def _is_nameless(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.says("team_name", "contributes") and not facts.people
