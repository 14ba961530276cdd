"""The tenants' admin: on the platform's host, for operators; nowhere else."""

from typing import Any

import pytest
from django.core import mail

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.kernel.tenancy.context import TenantRef, inside, tenant_by_slug
from apps.tenants.models import OperatorEntry, Tenant
from tests.conftest import Cast, CommittingClient
from tests.tenants.conftest import anybody_there, hosts_of, operator_log, tenant_row

PAGES = ("tenants/", "tenants/tenant/", "tenants/tenant/add/", "tenants/domain/", "tenants/operatorentry/")


@pytest.fixture
def console(operator: Any, platform: TenantRef, client_for: Any) -> Any:
    """An operator's browser on the platform's host."""
    return client_for(operator, platform)


def act(console: Any, deed: str, *slugs: str, reason: str = "") -> Any:
    chosen = [str(tenant_row(slug).pk) for slug in slugs]
    return console.post(
        "/admin/tenants/tenant/", {"action": deed, "_selected_action": chosen, "reason": reason}, follow=True
    )


def test_operators_see_organizations_hosts_and_what_was_done(console: Any) -> None:
    index = console.get("/admin/").content.decode()
    assert "/admin/tenants/tenant/" in index
    assert "/admin/tenants/operatorentry/" in index
    listed = console.get("/admin/tenants/tenant/").content.decode()
    assert "Alpha Investigations" in listed
    assert "Beta Investigations" in listed
    assert "alpha.localhost" in console.get("/admin/tenants/domain/").content.decode()
    assert "tenant.provisioned" in console.get("/admin/tenants/operatorentry/").content.decode()
    alpha = console.get(f"/admin/tenants/tenant/{tenant_row('alpha').pk}/change/").content.decode()
    assert "alpha.localhost" in alpha
    assert 'name="_save"' not in alpha
    found = console.get("/admin/tenants/tenant/?q=beta").content.decode()
    assert "Beta Investigations" in found
    assert "Alpha Investigations" not in found


def test_suspending_and_resuming_go_through_the_services(
    console: Any, both_tenants: Any, client_for: Any, cast_b: Cast
) -> None:
    person = client_for(cast_b.analyst, both_tenants[1])
    assert person.get("/").status_code == 200
    assert "1 organization changed" in act(console, "suspend", "beta", reason="unpaid").content.decode()
    assert person.get("/").status_code == 403
    assert tenant_row("beta").suspended_reason == "unpaid"
    act(console, "resume", "beta")
    assert person.get("/").status_code == 200
    assert operator_log("beta")[-2:] == [
        ("tenant.suspended", "operator@example.com"),
        ("tenant.active", "operator@example.com"),
    ]


def test_the_platform_is_not_suspended_with_the_others(console: Any) -> None:
    said = act(console, "suspend", "alpha", "platform", reason="unpaid").content.decode()
    assert "platform&#x27;s own organization" in said
    assert (tenant_row("alpha").state, tenant_row("platform").state) == ("suspended", "active")


def test_an_organization_is_provisioned_from_a_form(console: Any, anonymous_client: Any) -> None:
    given = {"slug": "acme", "name": "Acme Investigations", "domain": "", "admin_email": "ada@example.org"}
    assert console.post("/admin/tenants/tenant/add/", given).status_code == 302
    acme = tenant_by_slug("acme")
    assert acme is not None
    assert hosts_of("acme") == ["acme.localhost"]
    assert operator_log("acme") == [("tenant.provisioned", "operator@example.com")]
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert anonymous_client(acme).get("/sign-in/").status_code == 200


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slug": "www"}, "cannot be a short name"),
        ({"slug": "alpha"}, "already"),
        ({"domain": "beta.localhost"}, "cannot be used"),
        ({"admin_email": "nobody"}, "no e-mail address"),
        ({"admin_email": ""}, "required"),
    ],
)
def test_a_mistake_in_the_form_is_shown_and_nothing_is_made(console: Any, given: Any, sentence: str) -> None:
    whole = {"slug": "acme", "name": "Acme", "domain": "", "admin_email": "ada@example.org", **given}
    answer = console.post("/admin/tenants/tenant/add/", whole)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not anybody_there("acme")
    assert not mail.outbox


