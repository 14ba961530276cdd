"""What can be said of a sign-in, measured against the person's earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.risk.signals import Signal
from apps.accounts.risk.travel import Point, speed_km_h

NIGHT_HOURS = frozenset({23, 0, 1, 2, 3, 4, 5})
SHARE_THAT_IS_A_HABIT = 0.1
A_SHORT_TIME = timedelta(hours=1)
FRESH_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SeenSignIn:
    """One sign-in, this one or an earlier one. `device_mark` names a browser that showed our note; empty text is "not known".

    Only what `is_in` teaches what is usual: whoever knows a password alone does not make their own device known.
    """

    at: datetime
    device_mark: str
    device: str
    network: str
    country: str
    point: Point | None
    is_in: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the account, and of what happened just before."""

    time_zone: str
    joined_at: datetime
    last_seen_at: datetime | None
    is_powerful: bool
    uses_emergency_access: bool
    has_known_password: bool
    failed_on_account: int = 0
    failed_on_network: int = 0


def measure(present: SeenSignIn, earlier: Sequence[SeenSignIn], standing: Standing) -> dict[Signal, float]:
    """Every signal's measure; 0 where there is nothing to say. `earlier` in any order."""
    usual = [seen for seen in earlier if seen.is_in]
    recent = [seen for seen in earlier if present.at - seen.at < A_SHORT_TIME]
    absent_since = max(standing.last_seen_at or standing.joined_at, *(seen.at for seen in usual), standing.joined_at)
    return {
        Signal.NEW_DEVICE: _newness_of_device(present, usual),
        Signal.NEW_COUNTRY: float(_is_new_country(present, usual)),
        Signal.IMPOSSIBLE_TRAVEL: _speed_since_last(present, usual),
        Signal.UNUSUAL_HOUR: float(_is_unusual_hour(present, usual, ZoneInfo(standing.time_zone))),
        Signal.MANY_SIGN_INS: float(len(recent) + 1),
        Signal.MANY_NETWORKS: float(len({seen.network for seen in (*recent, present) if seen.network})),
        Signal.FAILED_ON_ACCOUNT: float(standing.failed_on_account),
        Signal.FAILED_ON_NETWORK: float(standing.failed_on_network),
        Signal.KNOWN_PASSWORD: float(standing.has_known_password),
        Signal.POWERFUL_ROLE: float(standing.is_powerful),
        Signal.DORMANT_ACCOUNT: (present.at - absent_since) / timedelta(days=1),
        Signal.FRESH_ACCOUNT: float(present.at - standing.joined_at < FRESH_FOR),
        Signal.EMERGENCY_ACCESS: float(standing.uses_emergency_access),
    }


def _newness_of_device(present: SeenSignIn, usual: Sequence[SeenSignIn]) -> float:
    if present.device_mark and any(seen.device_mark == present.device_mark for seen in usual):
        return 0.0
    looks = (present.device, present.network)
    return 0.5 if all(looks) and any((seen.device, seen.network) == looks for seen in usual) else 1.0


def _is_new_country(present: SeenSignIn, usual: Sequence[SeenSignIn]) -> bool:
    """Without a country to compare with, none is new."""
    known = {seen.country for seen in usual if seen.country}
    return bool(present.country and known) and present.country not in known


def _speed_since_last(present: SeenSignIn, usual: Sequence[SeenSignIn]) -> float:
    located = [seen for seen in usual if seen.point is not None]
    if present.point is None or not located:
        return 0.0
    last = max(located, key=lambda seen: seen.at)
    return speed_km_h(last.point, present.point, elapsed=present.at - last.at) if last.point else 0.0


def _is_unusual_hour(present: SeenSignIn, usual: Sequence[SeenSignIn], zone: ZoneInfo) -> bool:
    if not _is_night(present, zone):
        return False
    nights = sum(_is_night(seen, zone) for seen in usual)
    return nights < SHARE_THAT_IS_A_HABIT * len(usual) or not usual


def _is_night(seen: SeenSignIn, zone: ZoneInfo) -> bool:
    return seen.at.astimezone(zone).hour in NIGHT_HOURS
