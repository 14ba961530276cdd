"""What makes a sign-in suspicious, and by how much: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Signal(StrEnum):
    """One observation about a sign-in. Each is measured as a number that grows with the suspicion."""

    NEW_DEVICE = "new_device"
    NEW_COUNTRY = "new_country"
    IMPOSSIBLE_TRAVEL = "impossible_travel"
    UNUSUAL_HOUR = "unusual_hour"
    MANY_SIGN_INS = "many_sign_ins"
    MANY_NETWORKS = "many_networks"
    FAILED_ON_ACCOUNT = "failed_on_account"
    FAILED_ON_NETWORK = "failed_on_network"
    KNOWN_PASSWORD = "known_password"  # noqa: S105 - a word
    POWERFUL_ROLE = "powerful_role"
    DORMANT_ACCOUNT = "dormant_account"
    FRESH_ACCOUNT = "fresh_account"
    EMERGENCY_ACCESS = "emergency_access"


@dataclass(frozen=True, slots=True)
class Step:
    """From this measure on the signal weighs so much: the chance, were it alone, that it is not the person."""

    at_least: float
    weight: float


FASTEST_TRAVEL_KM_H = 900.0
"""An airliner. Whoever was faster was not the same person, or one of the two places is a proxy's."""

WEIGHTS: Mapping[Signal, tuple[Step, ...]] = MappingProxyType(
    {
        # 0.5: the browser shows no note of ours, but its name and network were here before (cookies are cleared).
        Signal.NEW_DEVICE: (Step(0.5, 0.10), Step(1, 0.25)),
        Signal.NEW_COUNTRY: (Step(1, 0.35),),
        # In km/h.
        Signal.IMPOSSIBLE_TRAVEL: (Step(FASTEST_TRAVEL_KM_H, 0.55),),
        Signal.UNUSUAL_HOUR: (Step(1, 0.10),),
        # Of this account within an hour, this one included.
        Signal.MANY_SIGN_INS: (Step(6, 0.15), Step(12, 0.35)),
        Signal.MANY_NETWORKS: (Step(3, 0.20), Step(5, 0.40)),
        # Within a quarter of an hour. Together under what refuses a sign-in: nobody is to be locked out by somebody else's guesses.
        Signal.FAILED_ON_ACCOUNT: (Step(3, 0.15), Step(6, 0.35)),
        Signal.FAILED_ON_NETWORK: (Step(10, 0.20), Step(25, 0.35)),
        Signal.KNOWN_PASSWORD: (Step(1, 0.40),),
        Signal.POWERFUL_ROLE: (Step(1, 0.10),),
        # In days.
        Signal.DORMANT_ACCOUNT: (Step(90, 0.20),),
        Signal.FRESH_ACCOUNT: (Step(1, 0.05),),
        Signal.EMERGENCY_ACCESS: (Step(1, 0.30),),
    }
)
"""Signal to its steps, from the lowest. Weights never fall from one step to the next, so more of a signal is never less of a risk."""
