"""What operators change in the console: hosts, suspensions, deletions; each is recorded, and the record stays as it was written."""

from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside
from apps.tenants.models import Domain, OperatorEntry
from apps.tenants.selectors import absolute_link
from apps.tenants.services.suspend import suspend_tenant
from tests.conftest import CommittingClient
from tests.tenants.catalogue import schema_names
from tests.tenants.conftest import anybody_there, hosts_of, operator_log, tenant_row


@pytest.fixture
def console(operator: Any, platform: TenantRef, client_for: Any) -> Any:
    """An operator's browser on the platform's host."""
    return client_for(operator, platform)


def change_host(console: Any, slug: str, deed: str, domain: str) -> Any:
    """The answer, followed to the page that says what came of it."""
    where = f"/admin/tenants/tenant/{tenant_row(slug).pk}/hosts/"
    return console.post(where, {"deed": deed, "domain": domain}, follow=True).content.decode()


def test_an_organization_answers_at_a_host_that_was_added_and_not_at_one_that_was_removed(
    console: Any, both_tenants: Any
) -> None:
    alpha = both_tenants[0]
    at_new = CommittingClient(alpha, SERVER_NAME="x")
    at_new.defaults["HTTP_HOST"] = "review.alpha-bank.example"
    assert at_new.get("/sign-in/").status_code == 404
    assert "answers at this host now" in change_host(console, "alpha", "add", "Review.Alpha-Bank.example.")
    assert at_new.get("/sign-in/").status_code == 200
    assert "review.alpha-bank.example" in hosts_of("alpha")
    assert "Nobody answers" in change_host(console, "alpha", "remove", "review.alpha-bank.example")
    assert "review.alpha-bank.example" not in hosts_of("alpha")
    assert operator_log("alpha")[-2:] == [
        ("tenant.host_added", "operator@example.com"),
        ("tenant.host_removed", "operator@example.com"),
    ]


def test_links_are_made_with_the_chosen_host_and_it_cannot_be_removed(console: Any, both_tenants: Any) -> None:
    change_host(console, "alpha", "add", "review.alpha-bank.example")
    assert "Links are made with this host" in change_host(console, "alpha", "primary", "review.alpha-bank.example")
    with inside(both_tenants[0]):
        assert "//review.alpha-bank.example" in absolute_link("/x/")
    assert "Choose another host" in change_host(console, "alpha", "remove", "review.alpha-bank.example")
    assert "Nobody answers" in change_host(console, "alpha", "remove", "alpha.localhost")
    assert hosts_of("alpha") == ["review.alpha-bank.example"]
    with in_control_plane():
        assert Domain.objects.filter(tenant__slug="alpha", is_primary=True).count() == 1


@pytest.mark.parametrize(
    "domain", ["beta.localhost", "localhost", "other.localhost", "10.0.0.1", "a b", "", "x@evil.example"]
)
def test_a_host_of_somebody_else_or_none_at_all_is_refused(console: Any, domain: str) -> None:
    before = hosts_of("alpha"), hosts_of("beta"), operator_log("alpha")
    assert "cannot be used" in change_host(console, "alpha", "add", domain)
    assert (hosts_of("alpha"), hosts_of("beta"), operator_log("alpha")) == before


def test_a_host_of_another_organization_is_not_removed_by_way_of_this_one(console: Any) -> None:
    assert "cannot be used" in change_host(console, "alpha", "remove", "beta.localhost")
    assert "cannot be used" in change_host(console, "alpha", "primary", "beta.localhost")
    assert hosts_of("beta") == ["beta.localhost"]


def test_nobody_is_shut_out_without_a_reason(console: Any) -> None:
    given = {"action": "suspend", "_selected_action": [str(tenant_row("beta").pk)], "reason": "  "}
    assert "Please say why" in console.post("/admin/tenants/tenant/", given, follow=True).content.decode()
    assert tenant_row("beta").state == "active"
    given["reason"] = "unpaid"
    console.post("/admin/tenants/tenant/", given)
    assert (tenant_row("beta").state, tenant_row("beta").suspended_reason) == ("suspended", "unpaid")


def test_an_organization_is_deleted_once_it_is_suspended_and_its_name_was_typed(
    console: Any, both_tenants: Any
) -> None:
    beta = both_tenants[1]
    where = f"/admin/tenants/tenant/{tenant_row('beta').pk}/remove/"
    page = console.get(where).content.decode()
    assert "beta.localhost" in page
    assert "Beta Investigations" in page
    busy = console.post(where, {"slug": "beta"})
    assert (busy.status_code, b"Suspend it first" in busy.content) == (400, True)
    suspend_tenant("beta", reason="contract ended")
    for typed in ("", "Beta", "alpha", "beta "):
        refused = console.post(where, {"slug": typed})
        assert (refused.status_code, b"Type the short name" in refused.content) == (400, True), typed
    assert anybody_there("beta")
    assert beta.schema_name in schema_names()
    done = console.post(where, {"slug": "beta"}, follow=True)
    assert b"Beta Investigations is deleted" in done.content
    assert not anybody_there("beta")
    assert beta.schema_name not in schema_names()
    assert operator_log("beta")[-1] == ("tenant.deleted", "operator@example.com")
    assert anybody_there("alpha")


def test_the_platforms_own_organization_cannot_be_deleted(console: Any) -> None:
    where = f"/admin/tenants/tenant/{tenant_row('platform').pk}/remove/"
    assert console.get(where).status_code == 400
    assert console.post(where, {"slug": "platform"}).status_code == 400
    assert anybody_there("platform")


@pytest.mark.parametrize("page", ["hosts", "remove"])
def test_whoever_is_no_operator_changes_nothing(
    console: Any, platform: TenantRef, both_tenants: Any, client_for: Any, page: str
) -> None:
    """On the platform's host a person of another role; elsewhere everybody, to whom the page is not there."""
    where = f"/admin/tenants/tenant/{tenant_row('beta').pk}/{page}/"
    suspend_tenant("beta", reason="so that it could be deleted")
    given = {"deed": "add", "domain": "mine.example", "slug": "beta"}
    person = User.objects.create_person("other@example.com", name="Other", role=RoleName.ORG_ADMIN)
    assert client_for(person, platform).post(where, given).status_code == 403
    alpha = both_tenants[0]
    with inside(alpha):
        admin = User.objects.get(role="org_admin")
    here = client_for(admin, alpha)
    missing = here.post("/nothing-is-here/", headers={"X-Request-ID": "the-same-one"})
    assert here.post(where, given, headers={"X-Request-ID": "the-same-one"}).status_code == missing.status_code == 404
    assert CommittingClient(alpha).post(where, given).status_code == 404
    assert CommittingClient(platform).post(where, given).status_code == 302
    assert anybody_there("beta")
    assert hosts_of("beta") == ["beta.localhost"]
    assert console.get(f"/admin/tenants/tenant/{tenant_row('beta').pk}/hosts/").status_code == 405


def test_what_operators_did_cannot_be_changed_by_anybody(platform: TenantRef) -> None:
    """Not by a service, not by the administration, not by SQL: the database refuses."""
    with in_control_plane():
        entry = OperatorEntry.objects.order_by("-at")[0]
        deeds = (
            lambda: OperatorEntry.objects.filter(pk=entry.pk).update(actor="nobody"),
            lambda: OperatorEntry.objects.filter(pk=entry.pk).delete(),
            lambda: connection.cursor().execute("TRUNCATE tenants_operatorentry"),
        )
        for deed in deeds:
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
                deed()
        assert OperatorEntry.objects.filter(pk=entry.pk, actor=entry.actor).exists()
