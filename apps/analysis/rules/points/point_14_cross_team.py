"""Point 14: which teams took part, with what each contributed; every handoff has an owner, every needed team was asked."""

from apps.analysis.rules.points.point_07_hijacking import judge as judge_hijacking
from apps.analysis.rules.points.point_19_legal import exposure_of, is_handled
from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.teams import teams_with_people

POINT = 14
_FEWEST_TEAMS = 2
_PLACES = ("resolution", "timeline", "investigation")


def judge(reading: DocumentReading) -> Verdict:
    """One handoff without an owner, or a needed team that was not asked, makes it a gap."""
    fault = _handoff(reading) or _unasked_lawyers(reading)
    if fault is not None:
        return fault
    teams = contributing_teams(reading)
    if len(teams) >= _FEWEST_TEAMS:
        best = next(iter(teams.values()))
        return satisfied(POINT, best, f"{len(teams)} teams are named with what each did, as in {snippet(best)}.")
    foreign = _foreign_team(reading)
    if foreign is not None:
        return satisfied(POINT, foreign, f"Another team is named with what it did: {snippet(foreign)}.", 0.81)
    fault = _unasked_security(reading) or (None if _is_alone(reading, teams) else _nameless(reading))
    return fault or not_applicable(POINT, "One desk does every step, and nobody else is needed.", 0.82)


def contributing_teams(reading: DocumentReading) -> dict[str, Sentence]:
    """Teams with a sentence that says what they did. A person's team in brackets is another one than the writer's."""
    found: dict[str, Sentence] = {}
    for one in reading.narrative:
        facts = one.facts
        if reading.role(one) == "prevention" or facts.has_any("vague_team", "independent") or _is_own_desk(one):
            continue
        for team in teams_with_people(one.text, tuple(person.name for person in facts.people)):
            found.setdefault(team.name.lower(), one)
        for mark in facts.affirmed("team_name") if facts.has("contributes") else ():
            start, end = facts.span(mark)
            if one.text[start].isupper():
                found.setdefault(one.text[start:end].lower(), one)
    return found


def _foreign_team(reading: DocumentReading) -> Sentence | None:
    """A person with a team in brackets who is not the one that the write-up names first, its investigator."""
    first = next((person.name for one in reading.narrative for person in one.facts.people), "")
    for one in reading.narrative:
        names = tuple(person.name for person in one.facts.people if person.name != first)
        if not names or reading.role(one) == "prevention" or one.facts.has("independent"):
            continue
        in_brackets = any(f"{name} (" in one.text or f"({name}" in one.text for name in names)
        if in_brackets and teams_with_people(one.text, names):
            return one
    return None


def _is_own_desk(sentence: Sentence) -> bool:
    """The writer's introduction: "I am Tomasz of the Checkout desk"."""
    return sentence.facts.tokens.words[:2] in {("i", "am"), ("we", "are"), ("my", "name")}


def _handoff(reading: DocumentReading) -> Verdict | None:
    """The matter is passed on, and no person is named who takes it."""
    for one in reading.prose:
        facts = one.facts
        is_told = reading.role(one) not in {"prevention", "cause"} and not facts.people
        if is_told and facts.has("nameless") and facts.has_any("handoff", "contributes", "contact"):
            return gap(POINT, one, f"{snippet(one)} does not name the one who took part.", 0.82)
        if reading.role(one) == "prevention" or not facts.says("handoff") or facts.people:
            continue
        is_dated = facts.dates or facts.times or facts.references or facts.amounts
        if facts.has("vague_team") or (facts.says("team_name") and not is_dated):
            return gap(POINT, one, f"{snippet(one)} hands the matter on without naming who took it.", 0.85)
    return None


def _unasked_lawyers(reading: DocumentReading) -> Verdict | None:
    """The marked words are those that speak of teams without naming one; otherwise the place where teams would stand."""
    exposure = exposure_of(reading)
    if not exposure or is_handled(reading):
        return None
    words = f"{snippet(exposure[0])} calls for Legal or Privacy, and neither was consulted."
    vague = next(
        (one for one in reading.prose if one.facts.has("vague_team") and reading.role(one) != "prevention"), None
    )
    return gap(POINT, vague or reading.place_for(_PLACES), words, 0.82)


def _unasked_security(reading: DocumentReading) -> Verdict | None:
    hijack = judge_hijacking(reading)
    if hijack.status is not Status.GAP or hijack.quote is None:
        return None
    words = f"{snippet(hijack.quote)} calls for Account Security, and it was not asked."
    return gap(POINT, reading.place_for(_PLACES), words, 0.81)


def _is_alone(reading: DocumentReading, teams: dict[str, Sentence]) -> bool:
    return not teams or any(one.facts.says("alone") for one in reading.narrative)


def _nameless(reading: DocumentReading) -> Verdict | None:
    for one in reading.prose:
        if one.facts.says("team_name", "contributes") and not one.facts.people:
            words = f"{snippet(one)} names a team without the person who answers for the step."
            return gap(POINT, one, words, 0.8)
    return None
