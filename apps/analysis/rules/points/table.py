"""The twenty rules of Hawkeye by number: each is a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.analysis.rules.points import (
    point_01_initial_assessment,
    point_02_investigation_process,
    point_03_seller_classification,
    point_04_enforcement,
    point_05_verification,
    point_06_appeals,
    point_07_hijacking,
    point_08_funds,
    point_09_outreach,
    point_10_sentiment,
    point_11_root_cause,
    point_12_preventative_actions,
    point_13_documentation,
    point_14_cross_team,
    point_15_quality_control,
    point_16_continuous_improvement,
    point_17_communication,
    point_18_metrics,
    point_19_legal,
    point_20_new_launch,
)
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be stated, in words."""

    label: str


@dataclass(frozen=True, slots=True)
class PointRule:
    """How one point is judged. The verdict's risk is settled by the caller."""

    number: int
    judge: Callable[[DocumentReading], Verdict]
    needs: tuple[Need, ...] = ()


def _rule(number: int, judge: Callable[[DocumentReading], Verdict], *needs: str) -> PointRule:
    return PointRule(number, judge, tuple(Need(label) for label in needs))


RULES: tuple[PointRule, ...] = (
    _rule(1, point_01_initial_assessment.judge, "who was affected and how many", "over which period or at what cost"),
    _rule(
        2,
        point_02_investigation_process.judge,
        "the procedure with its reference",
        "the evidence",
        "other explanations",
    ),
    _rule(3, point_03_seller_classification.judge, "the class of actor", "evidence of intent, history and response"),
    _rule(4, point_04_enforcement.judge, "the policy that was broken", "why this action and no other", "who decided"),
    _rule(5, point_05_verification.judge, "an independent verification with method and result"),
    _rule(6, point_06_appeals.judge, "how many appeals there were", "a look back at the earlier decisions"),
    _rule(7, point_07_hijacking.judge, "how the holder was authenticated", "that other users were checked"),
    _rule(8, point_08_funds.judge, "the amounts at stake", "why money was held or released"),
    _rule(9, point_09_outreach.judge, "channel and date of the contact", "what was asked and answered"),
    _rule(10, point_10_sentiment.judge, "to which team the trigger was routed, and when"),
    _rule(11, point_11_root_cause.judge, "a causal chain", "the control that failed", "evidence"),
    _rule(12, point_12_preventative_actions.judge, "actions with owner and date", "a check of the effect"),
    _rule(13, point_13_documentation.judge, "references to the evidence", "dated events"),
    _rule(14, point_14_cross_team.judge, "the teams with what each contributed"),
    _rule(15, point_15_quality_control.judge, "an independent check with its result"),
    _rule(16, point_16_continuous_improvement.judge, "a lesson with a change to procedure, training or tool"),
    _rule(17, point_17_communication.judge),
    _rule(18, point_18_metrics.judge, "a metric with its baseline and target", "when it is measured"),
    _rule(19, point_19_legal.judge, "the obligation and how it was handled"),
    _rule(20, point_20_new_launch.judge, "scope, check of readiness and way back of the launch"),
)
