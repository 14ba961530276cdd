"""Who looks after a service account: told when its keys end, replaced when they leave."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from apps.accounts.errors import InvalidServiceAccountError
from apps.accounts.models import User
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.service_accounts import deactivate_service_account, take_over_accounts
from apps.accounts.tasks import remind_of_keys_everywhere
from apps.kernel.clock import now
from tests.accounts.conftest import actions
from tests.accounts.test_service_accounts import PAGE, _key, _status, account

__all__ = ["account"]


def test_when_the_responsible_person_leaves_administrators_are_told_and_hand_it_over(
    tenant_a: Any, cast_a: Any, account: Any, client_for: Any, django_capture_on_commit_callbacks: Any
) -> None:
    token = _key(cast_a, account).token
    admin = client_for(cast_a.org_admin, tenant_a)
    assert admin.post(f"/people/{cast_a.team_lead.pk}/deactivate/").status_code == 302
    assert [message.to for message in mail.outbox] == [["org_admin@example.com"]]
    assert "Nightly import" in str(mail.outbox[0].body)
    assert "http://alpha.localhost:8000/organization/programs/" in str(mail.outbox[0].body)
    assert _status(tenant_a, token) == 200, "the organization's work goes on"
    assert "has left" in admin.get(PAGE).content.decode()
    assert "has left" in admin.get(f"{PAGE}{account.pk}/").content.decode()
    deactivate_service_account(cast_a.org_admin, account_id=account.pk)
    refused = admin.post(f"{PAGE}{account.pk}/reactivate/")
    assert refused.status_code == 400
    handed = {"name": "Nightly import", "purpose": "P", "role": "analyst", "responsible": "viewer@example.com"}
    assert admin.post(f"{PAGE}{account.pk}/", handed).status_code == 302
    assert "has left" not in admin.get(f"{PAGE}{account.pk}/").content.decode()
    assert admin.post(f"{PAGE}{account.pk}/reactivate/").status_code == 302
    assert _status(tenant_a, token) == 200
    assert "service_account.handed_over" in actions()


def test_nobody_is_told_when_somebody_without_programs_leaves(
    tenant_a: Any, cast_a: Any, account: Any, client_for: Any
) -> None:
    from apps.accounts.services.send_link import send_accounts_orphaned

    client_for(cast_a.org_admin, tenant_a).post(f"/people/{cast_a.viewer.pk}/deactivate/")
    send_accounts_orphaned(cast_a.team_lead.pk, to_id=cast_a.org_admin.pk)
    assert mail.outbox == [], "the one is responsible for nothing, the other has not left"
    deactivate_person(cast_a.org_admin, person_id=cast_a.team_lead.pk)
    send_accounts_orphaned(cast_a.team_lead.pk, to_id=cast_a.analyst.pk)
    assert mail.outbox == [], "not an administrator"
    send_accounts_orphaned(cast_a.team_lead.pk, to_id=cast_a.org_admin.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("has_left", [False, True])
def test_the_end_of_its_key_is_told_to_who_is_responsible(
    tenant_a: Any, cast_a: Any, account: Any, has_left: bool, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        _key(cast_a, account)
        if has_left:
            User.objects.filter(pk=cast_a.team_lead.pk).update(is_active=False)
        clock.shift(timedelta(days=80))
        with django_capture_on_commit_callbacks(execute=True):
            remind_of_keys_everywhere()
    told = "org_admin@example.com" if has_left else "team_lead@example.com"
    assert [message.to for message in mail.outbox] == [[told]]
    assert "Nightly import" in str(mail.outbox[0].body)


def test_programs_are_handed_over_with_what_else_a_leaver_had(
    tenant_a: Any, cast_a: Any, account: Any, client_for: Any
) -> None:
    admin = client_for(cast_a.org_admin, tenant_a)
    page = f"/people/{cast_a.team_lead.pk}/belongings/"
    assert "Service accounts in their care: 1" in admin.get(page).content.decode()
    assert admin.post(page, {"heir": "viewer@example.com", "deed": "deactivate"}).status_code == 302
    account.refresh_from_db()
    assert account.responsible_id == cast_a.viewer.pk
    assert mail.outbox == [], "nobody has to be told: somebody looks after it"
    assert actions()[-3:] == ["service_account.handed_over", "person.handed_over", "person.deactivated"]


def test_somebody_who_has_left_takes_nothing_over(cast_a: Any, account: Any) -> None:
    cast_a.viewer.is_active = False
    with pytest.raises(InvalidServiceAccountError):
        take_over_accounts(cast_a.org_admin, person=cast_a.team_lead, heir=cast_a.viewer)
    assert take_over_accounts(cast_a.org_admin, person=cast_a.team_lead, heir=cast_a.analyst) == 1
    assert take_over_accounts(cast_a.org_admin, person=cast_a.team_lead, heir=cast_a.viewer) == 0
