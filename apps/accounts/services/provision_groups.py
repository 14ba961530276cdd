"""Groups as a provider's directory wants them. What being in one means here, the connection's group rules say."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.errors import AlreadyProvisionedError, TooManyMembersError, UnknownMemberError
from apps.accounts.models import SCIMAccess, SCIMGroup, SCIMMembership, SCIMPerson
from apps.accounts.selectors import scim_group_for
from apps.accounts.services.administrators import lock_with_administrators
from apps.accounts.services.follow_groups import follow_groups
from apps.accounts.sso.directory import GroupSaid
from apps.accounts.sso.groups import groups_in_force, meaning_of_groups
from apps.kernel.audit.record import record

MOST_MEMBERS = 5000


@transaction.atomic
def make_group(access: SCIMAccess, said: GroupSaid) -> SCIMGroup:
    """A new group; roles and teams of its members follow. AlreadyProvisionedError, UnknownMemberError, TooManyMembersError."""
    group = SCIMGroup(connection=access.connection)
    _keep(group, said)
    detail = {"connection": access.connection.name, "group": group.display_name}
    record("scim.group_made", actor=None, target=group.pk, detail=detail)
    _follow(access, _set_members(group, said.members), names={group.display_name, group.external_id})
    return group


@transaction.atomic
def change_group(
    access: SCIMAccess, group_id: UUID, *, draw: Callable[[SCIMGroup, frozenset[UUID]], GroupSaid]
) -> SCIMGroup:
    """The group after `draw` has said, from what holds now and is locked, how it shall be. NotFoundError and what make_group raises."""
    scim_group_for(access, group_id)
    group = SCIMGroup.objects.select_for_update().get(pk=group_id)
    members = frozenset(group.memberships.values_list("member__person_id", flat=True))
    before = {group.display_name, group.external_id}
    said = draw(group, members)
    is_renamed = {said.display_name, said.external_id} != before
    if is_renamed:
        _keep(group, said)
    moved = _set_members(group, said.members)
    if is_renamed or moved:
        what = " and ".join(["its name"] * is_renamed + ["its members"] * bool(moved))
        detail = {"connection": access.connection.name, "group": group.display_name, "what": what}
        record("scim.group_changed", actor=None, target=group.pk, detail=detail)
        group.save(update_fields=["updated_at"])
    affected = moved | members if is_renamed else moved
    _follow(access, affected, names=before | {group.display_name, group.external_id})
    return group


@transaction.atomic
def remove_group(access: SCIMAccess, group_id: UUID) -> None:
    """Remove the group; its people stay, without what it gave them. NotFoundError."""
    scim_group_for(access, group_id)
    group = SCIMGroup.objects.select_for_update().get(pk=group_id)
    members = frozenset(group.memberships.values_list("member__person_id", flat=True))
    detail = {"connection": access.connection.name, "group": group.display_name}
    record("scim.group_removed", actor=None, target=group.pk, detail=detail)
    group.delete()
    _follow(access, members, names={group.display_name, group.external_id})


def _keep(group: SCIMGroup, said: GroupSaid) -> None:
    group.display_name, group.external_id = said.display_name, said.external_id
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise AlreadyProvisionedError(attribute="displayName") from error


def _set_members(group: SCIMGroup, wanted: frozenset[UUID]) -> frozenset[UUID]:
    """Bring the members to what is wanted; those who came or went."""
    held = frozenset(group.memberships.values_list("member__person_id", flat=True))
    come, go = wanted - held, held - wanted
    if len(come) + len(go) > MOST_MEMBERS:
        raise TooManyMembersError(limit=MOST_MEMBERS)
    rows = SCIMPerson.objects.filter(connection=group.connection, person__in=come, removed_at=None)
    new = [SCIMMembership(group=group, member=row) for row in rows]
    if len(new) != len(come):
        raise UnknownMemberError
    group.memberships.filter(member__person__in=go).delete()
    SCIMMembership.objects.bulk_create(new, ignore_conflicts=True)
    return come | go


def _follow(access: SCIMAccess, person_ids: Collection[UUID], *, names: Collection[str]) -> None:
    """Roles and teams of these people, where the connection follows groups and a rule speaks of this one."""
    connection = access.connection
    if not (person_ids and connection.follows_groups and connection.rules.filter(group__in=names).exists()):
        return
    locked = lock_with_administrators(person_ids)
    for person in (locked[key] for key in sorted(person_ids)):
        groups = groups_in_force(connection, (), person=person)
        follow_groups(
            person, connection=connection, meaning=meaning_of_groups(connection, groups, person=person), actor=None
        )
