"""From measures to a score, and from a score to what is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from apps.accounts.risk.signals import WEIGHTS, Signal


class Verdict(StrEnum):
    """What a score leads to."""

    ALLOW = "allow"
    STEP_UP = "step_up"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Reason:
    """A signal that was there, and what it weighed."""

    signal: Signal
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score from 0 to 1 with its reasons, the heaviest first."""

    score: float
    reasons: tuple[Reason, ...]


def assess(measured: Mapping[Signal, float]) -> Assessment:
    """Noisy-or of the weights: each signal by itself may give the person away, so the score is the chance that one of them does.

    It lies between 0 and 1, does not depend on the order, and another signal, or more of one, never lowers it.
    """
    found = (Reason(signal, _weight(signal, value)) for signal, value in measured.items())
    reasons = sorted((reason for reason in found if reason.weight), key=lambda reason: (-reason.weight, reason.signal))
    return Assessment(round(1 - prod(1 - reason.weight for reason in reasons), 4), tuple(reasons))


def verdict_of(score: float, *, step_up_from: float, deny_from: float) -> Verdict:
    """Below `step_up_from` nothing is asked, from `deny_from` on nobody is let in."""
    if score >= deny_from:
        return Verdict.DENY
    return Verdict.STEP_UP if score >= step_up_from else Verdict.ALLOW


def _weight(signal: Signal, value: float) -> float:
    return max((step.weight for step in WEIGHTS[signal] if value >= step.at_least), default=0.0)
