"""Bring a person's role and teams to what their groups at a provider mean."""

from apps.accounts.events import RoleChanged, SessionsEnded
from apps.accounts.models import Membership, SSOConnection, User
from apps.accounts.sso.groups import GroupMeaning
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


def follow_groups(person: User, *, connection: SSOConnection, meaning: GroupMeaning, actor: User | None) -> None:
    """The row must be locked by the caller's transaction; `actor` is the person who signs in, None for a directory.

    A changed role ends what was open with the old one.
    """
    for team in meaning.joins:
        Membership.objects.get_or_create(team=team, user=person)
    Membership.objects.filter(user=person, team__in=meaning.leaves).delete()
    if meaning.joins or meaning.leaves:
        detail = {"connection": connection.name}
        record(
            "person.teams_followed" if actor else "person.teams_provisioned",
            actor=actor,
            target=person.pk,
            detail=detail,
        )
    if person.role == meaning.role:
        return
    person.role = meaning.role.value
    person.session_epoch += 1
    person.save(update_fields=["role", "session_epoch", "updated_at"])
    detail = {"connection": connection.name, "role": meaning.role.value}
    record("person.role_followed" if actor else "person.role_provisioned", actor=actor, target=person.pk, detail=detail)
    publish(RoleChanged(person_id=person.pk, role=meaning.role.value))
    publish(SessionsEnded(person_id=person.pk))
