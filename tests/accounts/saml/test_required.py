"""Where single sign-on is required, a password is for emergencies alone."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import SignInPolicy, User
from apps.kernel.audit.models import AuditEntry
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import Browser, shape_for
from tests.doubles.saml_forge import forged
from tests.template import PASSWORD


def sign_in(person: User) -> Any:
    client = Client(HTTP_HOST="alpha.localhost")
    return client.post("/sign-in/", {"email": person.email, "password": PASSWORD})


@pytest.fixture
def required(browser: Browser) -> None:
    SignInPolicy.objects.create(requires_sso=True)


def test_a_right_password_is_refused_like_a_wrong_one(cast_a: Any, browser: Browser) -> None:
    assert sign_in(cast_a.analyst).status_code == 302
    SignInPolicy.objects.create(requires_sso=True)
    assert sign_in(cast_a.analyst).status_code == 400
    entry = AuditEntry.objects.filter(action="person.sign_in_failed").latest("id")
    assert "single sign-on" in entry.detail["reason"]


def test_emergency_access_keeps_its_password(cast_a: Any, required: None) -> None:
    User.objects.filter(pk=cast_a.org_admin.pk).update(has_emergency_access=True)
    assert sign_in(cast_a.org_admin).status_code == 302
    assert sign_in(cast_a.viewer).status_code == 400


def test_nobody_gets_a_link_for_a_password_that_would_be_of_no_use(
    cast_a: Any, required: None, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=cast_a.org_admin.pk).update(has_emergency_access=True)
    for person in (cast_a.analyst, cast_a.org_admin):
        client = Client(HTTP_HOST="alpha.localhost")
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/password/forgotten/", {"email": person.email})
    assert [message.to for message in mail.outbox] == [[cast_a.org_admin.email]]


def test_the_sign_in_page_offers_the_provider_first(browser: Browser, required: None) -> None:
    page = browser.client.get("/sign-in/?next=/people/").content.decode()
    assert "Continue with Okta" in page
    assert "/saml/okta/login/?next=/people/" in page
    assert page.index("Continue with Okta") < page.index("Emergency access with a password")
    browser.collect(browser.post(forged(shape_for(browser.begin()))))
    assert browser.is_signed_in()


def test_an_administrator_gives_emergency_access_and_takes_it_away(
    cast_a: Any, client_for: Any, tenant_a: Any, required: None
) -> None:
    admin = client_for(cast_a.org_admin, tenant_a)
    path = f"/admin/accounts/user/{cast_a.analyst.pk}/change/"
    values = {"role": "analyst", "is_active": "on"}
    for given, status in (({"has_emergency_access": "on"}, 302), ({}, 400)):
        admin.post(path, {**values, **given})
        assert sign_in(cast_a.analyst).status_code == status
    assert {"person.emergency_access_given", "person.emergency_access_taken"} <= set(actions())
    client_for(cast_a.team_lead, tenant_a).post(path, {**values, "has_emergency_access": "on"})
    assert not User.objects.get(pk=cast_a.analyst.pk).has_emergency_access
