"""An OpenID Connect connection of alpha, a browser that begins to sign in, and a provider that answers as it is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.accounts.models import OIDCProvider, SSOConnection, VerifiedDomain
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.storage.sealed_values import seal
from apps.kernel.tenancy.context import TenantRef
from tests.doubles.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIDProvider, openid_provider

ORIGIN = "http://alpha.localhost:8000"


def connect(issuer: str, slug: str = "okta", *, preset: str = "okta", **more: Any) -> OIDCProvider:
    """A connection of the entered organization that makes accounts for people of example.com."""
    VerifiedDomain.objects.get_or_create(domain="example.com", defaults={"verified_at": now()})
    connection = SSOConnection.objects.create(
        kind="oidc", preset=preset, name="Okta", slug=slug, is_enabled=True, admits_new_people=True
    )
    values = {"client_id": CLIENT_ID, "client_secret_sealed": seal(CLIENT_SECRET, purpose="oidc_client_secret"), **more}
    return OIDCProvider.objects.create(connection=connection, issuer=issuer, **values)


@dataclass
class Browser:
    """One browser at one organization's sign-in page."""

    client: Client
    slug: str = "okta"

    def begin(self, goal: str = "") -> str:
        """Leave for the provider; returns the address there."""
        answer = self.client.get(f"/oidc/{self.slug}/login/", {"next": goal} if goal else {})
        assert answer.status_code == 302, answer.content[:300]
        return str(answer["Location"])

    def come_back(self, **parameters: Any) -> Any:
        """The provider has sent the browser back with these parameters."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self.client.get(f"/oidc/{self.slug}/callback/", given)

    def is_signed_in(self) -> bool:
        return self.client.get("/profile/").status_code == 200


def state_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


@pytest.fixture
def op(settings: Any) -> Iterator[OpenIDProvider]:
    """An honest provider, for now."""
    with openid_provider() as double:
        settings.OUTBOUND_ALLOWED = [double.place]
        yield double


@pytest.fixture
def provider(op: OpenIDProvider, tenant_a: TenantRef) -> OIDCProvider:
    return connect(op.issuer)


@pytest.fixture
def browser(provider: OIDCProvider, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef) -> Browser:
    return Browser(anonymous_client(tenant_a))


@pytest.fixture
def answer_with(browser: Browser, op: OpenIDProvider) -> Callable[..., Any]:
    """answer_with(**token): sign in at the provider, whose ID token differs so, and come back."""

    def come(**token: Any) -> Any:
        url = browser.begin()
        return browser.come_back(code=op.code_for(url, **token), state=state_in(url), iss=op.issuer)

    return come


def last_reason() -> str:
    """Why the newest answer was refused."""
    return str(AuditEntry.objects.filter(action="sso.answer_refused").latest("id").detail["reason"])


def refusals() -> int:
    return AuditEntry.objects.filter(action="sso.answer_refused").count()
