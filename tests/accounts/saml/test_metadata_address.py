"""Metadata by address: looked at before they are taken, and kept in step only while the provider stays who it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from apps.accounts.capabilities import RoleName
from apps.accounts.models import SAMLProvider, SSOConnection
from apps.accounts.services import provider_metadata
from apps.accounts.services.provider_metadata import refresh_due_metadata
from apps.accounts.services.send_provider_news import send_metadata_not_taken
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import SSO_URL
from tests.accounts.saml.metadata_text import metadata, place, token_in
from tests.doubles.odd_server import OddServer, plain
from tests.doubles.saml_forge import ENTITY_ID, key_pair

OLD, NEW = key_pair(), key_pair(bits=3072)
SLO = "https://idp.example/slo"


@pytest.fixture
def known(provider: SAMLProvider, says: Callable[..., str]) -> SAMLProvider:
    """A provider whose address is looked at daily, and was a day ago."""
    SAMLProvider.objects.update(metadata_url=says(), metadata_checked_at=now() - timedelta(days=1))
    return SAMLProvider.objects.get()


def test_an_address_is_looked_at_and_then_taken(admin: Client, new_connection: str, says: Callable[..., str]) -> None:
    url = says(logout_url=SLO, more='WantAuthnRequestsSigned="true"')
    page = admin.post(place("metadata/"), {"url": url}).content.decode()
    assert "This would change" in page
    for words in (ENTITY_ID, SSO_URL, SLO):
        assert words in page
    assert not SAMLProvider.objects.exists(), "looking takes nothing"
    answer = admin.post(place("metadata/take/"), {"token": token_in(page)})
    assert answer.status_code == 302
    provider = SAMLProvider.objects.get()
    assert (provider.entity_id, provider.sso_url, provider.logout_url) == (ENTITY_ID, SSO_URL, SLO)
    assert (provider.certificates, provider.metadata_url) == ([OLD.certificate], url)
    assert provider.wants_signed_requests
    assert actions()[-1] == "sso.connection_changed"
    assert "it wants signed requests" in admin.get(place()).content.decode()


def test_what_is_taken_is_what_was_shown(admin: Client, new_connection: str, says: Callable[..., str]) -> None:
    page = admin.post(place("metadata/"), {"url": says()}).content.decode()
    says(certificates=[NEW.certificate], entity_id="https://evil.example/")
    admin.post(place("metadata/take/"), {"token": token_in(page)})
    assert SAMLProvider.objects.get().entity_id == ENTITY_ID


def test_a_token_is_good_for_its_person_its_connection_and_a_quarter_of_an_hour(
    admin: Client, new_connection: str, says: Callable[..., str], cast_a: Any, client_for: Any, tenant_a: TenantRef
) -> None:
    from apps.accounts.models import User

    token = token_in(admin.post(place("metadata/"), {"url": says()}).content.decode())
    other = client_for(
        User.objects.create_person("second@example.com", name="Second", role=RoleName.ORG_ADMIN), tenant_a
    )
    assert other.post(place("metadata/take/"), {"token": token}).status_code == 400
    first = place("metadata/take/")
    admin.post("/organization/single-sign-on/", {"preset": "okta", "kind": "saml", "name": "Other"})
    second = SSOConnection.objects.exclude(name="Okta").get()
    assert admin.post(f"/organization/single-sign-on/{second.pk}/metadata/take/", {"token": token}).status_code == 400
    for wrong in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B")):
        assert admin.post(first, {"token": wrong}).status_code == 400
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert admin.post(first, {"token": token}).status_code in (302, 400)
        assert not SAMLProvider.objects.exists()
    assert admin.post(first, {"token": token}).status_code == 302


def test_changes_are_shown_before_and_after(admin: Client, known: SAMLProvider, says: Callable[..., str]) -> None:
    url = says(certificates=[NEW.certificate], sso_url="https://idp.example/new")
    page = admin.post(place("metadata/"), {"url": url}).content.decode()
    assert f"<del>{SSO_URL}</del>" in page
    assert "<ins>https://idp.example/new</ins>" in page
    assert "None of the keys that were believed before" in page
    assert "Certificate that goes" in page
    page = admin.post(
        place("metadata/"), {"url": says(certificates=[OLD.certificate, NEW.certificate])}
    ).content.decode()
    assert "None of the keys" not in page
    assert "Certificate that stays" in page
    assert "Nothing would change" in admin.post(place("metadata/"), {"url": says()}).content.decode()


def refreshed() -> SAMLProvider:
    assert refresh_due_metadata() == 1
    return SAMLProvider.objects.get()


def test_a_key_that_comes_beside_a_known_one_is_taken_and_recorded(
    known: SAMLProvider, says: Callable[..., str], cast_a: Any
) -> None:
    says(certificates=[OLD.certificate, NEW.certificate], logout_url=SLO, sso_url="https://idp.example/new")
    provider = refreshed()
    assert provider.certificates == [OLD.certificate, NEW.certificate]
    assert (provider.sso_url, provider.logout_url, provider.metadata_trouble) == ("https://idp.example/new", SLO, "")
    entry = AuditEntry.objects.filter(action="sso.connection_refreshed").get()
    assert "certificate added" in entry.detail["what"]
    assert refresh_due_metadata() == 0, "not again today"
    says(certificates=[NEW.certificate])
    SAMLProvider.objects.update(metadata_checked_at=now() - timedelta(days=1))
    assert refreshed().certificates == [NEW.certificate], "the new one is known by now"


UNSAFE: dict[str, tuple[dict[str, Any], str]] = {
    "all keys are new": ({"certificates": [NEW.certificate]}, "keys_changed"),
    "it is another provider": ({"entity_id": "https://idp.example/other"}, "identity_changed"),
    "sign-in is elsewhere": ({"sso_url": "https://evil.example/sso"}, "host_changed"),
    "sign-in is at another port": ({"sso_url": "https://idp.example:8443/sso"}, "host_changed"),
    "sign-out is elsewhere": ({"logout_url": "https://evil.example/slo"}, "host_changed"),
}


@pytest.mark.parametrize(("changes", "trouble"), UNSAFE.values(), ids=UNSAFE.keys())
def test_what_could_be_a_stranger_is_told_to_an_administrator_and_not_taken(
    known: SAMLProvider,
    says: Callable[..., str],
    admin: Client,
    cast_a: Any,
    django_capture_on_commit_callbacks: Any,
    changes: dict[str, Any],
    trouble: str,
) -> None:
    says(**changes)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        provider = refreshed()
    assert (provider.entity_id, provider.sso_url) == (ENTITY_ID, SSO_URL)
    assert (provider.certificates, provider.metadata_trouble) == ([OLD.certificate], trouble)
    assert [message.to for message in mail.outbox] == [[cast_a.org_admin.email]]
    assert "look at the changed metadata" in mail.outbox[0].subject
    assert actions()[-1] == "sso.metadata_not_taken"
    assert "Nothing was changed" in admin.get(place()).content.decode()
    SAMLProvider.objects.update(metadata_checked_at=now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        refreshed()
    assert len(mail.outbox) == 1, "told once"
    page = admin.post(place("metadata/"), {"url": known.metadata_url}).content.decode()
    admin.post(place("metadata/take/"), {"token": token_in(page)})
    assert SAMLProvider.objects.get().metadata_trouble == "", "a person may take it"


def test_a_known_key_that_has_ended_vouches_for_nothing(known: SAMLProvider, says: Callable[..., str]) -> None:
    ended = key_pair(bits=2048, begins_in_days=-30, ends_in_days=-1).certificate
    SAMLProvider.objects.update(certificates=[ended])
    says(certificates=[ended, NEW.certificate])
    provider = refreshed()
    assert (provider.certificates, provider.metadata_trouble) == ([ended], "keys_changed")


def test_an_address_that_fails_changes_nothing_and_is_shown(
    known: SAMLProvider, server: OddServer, admin: Client, says: Callable[..., str]
) -> None:
    server.replies["/metadata"] = plain(b"", status="503 Service Unavailable")
    provider = refreshed()
    assert (provider.certificates, provider.metadata_trouble) == ([OLD.certificate], "provider_metadata")
    assert "could not be read the last time" in admin.get(place()).content.decode()
    SAMLProvider.objects.update(metadata_checked_at=now() - timedelta(days=1))
    says()
    assert refreshed().metadata_trouble == ""


def test_an_address_that_was_replaced_meanwhile_has_no_say(known: SAMLProvider, says: Callable[..., str]) -> None:
    says(certificates=[OLD.certificate, NEW.certificate])
    SAMLProvider.objects.update(metadata_url="https://elsewhere.example/")
    provider_metadata.refresh_metadata(known)
    assert SAMLProvider.objects.get().certificates == [OLD.certificate]


def test_an_address_is_forgotten_by_hand_or_when_metadata_are_pasted(admin: Client, known: SAMLProvider) -> None:
    assert admin.post(place("metadata/forget/")).status_code == 302
    assert SAMLProvider.objects.get().metadata_url == ""
    assert refresh_due_metadata() == 0
    SAMLProvider.objects.update(metadata_url="https://idp.example/metadata")
    admin.post(place("provider/"), {"metadata": metadata()})
    assert SAMLProvider.objects.get().metadata_url == ""
    SAMLProvider.objects.all().delete()
    assert admin.post(place("metadata/forget/")).status_code == 409


def test_mail_that_comes_too_late_goes_to_nobody(known: SAMLProvider, cast_a: Any) -> None:
    mail.outbox.clear()
    send_metadata_not_taken(new_id(), cast_a.org_admin.pk)
    send_metadata_not_taken(known.connection_id, cast_a.viewer.pk)
    assert mail.outbox == []
    send_metadata_not_taken(known.connection_id, cast_a.org_admin.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("role_name", ["viewer", "analyst", "team_lead"])
def test_only_administrators_look_take_or_forget(
    known: SAMLProvider, server: OddServer, cast_a: Any, client_for: Any, tenant_a: TenantRef, role_name: str
) -> None:
    other = client_for(getattr(cast_a, role_name), tenant_a)
    for deed in ("metadata/", "metadata/take/", "metadata/forget/"):
        assert other.post(place(deed), {"url": known.metadata_url, "token": "x"}).status_code == 403
    assert server.connections == 0
    assert SAMLProvider.objects.get().metadata_url


def test_a_token_of_one_organization_is_none_in_another(
    admin: Client, new_connection: str, says: Callable[..., str], tenant_b: TenantRef, cast_b: Any, client_for: Any
) -> None:
    token = token_in(admin.post(place("metadata/"), {"url": says()}).content.decode())
    pk = SSOConnection.objects.get().pk
    with inside(tenant_b):
        SSOConnection.objects.create(pk=pk, kind="saml", preset="okta", name="Okta", slug="okta")
    theirs = client_for(cast_b.org_admin, tenant_b)
    answer = theirs.post(f"/organization/single-sign-on/{pk}/metadata/take/", {"token": token})
    assert answer.status_code == 400
    with inside(tenant_b):
        assert not SAMLProvider.objects.exists()
    assert admin.post(place("metadata/take/"), {"token": token}).status_code == 302
