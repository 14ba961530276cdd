"""Point 12: every action with an owner and a date, and a check of the effect."""

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.actions import Action, actions_in
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 12
_PLACES = ("prevention", "resolution")


def judge(reading: DocumentReading) -> Verdict:
    """One action without an owner or a date makes it a gap, however good the others are."""
    actions = actions_in(reading)
    if not actions:
        wish = next((one for one in reading.scope("prevention") if one.facts.has_any("vague_wish", "commit")), None)
        if wish is not None:
            return gap(POINT, wish, f"{snippet(wish)} is no action with an owner and a date.", 0.85)
        return missing(POINT, reading, _PLACES, "No action against recurrence is told.", 0.84)
    incomplete = [one for one in actions if not (one.owner and one.date)]
    if incomplete:
        worst = min(incomplete, key=lambda one: (bool(one.owner) + bool(one.date), not one.is_vague))
        return gap(POINT, worst.quote, _what_lacks(worst), 0.86)
    if not any(one.check for one in actions) and not _has_effect_check(reading):
        return gap(
            POINT,
            actions[0].quote,
            "Owners and dates are there, but nothing says how the effect of the actions is checked.",
            0.8,
        )
    return satisfied(
        POINT,
        actions[0].quote,
        f"Each of the {len(actions)} actions has an owner and a date, as {snippet(actions[0].quote)}.",
    )


def _what_lacks(action: Action) -> str:
    words = snippet(action.quote)
    if not action.owner and not action.date:
        return f"Nobody is named as owner of {words}, and it has no date."
    return f"{words} has no date." if action.owner else f"Nobody is named as owner of {words}."


def _has_effect_check(reading: DocumentReading) -> bool:
    """A dated check, wherever the prevention is told."""
    return any(_is_check(one) for one in reading.scope("prevention"))


def _is_check(sentence: Sentence) -> bool:
    return sentence.facts.has("effect_check") and bool(sentence.facts.dates)
