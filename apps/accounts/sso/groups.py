"""What groups at a provider mean here: one reading of the rules, at sign-in and when a directory changes a group."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.accounts.capabilities import GUARDED_ROLES, RoleName
from apps.accounts.models import GroupRule, Membership, SCIMGroup, SSOConnection, Team, User

_BY_WEIGHT = (RoleName.VIEWER, RoleName.ANALYST, RoleName.TEAM_LEAD)


@dataclass(frozen=True, slots=True)
class GroupMeaning:
    """The role that somebody has by their groups, and the teams they join and leave."""

    role: RoleName
    joins: tuple[Team, ...] = ()
    leaves: tuple[Team, ...] = ()


def groups_in_force(connection: SSOConnection, claimed: Collection[str], *, person: User | None) -> frozenset[str]:
    """The groups that count: those that the directory provisions, once it provisions any; else those claimed at sign-in.

    Two sources that disagree would make a role flicker. A provisioned group goes by its name and by its externalId.
    """
    groups = SCIMGroup.objects.filter(connection=connection)
    if not groups.exists():
        return frozenset(claimed)
    if person is None:
        return frozenset()
    of_person = groups.filter(memberships__member__person=person, memberships__member__removed_at=None)
    return frozenset(name for names in of_person.values_list("display_name", "external_id") for name in names if name)


def meaning_of_groups(connection: SSOConnection, groups: Collection[str], *, person: User | None) -> GroupMeaning:
    """What being in these groups means for this person; None is somebody who has no account yet.

    Where the connection does not follow groups, they count only for somebody new.
    """
    rules = list(connection.rules.select_related("team"))
    matching = [rule for rule in rules if rule.group in groups]
    role = _role(connection, matching, person=person)
    if not (connection.follows_groups or person is None):
        return GroupMeaning(role)
    wanted = {rule.team_id: rule.team for rule in matching if rule.team is not None}
    named = {rule.team_id: rule.team for rule in rules if rule.team is not None}
    held = set(Membership.objects.filter(user=person).values_list("team_id", flat=True)) if person else set()
    return GroupMeaning(
        role,
        joins=tuple(team for key, team in wanted.items() if key not in held),
        leaves=tuple(team for key, team in named.items() if key in held and key not in wanted),
    )


def _role(connection: SSOConnection, matching: list[GroupRule], *, person: User | None) -> RoleName:
    """The weightiest role of the matching rules. Who administers keeps that: a provider neither makes nor unmakes it."""
    if person is not None and (person.role in GUARDED_ROLES or not connection.follows_groups):
        return RoleName(person.role)
    given = {RoleName(rule.role) for rule in matching if rule.role}
    if not given:
        return RoleName(connection.default_role)
    return max(given, key=_BY_WEIGHT.index)
