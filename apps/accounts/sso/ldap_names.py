"""Names in a directory: two spellings of one, and by which names a group may be meant here."""

from collections.abc import Iterable

from ldap3.core.exceptions import LDAPInvalidDnError
from ldap3.utils.dn import parse_dn

from apps.accounts.models import LDAPDirectory

NormalDN = tuple[tuple[str, str], ...]


def normal_dn(dn: str) -> NormalDN:
    """The form in which two spellings of a distinguished name are equal; () for what is none."""
    try:
        parts = parse_dn(dn, escape=False, strip=True)
    except (LDAPInvalidDnError, IndexError):
        return ()
    return tuple((name.strip().casefold(), value.strip().casefold()) for name, value, _separator in parts)


def group_names(directory: LDAPDirectory, dns: Iterable[str]) -> frozenset[str]:
    """What the rules of the connection may call these groups.

    By the whole distinguished name, however it is spelled. By the short name only below the place that the directory's groups are
    said to be in: elsewhere somebody who may make groups of their own could call one like an important one.
    """
    ruled: dict[NormalDN, set[str]] = {}
    for rule in directory.connection.rules.all():
        ruled.setdefault(normal_dn(rule.group), set()).add(rule.group)
    base = normal_dn(directory.group_base)
    names: set[str] = set()
    for dn in dns:
        normal = normal_dn(dn)
        if not normal:
            continue
        names |= {dn, *ruled.get(normal, ())}
        if base and len(normal) > len(base) and normal[-len(base) :] == base:
            names.add(_short_name(dn))
    return frozenset(names)


def _short_name(dn: str) -> str:
    return str(parse_dn(dn, escape=False, strip=True)[0][1])
