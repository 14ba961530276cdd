"""Codes for the day on which the phone is lost: ten, each good once, stored as digests."""

import hashlib
import secrets

CODES_A_PERSON = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike
_GROUPS = 4
_GROUP_LENGTH = 4


def new_codes() -> list[str]:
    """Ten fresh codes of 79 random bits each, in groups of four."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        for _ in range(CODES_A_PERSON)
    ]


def is_recovery_code(typed: str) -> bool:
    """Is this one by its looks, however it was typed? A code of an app is shorter."""
    plain = _plain(typed)
    return len(plain) == _GROUPS * _GROUP_LENGTH and set(plain) <= set(_ALPHABET)


def digest_of_code(typed: str) -> str:
    """SHA-256 in hexadecimal of the code without its dashes. A slow hash would add nothing to 79 random bits."""
    return hashlib.sha256(_plain(typed).encode()).hexdigest()


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.lower() if letter not in "- \t")
