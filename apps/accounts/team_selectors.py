"""The questions about teams and who is in them."""

from uuid import UUID

from django.db.models import Count, QuerySet

from apps.accounts.models import Membership, Team, User
from apps.accounts.policies import may_manage_people, require_people_manager, teams_of
from apps.kernel.errors import NotFoundError


def teams_for(user: User) -> QuerySet[Team]:
    """Every team for those who manage people, the own ones for others; by name, each with `member_count`."""
    teams = Team.objects.annotate(member_count=Count("memberships")).order_by("name", "pk")
    return teams if may_manage_people(user) else teams.filter(pk__in=teams_of(user))


def own_teams(user: User) -> QuerySet[Team]:
    """The teams that this person is in, by name."""
    return Team.objects.filter(memberships__user_id=user.pk).order_by("name", "pk")


def team_for(user: User, team_id: UUID) -> Team:
    """One team that `user` may see; NotFoundError else."""
    team = teams_for(user).filter(pk=team_id).first()
    if team is None:
        raise NotFoundError
    return team


def members_of(user: User, *, team_id: UUID) -> QuerySet[Membership]:
    """Who is in a team, newest first, with the people; NotAllowedError, NotFoundError."""
    require_people_manager(user)
    return Membership.objects.select_related("user").filter(team=team_for(user, team_id)).order_by("-id")


def membership_for(user: User, membership_id: UUID) -> Membership:
    """One of them, with person and team; NotAllowedError, NotFoundError."""
    require_people_manager(user)
    membership = Membership.objects.select_related("user", "team").filter(pk=membership_id).first()
    if membership is None:
        raise NotFoundError
    return membership


def people_outside(user: User, *, team_id: UUID) -> QuerySet[User]:
    """Active people who are not in the team, by name; NotAllowedError."""
    require_people_manager(user)
    return User.objects.filter(is_active=True).exclude(memberships__team_id=team_id).order_by("name", "pk")
