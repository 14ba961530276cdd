"""The tables of this room."""

from apps.accounts.models.api_key import ApiKey
from apps.accounts.models.invitation import Invitation
from apps.accounts.models.team import Membership, Team
from apps.accounts.models.user import User, normal_email

__all__ = ["ApiKey", "Invitation", "Membership", "Team", "User", "normal_email"]
