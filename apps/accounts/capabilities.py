"""What each role may do: one table, read by policies, the admin site, the API and the documentation."""

from enum import StrEnum
from types import MappingProxyType


class Capability(StrEnum):
    """One kind of thing that a person may do; a page or endpoint declares exactly one."""

    READ_DOCUMENTS = "read_documents"
    UPLOAD_DOCUMENTS = "upload_documents"
    RUN_ANALYSIS = "run_analysis"
    DECIDE_FEEDBACK = "decide_feedback"
    APPROVE_REVIEW = "approve_review"
    EXPORT_REPORTS = "export_reports"
    DELETE_DOCUMENTS = "delete_documents"
    MANAGE_ORGANIZATION = "manage_organization"
    READ_AUDIT = "read_audit"
    MANAGE_PLATFORM = "manage_platform"


class RoleName(StrEnum):
    """The five roles, from the one that may least."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    TEAM_LEAD = "team_lead"
    ORG_ADMIN = "org_admin"
    SYSTEM_ADMIN = "system_admin"


_VIEWER = frozenset({Capability.READ_DOCUMENTS})
_ANALYST = _VIEWER | {
    Capability.UPLOAD_DOCUMENTS,
    Capability.RUN_ANALYSIS,
    Capability.DECIDE_FEEDBACK,
    Capability.DELETE_DOCUMENTS,
}
_TEAM_LEAD = _ANALYST | {Capability.APPROVE_REVIEW, Capability.EXPORT_REPORTS}
_ORG_ADMIN = _TEAM_LEAD | {Capability.MANAGE_ORGANIZATION, Capability.READ_AUDIT}

ROLE_GRANTS = MappingProxyType(
    {
        RoleName.VIEWER: _VIEWER,
        RoleName.ANALYST: _ANALYST,
        RoleName.TEAM_LEAD: _TEAM_LEAD,
        RoleName.ORG_ADMIN: _ORG_ADMIN,
        RoleName.SYSTEM_ADMIN: frozenset({Capability.READ_DOCUMENTS, Capability.MANAGE_PLATFORM}),
    }
)
"""Role to capabilities. DELETE_DOCUMENTS is narrowed by the documents room: own, the team's, or every one."""

PLATFORM_ONLY_ROLES = frozenset({RoleName.SYSTEM_ADMIN})
"""Roles that grant nothing outside the platform's own organization."""

PROGRAM_ROLES = (RoleName.VIEWER, RoleName.ANALYST, RoleName.TEAM_LEAD)
"""What a service account may be: no program administers people."""

GUARDED_ROLES = frozenset({RoleName.ORG_ADMIN, RoleName.SYSTEM_ADMIN})
"""Roles of which an organization never loses its last active person."""

MEANINGS = MappingProxyType(
    {
        Capability.READ_DOCUMENTS: "Read documents, results and one's own activity",
        Capability.UPLOAD_DOCUMENTS: "Upload, edit and version documents",
        Capability.RUN_ANALYSIS: "Run an analysis, use the assistant",
        Capability.DECIDE_FEEDBACK: "Add feedback and decide on it, download the reviewed file",
        Capability.APPROVE_REVIEW: "Approve a review, assign it, see the team's activity",
        Capability.EXPORT_REPORTS: "Export reports and bundles",
        Capability.DELETE_DOCUMENTS: "Delete documents: analysts their own, team leads their team's, administrators every one",
        Capability.MANAGE_ORGANIZATION: "Manage people, teams, sign-in, keys, frameworks, branding and budgets",
        Capability.READ_AUDIT: "Read the audit log; retention, holds and subject requests",
        Capability.MANAGE_PLATFORM: "Manage organizations, placement, platform settings and global models",
    }
)
"""One sentence a capability, for the generated reference."""


def grants_for(role: str) -> frozenset[Capability]:
    """The capabilities of a role; none for a name that is no role."""
    try:
        return ROLE_GRANTS[RoleName(role)]
    except ValueError:
        return frozenset()
