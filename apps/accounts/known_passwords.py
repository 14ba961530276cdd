"""Passwords that somebody else knows as well: very common ones, and those of a local list of breached ones if one is configured.

Common ones come with Django (20,000, its licence). The list (PRISM_BREACHED_PASSWORDS) is a text file of SHA-1 digests in hexadecimal, or
their first characters, one a line in ascending order; what follows a colon is not looked at. It is searched where it lies, never loaded.
"""

import hashlib
import logging
import mmap
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, get_default_password_validators

from apps.accounts.models.user import normal_password

_FEWEST_DIGITS = 10
"""A line that is shorter says nothing: it would fit too many passwords."""

logger = logging.getLogger(__name__)


def is_known_password(password: str) -> bool:
    """Is it one that is tried first?"""
    return is_common_password(password) or is_breached_password(password)


def is_common_password(password: str) -> bool:
    """Is it on the list that new passwords are checked against?"""
    plain = normal_password(password).lower().strip()
    return any(
        plain in validator.passwords
        for validator in get_default_password_validators()
        if isinstance(validator, CommonPasswordValidator)
    )


def is_breached_password(password: str) -> bool:
    """Is it on the configured list? False without one, or when it cannot be read."""
    if not settings.BREACHED_PASSWORDS:
        return False
    digest = hashlib.sha1(normal_password(password).encode(), usedforsecurity=False).hexdigest().upper()
    try:
        with Path(settings.BREACHED_PASSWORDS).open("rb") as file:
            if not file.seek(0, 2):
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
                return _holds(lines, digest.encode())
    except OSError:
        logger.warning("breached_passwords_unreadable")
        return False


def _holds(lines: mmap.mmap, digest: bytes) -> bool:
    """Binary search by bytes: `low` and `high` are always beginnings of lines."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", begin, high)
        end = high if end < 0 else end
        listed = lines[begin:end].partition(b":")[0].strip().upper()
        if len(listed) >= _FEWEST_DIGITS and digest.startswith(listed):
            return True
        if listed < digest:
            low = end + 1
        else:
            high = begin
    return False
