"""Teams: made, renamed, removed; people put in and taken out. A team lead answers for the documents of the own teams."""

from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.errors import InvalidTeamNameError, TeamNameTakenError
from apps.accounts.models import Membership, Team, User
from apps.accounts.policies import require_people_manager
from apps.accounts.selectors import person_for
from apps.accounts.team_selectors import membership_for, team_for
from apps.kernel.audit.record import record
from apps.kernel.errors import NotFoundError

_LONGEST_NAME = 100


@transaction.atomic
def make_team(user: User, *, name: str) -> Team:
    """The new, empty team. NotAllowedError, InvalidTeamNameError, TeamNameTakenError."""
    require_people_manager(user)
    team = Team(name=checked_team_name(name))
    _keep(team)
    record("team.made", actor=user, target=team.pk, detail={"team": team.name})
    return team


@transaction.atomic
def rename_team(user: User, *, team_id: UUID, name: str) -> Team:
    """The team with its new name; the same name again changes nothing.

    Raises NotAllowedError, NotFoundError, InvalidTeamNameError, TeamNameTakenError.
    """
    team = _locked(user, team_id)
    before, team.name = team.name, checked_team_name(name, but=team)
    if before != team.name:
        _keep(team)
        record("team.renamed", actor=user, target=team.pk, detail={"before": before, "after": team.name})
    return team


@transaction.atomic
def remove_team(user: User, *, team_id: UUID) -> None:
    """Remove the team; its people stay, and its lead answers no longer for their documents. NotAllowedError, NotFoundError."""
    team = _locked(user, team_id)
    record("team.removed", actor=user, target=team.pk, detail={"team": team.name, "members": team.memberships.count()})
    team.delete()


@transaction.atomic
def add_member(user: User, *, team_id: UUID, person_id: UUID) -> Membership:
    """The membership, new or as it was. NotAllowedError, NotFoundError."""
    team = _locked(user, team_id)
    return join_team(person_for(user, person_id), team=team, actor=user)


@transaction.atomic
def remove_member(user: User, *, membership_id: UUID) -> Team:
    """The team, out of which one person was taken. NotAllowedError, NotFoundError."""
    membership = membership_for(user, membership_id)
    team = _locked(user, membership.team_id)
    count, _by_model = Membership.objects.filter(pk=membership_id).delete()
    if not count:
        raise NotFoundError
    record("team.member_removed", actor=user, target=membership.user_id, detail={"team": team.name})
    return team


def join_team(person: User, *, team: Team, actor: User) -> Membership:
    """The person's membership, new or as it was; who may was asked by the caller."""
    membership, is_new = Membership.objects.get_or_create(team=team, user=person)
    if is_new:
        record("team.member_added", actor=actor, target=person.pk, detail={"team": team.name})
    return membership


def team_called(user: User, name: str, *, makes_it: bool) -> Team:
    """The team of this name whatever its case; a new one if there is none and `makes_it`. NotFoundError, as make_team."""
    team = Team.objects.filter(name__iexact=name).order_by("name").first()
    if team is not None:
        return team
    if not makes_it:
        raise NotFoundError
    return make_team(user, name=name)


def checked_team_name(name: str, *, but: Team | None = None) -> str:
    """The name as it is kept; InvalidTeamNameError, TeamNameTakenError when another team than `but` has it in any case."""
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidTeamNameError
    taken = Team.objects.filter(name__iexact=name)
    if (taken if but is None else taken.exclude(pk=but.pk)).exists():
        raise TeamNameTakenError
    return name


def _locked(user: User, team_id: UUID) -> Team:
    require_people_manager(user)
    team_for(user, team_id)
    return Team.objects.select_for_update().get(pk=team_id)


def _keep(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise TeamNameTakenError from error
