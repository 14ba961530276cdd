"""An entry of a directory: who it is for good, and whether the directory itself has shut it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.accounts.sso.ldap_filter import escaped

_OBJECT_GUID = "objectguid"
_LONGEST_SUBJECT = 512

_DISABLED_BIT = 0x2
_LOCKED_BIT = 0x10
_PASSWORD_EXPIRED_BIT = 0x800000
_NEVER_EXPIRES = frozenset({0, 0x7FFFFFFFFFFFFFFF})
_FILE_TIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCKED_FOR_GOOD = "000001010000Z"

STATE_ATTRIBUTES = (
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "accountExpires",
    "nsAccountLock",
    "pwdAccountLockedTime",
    "shadowExpire",
)
"""Active Directory's, 389's, OpenLDAP's and Unix's ways to say that somebody is out. A server leaves out what it does not know."""


class ShutOut(StrEnum):
    """Why somebody who is in the directory may not come in."""

    DISABLED = "disabled"
    EXPIRED = "expired"
    LOCKED = "locked"
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a word
    UNCLEAR = "unclear"


GONE = frozenset({ShutOut.DISABLED, ShutOut.EXPIRED})
"""These last; a lock goes by itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was sent; attributes by their name in small letters."""

    dn: str
    values: Mapping[str, tuple[bytes, ...]]

    def texts(self, name: str) -> tuple[str, ...]:
        """The values that are text."""
        return tuple(text for value in self.values.get(name.lower(), ()) if (text := _text(value)))

    def text(self, name: str) -> str:
        """The first of them; "" when there is none."""
        return next(iter(self.texts(name)), "")


def subject_of(entry: Entry, id_attribute: str) -> str:
    """What never becomes somebody else's; LDAPFaultError "identifier" unless there is exactly one such value."""
    found = entry.values.get(id_attribute.lower(), ())
    value = found[0] if len(found) == 1 else b""
    subject = _guid(value) if id_attribute.lower() == _OBJECT_GUID else _text(value)
    if not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise LDAPFaultError("identifier")
    return subject


def assertion_of(subject: str, id_attribute: str) -> str:
    """The part of a filter that finds this subject again; ValueError for one that is none of this attribute."""
    value = UUID(subject).bytes_le if id_attribute.lower() == _OBJECT_GUID else subject.encode()
    return f"({id_attribute}={escaped(value)})"


def shut_out(entry: Entry, at: datetime) -> ShutOut | None:
    """How the directory has shut this entry out; None when it has not, UNCLEAR when it speaks in riddles."""
    try:
        return _shut_out(entry, at)
    except (ValueError, OverflowError):
        return ShutOut.UNCLEAR


def _shut_out(entry: Entry, at: datetime) -> ShutOut | None:
    control = _number(entry, "userAccountControl", 0)
    computed = _number(entry, "msDS-User-Account-Control-Computed", 0)
    is_locked_for_good = _LOCKED_FOR_GOOD in entry.texts("pwdAccountLockedTime")
    if control & _DISABLED_BIT or entry.text("nsAccountLock").lower() == "true" or is_locked_for_good:
        return ShutOut.DISABLED
    if any(end <= at for end in _ends(entry)):
        return ShutOut.EXPIRED
    if computed & _LOCKED_BIT:
        return ShutOut.LOCKED
    return ShutOut.PASSWORD_EXPIRED if computed & _PASSWORD_EXPIRED_BIT else None


def _ends(entry: Entry) -> list[datetime]:
    ends = []
    file_time = _number(entry, "accountExpires", 0)
    if file_time not in _NEVER_EXPIRES:
        ends.append(_FILE_TIME_EPOCH + timedelta(microseconds=file_time // 10))
    days = _number(entry, "shadowExpire", -1)
    if days >= 0:
        ends.append(_UNIX_EPOCH + timedelta(days=days))
    return ends


def _number(entry: Entry, name: str, absent: int) -> int:
    """ValueError when it is not exactly one number."""
    found = entry.values.get(name.lower(), ())
    if not found:
        return absent
    (value,) = found
    return int(value)


def _guid(value: bytes) -> str:
    return str(UUID(bytes_le=value)) if len(value) == 16 else ""


def _text(value: bytes) -> str:
    """ "" for what is no text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return ""
