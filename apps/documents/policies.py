"""Who may do what with a document."""

from collections.abc import Collection
from uuid import UUID

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import User
from apps.accounts.policies import may, shares_team
from apps.documents.models import Document


def may_view(user: User, document: Document) -> bool:
    """Everyone of the organization who may read; a restricted document is for its author, team leads and administrators."""
    if not may(user, Capability.READ_DOCUMENTS):
        return False
    if document.classification != "restricted" or document.uploaded_by_id == user.id:
        return True
    return user.role in {RoleName.TEAM_LEAD, RoleName.ORG_ADMIN}


def may_edit(user: User, document: Document) -> bool:
    """Those who may upload, on what they may see."""
    return may_view(user, document) and may(user, Capability.UPLOAD_DOCUMENTS)


def may_delete(user: User, document: Document, *, mates: Collection[UUID] | None = None) -> bool:
    """Analysts their own, team leads their teams', administrators every one.

    Who asks for many people gives the author's team mates, which are looked up otherwise.
    """
    if not may_view(user, document) or not may(user, Capability.DELETE_DOCUMENTS):
        return False
    if user.role == RoleName.ORG_ADMIN or document.uploaded_by_id == user.id:
        return True
    if user.role != RoleName.TEAM_LEAD:
        return False
    return shares_team(user, document.uploaded_by_id) if mates is None else user.pk in mates
