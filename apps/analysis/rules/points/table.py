"""The twenty rules of Hawkeye by number: each is a module of its own."""

from collections.abc import Callable

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

Judge = Callable[[DocumentReading], Verdict]
RULES: dict[int, Judge] = {
    1: point_01_initial_assessment.judge,
    2: point_02_investigation_process.judge,
    3: point_03_seller_classification.judge,
    4: point_04_enforcement.judge,
    5: point_05_verification.judge,
    6: point_06_appeals.judge,
    7: point_07_hijacking.judge,
    8: point_08_funds.judge,
    9: point_09_outreach.judge,
    10: point_10_sentiment.judge,
    11: point_11_root_cause.judge,
    12: point_12_preventative_actions.judge,
    13: point_13_documentation.judge,
    14: point_14_cross_team.judge,
    15: point_15_quality_control.judge,
    16: point_16_continuous_improvement.judge,
    17: point_17_communication.judge,
    18: point_18_metrics.judge,
    19: point_19_legal.judge,
    20: point_20_new_launch.judge,
}
"""How each point is judged, by its number; the caller settles the risk."""
