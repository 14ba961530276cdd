"""The table of capabilities is the design's, cell by cell."""

import pytest

from apps.accounts.capabilities import (
    GUARDED_ROLES,
    MEANINGS,
    PLATFORM_ONLY_ROLES,
    ROLE_GRANTS,
    Capability,
    RoleName,
    grants_for,
)

# One line a capability, one column a role: viewer, analyst, team_lead, org_admin, system_admin.
DESIGNED = {
    Capability.READ_DOCUMENTS: "yyyyy",
    Capability.UPLOAD_DOCUMENTS: "-yyy-",
    Capability.RUN_ANALYSIS: "-yyy-",
    Capability.DECIDE_FEEDBACK: "-yyy-",
    Capability.APPROVE_REVIEW: "--yy-",
    Capability.EXPORT_REPORTS: "--yy-",
    Capability.DELETE_DOCUMENTS: "-yyy-",
    Capability.MANAGE_ORGANIZATION: "---y-",
    Capability.READ_AUDIT: "---y-",
    Capability.MANAGE_PLATFORM: "----y",
}


@pytest.mark.parametrize("capability", list(Capability))
def test_each_capability_belongs_to_exactly_the_designed_roles(capability: Capability) -> None:
    row = "".join("y" if capability in ROLE_GRANTS[role] else "-" for role in RoleName)
    assert row == DESIGNED[capability]


def test_every_role_has_its_column_and_every_capability_its_meaning() -> None:
    assert set(ROLE_GRANTS) == set(RoleName)
    assert set(MEANINGS) == set(Capability)


def test_a_name_that_is_no_role_grants_nothing() -> None:
    assert grants_for("owner") == frozenset()
    assert grants_for("viewer") == {Capability.READ_DOCUMENTS}


def test_operators_belong_to_the_platform_and_administrators_are_guarded() -> None:
    assert {RoleName.SYSTEM_ADMIN} == PLATFORM_ONLY_ROLES
    assert {RoleName.ORG_ADMIN, RoleName.SYSTEM_ADMIN} == GUARDED_ROLES
