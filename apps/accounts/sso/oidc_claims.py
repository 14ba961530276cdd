"""An ID token that is believed, and what user info adds, as claims of a person."""

from collections.abc import Mapping
from typing import Any

from apps.accounts.models import SCIMGroup, SSOConnection
from apps.accounts.sso.attributes import AttributeNames, names_of
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.oidc_errors import OIDCGroupsLeftOutError

_MOST_VALUES = 500
_LONGEST_VALUE = 1000
# Of the protocol, not of the person.
_NOT_SHOWN = frozenset({"nonce", "at_hash", "c_hash", "s_hash", "jti", "sid", "rat", "uti", "rh", "aio"})


def lacks_claims(connection: SSOConnection, found: Mapping[str, Any]) -> bool:
    """Would user info help? Only when the ID token leaves out an attribute that means something here."""
    names = names_of(connection)
    wanted = [names.email, names.name, "email_verified"]
    if connection.rules.exists() and not _says_groups_are_left_out(found, names):
        wanted.append(names.groups)
    return any(not _values(found, name) for name in wanted if name)


def joined(id_token: Mapping[str, Any], user_info: Mapping[str, Any], *, names: AttributeNames) -> dict[str, Any]:
    """Both together; what is signed wins. That an address is verified is said of that address, so the two are never mixed."""
    found = {**user_info, **id_token}
    if id_token.get(names.email) is None:
        found["email_verified"] = user_info.get("email_verified")
    elif "email_verified" not in id_token and user_info.get(names.email) != id_token.get(names.email):
        found["email_verified"] = None
    return found


def claims_from(connection: SSOConnection, found: Mapping[str, Any], *, subject: str) -> Claims:
    """The person. An address counts as theirs only if the provider vouches for it. OIDCGroupsLeftOutError."""
    names = names_of(connection)
    groups = _values(found, names.groups)
    if _says_groups_are_left_out(found, names) and _groups_matter(connection):
        # Without them a sign-in would take roles and teams away.
        raise OIDCGroupsLeftOutError("groups_left_out")
    return Claims(
        subject=subject,
        email=next(iter(_values(found, names.email)), ""),
        name=next(iter(_values(found, names.name)), ""),
        groups=frozenset(groups),
        is_email_disowned=not _is_vouched_for(found),
        attributes=_shown(found),
    )


def _is_vouched_for(found: Mapping[str, Any]) -> bool:
    """`email_verified` as the standard has it; Entra says by `xms_edov` that the domain's owner is in the directory."""
    edov = found.get("xms_edov")
    return found.get("email_verified") is True or edov is True or edov in (1, "1")


def _says_groups_are_left_out(found: Mapping[str, Any], names: AttributeNames) -> bool:
    """Entra's two ways to say it."""
    elsewhere = found.get("_claim_names")
    return found.get("hasgroups") is True or (isinstance(elsewhere, dict) and names.groups in elsewhere)


def _groups_matter(connection: SSOConnection) -> bool:
    return connection.rules.exists() and not SCIMGroup.objects.filter(connection=connection).exists()


def _values(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a claim; a name with dots also leads into nested ones (Keycloak: `realm_access.roles`)."""
    value: Any = found.get(name)
    if value is None and "." in name:
        value = found
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
    return _texts(value)


def _texts(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    texts = (str(entry).strip() for entry in entries if isinstance(entry, str | int | float))
    return tuple(text for text in texts if 0 < len(text) <= _LONGEST_VALUE)[:_MOST_VALUES]


def _shown(found: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    shown: dict[str, tuple[str, ...]] = {}
    for name, value in found.items():
        if name in _NOT_SHOWN or len(name) > 200 or len(shown) == _MOST_VALUES:
            continue
        if isinstance(value, dict):
            nested = {f"{name}.{inner}": texts for inner, part in value.items() if (texts := _texts(part))}
            shown |= nested
        elif texts := _texts(value):
            shown[name] = texts
    return shown
