"""Where an address is, from a local database if one is configured (PRISM_COUNTRY_DATABASE). Nobody is ever asked over a network."""

import ipaddress
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import maxminddb
from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Country in two letters, "" when it is not known; a position only from a database of cities."""

    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


NOWHERE = Place()


def place_of(address: str) -> Place:
    """The place of an IP address; NOWHERE without a database, for an address that it does not hold, or when it cannot be read."""
    if not settings.COUNTRY_DATABASE or not address:
        return NOWHERE
    try:
        found = _database(settings.COUNTRY_DATABASE).get(_plain(address))
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        # Signing in does not wait for a file to be mended: what is not known weighs nothing.
        logger.warning("country_database_unreadable")
        return NOWHERE
    return _place(found) if isinstance(found, dict) else NOWHERE


def _plain(address: str) -> str:
    """An IPv4 address that came as one of IPv6 is looked up as what it is; ValueError when it is none at all."""
    parsed = ipaddress.ip_address(address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@lru_cache(maxsize=2)
def _database(path: str) -> Any:
    """Opened once a process: a new file is read after a restart."""
    return maxminddb.open_database(path, maxminddb.MODE_MMAP)


def _place(found: dict[str, Any]) -> Place:
    country = found.get("country") or found.get("registered_country") or {}
    location = found.get("location") or {}
    latitude, longitude = location.get("latitude"), location.get("longitude")
    code = str(country.get("iso_code") or "")[:2]
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return Place(code, float(latitude), float(longitude))
    return Place(code)
