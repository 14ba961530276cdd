"""A SAML connection of alpha, a browser that begins to sign in, and a provider that answers as it is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.accounts.models import SAMLProvider, SSOConnection, VerifiedDomain
from apps.accounts.services.saml_keys import make_own_key
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.saml.metadata_text import SSO_URL, metadata
from tests.doubles.odd_server import OddServer, odd_server, plain
from tests.doubles.saml_forge import ENTITY_ID, Shape, forged, key_pair, posted, request_in

ORIGIN = "http://alpha.localhost:8000"
SLO_URL = "https://idp.example/slo"


def connect(slug: str = "okta", **more: Any) -> SAMLProvider:
    """A connection of the entered organization that makes accounts for people of example.com."""
    VerifiedDomain.objects.get_or_create(domain="example.com", defaults={"verified_at": now()})
    connection = SSOConnection.objects.create(
        kind="saml", preset="okta", name="Okta", slug=slug, is_enabled=True, admits_new_people=True
    )
    values = {"entity_id": ENTITY_ID, "sso_url": SSO_URL, "certificates": [key_pair().certificate], **more}
    return SAMLProvider.objects.create(connection=connection, **values)


@dataclass
class Browser:
    """One browser at one organization's sign-in page."""

    client: Client
    slug: str = "okta"

    def begin(self, goal: str = "") -> str:
        """Leave for the provider; returns the id of the request."""
        answer = self.client.get(f"/saml/{self.slug}/login/", {"next": goal} if goal else {})
        assert answer.status_code == 302, answer.content[:300]
        assert answer["Location"].startswith(SSO_URL)
        return str(request_in(answer["Location"]).get("ID"))

    def post(self, response: bytes | str) -> Any:
        """Another site posts the answer: this browser's cookies do not come with it."""
        return Client(HTTP_HOST=self.client.defaults["HTTP_HOST"]).post(f"/saml/{self.slug}/acs/", posted(response))

    def collect(self, answer: Any) -> Any:
        """Follow the redirect that the answer was answered with."""
        return self.client.get(urlsplit(answer["Location"]).path)

    def is_signed_in(self) -> bool:
        return self.client.get("/profile/").status_code == 200


def shape_for(request_id: str | None, *, slug: str = "okta", **changes: Any) -> Shape:
    """An honest response to this request, with changes."""
    honest = Shape(
        at=now(),
        acs_url=f"{ORIGIN}/saml/{slug}/acs/",
        audience=f"{ORIGIN}/saml/{slug}/metadata/",
        request_id=request_id,
        key=key_pair(),
    )
    return replace(honest, **changes)


@pytest.fixture
def provider(tenant_a: TenantRef) -> SAMLProvider:
    return connect()


@pytest.fixture
def browser(provider: SAMLProvider, anonymous_client: Callable[[TenantRef], Client], tenant_a: TenantRef) -> Browser:
    return Browser(anonymous_client(tenant_a))


@pytest.fixture
def answer_with(browser: Browser) -> Callable[..., Any]:
    """answer_with(**changes): begin, forge an answer with these changes, post it."""

    def post(**changes: Any) -> Any:
        return browser.post(forged(shape_for(browser.begin(), **changes)))

    return post


def last_reason() -> str:
    """Why the newest answer was refused."""
    return str(AuditEntry.objects.filter(action="sso.answer_refused").latest("id").detail["reason"])


def sign_in(browser: Browser, **changes: Any) -> None:
    """The whole way, for Lena unless the changes say otherwise."""
    browser.collect(browser.post(forged(shape_for(browser.begin(), **changes))))
    assert browser.is_signed_in()


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    sign_in(browser)
    return browser


@pytest.fixture
def keyed(provider: SAMLProvider, cast_a: Any) -> SAMLProvider:
    """The provider with a sign-out address, and a key of ours."""
    SAMLProvider.objects.update(logout_url=SLO_URL)
    return make_own_key(cast_a.org_admin, connection_id=provider.connection_id)


@pytest.fixture
def server(settings: Any) -> Iterator[OddServer]:
    """The provider's own server."""
    with odd_server() as double:
        settings.OUTBOUND_ALLOWED = [double.place]
        yield double


@pytest.fixture
def says(server: OddServer) -> Callable[..., str]:
    """says(certificates=…, …): what the address holds from now on; returns the address."""

    def put(*, text: str | None = None, **changes: Any) -> str:
        server.replies["/metadata"] = plain((metadata(**changes) if text is None else text).encode())
        return server.url("/metadata")

    return put


@pytest.fixture
def admin(cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def new_connection(admin: Client) -> str:
    return str(
        admin.post("/organization/single-sign-on/", {"preset": "okta", "kind": "saml", "name": "Okta"})["Location"]
    )
