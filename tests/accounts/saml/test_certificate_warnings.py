"""Administrators hear of a certificate's end a month, a week and a day ahead, and when it has ended: each once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from apps.accounts.capabilities import RoleName
from apps.accounts.models import CertificateWarning, SAMLProvider, SSOConnection, User
from apps.accounts.services.remove_expired import remove_expired
from apps.accounts.services.saml_keys import make_own_key
from apps.accounts.services.send_provider_news import send_certificate_ending
from apps.accounts.tasks import watch_providers_everywhere, watch_providers_here
from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import connect
from tests.doubles.saml_forge import key_pair

LIFE = {"bits": 2048, "begins_in_days": -400, "ends_in_days": 100}


@pytest.fixture
def ends_at(cast_a: Any, provider: SAMLProvider) -> datetime:
    """The provider's only certificate ends then."""
    from apps.accounts.sso.certificates import read_certificate

    provider.certificates = [key_pair(**LIFE).certificate]
    provider.save()
    return read_certificate(provider.certificates[0]).ends_at


def watch_at(at: datetime, run: Any) -> list[str]:
    """The subjects of the mail that leaves when it is this time."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False), run():
        watch_providers_here.delay()
    return [str(message.subject) for message in mail.outbox]


def test_each_stage_is_told_once(ends_at: datetime, django_capture_on_commit_callbacks: Any, cast_a: Any) -> None:
    def run() -> Any:
        return django_capture_on_commit_callbacks(execute=True)

    told = {days: watch_at(ends_at - timedelta(days=days, hours=-1), run) for days in (40, 30, 29, 7, 6, 1, 0, -1, -2)}
    assert {days: len(subjects) for days, subjects in told.items()} == {
        40: 0, 30: 1, 29: 0, 7: 1, 6: 0, 1: 1, 0: 1, -1: 0, -2: 0,
    }  # fmt: skip
    assert "a certificate of Okta ends on" in told[30][0]
    assert "has ended" in told[0][0]
    assert actions().count("sso.certificate_ending") == 4
    assert sorted(CertificateWarning.objects.values_list("days_ahead", flat=True)) == [0, 1, 7, 30]


def test_every_active_administrator_is_told_in_their_language_and_nobody_else(
    ends_at: datetime, django_capture_on_commit_callbacks: Any, cast_a: Any
) -> None:
    second = User.objects.create_person("second@example.com", name="Zweite", role=RoleName.ORG_ADMIN)
    User.objects.filter(pk=second.pk).update(language="de")
    gone = User.objects.create_person("gone@example.com", name="Gone", role=RoleName.ORG_ADMIN)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    watch_at(ends_at - timedelta(days=5), lambda: django_capture_on_commit_callbacks(execute=True))
    assert sorted(message.to[0] for message in mail.outbox) == [cast_a.org_admin.email, "second@example.com"]
    german = next(message for message in mail.outbox if message.to == ["second@example.com"])
    assert "endet am" in german.subject
    place = f"http://alpha.localhost:8000/organization/single-sign-on/{SSOConnection.objects.get().pk}/"
    assert place in str(german.body)


def test_a_stage_that_was_missed_is_not_told_later(ends_at: datetime, django_capture_on_commit_callbacks: Any) -> None:
    run = lambda: django_capture_on_commit_callbacks(execute=True)  # noqa: E731
    assert len(watch_at(ends_at - timedelta(days=3), run)) == 1
    assert list(CertificateWarning.objects.values_list("days_ahead", flat=True)) == [7]


def test_our_own_key_is_watched_too_and_a_connection_that_is_off_is_not(
    ends_at: datetime, django_capture_on_commit_callbacks: Any, cast_a: Any, provider: SAMLProvider
) -> None:
    run = lambda: django_capture_on_commit_callbacks(execute=True)  # noqa: E731
    make_own_key(cast_a.org_admin, connection_id=provider.connection_id)
    SAMLProvider.objects.update(certificates=[key_pair(bits=3072, ends_in_days=3000).certificate])
    at = now() + timedelta(days=3 * 365 - 5)
    SSOConnection.objects.update(is_enabled=False)
    assert watch_at(at, run) == []
    SSOConnection.objects.update(is_enabled=True)
    assert len(watch_at(at, run)) == 1
    assert "Make a second key" in str(mail.outbox[0].body)
    assert CertificateWarning.objects.get().is_ours


def test_a_certificate_that_was_removed_is_warned_of_no_more(
    ends_at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    run = lambda: django_capture_on_commit_callbacks(execute=True)  # noqa: E731
    SAMLProvider.objects.update(certificates=[key_pair(bits=3072, ends_in_days=3000).certificate])
    assert watch_at(ends_at - timedelta(days=5), run) == []


def test_mail_that_comes_too_late_goes_to_nobody(ends_at: datetime, cast_a: Any, provider: SAMLProvider) -> None:
    warning = CertificateWarning.objects.create(
        connection=provider.connection, fingerprint="x", days_ahead=7, ends_at=ends_at
    )
    mail.outbox.clear()
    send_certificate_ending(warning.pk, cast_a.analyst.pk)
    send_certificate_ending(new_id(), cast_a.org_admin.pk)
    assert mail.outbox == []
    send_certificate_ending(warning.pk, cast_a.org_admin.pk)
    assert len(mail.outbox) == 1


def test_warnings_are_forgotten_a_year_after_the_end(ends_at: datetime, provider: SAMLProvider) -> None:
    CertificateWarning.objects.create(connection=provider.connection, fingerprint="x", days_ahead=7, ends_at=ends_at)
    for days, kept in ((364, 1), (366, 0)):
        with time_machine.travel(ends_at + timedelta(days=days), tick=False):
            remove_expired()
        assert CertificateWarning.objects.count() == kept


def test_each_organization_is_told_of_its_own(
    ends_at: datetime, tenant_b: TenantRef, django_capture_on_commit_callbacks: Any
) -> None:
    with inside(tenant_b):
        connect(certificates=[key_pair(bits=3072, ends_in_days=3000).certificate])
    mail.outbox.clear()
    with (
        time_machine.travel(ends_at - timedelta(days=5), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        watch_providers_everywhere()
    assert CertificateWarning.objects.count() == 1
    with inside(tenant_b):
        assert CertificateWarning.objects.count() == 0
