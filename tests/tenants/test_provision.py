"""An organization is made: whole, with its host and its first administrator, or not at all."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from apps.accounts.models import Invitation, User
from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside, tenant_by_slug
from apps.tenants.errors import TemplateMissingError
from apps.tenants.models import Domain, Tenant
from apps.tenants.services.provision import provision_tenant
from tests.conftest import CommittingClient
from tests.tenants.catalogue import description, schema_names
from tests.tenants.conftest import anybody_there, hosts_of, operator_log, tenant_row


def made(slug: str) -> TenantRef:
    tenant = tenant_by_slug(slug)
    assert tenant is not None
    return tenant


def test_a_new_organization_is_the_template_again_and_empty(both_tenants: Any) -> None:
    call_command("provision_tenant", "acme", name="Acme Investigations")
    tenant = made("acme")
    assert description(tenant.schema_name) == description("t_template")
    assert tenant_row("acme").state == "active"
    assert hosts_of("acme") == ["acme.localhost"]
    assert operator_log("acme") == [("tenant.provisioned", "command line")]
    with inside(tenant):
        assert not User.objects.exists()


def test_numbers_in_a_new_organization_begin_anew_and_are_its_own(both_tenants: Any) -> None:
    """A cloned table whose counter still belonged to the template would number every organization's rows together."""
    from apps.kernel.events.stream import emit

    tenants = [provision_tenant(slug, name=slug) for slug in ("acme", "bolt")]
    numbers = []
    for tenant in (*tenants, *tenants):
        with inside(tenant):
            numbers.append(emit("test.said", {}))
    assert numbers[0] == numbers[1]
    assert numbers[2] == numbers[3] == numbers[0] + 1


def test_its_first_administrator_is_invited_and_comes_in(both_tenants: Any, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("provision_tenant", "acme", admin_email="ada@example.org", domain="files.acme.example")
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    found = re.search(r"http://files\.acme\.example:8000(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    client = CommittingClient(made("acme"))
    client.defaults["HTTP_HOST"] = "files.acme.example"
    password = "a long enough secret 17"
    answer = client.post(found.group(1), {"name": "Ada", "password": password, "again": password})
    assert answer.status_code == 302
    with inside(made("acme")):
        assert [(person.email, person.role) for person in User.objects.all()] == [("ada@example.org", "org_admin")]


def test_the_first_person_of_the_platform_is_an_operator(both_tenants: Any, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("provision_tenant", "platform", admin_email="pia@example.org")
    with inside(made("platform")):
        assert Invitation.objects.get().role == "system_admin"


@pytest.mark.parametrize(
    "slug",
    [
        "public",
        "template",
        "www",
        "pg_temp",
        "Acme",
        "a",
        "acme-",
        "1acme",
        "a" * 41,
        "acmé",
        'a"; DROP SCHEMA x',
        "ac me",
        "",
    ],
)
def test_a_hostile_short_name_is_refused_and_leaves_nothing(both_tenants: Any, slug: str) -> None:
    before = schema_names()
    with pytest.raises(CommandError, match="cannot be a short name"):
        call_command("provision_tenant", slug)
    assert not anybody_there(slug)
    assert schema_names() == before


@pytest.mark.parametrize(
    "domain",
    [
        "alpha.localhost",
        "ALPHA.localhost.",
        "alpha.localhost:8000",
        "localhost",
        "platform.localhost",
        "other.localhost",
        "deep.acme.localhost",
        "127.0.0.1",
        "[::1]",
        "a_b.example",
        "-a.example",
        "bücher.example",
        "user@acme.example",
        "acme.example/path",
        "*.example",
        "x" * 64 + ".example",
        ".".join(["abcdefgh"] * 30),
        "..",
    ],
)
def test_a_host_that_is_none_or_not_theirs_is_refused_and_leaves_nothing(both_tenants: Any, domain: str) -> None:
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("provision_tenant", "acme", domain=domain)
    assert not anybody_there("acme")


@pytest.mark.parametrize("domain", ["xn--bcher-kva.example", "acme.localhost"])
def test_a_host_of_their_own_is_taken(both_tenants: Any, domain: str) -> None:
    call_command("provision_tenant", "acme", domain=domain)
    assert hosts_of("acme") == [domain]


def test_a_host_is_one_organizations_whatever_its_case_and_dots(both_tenants: Any) -> None:
    call_command("provision_tenant", "acme", domain="Files.Acme.EXAMPLE.")
    assert hosts_of("acme") == ["files.acme.example"]
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("provision_tenant", "bolt", domain="FILES.acme.example")


def test_the_database_itself_refuses_a_host_in_another_form_and_a_schema_of_another_name(both_tenants: Any) -> None:
    from django.db import IntegrityError, transaction

    with in_control_plane():
        alpha = Tenant.objects.get(slug="alpha")
        for domain in ("Alpha2.localhost", "a b", "alpha2.localhost."):
            with pytest.raises(IntegrityError), transaction.atomic():
                Domain.objects.create(domain=domain, tenant=alpha, is_primary=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Domain.objects.create(domain="alpha.localhost", tenant=Tenant.objects.get(slug="beta"), is_primary=False)
        for schema_name in ("public", 'x"; --', "t_UPPER2345", "pg_toast"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Tenant.objects.create(slug="odd", name="Odd", schema_name=schema_name)


def test_what_is_no_address_is_refused_before_anything_is_made(both_tenants: Any) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("provision_tenant", "acme", admin_email="ada at example")
    assert not anybody_there("acme")


def test_a_complete_organization_is_not_made_again(both_tenants: Any) -> None:
    before = tenant_row("alpha").schema_name
    with pytest.raises(CommandError, match="There is an organization alpha already"):
        call_command("provision_tenant", "alpha")
    assert tenant_row("alpha").schema_name == before


def test_without_a_template_the_operator_is_told_what_to_run(both_tenants: Any, settings: Any) -> None:
    settings.TENANT_TEMPLATE_SCHEMA = "t_not_there"
    with pytest.raises(TemplateMissingError) as refused:
        provision_tenant("acme", name="Acme")
    assert "migrate_tenants" in str(refused.value)
    assert not anybody_there("acme")
