"""A lost phone: an administrator takes the second factors away; the person is signed out and the password alone lets them in."""

from typing import Any

import pytest

from apps.accounts.capabilities import Capability
from apps.accounts.models import AuthenticatorApp, Passkey, RecoveryCode
from apps.accounts.services.issue_api_key import issue_api_key
from apps.kernel.audit.models import AuditEntry
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.doubles.authenticator import Authenticator


@pytest.fixture
def protected(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    """The analyst's browser, after an app and a passkey were set up."""
    client = client_for(cast_a.analyst, tenant_a)
    phone.set_up_app(client)
    phone.register(client, Authenticator())
    return client


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def _has_any() -> bool:
    return AuthenticatorApp.objects.exists() or Passkey.objects.exists() or RecoveryCode.objects.exists()


@pytest.mark.parametrize("by", ["page", "api", "admin"])
def test_they_are_all_gone_and_the_sessions_end(
    protected: Any, admin: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any, by: str
) -> None:
    assert protected.get("/profile/").status_code == 200
    person_id = cast_a.analyst.pk
    assert "Lost phone" in admin.get("/people/").content.decode()
    if by == "page":
        assert admin.post(f"/people/{person_id}/second-factors/remove/")["Location"] == "/people/"
    elif by == "api":
        assert admin.delete(f"/api/v2/people/{person_id}/second-factors/").status_code == 204
    else:
        chosen = {"action": "take_away_second_factors", "_selected_action": [str(person_id)]}
        assert admin.post("/admin/accounts/user/", chosen).status_code == 302
    assert not _has_any()
    assert protected.get("/profile/").status_code == 302
    assert phone.give_password(anonymous_client(tenant_a))["Location"] == "/"
    entry = AuditEntry.objects.get(action="person.second_factors_removed")
    assert (entry.actor_id, entry.target_id) == (cast_a.org_admin.pk, person_id)
    assert "Lost phone" not in admin.get("/people/").content.decode()


def test_only_administrators_may(protected: Any, client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    for person in (cast_a.viewer, cast_a.team_lead, cast_a.analyst):
        client = client_for(person, tenant_a)
        assert client.post(f"/people/{cast_a.analyst.pk}/second-factors/remove/").status_code == 403
        assert client.delete(f"/api/v2/people/{cast_a.analyst.pk}/second-factors/").status_code == 403
    assert _has_any()


def test_a_key_may_not(protected: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any) -> None:
    key = issue_api_key(cast_a.org_admin, name="x", scopes=[Capability.MANAGE_ORGANIZATION], life_days=1)
    program = anonymous_client(tenant_a, headers={"Authorization": f"Bearer {key.token}"})
    answer = program.delete(f"/api/v2/people/{cast_a.analyst.pk}/second-factors/")
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
    assert _has_any()


def test_the_administration_asks_for_a_proof_as_well(protected: Any, admin: Any, cast_a: Any) -> None:
    session = admin.session
    del session["proved_at_s"]
    session.save()
    chosen = {"action": "take_away_second_factors", "_selected_action": [str(cast_a.analyst.pk)]}
    page = admin.post("/admin/accounts/user/", chosen, follow=True)
    assert "Please confirm that it is you" in page.content.decode()
    assert _has_any()
    assert "person.second_factors_removed" not in actions()


def test_the_administration_shows_passkeys_and_nothing_of_their_keys(protected: Any, admin: Any) -> None:
    passkey = Passkey.objects.get()
    page = admin.get(f"/admin/accounts/passkey/{passkey.pk}/change/").content.decode()
    assert "Laptop" in page
    assert passkey.credential_id not in page
    assert admin.post(f"/admin/accounts/passkey/{passkey.pk}/delete/").status_code == 403


def test_somebody_who_is_not_here_is_not_found(admin: Any) -> None:
    nobody = "01a00000-0000-7000-8000-00000000dead"
    assert admin.post(f"/people/{nobody}/second-factors/remove/").status_code == 404
