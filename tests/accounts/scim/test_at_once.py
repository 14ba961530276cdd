"""Requests that arrive together: one account, and no member lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import ProviderPreset
from apps.accounts.models import SCIMMembership, User, VerifiedDomain
from apps.accounts.services.connect_sso import make_connection
from apps.accounts.services.scim_access import issue_scim_token
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts.scim.conftest import GROUP, Directory, lena


@pytest.fixture
def okta_at_large(committed_tenants: Any) -> Directory:
    """A directory in a database where commits are real."""
    with inside(committed_tenants[0]):
        admin = User.objects.get(role=RoleName.ORG_ADMIN)
        VerifiedDomain.objects.create(domain="example.com", verified_at=now())
        made = make_connection(admin, preset=ProviderPreset.OKTA, name="Okta")
        return Directory(made, issue_scim_token(admin, connection_id=made.pk).token, committed_tenants[0])


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    def run(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_many_creations_at_once_one_account_comes(okta_at_large: Directory) -> None:
    answers = at_once([lambda: okta_at_large.ask("POST", "/Users", lena())] * 6)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    with inside(okta_at_large.tenant):
        assert User.objects.filter(email_key="lena@example.com").count() == 1


def test_members_that_are_added_at_once_are_all_in_the_group(okta_at_large: Directory) -> None:
    okta = okta_at_large
    people = [
        okta.ask("POST", "/Users", lena(userName=f"p{n}@example.com", emails=[], externalId=str(n))).json()["id"]
        for n in range(5)
    ]
    group = okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "g"}).json()["id"]

    def adding(person: str) -> Callable[[], Any]:
        return lambda: okta.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": person}]})

    assert {answer.status_code for answer in at_once([adding(person) for person in people])} == {200}
    with inside(okta.tenant):
        assert SCIMMembership.objects.count() == 5