def test_there_is_no_way_to_delete_or_rewrite_here(console: Any) -> None:
    pk = tenant_row("alpha").pk
    assert console.get(f"/admin/tenants/tenant/{pk}/delete/").status_code == 403
    assert console.post(f"/admin/tenants/tenant/{pk}/delete/", {"post": "yes"}).status_code == 403
    act(console, "delete_selected", "alpha")
    assert console.post(f"/admin/tenants/tenant/{pk}/change/", {"name": "Mine", "slug": "mine"}).status_code == 403
    assert tenant_row("alpha").name == "Alpha Investigations"
    entry = OperatorEntry.objects.first()
    assert entry is not None
    for page in (f"operatorentry/{entry.pk}/delete/", "operatorentry/add/", "domain/add/"):
        assert console.post(f"/admin/tenants/{page}", {"post": "yes"}).status_code == 403
    assert OperatorEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin", "anonymous"])
def test_on_every_other_host_these_pages_do_not_exist(
    platform: TenantRef, both_tenants: Any, client_for: Any, role: str
) -> None:
    beta = both_tenants[1]
    with inside(beta):
        person = None if role == "anonymous" else User.objects.get(role=role)
        client = client_for(person, beta) if person else CommittingClient(beta)
    pk = tenant_row("alpha").pk
    missing = client.get("/nothing-is-here/", headers={"X-Request-ID": "the-same-one"})
    assert missing.status_code == 404
    for page in (*PAGES[1:], f"tenants/tenant/{pk}/change/", f"tenants/tenant/{pk}/delete/"):
        for method in (client.get, client.post):
            answer = method(f"/admin/{page}", headers={"X-Request-ID": "the-same-one"})
            assert answer.status_code == 404, (page, role)
            assert b"Alpha Investigations" not in answer.content
    suspended = client.post("/admin/tenants/tenant/", {"action": "suspend", "_selected_action": [str(pk)]})
    assert suspended.status_code == 404
    assert tenant_row("alpha").state == "active"
    assert b"tenants/tenant" not in client.get("/admin/", follow=True).content
    assert client.get("/admin/tenants/", follow=True).status_code in {404, 403, 200}


def test_an_operators_role_is_worth_nothing_on_another_host(
    platform: TenantRef, operator: Any, both_tenants: Any, client_for: Any
) -> None:
    """The same session on another host is nobody's; a row with the role in another organization has no rights either."""
    beta = both_tenants[1]
    console = client_for(operator, platform)
    assert console.get("/admin/tenants/tenant/").status_code == 200
    assert console.get("/admin/tenants/tenant/", HTTP_HOST="beta.localhost").status_code == 404
    with inside(beta):
        impostor = User.objects.create_person("x@example.com", name="X", role=RoleName.SYSTEM_ADMIN)
    client = client_for(impostor, beta)
    assert client.get("/admin/tenants/tenant/").status_code == 404
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin"])
def test_people_of_the_platform_who_are_no_operators_are_refused(
    platform: TenantRef, client_for: Any, role: str
) -> None:
    person = User.objects.create_person("other@example.com", name="Other", role=RoleName(role))
    client = client_for(person, platform)
    for page in PAGES[1:]:
        answer = client.get(f"/admin/{page}", follow=True)
        assert answer.status_code == 403, page
        assert b"Alpha Investigations" not in answer.content


def test_the_control_plane_is_out_of_sight_of_every_organization_but_the_platform(
    platform: TenantRef, both_tenants: Any
) -> None:
    """An organization's connection that could read the list of organizations would show a stranger who else is here."""
    from django.db import ProgrammingError, transaction

    assert Tenant.objects.count() == 3
    with inside(both_tenants[0]), pytest.raises(ProgrammingError), transaction.atomic():
        Tenant.objects.count()
    assert Tenant.objects.count() == 3
