"""What each role may do, and with whose objects: two tables, read by policies, the admin site, the API, tests and documentation."""

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


class Relation(StrEnum):
    """Whose an object is, seen from the person who asks for it."""

    OWN = "own"
    TEAMMATES = "a teammate's"
    COLLEAGUES = "a colleague's of another team"


class Reach(StrEnum):
    """What becomes of the question for an object: it is given, refused with 403, or hidden as if it were not there (404)."""

    GIVEN = "given"
    REFUSED = "refused"
    HIDDEN = "hidden"


class Whose(StrEnum):
    """With whose objects an address deals, for those who have its capability; every address with an object's key declares one.

    The objects of another organization are hidden by every rule.
    """

    EVERYBODYS = "everybody's"
    READABLE = "readable"
    DELETABLE = "deletable"
    OWN = "own"
    OWN_OR_MANAGED = "own or managed"
    OWN_REMARK = "own remark"


class Door(StrEnum):
    """Who lets one in at an address: the base class of its view says so."""

    PAGE = "page"
    ENDPOINT = "endpoint"
    OPEN = "open"
    PROVISIONING = "provisioning"
    SIGNED_IN = "signed in"


class OpenedBy(StrEnum):
    """What opens an address that asks nobody for a capability."""

    NOTHING = "nothing"
    HALF_SIGN_IN = "half a sign-in"
    MAILED_LINK = "a mailed link"
    PROVIDER = "a provider"
    TOKEN_IN_BODY = "a token in the body"  # noqa: S105 - a word


PLATFORM_ONLY_ROLES = frozenset({RoleName.SYSTEM_ADMIN})
"""Roles that grant nothing outside the platform's own organization."""

PROGRAM_ROLES = (RoleName.VIEWER, RoleName.ANALYST, RoleName.TEAM_LEAD)
"""What a service account may be: no program administers people."""

GUARDED_ROLES = frozenset({RoleName.ORG_ADMIN, RoleName.SYSTEM_ADMIN})
"""Roles of which an organization never loses its last active person."""

GUARDED_CAPABILITIES = frozenset(
    {Capability.EXPORT_REPORTS, Capability.MANAGE_ORGANIZATION, Capability.MANAGE_PLATFORM}
)
"""What these change is worth stealing a session for: who seems to have moved since the last proof is asked again (ADR 0011)."""

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

WHOSE_MEANINGS = MappingProxyType(
    {
        Whose.EVERYBODYS: "every one of the organization",
        Whose.READABLE: "a document and what belongs to it; a restricted one is hidden but from its author, team leads and administrators",
        Whose.DELETABLE: "a readable document, by analysts if it is their own, by team leads if it is their team's, by administrators every one",
        Whose.OWN: "one's own; others are hidden",
        Whose.OWN_OR_MANAGED: "one's own; administrators every one; others are hidden",
        Whose.OWN_REMARK: "one's own remark in a readable document",
    }
)
"""One phrase a rule, for the generated reference."""

_SEE_RESTRICTED = frozenset({RoleName.TEAM_LEAD, RoleName.ORG_ADMIN})


def grants_for(role: str) -> frozenset[Capability]:
    """The capabilities of a role; none for a name that is no role."""
    try:
        return ROLE_GRANTS[RoleName(role)]
    except ValueError:
        return frozenset()


def reach(
    role: RoleName, whose: Whose, relation: Relation, *, is_restricted: bool = False, manages: bool = False
) -> Reach:
    """What the rule gives to somebody of this role who has the address's capability; `manages` if MANAGE_ORGANIZATION is among theirs."""
    is_own = relation == Relation.OWN
    if whose == Whose.EVERYBODYS:
        return Reach.GIVEN
    if whose in {Whose.OWN, Whose.OWN_OR_MANAGED}:
        is_managed = whose == Whose.OWN_OR_MANAGED and manages
        return Reach.GIVEN if is_own or is_managed else Reach.HIDDEN
    if is_restricted and not is_own and role not in _SEE_RESTRICTED:
        return Reach.HIDDEN
    if whose == Whose.READABLE or is_own:
        return Reach.GIVEN
    if whose == Whose.DELETABLE:
        is_teams = role == RoleName.TEAM_LEAD and relation == Relation.TEAMMATES
        return Reach.GIVEN if is_teams or role == RoleName.ORG_ADMIN else Reach.REFUSED
    return Reach.REFUSED
