"""The first administrator of a new organization is invited by nobody: the platform's own becomes an operator."""

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import AlreadyAPersonError
from apps.accounts.services.invite import invite_person
from apps.kernel.tenancy.context import current_tenant


def invite_first_administrator(email: str) -> None:
    """Invite this address to the current organization; somebody who is there already is left as they are."""
    role = RoleName.SYSTEM_ADMIN if current_tenant().is_platform else RoleName.ORG_ADMIN
    try:
        invite_person(None, email=email, role=role)
    except AlreadyAPersonError:
        return
