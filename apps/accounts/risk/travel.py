"""How fast somebody would have had to travel."""

from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

_EARTH_RADIUS_KM = 6371.0
NEARBY_KM = 200.0
"""Closer than this is no journey: databases of addresses are that wrong."""
_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float


def distance_km(one: Point, other: Point) -> float:
    """Along the great circle (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    width = cos(radians(one.latitude)) * cos(radians(other.latitude))
    part = sin(north / 2) ** 2 + width * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(part)))


def speed_km_h(one: Point, other: Point, *, elapsed: timedelta) -> float:
    """Between two sign-ins; 0 between places that are near each other."""
    distance = distance_km(one, other)
    if distance < NEARBY_KM:
        return 0.0
    return distance / (max(elapsed, _SHORTEST) / timedelta(hours=1))
