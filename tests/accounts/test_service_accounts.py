"""Service accounts: programs that belong to the organization. They are nobody who signs in, and end at once when they must."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.errors import (
    InvalidServiceAccountError,
    LastAdministratorError,
    NeedsPersonError,
    ScopeNotYoursError,
    TooManyServiceAccountsError,
)
from apps.accounts.models import ServiceAccount, User
from apps.accounts.models.api_key import is_well_formed
from apps.accounts.policies import may_sign_in_here
from apps.accounts.selectors import people_visible_to, person_by_email, sign_in_policy
from apps.accounts.services import service_accounts
from apps.accounts.services.change_role import change_role
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.rotate_api_key import rotate_api_key
from apps.accounts.services.service_accounts import (
    ServiceAccountSaid,
    change_service_account,
    deactivate_service_account,
    make_service_account,
    reactivate_service_account,
)
from apps.documents.models import Document
from apps.kernel.audit.models import AuditEntry
from apps.kernel.errors import NotAllowedError, NotFoundError
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions
from tests.accounts.token_calls import ME, TOKENS, program
from tests.conftest import PASSWORD, CommittingClient

URL = "/api/v2/service-accounts/"
PAGE = "/organization/programs/"
UPLOAD = [Capability.READ_DOCUMENTS, Capability.UPLOAD_DOCUMENTS]


def _said(responsible: Any, **other: Any) -> ServiceAccountSaid:
    usual = {"name": "Nightly import", "purpose": "Brings write-ups", "role": RoleName.ANALYST}
    return ServiceAccountSaid(**{**usual, "responsible_id": responsible.pk, **other})


@pytest.fixture
def account(cast_a: Any) -> ServiceAccount:
    return make_service_account(cast_a.org_admin, said=_said(cast_a.team_lead))


def _key(cast: Any, account: ServiceAccount, scopes: Any = UPLOAD) -> Any:
    return issue_api_key(cast.org_admin, name="K", scopes=scopes, life_days=90, account_id=account.pk)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _status(tenant: Any, token: str) -> int:
    status: int = program(tenant).get(ME, headers=_bearer(token)).status_code
    return status


def test_a_program_works_under_its_own_name(tenant_a: Any, cast_a: Any, account: Any, client_for: Any) -> None:
    token = _key(cast_a, account).token
    shown = program(tenant_a).get(ME, headers=_bearer(token)).json()
    assert (shown["name"], shown["role"], shown["email"]) == ("Nightly import", "analyst", "")
    assert shown["capabilities"] == ["read_documents", "upload_documents"]
    file = io.BytesIO(b"Summary\n\nBuyers were affected.")
    file.name = "case.txt"
    made = program(tenant_a).post("/api/v2/documents/", {"file": file}, headers=_bearer(token))
    assert made.status_code == 201, made.content
    assert Document.objects.get().uploaded_by_id == account.pk
    library = client_for(cast_a.viewer, tenant_a).get("/").content.decode()
    assert "Nightly import" in library
    uploaded = AuditEntry.objects.get(action="document.uploaded")
    assert (uploaded.actor_id, uploaded.actor_name) == (account.pk, "Nightly import")
    assert actions()[:2] == ["service_account.made", "api_key.issued_for_program"]


def test_it_has_no_door_but_its_keys(tenant_a: Any, cast_a: Any, account: Any, anonymous_client: Any) -> None:
    row = User.objects.get(pk=account.pk)
    assert not row.has_usable_password()
    assert person_by_email(row.email) is None
    assert not may_sign_in_here(row, sign_in_policy())
    client = anonymous_client(tenant_a)
    for password in (PASSWORD, "", row.password):
        answer = client.post("/sign-in/", {"email": row.email, "password": password})
        assert answer.status_code == 400
    assert client.post("/sign-in/", {"email": "analyst@example.com", "password": PASSWORD}).status_code == 302
    said = {"email": row.email, "password": PASSWORD}
    refused = program(tenant_a).post(TOKENS, said, content_type="application/json")
    assert refused.json()["code"] == "sign_in_refused"
    anonymous_client(tenant_a).post("/password/forgotten/", {"email": row.email})
    assert mail.outbox == []


def test_it_is_none_of_the_people(cast_a: Any, account: Any, client_for: Any, tenant_a: Any) -> None:
    assert account.pk not in set(people_visible_to(cast_a.org_admin).values_list("pk", flat=True))
    admin = client_for(cast_a.org_admin, tenant_a)
    assert admin.get(f"/api/v2/people/{account.pk}/").status_code == 404
    assert admin.post(f"/people/{account.pk}/role/", {"role": "org_admin"}).status_code == 404
    assert "Nightly import" not in admin.get("/people/").content.decode()
    assert "Nightly import" not in admin.get("/admin/accounts/user/").content.decode()
    with pytest.raises(NotFoundError):
        change_role(cast_a.org_admin, person_id=account.pk, role=RoleName.ORG_ADMIN)


def test_it_never_stands_in_for_the_last_administrator(cast_a: Any, account: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(role="org_admin")
    with pytest.raises(LastAdministratorError):
        deactivate_person(cast_a.org_admin, person_id=cast_a.org_admin.pk)


@pytest.mark.parametrize("change", [{"role": "system_admin"}, {"has_emergency_access": True}, {"password": "argon2$x"}])
def test_the_database_itself_keeps_it_a_program(account: Any, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(**change)
    User.objects.filter(pk=account.pk).update(role="team_lead")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 151},
        {"purpose": ""},
        {"purpose": "x" * 301},
        {"role": RoleName.ORG_ADMIN},
        {"role": RoleName.SYSTEM_ADMIN},
        {"responsible_id": uuid4()},
    ],
)
def test_it_needs_a_name_a_purpose_a_small_role_and_somebody(cast_a: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidServiceAccountError):
        make_service_account(cast_a.org_admin, said=_said(cast_a.viewer, **wrong))
    account = make_service_account(cast_a.org_admin, said=_said(cast_a.viewer))
    with pytest.raises(InvalidServiceAccountError):
        change_service_account(cast_a.org_admin, account_id=account.pk, said=_said(cast_a.viewer, **wrong))


def test_neither_somebody_who_left_nor_another_program_is_responsible(cast_a: Any, account: Any) -> None:
    cast_a.viewer.is_active = False
    cast_a.viewer.save()
    for responsible in (cast_a.viewer, User.objects.get(pk=account.pk)):
        with pytest.raises(InvalidServiceAccountError):
            make_service_account(cast_a.org_admin, said=_said(responsible))


def test_only_administrators_have_anything_to_do_with_it(cast_a: Any, account: Any) -> None:
    for other in (cast_a.viewer, cast_a.analyst, cast_a.team_lead):
        said = _said(cast_a.viewer)
        for deed in (
            lambda user, said=said: make_service_account(user, said=said),
            lambda user, said=said: change_service_account(user, account_id=account.pk, said=said),
            lambda user: deactivate_service_account(user, account_id=account.pk),
            lambda user: reactivate_service_account(user, account_id=account.pk),
            lambda user: issue_api_key(user, name="K", scopes=UPLOAD, life_days=1, account_id=account.pk),
        ):
            with pytest.raises(NotAllowedError):
                deed(other)
    assert _key(cast_a, account).token


def test_a_program_makes_no_programs_but_may_stop_one(tenant_a: Any, cast_a: Any, account: Any) -> None:
    """Who finds a leaked key at night must not have to sign in; who has a leaked key must not make another one of it."""
    admin = cast_a.org_admin
    key = issue_api_key(admin, name="K", scopes=[Capability.MANAGE_ORGANIZATION], life_days=1)
    client = program(tenant_a, headers=_bearer(key.token))
    assert client.get(URL).status_code == 200
    new = {"name": "N", "purpose": "P", "role": "viewer", "responsible": str(admin.pk)}
    one = f"{URL}{account.pk}/"
    for method, url, said in (
        ("post", URL, new),
        ("patch", one, {"role": "team_lead"}),
        ("patch", one, {"is_active": True}),
        ("post", f"{one}keys/", {"name": "K", "scopes": ["read_documents"]}),
    ):
        answer = getattr(client, method)(url, said, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_person"), url
    assert ServiceAccount.objects.count() == 1
    stopped = client.patch(one, {"is_active": False}, content_type="application/json")
    assert (stopped.status_code, stopped.json()["is_active"]) == (200, False)
    admin.key_scopes = frozenset({"manage_organization"})
    with pytest.raises(NeedsPersonError):
        _key(cast_a, account)


def test_a_session_has_to_be_confirmed(tenant_a: Any, cast_a: Any, account: Any) -> None:
    stale = CommittingClient(tenant_a)
    stale.force_login(cast_a.org_admin)
    one = f"{URL}{account.pk}/"
    said = {"name": "N", "purpose": "P", "role": "viewer", "responsible": str(cast_a.viewer.pk)}
    for method, url, body in (
        ("post", URL, said),
        ("patch", one, {"name": "N"}),
        ("post", f"{one}keys/", {"name": "K", "scopes": ["read_documents"]}),
    ):
        answer = getattr(stale, method)(url, body, content_type="application/json")
        assert answer.json()["code"] == "reauth_required", url
    for page in (PAGE, f"{PAGE}{account.pk}/", f"{PAGE}{account.pk}/keys/", f"{PAGE}{account.pk}/reactivate/"):
        assert stale.post(page, {})["Location"].startswith("/confirm/"), page


def test_its_keys_die_with_it_at_once_and_come_back_with_it(tenant_a: Any, cast_a: Any, account: Any) -> None:
    token = _key(cast_a, account).token
    assert _status(tenant_a, token) == 200
    for _ in range(2):
        assert not deactivate_service_account(cast_a.org_admin, account_id=account.pk).account.is_active
    assert _status(tenant_a, token) == 401
    with pytest.raises(ScopeNotYoursError):
        _key(cast_a, account)
    for _ in range(2):
        assert reactivate_service_account(cast_a.org_admin, account_id=account.pk).account.is_active
    assert _status(tenant_a, token) == 200
    assert actions()[2:] == ["service_account.deactivated", "service_account.reactivated"]


def test_its_keys_do_no_more_than_its_role(tenant_a: Any, cast_a: Any, account: Any) -> None:
    with pytest.raises(ScopeNotYoursError):
        _key(cast_a, account, [Capability.MANAGE_ORGANIZATION])
    with pytest.raises(ScopeNotYoursError):
        _key(cast_a, account, [Capability.EXPORT_REPORTS])
    token = _key(cast_a, account).token
    change_service_account(cast_a.org_admin, account_id=account.pk, said=_said(cast_a.viewer, role=RoleName.VIEWER))
    shown = program(tenant_a).get(ME, headers=_bearer(token)).json()
    assert shown["capabilities"] == ["read_documents"]


def test_an_administrator_renews_its_keys(tenant_a: Any, cast_a: Any, account: Any) -> None:
    old = _key(cast_a, account)
    with pytest.raises(NotFoundError):
        rotate_api_key(cast_a.team_lead, key_id=old.key.pk, overlap_days=0, life_days=1)
    new = rotate_api_key(cast_a.org_admin, key_id=old.key.pk, overlap_days=0, life_days=1)
    assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (401, 200)


def test_what_changes_is_recorded_and_what_does_not_is_not(cast_a: Any, account: Any) -> None:
    same = change_service_account(cast_a.org_admin, account_id=account.pk, said=_said(cast_a.team_lead))
    assert same.purpose == "Brings write-ups"
    assert actions() == ["service_account.made"]
    changed = change_service_account(
        cast_a.org_admin, account_id=account.pk, said=_said(cast_a.viewer, name="Import", role=RoleName.VIEWER)
    )
    assert (changed.account.name, changed.account.role, changed.responsible_id) == (
        "Import",
        "viewer",
        cast_a.viewer.pk,
    )
    assert actions()[1:] == ["service_account.changed", "service_account.handed_over"]


def test_an_organization_has_a_bounded_number(cast_a: Any, account: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(service_accounts, "MOST_SERVICE_ACCOUNTS", 1)
    with pytest.raises(TooManyServiceAccountsError):
        make_service_account(cast_a.org_admin, said=_said(cast_a.viewer))
    deactivate_service_account(cast_a.org_admin, account_id=account.pk)
    assert make_service_account(cast_a.org_admin, said=_said(cast_a.viewer)).pk


def test_another_organizations_account_is_nowhere(
    cast_a: Any, cast_b: Any, tenant_a: Any, tenant_b: Any, client_for: Any
) -> None:
    with inside(tenant_b):
        theirs = make_service_account(cast_b.org_admin, said=_said(cast_b.viewer))
        token = _key(cast_b, theirs).token
        assert _status(tenant_b, token) == 200
    assert _status(tenant_a, token) == 401
    admin = client_for(cast_a.org_admin, tenant_a)
    assert admin.get(f"{URL}{theirs.pk}/").status_code == 404
    assert admin.get(f"{PAGE}{theirs.pk}/").status_code == 404
    assert admin.get(URL).json()["results"] == []


def test_an_administrator_does_it_all_on_the_pages(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    admin = client_for(cast_a.org_admin, tenant_a)
    assert "There is none yet" in admin.get(PAGE).content.decode()
    said = {"name": "Import <b>", "purpose": "Night", "role": "analyst", "responsible": "Viewer@Example.com"}
    assert admin.post(PAGE, {**said, "role": "org_admin"}).status_code == 400
    unknown = admin.post(PAGE, {**said, "responsible": "nobody@example.com"})
    assert unknown.status_code == 400
    assert "There is no account with this e-mail address" in unknown.content.decode()
    answer = admin.post(PAGE, said)
    account = ServiceAccount.objects.get()
    one = f"{PAGE}{account.pk}/"
    assert answer["Location"] == one
    listed = admin.get(PAGE).content.decode()
    assert "Import &lt;b&gt;" in listed
    assert "It has no key" in admin.get(one).content.decode()
    key = {"key_name": "K", "scopes": ["read_documents"], "life_days": "30"}
    assert admin.post(f"{one}keys/", {**key, "scopes": ["manage_organization"]}).status_code == 400
    made = admin.post(f"{one}keys/", key)
    assert (made.status_code, "no-store" in made["Cache-Control"]) == (201, True)
    token = next(word for word in made.content.decode().replace('"', " ").split() if is_well_formed(word))
    assert _status(tenant_a, token) == 200
    assert token not in admin.get(one).content.decode()
    assert admin.get(f"/profile/keys/{account.account.api_keys.get().pk}/").status_code == 200
    assert admin.post(one, {**said, "purpose": ""}).status_code == 400
    assert admin.post(one, {**said, "purpose": "Day"}).status_code == 302
    assert admin.post(f"{one}deactivate/").status_code == 302
    assert _status(tenant_a, token) == 401
    assert "deactivated" in admin.get("/organization/api-keys/").content.decode()


def test_refusals_of_the_services_are_shown_on_the_pages(
    tenant_a: Any, cast_a: Any, account: Any, client_for: Any, monkeypatch: Any
) -> None:
    admin = client_for(cast_a.org_admin, tenant_a)
    said = {"name": "N", "purpose": "P", "role": "analyst", "responsible": "viewer@example.com"}
    monkeypatch.setattr(service_accounts, "MOST_SERVICE_ACCOUNTS", 1)
    assert admin.post(PAGE, said).status_code == 429
    one = f"{PAGE}{account.pk}/"
    assert admin.post(one, {**said, "name": "\u3000"}).status_code == 400
    assert (
        admin.post(f"{one}keys/", {"key_name": " ", "scopes": ["read_documents"], "life_days": "30"}).status_code == 400
    )
    for _ in range(20):
        _key(cast_a, account)
    full = admin.post(f"{one}keys/", {"key_name": "K", "scopes": ["read_documents"], "life_days": "30"})
    assert full.status_code == 429
    assert "20 API keys already" in full.content.decode()


def test_the_api_does_the_same(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    admin = client_for(cast_a.org_admin, tenant_a)
    said = {"name": "Import", "purpose": "Night", "role": "analyst", "responsible": str(cast_a.viewer.pk)}
    made = admin.post(URL, said, content_type="application/json")
    assert made.status_code == 201
    one = made["Location"]
    assert made.json()["responsible"] == {
        "id": str(cast_a.viewer.pk),
        "name": cast_a.viewer.name,
        "is_active": True,
    }
    assert [row["id"] for row in admin.get(URL).json()["results"]] == [made.json()["id"]]
    assert admin.post(URL, {**said, "role": "org_admin"}, content_type="application/json").status_code == 400
    key = admin.post(f"{one}keys/", {"name": "K", "scopes": ["read_documents"]}, content_type="application/json")
    assert key.status_code == 201
    assert _status(tenant_a, key.json()["key"]) == 200
    assert [row["prefix"] for row in admin.get(f"{one}keys/").json()["results"]] == [key.json()["prefix"]]
    changed = admin.patch(one, {"purpose": "Day", "is_active": False}, content_type="application/json")
    assert (changed.json()["purpose"], changed.json()["is_active"], changed.json()["name"]) == ("Day", False, "Import")
    assert _status(tenant_a, key.json()["key"]) == 401
    renamed = admin.patch(one, {"name": "Bridge"}, content_type="application/json").json()
    assert (renamed["name"], renamed["is_active"]) == ("Bridge", False)
    assert admin.patch(one, {"is_active": True}, content_type="application/json").json()["is_active"] is True
    User.objects.filter(pk=cast_a.viewer.pk).update(is_active=False)
    ServiceAccount.objects.update(responsible=None)
    assert admin.get(one).json()["responsible"] is None
    assert str(ServiceAccount.objects.select_related("account").get()) == "Bridge"


def test_a_program_does_not_rename_itself(tenant_a: Any, cast_a: Any, account: Any) -> None:
    """Its name stands in the record beside what it did."""
    token = _key(cast_a, account).token
    answer = program(tenant_a).patch(
        ME, {"name": "The Administrator"}, content_type="application/json", headers=_bearer(token)
    )
    assert answer.status_code == 403
    person = issue_api_key(cast_a.analyst, name="K", scopes=UPLOAD, life_days=1).token
    answer = program(tenant_a).patch(ME, {"name": "Ada"}, content_type="application/json", headers=_bearer(person))
    assert answer.status_code == 200
