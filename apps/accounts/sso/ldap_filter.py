"""The filter that finds a person: the usual one of each product, and what somebody typed put into it so that it stays a value."""

import re
from types import MappingProxyType

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import NOT, FilterNode, parse_filter

from apps.accounts.choices import ProviderPreset

PLACEHOLDER = "{name}"
USUAL_FILTERS = MappingProxyType(
    {
        ProviderPreset.ACTIVE_DIRECTORY: "(&(objectCategory=person)(objectClass=user)"
        "(|(sAMAccountName={name})(userPrincipalName={name})(mail={name})))",
        ProviderPreset.OPENLDAP: "(&(objectClass=inetOrgPerson)(|(uid={name})(mail={name})))",
    }
)
USUAL_IDENTIFIERS = MappingProxyType(
    {ProviderPreset.ACTIVE_DIRECTORY: "objectGUID", ProviderPreset.OPENLDAP: "entryUUID"}
)

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._-")
# A whole value of an equality: not a part of one, which a presence could not stand in for.
_WHOLE_VALUE = re.compile(r"(?<![~<>:])=\{name\}\)")
_MARK = "zzplaceholderzz"


def escaped(value: bytes) -> str:
    """The value for a filter. Every byte that is not plainly a letter, a digit or part of an address goes in as its number."""
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:02x}" for byte in value)


def filter_for(template: str, name: str) -> str:
    """The filter that finds the one with this name; ValueError for a name that is no Unicode text."""
    return template.replace(PLACEHOLDER, escaped(name.encode()))


def filter_for_everybody(template: str) -> str:
    """The filter that finds everybody whom some name would find."""
    return template.replace(PLACEHOLDER, "*")


def is_good_template(template: str) -> bool:
    """Can it be read, and is the name in it: as a whole value, and never under a "not"?"""
    if not 0 < template.count(PLACEHOLDER) == len(_WHOLE_VALUE.findall(template)):
        return False
    if "{" in template.replace(PLACEHOLDER, ""):
        return False
    try:
        root = parse_filter(template.replace(PLACEHOLDER, _MARK), None, False, False, None, False)  # noqa: FBT003
    except (LDAPExceptionError, AttributeError, IndexError):
        return False
    return not _is_negated(root, is_under_not=False)


def _is_negated(node: FilterNode, *, is_under_not: bool) -> bool:
    is_under_not = is_under_not or node.tag == NOT
    if is_under_not and node.assertion and node.assertion.get("value") == _MARK.encode():
        return True
    return any(_is_negated(child, is_under_not=is_under_not) for child in node.elements)
