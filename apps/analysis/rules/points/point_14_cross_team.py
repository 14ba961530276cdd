"""Point 14: which teams took part, with what each contributed; every handoff has an owner, every needed team was asked."""

from apps.analysis.rules.points.point_07_hijacking import judge as judge_hijacking
from apps.analysis.rules.points.point_19_legal import exposure_of, is_handled
from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 14
_FEWEST_TEAMS = 2


def judge(reading: DocumentReading) -> Verdict:
    """One handoff without an owner, or a needed team that was not asked, makes it a gap."""
    fault = _handoff(reading) or _unasked_lawyers(reading)
    if fault is not None:
        return fault
    teams = contributing_teams(reading)
    if len(teams) >= _FEWEST_TEAMS:
        best = next(iter(teams.values()))
        return satisfied(POINT, best, f"{len(teams)} teams are named with what each did, as in {snippet(best)}.")
    fault = _unasked_security(reading) or (None if _is_alone(reading, teams) else _nameless(reading))
    return fault or not_applicable(POINT, "One desk does every step, and nobody else is needed.", 0.82)


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


def _handoff(reading: DocumentReading) -> Verdict | None:
    """The matter is passed on, and no person is named who takes it."""
    for one in reading.prose:
        facts = one.facts
        if reading.role(one) == "prevention" or not facts.says("handoff") or facts.people:
            continue
        is_dated = facts.dates or facts.times or facts.references or facts.amounts
        if facts.has("vague_team") or (facts.says("team_name") and not is_dated):
            return gap(POINT, one, f"{snippet(one)} hands the matter on without naming who took it.", 0.85)
    return None


def _unasked_lawyers(reading: DocumentReading) -> Verdict | None:
    exposure = exposure_of(reading)
    if not exposure or is_handled(reading):
        return None
    words = f"{snippet(exposure[0])} calls for Legal or Privacy, and neither was consulted."
    return gap(POINT, exposure[0], words, 0.82)


def _unasked_security(reading: DocumentReading) -> Verdict | None:
    hijack = judge_hijacking(reading)
    if hijack.status is not Status.GAP or hijack.quote is None:
        return None
    words = f"{snippet(hijack.quote)} calls for Account Security, and it was not asked."
    return gap(POINT, hijack.quote, words, 0.81)


def _is_alone(reading: DocumentReading, teams: dict[str, Sentence]) -> bool:
    return not teams or any(one.facts.says("alone") for one in reading.narrative)


def _nameless(reading: DocumentReading) -> Verdict | None:
    for one in reading.prose:
        if one.facts.says("team_name", "contributes") and not one.facts.people:
            words = f"{snippet(one)} names a team without the person who answers for the step."
            return gap(POINT, one, words, 0.8)
    return None
