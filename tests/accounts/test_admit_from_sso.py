"""Whom an identity provider sends, and what becomes of them: by subject, never by address alone, never as administrator."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import NotAdmittedError
from apps.accounts.models import (
    ExternalIdentity,
    GroupRule,
    Invitation,
    Membership,
    SSOConnection,
    Team,
    User,
    VerifiedDomain,
)
from apps.accounts.services.admit_from_sso import admit_from_sso
from apps.accounts.services.invite import invite_person
from apps.accounts.sso.admission import Admission, plan_admission
from apps.accounts.sso.claims import Claims
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions

LENA = Claims(subject="00u1lena", email="Lena@Example.com", name="Lena Lang")


@pytest.fixture
def okta(tenant_a: Any) -> SSOConnection:
    """A connection that makes accounts for new people of example.com."""
    VerifiedDomain.objects.create(domain="example.com", verified_at=now())
    return SSOConnection.objects.create(
        kind="saml", preset="okta", name="Okta", slug="okta", is_enabled=True, admits_new_people=True
    )


def reason_of_the_last_refusal() -> str:
    entry = AuditEntry.objects.filter(action="person.not_admitted").latest("id")
    return str(entry.detail["reason"])


def test_a_new_person_of_a_verified_domain_gets_an_account_without_a_password(okta: Any) -> None:
    person = admit_from_sso(okta, LENA)
    assert (person.name, person.email, person.role) == ("Lena Lang", "Lena@Example.com", "viewer")
    assert not person.has_usable_password()
    assert actions()[-2:] == ["person.joined_by_sso", "person.signed_in_by_sso"]


def test_the_same_subject_is_the_same_person_whatever_else_the_provider_says(okta: Any, cast_a: Any) -> None:
    first = admit_from_sso(okta, LENA)
    again = admit_from_sso(okta, Claims(subject=LENA.subject, email=cast_a.org_admin.email, name="Somebody"))
    assert again.pk == first.pk
    again.refresh_from_db()
    assert again.email == "Lena@Example.com"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (Claims(subject="s", email=""), Admission.NO_ADDRESS),
        (Claims(subject="s", email="example.com"), Admission.NO_ADDRESS),
        (Claims(subject="s", email="lena@other.example"), Admission.DOMAIN_NOT_VERIFIED),
        (Claims(subject="s", email="lena@sub.example.com"), Admission.DOMAIN_NOT_VERIFIED),
        (Claims(subject="s", email="lena@example.com", is_email_disowned=True), Admission.ADDRESS_DISOWNED),
    ],
)
def test_an_address_that_proves_nothing_makes_no_account(okta: Any, claims: Claims, reason: Admission) -> None:
    people = User.objects.count()
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta, claims)
    assert reason_of_the_last_refusal() == reason
    assert User.objects.count() == people
    assert admit_from_sso(okta, LENA).is_active


def test_a_domain_that_is_only_claimed_is_not_verified(okta: Any) -> None:
    VerifiedDomain.objects.update(verified_at=None)
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta, LENA)
    assert reason_of_the_last_refusal() == Admission.DOMAIN_NOT_VERIFIED


def test_somebody_with_an_account_is_linked_once_by_their_address(okta: Any, cast_a: Any) -> None:
    person = admit_from_sso(okta, Claims(subject="00u2", email=cast_a.analyst.email.upper()))
    assert person.pk == cast_a.analyst.pk
    assert "person.linked_to_sso" in actions()
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta, Claims(subject="00u3", email=cast_a.analyst.email))
    assert reason_of_the_last_refusal() == Admission.LINKED_TO_ANOTHER


def test_whoever_was_deactivated_stays_out_by_either_way(okta: Any, cast_a: Any) -> None:
    known = admit_from_sso(okta, Claims(subject="00u2", email=cast_a.analyst.email))
    User.objects.filter(pk__in=[known.pk, cast_a.viewer.pk]).update(is_active=False)
    for claims in (Claims(subject="00u2"), Claims(subject="00u9", email=cast_a.viewer.email)):
        with pytest.raises(NotAdmittedError):
            admit_from_sso(okta, claims)
        assert reason_of_the_last_refusal() == Admission.INACTIVE


def test_without_accounts_for_new_people_only_the_invited_come_in(okta: Any, cast_a: Any) -> None:
    okta.admits_new_people = False
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta, LENA)
    assert reason_of_the_last_refusal() == Admission.NOT_EXPECTED
    invite_person(cast_a.org_admin, email=LENA.email, role=RoleName.TEAM_LEAD, name="")
    assert admit_from_sso(okta, LENA).role == "team_lead"
    assert Invitation.objects.get(email_key="lena@example.com").accepted_at is not None


def test_a_group_gives_role_and_team_and_the_weightiest_role_counts(okta: Any) -> None:
    fraud = Team.objects.create(name="Fraud")
    GroupRule.objects.create(connection=okta, group="prism-analysts", role="analyst", team=fraud)
    GroupRule.objects.create(connection=okta, group="prism-leads", role="team_lead")
    GroupRule.objects.create(connection=okta, group="Prism-Leads", role="viewer")
    person = admit_from_sso(
        okta, Claims(subject="s", email="lena@example.com", groups=frozenset({"prism-analysts", "prism-leads"}))
    )
    assert person.role == "team_lead"
    assert list(person.teams.all()) == [fraud]


def test_groups_are_followed_only_where_the_connection_says_so(okta: Any, cast_a: Any) -> None:
    fraud, theft, own = (Team.objects.create(name=name) for name in ("Fraud", "Theft", "Own"))
    GroupRule.objects.create(connection=okta, group="fraud", role="team_lead", team=fraud)
    GroupRule.objects.create(connection=okta, group="theft", team=theft)
    for team in (theft, own):
        Membership.objects.create(team=team, user=cast_a.analyst)
    claims = Claims(subject="s", email=cast_a.analyst.email, groups=frozenset({"fraud"}))
    assert admit_from_sso(okta, claims).role == "analyst"
    okta.follows_groups = True
    person = admit_from_sso(okta, claims)
    assert person.role == "team_lead"
    assert {team.name for team in person.teams.all()} == {"Fraud", "Own"}, "a team without a rule is ours to manage"
    assert person.session_epoch == cast_a.analyst.session_epoch + 1, "what was open with the old role is over"


def test_an_administrator_is_neither_made_nor_unmade_by_a_provider(okta: Any, cast_a: Any) -> None:
    okta.follows_groups = True
    GroupRule.objects.create(connection=okta, group="everyone", role="viewer")
    person = admit_from_sso(
        okta, Claims(subject="s", email=cast_a.org_admin.email, groups=frozenset({"everyone", "org_admin"}))
    )
    assert person.role == "org_admin"
    for role in ("org_admin", "system_admin", "owner"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GroupRule.objects.create(connection=okta, group="admins", role=role)
        with pytest.raises(IntegrityError), transaction.atomic():
            SSOConnection.objects.filter(pk=okta.pk).update(default_role=role)


def test_a_plan_says_what_would_happen_and_writes_nothing(okta: Any) -> None:
    fraud = Team.objects.create(name="Fraud")
    GroupRule.objects.create(connection=okta, group="fraud", role="analyst", team=fraud)
    counted = User.objects.count(), ExternalIdentity.objects.count(), AuditEntry.objects.count()
    plan = plan_admission(okta, Claims(subject="s", email="lena@example.com", groups=frozenset({"fraud"})))
    assert (plan.admission, plan.person, plan.role, plan.joins) == (Admission.NEW, None, "analyst", (fraud,))
    assert (User.objects.count(), ExternalIdentity.objects.count(), AuditEntry.objects.count()) == counted


def test_of_many_first_sign_ins_at_once_one_account_comes(committed_tenants: Any) -> None:
    with inside(committed_tenants[0]):
        VerifiedDomain.objects.create(domain="example.com", verified_at=now())
        made = SSOConnection.objects.create(
            kind="saml", name="Okta", slug="okta", is_enabled=True, admits_new_people=True
        )

    def come(_number: int) -> Any:
        try:
            with inside(committed_tenants[0]):
                return admit_from_sso(SSOConnection.objects.get(pk=made.pk), LENA).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        people = set(pool.map(come, range(8)))
    with inside(committed_tenants[0]):
        assert people == {User.objects.get(email_key="lena@example.com").pk}
        assert ExternalIdentity.objects.count() == 1
