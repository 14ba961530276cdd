"""Point 8: which money is at stake, and why it was held, released or refunded, with amount and date or owner."""

from apps.analysis.rules.points.verdict import gap, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 8
_PLACES = ("resolution", "impact", "summary")


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied where a hold, release or refund has its amount and its reason, with a date or an owner, in one place."""
    mentions = [
        one
        for one in reading.sentences
        if one.facts.says("funds") or (one.facts.says("fund_act") and one.facts.amounts)
    ]
    if not mentions:
        return not_applicable(POINT, "No disbursement, refund, loss, hold or chargeback arises.")
    acts = [one for one in reading.prose if reading.role(one) != "prevention" and _is_act(one)]
    for one in sorted(acts, key=lambda one: -_completeness(one)):
        near = [near for near in reading.around(one, 2, 1) if not near.is_quoted]
        together = [near for near in near if near.line == one.line or one.line_kind == "list_item"]
        if _is_complete(one, together):
            return satisfied(POINT, one, f"Amount, reason and date or owner stand together: {snippet(one)}.")
    if acts:
        marked = min(acts, key=lambda one: (_has_sum(one), *_remoteness(reading, one), one.place))
        what = "the reason for it" if _has_sum(marked) else "no amount"
        words = (
            f"{snippet(marked)} tells of money with {what} missing."
            if _has_sum(marked)
            else f"{snippet(marked)} tells of money, but gives {what}."
        )
        return gap(POINT, marked, words, 0.84)
    return missing(
        POINT,
        reading,
        _PLACES,
        f"Money is at stake ({snippet(mentions[0])}), and no hold, release or refund is accounted for.",
        0.81,
    )


def _is_act(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.has("fund_act") and (facts.has("funds") or bool(facts.amounts))


def _remoteness(reading: DocumentReading, sentence: Sentence) -> tuple[bool, bool]:
    """What a reviewer marks first: where money is held or moved, then where it is only spoken of."""
    moves = sentence.facts.has("funds") and not sentence.facts.has("impact_word")
    return not moves, reading.role(sentence) not in {"resolution", "other"}


def _has_sum(sentence: Sentence) -> bool:
    return bool(sentence.facts.amounts)


def _completeness(sentence: Sentence) -> int:
    facts = sentence.facts
    return 2 * bool(facts.amounts) + facts.has("fund_reason") + bool(facts.dates) + bool(facts.people)


def _is_complete(act: Sentence, near: list[Sentence]) -> bool:
    facts = act.facts
    sums = [one for one in near if one.facts.amounts]
    has_amount = bool(facts.amounts) or bool(sums) or (bool(facts.figures) and any(one.facts.amounts for one in near))
    has_reason = any(one.facts.has("fund_reason") for one in near if one.facts.has("fund_act"))
    has_anchor = any(one.facts.dates or one.facts.people for one in near)
    return has_amount and has_reason and has_anchor
