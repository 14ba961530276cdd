"""The two resources as this product keeps them: what it has no use for is not in the schema, and is dropped when it is sent."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    InvalidValueException,
    Meta,
    Mutability,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

from apps.accounts.models import SCIMGroup, SCIMPerson
from apps.accounts.models.scim import LONGEST_TEXT
from apps.accounts.sso.directory import GroupSaid, PersonSaid

# As Okta and Entra ID send them: more than we keep, `remove` with values, and filters that name what is not there yet.
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
_MOST_EMAILS = 20
_KEPT = {"name", "display_name", "emails"}


class Name(ComplexAttribute):
    """The parts of a name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class Email(ComplexAttribute):
    """One address."""

    value: str | None = None
    type: str | None = None
    primary: bool | None = None


class GroupOfUser(ComplexAttribute):
    """One group that the person is in; changed by way of the group alone."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    """One person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A group."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    members: list[Member] | None = None


def user_resource(row: SCIMPerson, base: str) -> User:
    """The person as the directory said them, and whether they may sign in as it is here; `base` is our SCIM address."""
    person = row.person
    user = User.model_validate({**row.said.get("attributes", {}), "userName": row.user_name}, scim_policy=TOLERANT)
    user.id, user.external_id, user.active = str(person.pk), row.external_id or None, person.is_active
    groups = [GroupOfUser(value=str(group.pk), display=group.display_name) for group in row.groups.all()]
    user.groups = groups or None
    user.meta = _meta("User", f"{base}/Users/{person.pk}", row=row)
    return user


def group_resource(group: SCIMGroup, members: Iterable[UUID] | None, base: str) -> Group:
    """The group; without members when they were not asked for."""
    made = Group(display_name=group.display_name)
    made.id, made.external_id = str(group.pk), group.external_id or None
    if members is not None:
        made.members = [
            Member(value=str(key), ref=Reference(f"{base}/Users/{key}"), type="User") for key in sorted(members)
        ]
    made.meta = _meta("Group", f"{base}/Groups/{group.pk}", row=group)
    return made


def person_said(user: User, *, before: SCIMPerson | None = None, external_id: str | None = None) -> PersonSaid:
    """What the resource says of the person; without an address the one of before stays. InvalidValueException.

    `external_id` is the one of before, where leaving it out shall not take it away.
    """
    user_name = _text(user.user_name, "userName")
    external_id = user.external_id or external_id
    emails = user.emails or []
    if len(emails) > _MOST_EMAILS:
        raise InvalidValueException(detail=f"at most {_MOST_EMAILS} emails")
    attributes = user.model_dump(include=_KEPT)
    for value in _texts(attributes):
        _text(value, "an attribute")
    email = _address(emails) or (user_name if "@" in user_name else "")
    return PersonSaid(
        user_name=user_name,
        email=email or (before.said.get("email", "") if before is not None else ""),
        name=_full_name(user),
        external_id=_text(external_id, "externalId") if external_id else "",
        is_active=user.active,
        attributes={name: value for name, value in attributes.items() if name in {"name", "displayName", "emails"}},
    )


def group_said(group: Group, *, external_id: str | None = None) -> GroupSaid:
    """What the resource says of the group; `external_id` as in person_said. InvalidValueException."""
    external_id = group.external_id or external_id
    return GroupSaid(
        display_name=_text(group.display_name, "displayName"),
        external_id=_text(external_id, "externalId") if external_id else "",
        members=frozenset(_key(member.value) for member in group.members or []),
    )


def _meta(kind: str, location: str, *, row: SCIMPerson | SCIMGroup) -> Meta:
    return Meta(resource_type=kind, created=row.created_at, last_modified=row.updated_at, location=location)


def _key(value: str | None) -> UUID:
    try:
        return UUID(value or "")
    except ValueError as error:
        raise InvalidValueException(detail="a member's value is the id of a user") from error


def _address(emails: list[Email]) -> str:
    """The primary one, else the one for work, else the first."""
    named = [email for email in emails if email.value and email.value.strip()]
    by_weight = sorted(named, key=lambda email: (not email.primary, (email.type or "").casefold() != "work"))
    return (by_weight[0].value or "").strip() if by_weight else ""


def _full_name(user: User) -> str:
    name = user.name or Name()
    parts = " ".join(part.strip() for part in (name.given_name, name.family_name) if part and part.strip())
    return (user.display_name or "").strip() or (name.formatted or "").strip() or parts


def _text(value: str | None, what: str) -> str:
    text = (value or "").strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise InvalidValueException(detail=f"{what} has 1 to {LONGEST_TEXT} characters")
    return text


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
