"""Who settles a point that no built-in rule judges."""

from apps.analysis.rules.port import Risk, Status, Verdict
from apps.analysis.screening.scorecard import DecidedBy, ModelWord, settled

NOT_JUDGED = Verdict(300, Status.NOT_JUDGED, None, 1.0, None, "No built-in rule judges this point.")


def test_a_point_without_a_rule_stays_not_judged_until_somebody_speaks() -> None:
    (judgement,) = settled([300], verdicts={300: NOT_JUDGED}, words=[])
    assert (judgement.verdict.status, judgement.by) == (Status.NOT_JUDGED, DecidedBy.RULES)


def test_the_model_settles_it_also_with_a_mild_word_and_overrules_nobody() -> None:
    mild = ModelWord(300, Status.GAP, "No aisle is named.", 0.85, is_strong=False, risk=Risk.LOW)
    (judgement,) = settled([300], verdicts={300: NOT_JUDGED}, words=[mild])
    assert (judgement.verdict.status, judgement.verdict.risk, judgement.by) == (Status.GAP, Risk.LOW, DecidedBy.MODEL)
    assert judgement.other is None
    praise = ModelWord(300, Status.SATISFIED, "The aisle was closed.", 0.85)
    (judgement,) = settled([300], verdicts={300: NOT_JUDGED}, words=[praise])
    assert judgement.verdict.status is Status.SATISFIED
